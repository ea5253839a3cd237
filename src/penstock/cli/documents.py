"""Reads and writes JSON documents that commands take and give."""

from __future__ import annotations

import sys
from pathlib import Path

import orjson

from penstock.errors import InvalidInput
from penstock.kit.json import Json

STDIN = "-"


def read_document(place: str) -> Json:
    """The JSON in a file, or on standard input for `-`. Raises InvalidInput saying where it is no JSON."""
    try:
        text = sys.stdin.buffer.read() if place == STDIN else Path(place).read_bytes()
    except OSError as error:
        raise InvalidInput(
            f"{place} cannot be read ({error.strerror}).",
            remedy="Name a file that exists, or - for standard input.",
        ) from None
    try:
        document: Json = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(
            f"{place} is no JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            remedy="Correct the file.",
        ) from None
    return document


def write_document(place: Path, document: Json) -> None:
    """Writes JSON for people to read: two spaces of indent. Raises InvalidInput when the file cannot be written."""
    try:
        place.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    except OSError as error:
        raise InvalidInput(
            f"{place} cannot be written ({error.strerror}).", remedy="Choose another place."
        ) from None
