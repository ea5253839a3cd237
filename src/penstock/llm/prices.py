"""What a call costs, from the price list that comes with `genai-prices` (MIT). Prices are estimates in USD.

The list is loaded on first use (about half a second and 60 MB), so nothing here is imported by the hot path
before `load` was called or the first price asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from penstock.llm.own_prices import own_price
from penstock.llm.result import Usage
from penstock.llm.web_search import OFFERED

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo as PricedModel

# Our provider keys and those of the price list.
LISTED_AS: Mapping[str, str] = {
    "openai": "openai",
    "anthropic": "anthropic",
    "google": "google",
    "xai": "x-ai",
    "cohere": "cohere",
}
MILLION = Decimal(1_000_000)

# A price that depends on the size of the input: (more input tokens than this, USD per million), rising.
Steps = tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """USD per million tokens of each sort; a size above a step's threshold sets the rate of all tokens.

    `thousand_searches` is what a thousand web searches cost; None where the list does not say.
    """

    input: Steps
    output: Steps
    cached: Steps
    cache_write: Steps
    thousand_searches: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """What the list has for a model: USD per million tokens at small sizes."""

    input_usd: Decimal
    cached_input_usd: Decimal
    output_usd: Decimal


NOTHING: Steps = ((-1, Decimal(0)),)
FREE = Rates(NOTHING, NOTHING, NOTHING, NOTHING)


def price(provider: str, model: str, usage: Usage, workspace_id: int) -> Decimal | None:
    """USD of a call: what the reply states, else tokens times the rates that the workspace states, else those of the
    list, else None for an unlisted model.

    Web searches are in it, at the list's price. A local model costs nothing unless the workspace states a price. Batch
    discounts and service tiers are not in it.
    """
    if usage.reported_usd is not None:
        return usage.reported_usd
    known = _rates(provider, model, workspace_id)
    if known is None:
        return None
    size = usage.input if usage.billed_input is None else usage.billed_input
    output = usage.output if usage.billed_output is None else usage.billed_output
    cached = usage.cached if usage.billed_input is None else 0
    plain = max(0, size - cached - usage.cache_write)
    total = (
        plain * _at(known.input, size)
        + cached * _at(known.cached, size)
        + usage.cache_write * _at(known.cache_write, size)
        + output * _at(known.output, size)
    )
    return total / MILLION + price_of_searches(provider, model, usage.searches)


def price_of_searches(provider: str, model: str, searches: int) -> Decimal:
    """USD of so many web searches of a model, beside the tokens that it reads in them."""
    if not searches:
        return Decimal(0)
    listed = rates(provider, model)
    if listed is not None and listed.thousand_searches is not None:
        return searches * listed.thousand_searches / 1000
    facts = OFFERED.get(provider)
    return searches * facts.usd if facts is not None else Decimal(0)


def rates_per_million(provider: str, model: str, workspace_id: int) -> tuple[float | None, float | None]:
    """USD per million input and output tokens at small sizes, as the workspace pays them; None where unknown."""
    known = _rates(provider, model, workspace_id)
    return (None, None) if known is None else (float(_at(known.input, 0)), float(_at(known.output, 0)))


def listed_price(provider: str, model: str) -> ListedPrice | None:
    """What the list says, whatever a workspace states itself; a local model costs nothing. None where unlisted."""
    known = FREE if provider == "local" else rates(provider, model)
    if known is None:
        return None
    return ListedPrice(_at(known.input, 0), _at(known.cached, 0), _at(known.output, 0))


def context_window(provider: str, model: str) -> int | None:
    """The context window in tokens as the price list has it, or None."""
    found = _find(provider, model)
    return found.context_window if found else None


def load() -> None:
    """Loads the list now, so that the first call of a worker does not wait for it."""
    rates("openai", "gpt-4.1")


def _rates(provider: str, model: str, workspace_id: int) -> Rates | None:
    own = own_price(workspace_id, provider, model)
    if own is not None:
        before, after = ((-1, own.input_usd),), ((-1, own.output_usd),)
        cached = before if own.cached_input_usd is None else ((-1, own.cached_input_usd),)
        return Rates(before, after, cached, before)
    return FREE if provider == "local" else rates(provider, model)


@lru_cache(maxsize=4096)
def rates(provider: str, model: str) -> Rates | None:
    """The list's rates for a model (a dated version has those of its family), or None."""
    found = _find(provider, model)
    if found is None:
        return None
    prices = found.get_prices(datetime.now(UTC))
    before, after = _steps(prices, "input_mtok"), _steps(prices, "output_mtok")
    if before is None or after is None:
        return None
    return Rates(
        before,
        after,
        _steps(prices, "cache_read_mtok") or before,
        _steps(prices, "cache_write_mtok") or before,
        _at(searches, 0) if (searches := _steps(prices, "web_searches_kcount")) else None,
    )


def _find(provider: str, model: str) -> PricedModel | None:
    from genai_prices.data_snapshot import get_snapshot

    listed = LISTED_AS.get(provider)
    if listed is None:
        return None
    names = [model.removeprefix("models/")]
    if model.startswith("ft:"):
        return None  # Fine-tuned models have prices of their own, which the list does not have.
    for entry in get_snapshot().providers:
        if entry.id == listed:
            return next((found for name in names if (found := entry.find_model(name)) is not None), None)
    return None


def _steps(prices: object, name: str) -> Steps | None:
    value = getattr(prices, name, None)
    if isinstance(value, Decimal):
        return ((-1, value),)
    base, tiers = getattr(value, "base", None), getattr(value, "tiers", ())
    if not isinstance(base, Decimal):
        return None
    return ((-1, base), *((tier.start, tier.price) for tier in tiers))


def _at(steps: Steps, size: int) -> Decimal:
    if len(steps) == 1:
        return steps[0][1]
    return next(rate for start, rate in reversed(steps) if size > start or start < 0)
