"""What a receiver's answer means for a delivery. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

Verdict = Literal["delivered", "again", "failed"]


def verdict(status: int) -> Verdict:
    """2xx is success; server errors, 408 and 429 are worth another attempt; all else is final.

    Standard Webhooks counts a redirect as a failure; HubSpot does not retry 4xx but for 429; and 410 says that
    nobody wants the webhook any more.
    """
    if 200 <= status < 300:
        return "delivered"
    return "again" if status >= 500 or status in {408, 429} else "failed"


def described(status: int) -> str:
    """A sentence on an answer that was no success."""
    if 300 <= status < 400:
        return f"The receiver answered {status}, a redirect, which is not followed. Enter the final address."
    if status == 410:
        return "The receiver answered 410: it wants this webhook no more."
    return f"The receiver answered {status}."


def asked_wait(retry_after: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date); None when it asks nothing.

    HubSpot reads the number as milliseconds. The RFC's meaning is taken here: it is what receivers send, and
    waiting too long does less harm than a flood.
    """
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
