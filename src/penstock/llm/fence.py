"""The fence around text from records in a prompt: two tags with a nonce that nobody outside can know (pure).

The nonce is a keyed hash of run and step, so a replay of the same step asks in exactly the same words, and a record
that was written without the key cannot hold it (security R43). Where a fence stands is the author's choice (the
filter `fenced`); nothing is said about it to the model but what the author says.
"""

from __future__ import annotations

import hmac
import re

NONCE_DIGITS = 12  # hexadecimal


def nonce_of(key: bytes, enrollment_id: int, action_id: str) -> str:
    """The nonce of one step of one run."""
    about = f"fence\0{enrollment_id}\0{action_id}".encode()
    return hmac.digest(key, about, "sha256").hex()[:NONCE_DIGITS]


def fence(value: str, nonce: str) -> str:
    """The value between the tags. The nonce itself is taken out of the value, as when a model's answer that quotes
    the tags comes back to the same step, so that nothing inside can close the fence."""
    if nonce in value.lower():
        value = re.sub(re.escape(nonce), "…", value, flags=re.IGNORECASE)
    return f"<data-{nonce}>{value}</data-{nonce}>"


def without_fences(text: str, nonce: str) -> str:
    """A model's answer without the tags that it may have copied along with the data."""
    if not nonce or nonce not in text:
        return text
    return text.replace(f"<data-{nonce}>", "").replace(f"</data-{nonce}>", "")
