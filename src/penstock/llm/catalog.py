"""The models of a connection: the provider's own list, with what we know of each model and what it costs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from penstock.llm.capabilities import Capabilities, Range
from penstock.llm.prices import context_window, listed_price
from penstock.llm.prices import price as price
from penstock.llm.provider import ListedModel
from penstock.llm.request import Effort
from penstock.llm.web_search import NOT_OFFERED, OFFERED


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as a form needs it.

    `temperature` is the range it takes, None when it refuses one, and `temperature_note` says why or when.
    `temperature_needs_reasoning_off` is set where it only takes one while it does not reason, which
    `reasons_by_default` says of it when no effort is asked for. `efforts` are those of none, low, medium and high
    that it takes as they are, `effort_note` says more about them. `structured` says whether it enforces declared
    outputs by itself, `structured_note` why not. `search` says whether it can search the web, `search_note` why not,
    `structured_search` whether it enforces outputs meanwhile. `known` is False when we know it from the provider's list only. Prices
    are USD per million tokens, sizes are tokens, `retires_at` is ISO 8601; None where unknown.
    """

    id: str
    label: str
    context_tokens: int | None
    max_output_tokens: int | None
    temperature: Range | None
    temperature_note: str
    temperature_needs_reasoning_off: bool
    efforts: tuple[Effort, ...]
    effort_note: str
    reasons_by_default: bool
    structured: bool
    structured_note: str
    retires_at: str | None
    input_usd_per_mtok: float | None
    output_usd_per_mtok: float | None
    known: bool
    search: bool
    search_note: str
    structured_search: bool


def overlay(capabilities: Capabilities, listed: ListedModel) -> Capabilities:
    """Capabilities corrected by the provider's own list, which knows models that the table does not."""
    efforts = capabilities.efforts
    if listed.efforts is not None:
        # Anthropic's list has no word for «off», which is not an effort there; the table knows.
        off = ("none",) if "none" in efforts and listed.efforts and "none" not in listed.efforts else ()
        efforts = (
            (*off, *listed.efforts) if listed.efforts or capabilities.effort_style != "budget" else efforts
        )
    temperature = capabilities.temperature
    if temperature is not None and listed.max_temperature is not None:
        temperature = Range(temperature.low, listed.max_temperature)
    return replace(
        capabilities,
        temperature=temperature,
        efforts=efforts,
        structured=capabilities.structured if listed.structured is None else listed.structured,
        context_tokens=listed.context_tokens or capabilities.context_tokens,
        max_output_tokens=listed.max_output_tokens or capabilities.max_output_tokens,
    )


def describe(provider: str, listed: ListedModel, capabilities: Capabilities) -> ModelInfo:
    """One entry of the catalogue, from the list's entry and the capabilities that hold for it."""
    before, after = listed.input_usd_per_mtok, listed.output_usd_per_mtok
    if before is None or after is None:
        stated = listed_price(provider, listed.id)
        before, after = (float(stated.input_usd), float(stated.output_usd)) if stated else (None, None)
    return ModelInfo(
        listed.id,
        listed.label or listed.id,
        capabilities.context_tokens or context_window(provider, listed.id),
        capabilities.max_output_tokens,
        capabilities.temperature,
        capabilities.temperature_note,
        capabilities.temperature_needs_reasoning_off,
        capabilities.offered_efforts,
        capabilities.effort_note,
        capabilities.reasons_by_default,
        capabilities.structured,
        capabilities.structured_note,
        listed.retires_at,
        before,
        after,
        capabilities.known,
        provider in OFFERED and capabilities.search,
        NOT_OFFERED.get(provider) or capabilities.search_note,
        capabilities.structured_search,
    )
