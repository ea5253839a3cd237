"""How long a provider asks us to wait, from headers and body."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache

from penstock.kit.json import JsonObject
from penstock.llm.json_values import text

Headers = Mapping[str, str]

IN_WORDS = re.compile(r"(?:try again|retry) (?:in|after) ((?:[\d.]+ ?(?:ms|s|m|h)\w*\s*)+)", re.IGNORECASE)
PIECE = re.compile(r"([\d.]+) ?(ms|s|m|h)", re.IGNORECASE)
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@lru_cache(maxsize=1024)  # replies one after another state much the same
def duration(written: str) -> float | None:
    """Seconds of a duration such as `12ms`, `48s`, `6m0s` or `1h2m` (OpenAI headers, Google RetryInfo); else None."""
    pieces = PIECE.findall(written)
    if not pieces or PIECE.sub("", written).strip(" .,"):
        return None
    try:
        return sum(float(value) * SECONDS[unit.lower()] for value, unit in pieces)
    except ValueError:
        return None


def retry_after(headers: Headers, message: str = "", details: Sequence[JsonObject] = ()) -> float | None:
    """Seconds to wait, or None when the reply does not say.

    In this order: `retry-after-ms` (OpenAI), `retry-after` in seconds or as a date measured against the reply's
    own `date` (RFC 9110, 10.2.3), Google's RetryInfo, and «try again in 20s» in the message.
    """
    milliseconds = _positive(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    written = headers.get("retry-after")
    if written:
        seconds = _positive(written)
        return seconds if seconds is not None else _until(written, headers.get("date"))
    for detail in details:
        if (
            text(detail.get("@type")).endswith("RetryInfo")
            and (wait := duration(text(detail.get("retryDelay")))) is not None
        ):
            return wait
    found = IN_WORDS.search(message)
    return duration(found.group(1)) if found else None


def _positive(written: str | None) -> float | None:
    if written is None:
        return None
    try:
        value = float(written)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _until(written: str, now: str | None) -> float | None:
    if now is None:
        return None
    try:
        until, since = (parsedate_to_datetime(text_) for text_ in (written, now))
    except ValueError:
        return None
    return max(
        0.0,
        (
            until.replace(tzinfo=until.tzinfo or UTC) - since.replace(tzinfo=since.tzinfo or UTC)
        ).total_seconds(),
    )
