"""Asks one record whether it matches a filter. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import assert_never

from penstock.crm.filters.tree import (
    FilterBranch,
    IsKnown,
    NumberTest,
    OptionTest,
    PropertyFilter,
    TextTest,
    TimeTest,
    TokenTest,
)
from penstock.crm.moments import parse_date, parse_datetime
from penstock.crm.schema import ObjectSchema
from penstock.crm.text import fold

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# Words are runs of ASCII letters and digits and of everything beyond ASCII; the database has the same expression.
WORD = re.compile(r"[a-z0-9\x80-\U0010ffff]+")


def matches(branch: FilterBranch, values: Mapping[str, str], schema: ObjectSchema, now: datetime) -> bool:
    """Whether a record with these property values (the computed ones among them) matches at this aware `now`."""
    if branch.type in ("AND", "NOT_ALL"):
        everything = all(_asks(found, values, schema, now) for found in branch.filters) and all(
            matches(child, values, schema, now) for child in branch.branches
        )
        return everything is (branch.type == "AND")
    anything = any(_asks(found, values, schema, now) for found in branch.filters) or any(
        matches(child, values, schema, now) for child in branch.branches
    )
    return anything is (branch.type == "OR")


def _asks(found: PropertyFilter, values: Mapping[str, str], schema: ObjectSchema, now: datetime) -> bool:
    value = values.get(found.property) or None
    test = found.test
    if isinstance(test, IsKnown):
        return (value is not None) is test.known
    if value is None:
        return found.include_unset
    if isinstance(test, TimeTest):
        prop = schema.properties.get(found.property)
        holds = _time(test, value, prop.type if prop else None, now)
    else:
        holds = _holds(test, value)
    return holds is not test.negated


def _holds(test: TextTest | OptionTest | NumberTest | TokenTest, value: str) -> bool:
    match test:
        case TextTest():
            return _text(test, fold(value))
        case OptionTest():
            chosen = set(value.split(";"))
            if test.how == "any":
                return not chosen.isdisjoint(test.options)
            return chosen == test.options if test.how == "exactly" else chosen >= test.options
        case NumberTest():
            return NUMBER.fullmatch(value) is not None and _within(Decimal(value), test)
        case TokenTest():
            words = WORD.findall(fold(value))
            return all(_has_token(words, token) for token in test.tokens)
    assert_never(test)


def _text(test: TextTest, folded: str) -> bool:
    match test.how:
        case "equals":
            return folded in test.texts
        case "contains":
            return any(text in folded for text in test.texts)
        case "starts_with":
            return folded.startswith(test.texts)
        case "ends_with":
            return folded.endswith(test.texts)
    assert_never(test.how)


def _within(number: Decimal, test: NumberTest) -> bool:
    above = test.low is None or number > test.low or (test.low_included and number == test.low)
    return above and (test.high is None or number < test.high or (test.high_included and number == test.high))


def _time(test: TimeTest, value: str, property_type: str | None, now: datetime) -> bool:
    """Dates are compared with the wall-clock time of the filter's zone, moments with the instant.

    A property that the schema does not have (an action's output) is what it looks like; one of another type is
    no time.
    """
    dated = property_type == "date" or (property_type is None and len(value) == len("2026-01-31"))
    if property_type not in ("date", "datetime", None):
        return False
    day = parse_date(value) if dated else None
    moment = (
        datetime.combine(day, datetime.min.time(), UTC) if day else None if dated else parse_datetime(value)
    )
    if moment is None:
        return False

    def end(point: datetime, local: datetime) -> datetime:
        return local.replace(tzinfo=UTC) if dated else point

    if test.low is not None:
        low = test.low.resolve(now)
        start = end(low.instant, low.local)
        if moment < start or (moment == start and not test.low_included):
            return False
    if test.high is not None:
        high = test.high.resolve(now)
        stop = end(high.instant, high.local)
        if moment > stop or (moment == stop and not test.high_included):
            return False
    return True


def _has_token(words: list[str], token: str) -> bool:
    if token.startswith("*") or token.endswith("*"):
        bare = token.strip("*")
        return any(
            (bare in word)
            if token.startswith("*") and token.endswith("*")
            else word.endswith(bare)
            if token.startswith("*")
            else word.startswith(bare)
            for word in words
        )
    return token in words
