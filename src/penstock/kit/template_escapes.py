"""How a value is written into text of each kind, so that it stays a value there."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from enum import StrEnum
from urllib.parse import quote


class Escape(StrEnum):
    """Where a rendered text goes."""

    TEXT = "text"  # prompts, plain mail, property values
    HTML = "html"
    URL = "url"  # a part of a path or query
    JSON = "json"  # between the quotes of a JSON string
    HEADER = "header"  # a mail or HTTP header


_LINE_ENDERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def escaper(escape: Escape) -> Callable[[str], str]:
    """The function that escapes values for `escape`."""
    return _ESCAPERS[escape]


def _header(value: str) -> str:
    """One line without control characters and without the beginning of an encoded word.

    A mail library decodes `=?UTF-8?Q?=0A?=` (RFC 2047) before it folds a header, which would bring the line
    break back (CVE-2024-6923).
    """
    return _LINE_ENDERS.sub(" ", value).replace("=?", "= ?")


_ESCAPERS: dict[Escape, Callable[[str], str]] = {
    Escape.TEXT: lambda value: value,
    Escape.HTML: lambda value: html.escape(value, quote=True),
    Escape.URL: lambda value: quote(value, safe="", errors="replace"),
    Escape.JSON: lambda value: json.dumps(value)[1:-1],
    Escape.HEADER: _header,
}
