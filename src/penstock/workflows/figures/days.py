"""Spans of days in a workspace's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from penstock.errors import InvalidInput
from penstock.kit.database import Connection

MOST_DAYS = 400
USUAL_DAYS = 30

TODAY = "SELECT day_in_workspace(id, $2) AS today, time_zone FROM workspaces WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both counted in, in `time_zone`; `today` is the day it is there now."""

    first: date
    last: date
    today: date
    time_zone: str

    def days(self) -> list[date]:
        """Each day in order."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


async def span_of(
    db: Connection, workspace_id: int, now: datetime, first: date | None, last: date | None
) -> Span:
    """The span that was asked for; without a first day the 30 days up to `last`, without a last day up to today.

    Raises InvalidInput when it runs backwards or over more than 400 days.
    """
    row = await db.fetchrow(TODAY, workspace_id, now)
    assert row is not None  # noqa: S101 - whoever asks is of a workspace
    end = last or row["today"]
    begin = first or end - timedelta(days=USUAL_DAYS - 1)
    if not 0 <= (end - begin).days < MOST_DAYS:
        raise InvalidInput(
            f"The days from {begin} to {end} are none, or more than {MOST_DAYS}.",
            remedy="Send `from` and `to` as days such as 2026-01-31, in order and at most 400 apart.",
        )
    return Span(begin, end, row["today"], row["time_zone"])
