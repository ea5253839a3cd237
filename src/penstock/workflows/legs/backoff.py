"""How long a step waits before its next attempt."""

from __future__ import annotations

FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 600.0
LONGEST_ASKED_WAIT_SECONDS = 3600.0
DEFAULT_MAX_ATTEMPTS = 6


def wait_before(attempt: int, asked: float | None, spread: float) -> float:
    """Seconds to wait before attempt `attempt + 1`, after attempt number `attempt` (1, 2, …) came to nothing.

    Doubles from 2 seconds up to 10 minutes. `spread` in [0, 1) scatters the waits over [half, whole], so that a
    thousand records refused in one second do not return in one second. A wait that the provider asked for
    (Retry-After, RetryInfo) is never shortened, only scattered upwards by a tenth, and capped at an hour.
    """
    if asked is not None:
        return min(max(asked, 0.0), LONGEST_ASKED_WAIT_SECONDS) + spread * max(1.0, asked * 0.1)
    whole: float = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** min(attempt - 1, 20))
    return whole * (0.5 + spread / 2)


def spread_of(key: str) -> float:
    """A number in [0, 1) from the step's key: scattered between records, the same when a leg is run again."""
    # FNV-1a: cheap, stable between processes (hash() is not), and good enough to scatter.
    value = 0x811C9DC5
    for byte in key.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value / 0x100000000
