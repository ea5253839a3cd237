"""Plain text: paragraphs between empty lines (pure)."""

from __future__ import annotations

import re

from penstock.knowledge.reading.block import Block

_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n)+")


def read_plain(text: str) -> list[Block]:
    """The paragraphs of a text."""
    parts = (part.strip("\n").rstrip() for part in _EMPTY_LINES.split(text))
    return [Block(part) for part in parts if part.strip()]
