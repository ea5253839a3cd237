"""Text from outside, made fit to be stored."""

from __future__ import annotations


def storable(text: str) -> str:
    """The text with what PostgreSQL cannot hold (NUL, lone surrogates) replaced by U+FFFD and '?'."""
    if "\x00" not in text and text.isascii():
        return text
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
