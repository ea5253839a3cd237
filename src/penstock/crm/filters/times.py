"""Points in time of filters: a date, or a reference such as TODAY with an offset (HubSpot, list filters)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from penstock.crm.moments import EPOCH
from penstock.errors import ProblemList
from penstock.kit.json import Json, JsonObject

WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
REFERENCES = ("NOW", "TODAY", "WEEK", "MONTH", "QUARTER", "YEAR")
TIME_FIELDS = {"hour": 23, "minute": 59, "second": 59, "millisecond": 999}
CALENDAR_OFFSETS = ("years", "quarters", "months", "weeks", "days")
CLOCK_OFFSETS = ("hours", "minutes", "seconds", "milliseconds")
EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A point in time: as an instant in UTC for datetimes, and as wall-clock time of its zone for dates."""

    instant: datetime
    local: datetime


@dataclass(frozen=True, slots=True)
class TimePoint:
    """A point in time that may depend on now.

    Either `fixed` (wall-clock time of the zone), or a `reference` at whose start (TODAY, WEEK …; NOW: now itself)
    the offset begins; `at` replaces parts of the reference (hour, day, month …), `offset` is added.
    """

    zone: str = "UTC"
    fixed: datetime | None = None
    reference: str = "NOW"
    at: tuple[tuple[str, int], ...] = ()
    offset: tuple[tuple[str, int], ...] = ()

    def resolve(self, now: datetime) -> Resolved:
        """The point for this aware `now`. Offsets that leave the years 1 to 9999 stop at their ends."""
        zone = ZoneInfo(self.zone)
        offset = dict(self.offset)
        try:
            if self.fixed is not None:
                return Resolved(self.fixed.replace(tzinfo=zone).astimezone(UTC), self.fixed)
            local = _start(self.reference, now.astimezone(zone).replace(tzinfo=None), dict(self.at))
            local += relativedelta(
                years=offset.get("years", 0),
                months=offset.get("months", 0) + 3 * offset.get("quarters", 0),
                weeks=offset.get("weeks", 0),
                days=offset.get("days", 0),
            )
            # Hours are of the clock that runs, not of the one on the wall: a day of change has 23 or 25.
            instant = local.replace(tzinfo=zone).astimezone(UTC) + timedelta(
                **{unit: offset.get(unit, 0) for unit in CLOCK_OFFSETS}
            )
            return Resolved(instant, instant.astimezone(zone).replace(tzinfo=None))
        except (OverflowError, ValueError):
            if self.fixed is not None:
                return Resolved(EARLIEST if self.fixed.year == 1 else LATEST, self.fixed)
            end = EARLIEST if sum(amount for _, amount in self.offset) < 0 else LATEST
            return Resolved(end, end.replace(tzinfo=None))


def _start(reference: str, local: datetime, at: Mapping[str, int]) -> datetime:
    """The reference itself: the start of the day, week, month, quarter or year of `local`, moved by `at`."""
    if reference != "NOW":
        local = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if reference == "WEEK":
        local += timedelta(days=at.get("weekday", 0) - local.weekday())
    elif reference == "MONTH":
        local = local.replace(day=1)
    elif reference == "QUARTER":
        local = local.replace(month=(local.month - 1) // 3 * 3 + 1, day=1)
    elif reference == "YEAR":
        local = local.replace(month=1, day=1)
    # Months of a quarter count from its first; relativedelta keeps day 31 within a short month.
    month = at.get("month", 1) - 1 if reference in ("QUARTER", "YEAR") else 0
    local += relativedelta(months=month, day=at.get("day"))
    return local.replace(
        hour=at.get("hour", local.hour),
        minute=at.get("minute", local.minute),
        second=at.get("second", local.second),
        microsecond=at["millisecond"] * 1000 if "millisecond" in at else local.microsecond,
    )


def from_milliseconds(milliseconds: int) -> TimePoint | None:
    """The point so many milliseconds after 1970, or None when that is beyond the year 9999."""
    try:
        return TimePoint(fixed=(EPOCH + timedelta(milliseconds=milliseconds)).replace(tzinfo=None))
    except OverflowError:
        return None


def parse_time_point(raw: Json, path: str, problems: ProblemList) -> TimePoint | None:
    """A `timePoint` of TIME_POINT and TIME_RANGED: timeType DATE or INDEXED. None when problems were added."""
    if not isinstance(raw, dict):
        problems.add(path, "INVALID_FILTER", "A time point is an object with a timeType of DATE or INDEXED.")
        return None
    before = len(problems.items)
    zone = _zone(raw.get("zoneId"), f"{path}.zoneId", problems)
    point: TimePoint | None = None
    match raw.get("timeType"):
        case "DATE":
            point = _fixed(raw, zone, path, problems)
        case "INDEXED":
            point = _indexed(raw, zone, path, problems)
        case _:
            problems.add(
                f"{path}.timeType",
                "UNSUPPORTED_OPERATION",
                "Only the time types DATE and INDEXED are evaluated. Use one of them.",
            )
    return point if len(problems.items) == before else None


def fixed_day(raw: JsonObject, path: str, problems: ProblemList) -> datetime | None:
    """The wall-clock time from `year`, `month`, `day` and, when there, hour to millisecond."""
    parts = {name: _whole(raw, name, path, problems) for name in ("year", "month", "day", *TIME_FIELDS)}
    try:
        return datetime(  # noqa: DTZ001  (its zone is beside it)
            parts["year"] or 0,
            parts["month"] or 0,
            parts["day"] or 0,
            parts["hour"] or 0,
            parts["minute"] or 0,
            parts["second"] or 0,
            (parts["millisecond"] or 0) * 1000,
        )
    except ValueError:
        problems.add(path, "INVALID_FILTER", "year, month and day are not a date. Give a day that exists.")
        return None


def _fixed(raw: JsonObject, zone: str, path: str, problems: ProblemList) -> TimePoint | None:
    fixed = fixed_day(raw, path, problems)
    return None if fixed is None else TimePoint(zone=zone, fixed=fixed)


def _indexed(raw: JsonObject, zone: str, path: str, problems: ProblemList) -> TimePoint | None:
    place = f"{path}.indexReference"
    index = raw.get("indexReference")
    reference = index.get("referenceType") if isinstance(index, dict) else None
    if not isinstance(index, dict) or not isinstance(reference, str) or reference not in REFERENCES:
        problems.add(
            f"{place}.referenceType",
            "UNSUPPORTED_OPERATION",
            f"The reference is none of {', '.join(REFERENCES)}. Use one of them.",
        )
        return None
    at: dict[str, int] = {}
    for name, most in {"month": 3 if reference == "QUARTER" else 12, "day": 31, **TIME_FIELDS}.items():
        least = 1 if name in ("month", "day") else 0
        if (value := _whole(index, name, place, problems)) is not None:
            if not least <= value <= most:
                problems.add(f"{place}.{name}", "INVALID_FILTER", f"{name} is not from {least} to {most}.")
            at[name] = value
    if (weekday := index.get("dayOfWeek")) is not None:
        if weekday in WEEKDAYS:
            at["weekday"] = WEEKDAYS.index(str(weekday))
        else:
            problems.add(
                f"{place}.dayOfWeek", "INVALID_FILTER", f"dayOfWeek is none of {', '.join(WEEKDAYS)}."
            )
    return TimePoint(
        zone, None, reference, tuple(at.items()), _offset(raw.get("offset"), f"{path}.offset", problems)
    )


def _offset(raw: Json, path: str, problems: ProblemList) -> tuple[tuple[str, int], ...]:
    if raw is None:
        return ()
    if not isinstance(raw, dict):
        problems.add(path, "INVALID_FILTER", 'An offset is an object such as {"days": -7}.')
        return ()
    units = (*CALENDAR_OFFSETS, *CLOCK_OFFSETS)
    for name in raw:
        if name not in units:
            problems.add(
                f"{path}.{name}", "INVALID_FILTER", f"'{name[:40]}' is no unit. Use {', '.join(units)}."
            )
    amounts = [(unit, _whole(raw, unit, path, problems)) for unit in units]
    return tuple((unit, amount) for unit, amount in amounts if amount)


def _zone(raw: Json, path: str, problems: ProblemList) -> str:
    if raw is None:
        return "UTC"
    try:
        return ZoneInfo(str(raw)).key
    except (ValueError, OSError, KeyError):
        problems.add(path, "INVALID_FILTER", "zoneId is no time zone. Use a name such as Europe/Berlin.")
        return "UTC"


def _whole(raw: JsonObject, name: str, path: str, problems: ProblemList) -> int | None:
    """A whole number that may be written as text; None when it is absent."""
    value = raw.get(name)
    if value is None:
        return None
    try:
        if isinstance(value, bool | list | dict) or (isinstance(value, float) and not value.is_integer()):
            raise ValueError
        number = int(value)
    except (ValueError, OverflowError):
        problems.add(f"{path}.{name}", "INVALID_FILTER", f"{name} is no whole number. Write digits.")
        return None
    if abs(number) > 1_000_000_000:
        problems.add(f"{path}.{name}", "INVALID_FILTER", f"{name} is too large. Use at most 1,000,000,000.")
        return None
    return number
