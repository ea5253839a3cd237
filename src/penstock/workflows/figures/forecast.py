"""What a month will have cost if it goes on as it went in the last week. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

COMPLETE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Forecast:
    """The month of `today`: what was spent, and with the mean of the last complete days for each day after today.

    Both estimates are None while no complete day lies behind; `days` is how many the mean is of.
    """

    month: str  # such as 2026-11
    spent_usd: Decimal
    daily_mean_usd: Decimal | None
    forecast_usd: Decimal | None
    days: int


def forecast(today: date, spent: Mapping[date, Decimal], first_day: date | None) -> Forecast:
    """The forecast from USD by day; `first_day` is the first day that ever had a call.

    A workspace younger than a week is not taken to have spent nothing in the days before it was there.
    """
    so_far = sum(
        (usd for day, usd in spent.items() if day.replace(day=1) == today.replace(day=1)), Decimal(0)
    )
    month = today.strftime("%Y-%m")
    days = 0 if first_day is None else min(COMPLETE_DAYS, max(0, (today - first_day).days))
    if days == 0:
        return Forecast(month, so_far, None, None, 0)
    behind = [today - timedelta(days=n) for n in range(1, days + 1)]
    mean = sum((spent.get(day, Decimal(0)) for day in behind), Decimal(0)) / days
    ahead = calendar.monthrange(today.year, today.month)[1] - today.day
    return Forecast(month, so_far, mean, so_far + mean * ahead, days)
