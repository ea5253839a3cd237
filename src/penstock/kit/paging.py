"""Cursors for pages in key order: the text `paging.next.after` of one answer, sent back as `after`."""

from __future__ import annotations

import base64

from penstock.errors import InvalidInput
from penstock.kit.json import dumps, loads


def after(*keys: str | int) -> str:
    """The cursor behind a row with these sort keys. A single number is itself, as HubSpot's record cursors are."""
    if len(keys) == 1 and isinstance(keys[0], int):
        return str(keys[0])
    return base64.urlsafe_b64encode(dumps(keys)).decode().rstrip("=")


def keys_of(cursor: str, *kinds: type[str] | type[int]) -> tuple[str | int, ...]:
    """The sort keys inside a cursor, of the given types. Raises InvalidInput for any other text."""
    if kinds == (int,):
        if cursor.isascii() and cursor.isdigit() and len(cursor) < 20:
            return (int(cursor),)
        raise _not_ours()
    try:
        values = loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except ValueError:
        raise _not_ours() from None
    if not isinstance(values, list) or len(values) != len(kinds):
        raise _not_ours()
    keys: list[str | int] = []
    for value, kind in zip(values, kinds, strict=True):
        if not isinstance(value, (str, int)) or type(value) is not kind:
            raise _not_ours()
        keys.append(value)
    return tuple(keys)


def _not_ours() -> InvalidInput:
    return InvalidInput(
        "`after` is not a cursor of this list.",
        remedy="Send paging.next.after of the page before, unchanged.",
    )
