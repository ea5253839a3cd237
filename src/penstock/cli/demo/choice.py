"""Which provider and model the demo uses: one whose key is in the environment, else the local model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from penstock.errors import InvalidInput
from penstock.llm.providers import PROVIDERS
from penstock.settings import PROVIDER_KEYS

# Words in the names of each provider's small, quick models, best first: the demo asks easy questions.
SMALL_MODELS: Mapping[str, tuple[str, ...]] = {
    "openai": ("luna", "mini"),
    "anthropic": ("haiku",),
    "cohere": ("command-a", "command-r"),
    "xai": ("fast", "mini"),
    "google": ("flash-lite", "flash"),
}


class Priced(Protocol):
    """What choosing needs to know of a model."""

    @property
    def id(self) -> str: ...
    @property
    def structured(self) -> bool: ...
    @property
    def input_usd_per_mtok(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class ProviderChoice:
    """The provider, the name of its connection, and the key from the environment (empty for the local model)."""

    provider: str
    connection_name: str
    key: str = field(default="", repr=False)


def choose_provider(environ: Mapping[str, str]) -> ProviderChoice:
    """The first of the five providers whose PENSTOCK_<PROVIDER>_API_KEY is set, else the local model."""
    for provider in PROVIDER_KEYS:
        key = environ.get(f"PENSTOCK_{provider.upper()}_API_KEY", "").strip()
        if key:
            return ProviderChoice(provider, f"{PROVIDERS[provider].title} (demo)", key)
    return ProviderChoice("local", "Local model")


def choose_model(provider: str, models: Sequence[Priced], wanted: str | None) -> str:
    """The wanted model, or a small one that can answer in declared fields; among equals the cheapest.

    Raises InvalidInput when the connection lists no such model, or none at all.
    """
    if wanted is not None:
        if any(model.id == wanted for model in models):
            return wanted
        raise InvalidInput(
            f"--model: {provider} lists no model '{wanted}'.",
            remedy=f"Choose one of: {', '.join(model.id for model in models[:20])}.",
        )
    able = [model for model in models if model.structured] or list(models)
    if not able:
        raise InvalidInput(
            f"{provider} lists no models for this key.", remedy="Look at the key's permissions."
        )
    for word in SMALL_MODELS.get(provider, ()):
        small = [model for model in able if word in model.id]
        if small:
            return min(small, key=_price_then_newest).id
    return min(able, key=_price_then_newest).id


def _price_then_newest(model: Priced) -> tuple[float, int, str]:
    price = model.input_usd_per_mtok
    # Aliases are shorter than dated names and follow the provider's own choice.
    return (price if price is not None else math.inf, len(model.id), model.id)
