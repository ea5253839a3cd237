"""Dates and times as HubSpot stores them: `2026-01-31`, and `2026-01-31T09:30:00Z` with milliseconds when there are any."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = re.compile(r"-?[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)


def format_datetime(moment: datetime) -> str:
    """An aware datetime in HubSpot's spelling, in UTC; what is finer than a millisecond is cut off."""
    utc = moment.astimezone(UTC)
    text = utc.strftime("%Y-%m-%dT%H:%M:%S") if utc.year >= 1000 else utc.isoformat(timespec="seconds")[:19]
    milliseconds = utc.microsecond // 1000
    return f"{text}.{milliseconds:03d}Z" if milliseconds else f"{text}Z"


def parse_date(text: str) -> date | None:
    """A date from `yyyy-mm-dd`, or from a moment or milliseconds since 1970 that are midnight UTC; else None."""
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    moment = parse_datetime(text)
    if moment is None or moment.timetz().replace(tzinfo=None) != datetime.min.time():
        return None
    return moment.date()


def parse_datetime(text: str) -> datetime | None:
    """A moment in UTC from ISO 8601 or milliseconds since 1970, else None.

    A text without an offset is in UTC, and a date alone is its midnight in UTC, as in HubSpot's API.
    """
    try:
        if _MILLISECONDS.fullmatch(text):
            return EPOCH + timedelta(milliseconds=int(text))
        if _DATE.fullmatch(text):
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        if not _MOMENT.fullmatch(text):
            return None
        moment = datetime.fromisoformat(text.upper())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
