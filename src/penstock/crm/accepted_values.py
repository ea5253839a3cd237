"""What callers send for a record's properties, checked against the schema: all problems at once, nothing written."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from penstock.crm.schema import ObjectSchema
from penstock.crm.values import normalise
from penstock.errors import InvalidProperty, Problem
from penstock.kit.json import Json


def accept(schema: ObjectSchema, values: Mapping[str, Json], path: str = "") -> dict[str, str | None]:
    """Canonical values by property; None clears one.

    Raises InvalidProperty with one problem for every property that is unknown (PROPERTY_DOESNT_EXIST), read-only
    (READ_ONLY_VALUE) or does not take its value. `path` stands before the property's name in their paths.
    """
    accepted: dict[str, str | None] = {}
    problems: list[Problem] = []
    for name, raw in values.items():
        prop = schema.properties.get(name)
        if prop is None:
            problems.append(_unknown(schema, name, path))
        elif prop.read_only_value:
            message = f"'{name}' is read-only. Leave it out."
            problems.append(Problem(f"{path}{name}", "READ_ONLY_VALUE", message))
        else:
            try:
                accepted[name] = normalise(prop, raw)
            except InvalidProperty as error:
                problems += [Problem(f"{path}{name}", one.code, one.message) for one in error.problems]
    raise_problems(problems)
    return accepted


def check_required(schema: ObjectSchema, accepted: Mapping[str, str | None], path: str = "") -> None:
    """Raises InvalidProperty when a new record lacks a property that its type requires."""
    raise_problems(
        [
            Problem(f"{path}{name}", "REQUIRED_FIELD", f"'{name}' is required. Give it a value.")
            for name in schema.object_type.required_properties
            if accepted.get(name) is None
        ]
    )


def raise_problems(problems: list[Problem]) -> None:
    """Raises InvalidProperty that carries the problems, if there are any."""
    if problems:
        first = problems[0].message
        rest = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
        raise InvalidProperty(f"Property values were not valid. {first}{rest}", problems=problems)


def _unknown(schema: ObjectSchema, name: str, path: str) -> Problem:
    close = get_close_matches(name, schema.properties, n=1)
    remedy = f"Did you mean '{close[0]}'?" if close else "Create the property first."
    message = f"{schema.object_type.plural_label} have no property '{name[:100]}'. {remedy}"
    return Problem(f"{path}{name[:100]}", "PROPERTY_DOESNT_EXIST", message)
