"""Sentences about JSON of the wrong shape, made from pydantic's errors: what is there, what was expected."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from penstock.errors import Problem
from penstock.kit.json import JsonObject

# Real flows nest filters about six levels deep; a hundred is a mistake or an attack.
DEEPEST_NESTING = 100

EXPECTED = {
    "string_type": "a text in quotes",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a JSON object",
    "model_type": "a JSON object",
    "model_attributes_type": "a JSON object",
    "list_type": "a list",
    "tuple_type": "a list",
}


def problems_of(error: ValidationError, path: str) -> list[Problem]:
    """One Problem per error, at its JSON path below `path`; the value itself is only described, never shown."""
    return [_problem(detail, path) for detail in error.errors(include_url=False)]


def storage_problems(document: JsonObject) -> list[Problem]:
    """What PostgreSQL's jsonb cannot hold: NUL characters, lone surrogates, numbers beyond 64 bits, endless nesting."""
    if _storable(document, 0):
        return []
    todo: list[tuple[str, object, int]] = [("", document, 0)]
    while todo:
        path, value, depth = todo.pop()
        if depth > DEEPEST_NESTING:
            message = f"This is nested more than {DEEPEST_NESTING} levels deep. Flatten it."
            return [Problem("$", "TOO_DEEP", message)]
        if isinstance(value, dict):
            for key, item in value.items():
                todo.append((f"{path}.{key}" if path else key, item, depth + 1))
                todo.append((path or "$", key, depth + 1))
        elif isinstance(value, list):
            todo.extend((f"{path}[{index}]", item, depth + 1) for index, item in enumerate(value))
        elif isinstance(value, str) and ("\x00" in value or not _encodes(value)):
            message = f"This is {shape_of(value)} with a character that cannot be stored. Remove NUL and broken characters."
            return [Problem(path, "INVALID_TEXT", message)]
        elif isinstance(value, int) and abs(value) >= 2**63:
            return [
                Problem(
                    path, "INVALID_NUMBER", "This number is larger than 64 bits hold. Write it as a text."
                )
            ]
    return []


def _storable(value: object, depth: int) -> bool:
    """Whether there is nothing to find, without keeping account of where: documents are checked at every change."""
    if depth > DEEPEST_NESTING:
        return False
    if isinstance(value, str):
        return "\x00" not in value and (value.isascii() or _encodes(value))
    if isinstance(value, dict):
        return all(_storable(key, depth + 1) and _storable(item, depth + 1) for key, item in value.items())
    if isinstance(value, list):
        return all(_storable(item, depth + 1) for item in value)
    return not isinstance(value, int) or abs(value) < 2**63


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def shape_of(value: object) -> str:
    """A value described without showing it: its JSON type and size."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return f"a text of {len(value)} characters" if value else "an empty text"
        case list() | tuple():
            return f"a list of {len(value)}"
        case dict():
            return f"an object with {', '.join(sorted(map(str, value))[:5]) or 'nothing in it'}"
        case _:
            return type(value).__name__


def _problem(detail: ErrorDetails, path: str) -> Problem:
    at = _joined(path, detail["loc"])
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "missing":
        return Problem(
            at, "MISSING_FIELD", f"Some required fields were not set: [{detail['loc'][-1]}]. Set it."
        )
    if kind in EXPECTED:
        return Problem(at, "WRONG_TYPE", f"This is {shape_of(value)}; expected {EXPECTED[kind]}.")
    if kind in ("literal_error", "union_tag_invalid"):
        expected = context.get("expected") or context.get("expected_tags")
        return Problem(at, "UNKNOWN_VALUE", f"This is {shape_of(value)} that is not among: {expected}.")
    if kind == "string_too_short":
        return Problem(at, "MISSING_FIELD", "This is empty. Set it or leave the field out.")
    return Problem(
        at, "INVALID_FIELD", f"This is {shape_of(value)}: {detail['msg'].removeprefix('Value error, ')}."
    )


def _joined(path: str, location: Sequence[str | int]) -> str:
    for part in location:
        if isinstance(part, int):
            path = f"{path}[{part}]"
        elif not part.isupper():  # the tag of a discriminated union ("STATIC_VALUE") is no key of the JSON
            path = f"{path}.{part}" if path else part
    return path or "$"
