"""Typed, forgiving access to JSON values: what is absent or of another type reads as empty."""

from __future__ import annotations

import math
from decimal import Decimal

from penstock.kit.json import Json, JsonObject


def obj(value: Json) -> JsonObject:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Json) -> list[Json]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def text(value: Json) -> str:
    """The text, or an empty one."""
    return value if isinstance(value, str) else ""


def count(value: Json) -> int:
    """The number as a whole number (Cohere writes token counts as floats), or 0."""
    if isinstance(value, int):
        return int(value)
    return int(value) if isinstance(value, float) and math.isfinite(value) else 0


def optional_count(value: Json) -> int | None:
    """The number as a whole number when it is positive, else None."""
    return count(value) or None


def number(value: Json) -> float | None:
    """The number, also when it is written as text (xAI prices, OpenRouter prices), or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return None


def reported_price(usage: JsonObject) -> Decimal | None:
    """USD of a call where its usage states them: xAI in ticks of 10^-10 USD, OpenRouter as `cost`; else None."""
    ticks = usage.get("cost_in_usd_ticks")
    if isinstance(ticks, int) and not isinstance(ticks, bool):
        return Decimal(ticks).scaleb(-10)
    cost = usage.get("cost")
    if isinstance(cost, int | float) and not isinstance(cost, bool) and math.isfinite(cost):
        return Decimal(str(cost))
    return None
