"""Comparing text without regard to case, the same way here and in the database."""

from __future__ import annotations

import sys
from functools import cache


def fold(text: str) -> str:
    """`text` in lower case, character by character, as the SQL function `fold` does it.

    Unicode's simple case mapping: the length stays the same, so `İ` becomes `i` and not two characters.
    """
    return text.lower() if text.isascii() else text.translate(_simple_lower_case())


@cache
def _simple_lower_case() -> dict[int, str]:
    table = {
        point: lower
        for point in range(sys.maxunicode + 1)
        if not 0xD800 <= point <= 0xDFFF and len(lower := chr(point).lower()) == 1 and lower != chr(point)
    }
    table[0x130] = "i"
    return table
