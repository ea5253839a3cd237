"""What a provider's reply says about its limits: how much a minute, how much is left, when it is whole again (pure).

OpenAI, xAI and most compatible servers send `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`
(platform.openai.com/docs/guides/rate-limits), Anthropic `anthropic-ratelimit-{requests,tokens,input-tokens,
output-tokens}-{limit,remaining,reset}` with times (docs.claude.com/en/api/rate-limits). Cohere and Google send none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from penstock.llm.waits import duration

MINUTE = 60.0  # seconds
# Resets further away than this are not those of a limit per minute; days are the provider's plan, not our pace.
LONGEST_RESET_SECONDS = 120.0
# How far a stated reset may lie from what a bucket that refills evenly would state, as a share of its minute.
REFILL_TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class Gauge:
    """One limit: `limit` a minute, of which `remaining` are left; whole again in `reset` seconds (None: unstated)."""

    limit: float
    remaining: float | None = None
    reset: float | None = None

    @property
    def refills(self) -> bool:
        """Whether it fills up evenly (a bucket) rather than all at once at `reset` (a window).

        A bucket is whole again when what is missing has come back at its rate; a window's reset says nothing of it.
        """
        if self.remaining is None or self.reset is None:
            return True
        missing = max(0.0, self.limit - self.remaining) / self.limit * MINUTE
        return abs(self.reset - missing) <= REFILL_TOLERANCE * MINUTE


@dataclass(frozen=True, slots=True)
class Stated:
    """The limits a reply states; None for one it does not."""

    requests: Gauge | None = None
    tokens: Gauge | None = None


NOTHING = Stated()


def stated_limits(headers: Mapping[str, str]) -> Stated:
    """The limits per minute in a reply's headers, looked up by lower-case name; those that make no sense are left out.

    Where Anthropic states input and output tokens besides tokens, the last is the one that binds first.
    """
    if "x-ratelimit-limit-requests" in headers or "x-ratelimit-limit-tokens" in headers:
        return Stated(_of_openai(headers, "requests"), _of_openai(headers, "tokens"))
    if "anthropic-ratelimit-requests-limit" in headers or "anthropic-ratelimit-tokens-limit" in headers:
        return Stated(_of_anthropic(headers, "requests"), _of_anthropic(headers, "tokens"))
    return NOTHING


def _of_openai(headers: Mapping[str, str], what: str) -> Gauge | None:
    reset = headers.get(f"x-ratelimit-reset-{what}")
    seconds = None
    if reset:
        seconds = duration(reset)
        seconds = _number(reset) if seconds is None else seconds
    return _gauge(
        headers.get(f"x-ratelimit-limit-{what}"), headers.get(f"x-ratelimit-remaining-{what}"), seconds
    )


def _of_anthropic(headers: Mapping[str, str], what: str) -> Gauge | None:
    name = f"anthropic-ratelimit-{what}"
    seconds = None
    # The time is the provider's, so it is measured against the provider's own clock, not ours.
    if (until := _time(headers.get(f"{name}-reset"))) and (now := _date(headers.get("date"))):
        seconds = max(0.0, (until - now).total_seconds())
    return _gauge(headers.get(f"{name}-limit"), headers.get(f"{name}-remaining"), seconds)


def _gauge(limit: str | None, remaining: str | None, reset: float | None) -> Gauge | None:
    most = _number(limit)
    if not most:
        return None
    if reset is not None and reset > LONGEST_RESET_SECONDS:
        return None
    return Gauge(most, _number(remaining), reset)


def _number(written: str | None) -> float | None:
    try:
        value = float(written or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _time(written: str | None) -> datetime | None:
    try:
        value = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return value.replace(tzinfo=value.tzinfo or UTC)


@lru_cache(maxsize=16)  # the same for all replies of a second
def _date(written: str | None) -> datetime | None:
    try:
        value = parsedate_to_datetime(written or "")
    except ValueError:
        return None
    return value.replace(tzinfo=value.tzinfo or UTC)
