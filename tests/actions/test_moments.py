from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.actions.moments import DAYS_OF_WEEK, TimeDelay, TimeOfDay, after, as_property_text, wait_until

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_TEN = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)  # 10:00 in Berlin
NINE = TimeOfDay(hour=9)


def local(moment: datetime) -> str:
    return moment.astimezone(BERLIN).strftime("%a %d %H:%M")


def test_a_day_keeps_the_time_on_the_wall_when_the_clocks_change_and_24_hours_do_not() -> None:
    saturday = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)  # 10:00 in Berlin, the night before summer time
    assert local(wait_until(saturday, 1, "DAYS", None, (), BERLIN)) == "Sun 29 10:00"
    assert local(wait_until(saturday, 24, "HOURS", None, (), BERLIN)) == "Sun 29 11:00"


@pytest.mark.parametrize(
    ("delta", "unit", "days", "ends"),
    [
        (0, "DAYS", (), "Tue 24 09:00"),
        (1, "DAYS", (), "Tue 24 09:00"),
        (2, "HOURS", (), "Tue 24 09:00"),
        (1, "WEEKS", (), "Mon 30 09:00"),
        (0, "DAYS", ("THURSDAY", "FRIDAY"), "Thu 26 09:00"),
    ],
)
def test_a_time_of_day_is_the_next_one_after_the_delay(
    delta: int, unit: str, days: tuple[str, ...], ends: str
) -> None:
    assert local(wait_until(MONDAY_TEN, delta, unit, NINE, days, BERLIN)) == ends  # type: ignore[arg-type]


def test_a_time_that_the_clocks_skip_still_comes() -> None:
    saturday = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)
    moment = wait_until(saturday, 1, "DAYS", TimeOfDay(hour=2, minute=30), (), BERLIN)
    assert local(moment) == "Sun 29 03:30"


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - zone given beside
    st.integers(0, 5000),
    st.sampled_from(["MINUTES", "HOURS", "DAYS", "WEEKS"]),
    st.none() | st.builds(TimeOfDay, hour=st.integers(0, 23), minute=st.integers(0, 59)),
    st.sets(st.sampled_from(DAYS_OF_WEEK)),
)
def test_a_delay_never_ends_before_it_begins_and_only_on_days_that_are_allowed(
    now: datetime, delta: int, unit: str, time: TimeOfDay | None, days: set[str]
) -> None:
    ends = wait_until(now, delta, unit, time, days, BERLIN)  # type: ignore[arg-type]
    assert ends >= now
    assert not days or DAYS_OF_WEEK[ends.astimezone(BERLIN).weekday()] in days


def test_a_relative_date_may_lie_in_the_past_and_in_its_own_time_zone() -> None:
    delay = TimeDelay.model_validate(
        {
            "delta": -2,
            "timeUnit": "DAYS",
            "daysOfWeek": [],
            "timeOfDay": {"hour": 0, "minute": 30},
            "timeZoneStrategy": {"type": "STATIC_TIME_ZONE", "timeZoneId": "Europe/Berlin"},
        }
    )
    moment = after(MONDAY_TEN, delay, UTC)
    assert as_property_text(moment, "datetime", UTC) == "2026-03-20T23:30:00.000Z"
    assert as_property_text(moment, "date", BERLIN) == "2026-03-21"


def test_a_delay_beyond_the_calendar_is_an_overflow() -> None:
    with pytest.raises(OverflowError):
        wait_until(MONDAY_TEN, 999_999_999, "WEEKS", None, (), BERLIN)
