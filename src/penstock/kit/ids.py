"""Identifiers that nobody can guess and that sort by the time they were made."""

from __future__ import annotations

import secrets
import time
from uuid import UUID


def new_uuid() -> UUID:
    """A UUID of version 7 (RFC 9562, 5.7): 48 bits of milliseconds since 1970, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000 & (1 << 48) - 1
    random = secrets.randbits(74)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | random >> 62 << 64 | 0b10 << 62 | random & (1 << 62) - 1)
