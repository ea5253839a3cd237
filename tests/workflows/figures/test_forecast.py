"""The forecast says how the month ends if it goes on as in the last complete days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from penstock.workflows.figures.forecast import forecast

TODAY = date(2026, 11, 24)


def spent(*days: int, usd: str = "2") -> dict[date, Decimal]:
    return {TODAY - timedelta(days=n): Decimal(usd) for n in days}


def test_each_day_left_costs_the_mean_of_the_last_seven_complete_days() -> None:
    ahead = forecast(TODAY, {**spent(*range(1, 8)), TODAY: Decimal("0.5")}, date(2026, 1, 1))
    assert (ahead.month, ahead.spent_usd, ahead.daily_mean_usd, ahead.days) == (
        "2026-11",
        Decimal("14.5"),
        2,
        7,
    )
    assert ahead.forecast_usd == Decimal("14.5") + 6 * 2


def test_days_before_the_first_call_do_not_count_and_without_a_complete_day_there_is_no_forecast() -> None:
    young = forecast(TODAY, spent(1, 2), TODAY - timedelta(days=2))
    assert (young.days, young.daily_mean_usd) == (2, 2)
    fresh = forecast(TODAY, spent(0), TODAY)
    assert (fresh.spent_usd, fresh.forecast_usd, fresh.days) == (2, None, 0)
    assert forecast(TODAY, {}, None).forecast_usd is None


def test_what_last_month_cost_is_in_the_mean_and_not_in_the_month() -> None:
    second = date(2026, 11, 2)
    ahead = forecast(
        second, {date(2026, 10, 30): Decimal(7), date(2026, 11, 1): Decimal(7)}, date(2026, 1, 1)
    )
    assert (ahead.spent_usd, ahead.daily_mean_usd) == (7, 2)
