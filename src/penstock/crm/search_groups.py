"""The `filterGroups` of a search request, with their thirteen operators, as a filter tree."""

from __future__ import annotations

from decimal import Decimal

from penstock.crm.filters.times import TimePoint
from penstock.crm.filters.tree import (
    FilterBranch,
    IsKnown,
    NumberTest,
    OptionTest,
    PropertyFilter,
    Test,
    TextTest,
    TimeTest,
    TokenTest,
)
from penstock.crm.moments import parse_datetime
from penstock.crm.properties import Property
from penstock.crm.schema import ObjectSchema
from penstock.crm.text import fold
from penstock.crm.values import normalise
from penstock.errors import InvalidProperty, ProblemList
from penstock.kit.json import Json, JsonObject

# HubSpot's changelog and guides name different totals; these are the largest of them.
MOST_GROUPS = 5
MOST_FILTERS = 25
MOST_VALUES = 100

OPERATORS = (
    "EQ", "NEQ", "LT", "LTE", "GT", "GTE", "BETWEEN", "IN", "NOT_IN", "HAS_PROPERTY", "NOT_HAS_PROPERTY",
    "CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN",
)  # fmt: skip


def parse_groups(raw: Json, schema: ObjectSchema, problems: ProblemList) -> FilterBranch:
    """Groups are joined by OR, filters within one by AND; no group at all matches everything.

    A record without a value matches no operator but NOT_HAS_PROPERTY.
    """
    groups = raw if isinstance(raw, list) else []
    if raw is not None and not isinstance(raw, list):
        problems.add("filterGroups", "INVALID_SEARCH", "filterGroups is not a list.")
    branches = []
    for index, group in enumerate(groups):
        path = f"filterGroups[{index}].filters"
        filters = group.get("filters") if isinstance(group, dict) else None
        if not isinstance(filters, list):
            problems.add(path, "INVALID_SEARCH", "A filter group is an object with a list of filters.")
            continue
        found = [_filter(one, f"{path}[{place}]", schema, problems) for place, one in enumerate(filters)]
        branches.append(FilterBranch("AND", (), tuple(one for one in found if one is not None)))
    if len(branches) > MOST_GROUPS or sum(len(branch.filters) for branch in branches) > MOST_FILTERS:
        problems.add(
            "filterGroups",
            "TOO_MANY_FILTERS",
            f"At most {MOST_GROUPS} groups and {MOST_FILTERS} filters are allowed.",
        )
    return FilterBranch("OR", tuple(branches)) if branches else FilterBranch("AND")


def _filter(raw: Json, path: str, schema: ObjectSchema, problems: ProblemList) -> PropertyFilter | None:
    if not isinstance(raw, dict):
        problems.add(path, "INVALID_SEARCH", "A filter is an object with propertyName, operator and value.")
        return None
    name = raw.get("propertyName")
    prop = schema.properties.get(name) if isinstance(name, str) else None
    if prop is None:
        message = (
            f"{schema.object_type.plural_label} have no property '{str(name)[:100]}'. Choose one that exists."
        )
        problems.add(f"{path}.propertyName", "UNKNOWN_PROPERTY", message)
        return None
    operator = raw.get("operator")
    if operator not in OPERATORS:
        message = f"'{str(operator)[:40]}' is no operator. Use one of {', '.join(OPERATORS)}."
        problems.add(f"{path}.operator", "INVALID_SEARCH", message)
        return None
    try:
        return PropertyFilter(prop.name, _test(prop, str(operator), raw), path=path)
    except InvalidProperty as error:
        problems.add(f"{path}.value", "INVALID_SEARCH", str(error))
    except _Unfit as error:
        problems.add(f"{path}.{error.args[0]}", "INVALID_SEARCH", str(error.args[1]))
    return None


class _Unfit(ValueError):
    """A filter's member (first argument) is not what its operator needs (second)."""


def _test(prop: Property, operator: str, raw: JsonObject) -> Test:
    match operator:
        case "HAS_PROPERTY" | "NOT_HAS_PROPERTY":
            return IsKnown(operator == "HAS_PROPERTY")
        case "EQ" | "NEQ":
            return _equals(prop, [_value(raw, "value")], operator == "NEQ")
        case "IN" | "NOT_IN":
            return _equals(prop, _values(raw), operator == "NOT_IN")
        case "CONTAINS_TOKEN" | "NOT_CONTAINS_TOKEN":
            return _tokens(_value(raw, "value"), operator == "NOT_CONTAINS_TOKEN")
        case "BETWEEN":
            return _range(prop, _value(raw, "value"), _value(raw, "highValue"), True)
    value, included = _value(raw, "value"), operator.endswith("TE")
    if operator.startswith("GT"):
        return _range(prop, value, None, included)
    return _range(prop, None, value, included)


def _value(raw: JsonObject, name: str) -> str:
    value = raw.get(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    if not text or "\x00" in text:
        raise _Unfit(name, f"{name} is missing or no text. Give a value.")
    return text


def _values(raw: JsonObject) -> list[str]:
    values = raw.get("values")
    if not isinstance(values, list) or not 0 < len(values) <= MOST_VALUES:
        raise _Unfit("values", f"values is no list of 1 to {MOST_VALUES} values.")
    return [_value({"values": value}, "values") for value in values]


def _equals(prop: Property, values: list[str], negated: bool) -> Test:
    """Texts in any case; everything else as canonical values, and several checkboxes when one of them is."""
    if prop.type == "string":
        return TextTest("equals", tuple(fold(value) for value in values), negated)
    if prop.type == "enumeration":
        return OptionTest("any", frozenset(values), negated)
    canonical = (normalise(prop, value) for value in values)
    return OptionTest("any", frozenset(value for value in canonical if value is not None), negated)


def _tokens(value: str, negated: bool) -> Test:
    """Words of a text; `*` at an end of one stands for anything."""
    tokens = [token for token in _split_words(fold(value)) if token.strip("*")]
    if not tokens:
        raise _Unfit("value", "value has no word in it. Give at least one letter or digit.")
    return TokenTest(tuple(tokens), negated)


def _split_words(text: str) -> list[str]:
    kept = "".join(character if _is_word(character) else " " for character in text)
    words = []
    for word in kept.split():
        front, back = word.startswith("*"), word.endswith("*")
        parts = word.replace("*", " ").split()
        for place, part in enumerate(parts):
            before = "*" if front and place == 0 else ""
            words.append(before + part + ("*" if back and place == len(parts) - 1 else ""))
    return words


def _is_word(character: str) -> bool:
    return character == "*" or character >= "\x80" or (character.isascii() and character.isalnum())


def _range(prop: Property, low: str | None, high: str | None, included: bool) -> Test:
    match prop.type:
        case "number":
            return NumberTest(
                None if low is None else Decimal(normalise(prop, low) or "0"),
                None if high is None else Decimal(normalise(prop, high) or "0"),
                included,
                included,
            )
        case "date" | "datetime":
            return TimeTest(_point(prop, low), _point(prop, high), included, included)
    raise _Unfit(
        "operator", f"'{prop.name}' is of type {prop.type}, which has no order. Use EQ, IN or CONTAINS_TOKEN."
    )


def _point(prop: Property, text: str | None) -> TimePoint | None:
    if text is None:
        return None
    moment = parse_datetime(text)
    if moment is None:
        raise _Unfit("value", f"value is no {prop.type}. Write ISO 8601 or milliseconds since 1970.")
    return TimePoint(fixed=moment.replace(tzinfo=None))
