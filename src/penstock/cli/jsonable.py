"""Turns domain values into JSON as the API writes it: camelCase keys, ids as strings, times in UTC with ms and Z."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from uuid import UUID

from penstock.kit.json import Json, JsonObject


def jsonable(value: object) -> Json:
    """JSON for a dataclass, a mapping, a sequence or a plain value; raises TypeError for anything else.

    The keys of mappings are data (property names, action ids) and stay as they are; only the fields of
    dataclasses are respelled, because only those are our own names.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value.value if isinstance(value, Enum) else value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return fields_of(value)
    if isinstance(value, Mapping):
        return {str(key): jsonable(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(part) for part in value]
    return _scalar(value)


def fields_of(item: object) -> JsonObject:
    """The fields of a dataclass as a JSON object."""
    if not dataclasses.is_dataclass(item) or isinstance(item, type):
        raise TypeError(f"{type(item).__name__} is not a dataclass instance")
    return {
        _camel(field.name): _identity(field.name, getattr(item, field.name))
        for field in dataclasses.fields(item)
        if field.repr
    }


def _identity(name: str, value: object) -> Json:
    # HubSpot writes every id as a string, so that no client loses digits of it.
    if isinstance(value, int) and not isinstance(value, bool) and (name == "id" or name.endswith("_id")):
        return str(value)
    return jsonable(value)


def _scalar(value: object) -> Json:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")  # not 0E-8
    if isinstance(value, UUID | Path):
        return str(value)
    if isinstance(value, Enum):
        return jsonable(value.value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)
