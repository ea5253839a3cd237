"""JSON values as types, and the one encoder and decoder (orjson, RFC 8259)."""

from __future__ import annotations

import orjson
from typing_extensions import TypeAliasType

# A TypeAliasType, not a plain alias, because Pydantic can only follow a recursive alias that has a name.
Json = TypeAliasType("Json", "bool | int | float | str | list[Json] | dict[str, Json] | None")
JsonObject = dict[str, Json]


def dumps(value: object) -> bytes:
    """UTF-8 JSON without white space. Datetimes, UUIDs and dataclasses are written as orjson writes them.

    Raises TypeError for anything JSON cannot hold: other classes, keys that are not text, integers beyond
    64 bits, and text with lone surrogates. NaN and infinity are written as null.
    """
    return orjson.dumps(value)


def loads(text: bytes | bytearray | memoryview | str) -> Json:
    """The value of one JSON text. Raises ValueError naming line and column when it is not JSON."""
    value: Json = orjson.loads(text)
    return value
