"""Points in time that actions compute: now plus a delay, on allowed days, at a time of day. Pure.

Minutes and hours pass as they do; days and longer are calendar steps in the workspace's time zone, so that
"1 day" at 09:00 is 09:00 again on the day the clocks change.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

DayOfWeek = Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
DAYS_OF_WEEK: tuple[DayOfWeek, ...] = (
    "MONDAY",
    "TUESDAY",
    "WEDNESDAY",
    "THURSDAY",
    "FRIDAY",
    "SATURDAY",
    "SUNDAY",
)

TimeUnit = Literal["SECONDS", "MINUTES", "HOURS", "HALF_DAYS", "DAYS", "WEEKS", "MONTHS", "YEARS"]
PASSING_UNITS = {
    "SECONDS": timedelta(seconds=1),
    "MINUTES": timedelta(minutes=1),
    "HOURS": timedelta(hours=1),
    "HALF_DAYS": timedelta(hours=12),
}
CALENDAR_UNITS = {
    "DAYS": relativedelta(days=1),
    "WEEKS": relativedelta(weeks=1),
    "MONTHS": relativedelta(months=1),
    "YEARS": relativedelta(years=1),
}


class TimeOfDay(BaseModel):
    """A time of day on a 24-hour clock."""

    model_config = ConfigDict(extra="allow", frozen=True)

    hour: int = Field(ge=0, le=23)
    minute: int = Field(default=0, ge=0, le=59)


class TimeZoneStrategy(BaseModel):
    """HubSpot's way to name a time zone other than the account's."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=to_camel, populate_by_name=True)

    type: str = "STATIC_TIME_ZONE"
    time_zone_id: str | None = None


class TimeDelay(BaseModel):
    """HubSpot's `APITimeDelay`: `delta` units from now, moved to a time of day and to one of the days given."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=to_camel, populate_by_name=True)

    delta: int
    time_unit: TimeUnit
    days_of_week: tuple[DayOfWeek, ...] = ()
    time_of_day: TimeOfDay | None = None
    time_zone_strategy: TimeZoneStrategy | None = None


def after(now: datetime, delay: TimeDelay, zone: tzinfo) -> datetime:
    """The moment `delay` after `now` (aware), in UTC; raises OverflowError beyond the calendar's end."""
    zone = _zone_of(delay, zone)
    moment = shift(now, delay.delta, delay.time_unit, zone)
    if delay.time_of_day is not None:
        moment = at_time(moment, delay.time_of_day, zone)
    return on_days(moment, delay.days_of_week, zone)


def wait_until(
    now: datetime,
    delta: int,
    unit: TimeUnit,
    time_of_day: TimeOfDay | None,
    days: Collection[DayOfWeek],
    zone: tzinfo,
) -> datetime:
    """When a delay ends, in UTC and never before `now`: `delta` units on, then the first time and day allowed.

    With calendar units "1 day at 09:00" is tomorrow at 09:00 however late it is today; with minutes and
    hours, and with a time that has already passed, it is the next 09:00 after the delay.
    """
    moment = shift(now, delta, unit, zone)
    if time_of_day is not None:
        earliest = now if unit in CALENDAR_UNITS else moment
        moment = at_time(moment, time_of_day, zone)
        if moment < earliest:
            moment = at_time(shift(moment, 1, "DAYS", zone), time_of_day, zone)
    return on_days(moment, days, zone)


def shift(now: datetime, delta: int, unit: TimeUnit, zone: tzinfo) -> datetime:
    """`now` plus `delta` units; days and longer keep the wall clock of `zone`."""
    if unit in PASSING_UNITS:
        return now.astimezone(UTC) + PASSING_UNITS[unit] * delta
    try:
        return _utc(now.astimezone(zone) + CALENDAR_UNITS[unit] * delta)
    except ValueError as error:  # dateutil says "year 99999 is out of range" with a ValueError
        raise OverflowError(str(error)) from error


def at_time(moment: datetime, time: TimeOfDay, zone: tzinfo) -> datetime:
    """The same day in `zone` at that time of day, in UTC."""
    return _utc(
        moment.astimezone(zone).replace(hour=time.hour, minute=time.minute, second=0, microsecond=0, fold=0)
    )


def on_days(moment: datetime, days: Collection[DayOfWeek], zone: tzinfo) -> datetime:
    """The moment itself or, on a day that is not among `days`, the same wall time on the next one that is."""
    if not days:
        return moment
    for ahead in range(7):
        candidate = shift(moment, ahead, "DAYS", zone)
        if DAYS_OF_WEEK[candidate.astimezone(zone).weekday()] in days:
            return candidate
    return moment


def as_property_text(moment: datetime, property_type: str, zone: tzinfo) -> str:
    """A moment as the text of a property: the day in `zone` for `date`, ISO 8601 in UTC for all others."""
    if property_type == "date":
        return moment.astimezone(zone).date().isoformat()
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _utc(local: datetime) -> datetime:
    # A wall time that the change of clocks skips gets the offset before the change, as zoneinfo defines it.
    return local.astimezone(UTC)


def _zone_of(delay: TimeDelay, zone: tzinfo) -> tzinfo:
    name = delay.time_zone_strategy.time_zone_id if delay.time_zone_strategy else None
    if not name:
        return zone
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return zone
