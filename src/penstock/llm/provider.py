"""What a provider is to us: pure functions between our request, HTTP calls and our result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from penstock.llm.capabilities import Capabilities
from penstock.llm.request import HttpCall, LlmRequest
from penstock.llm.result import Dropped, LlmResult

Built = tuple[HttpCall, tuple[Dropped, ...]]


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """A key that works. `note` says what it cannot do, when the provider told us."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A text model as the provider's own list describes it; None where the list does not say.

    `efforts` are the provider's words, prices USD per million tokens, `retires_at` an ISO 8601 date or time.
    """

    id: str
    label: str = ""
    context_tokens: int | None = None
    max_output_tokens: int | None = None
    max_temperature: float | None = None
    efforts: tuple[str, ...] | None = None
    structured: bool | None = None
    retires_at: str | None = None
    input_usd_per_mtok: float | None = None
    output_usd_per_mtok: float | None = None


@dataclass(frozen=True, slots=True)
class ModelPage:
    """A page of the provider's list; `next` is the cursor of the next page, or None at the end."""

    models: tuple[ListedModel, ...]
    next: str | None = None


class Provider(Protocol):
    """One provider's wire format. Everything here is pure: no clock, no network, no key but in `authorize`.

    `headers` of a reply are looked up by lower-case name. The `read…` functions raise LlmError for every reply
    that is not what they look for.
    """

    @property
    def key(self) -> str:
        """The name in URLs, settings and the database: `openai`."""

    @property
    def title(self) -> str:
        """The name for people: `OpenAI`."""

    @property
    def key_help(self) -> str:
        """Where to get an API key, as a sentence."""

    @property
    def base_url(self) -> str | None:
        """The provider's public address; None when each connection names its own."""

    def authorize(self, headers: Mapping[str, str], key: str) -> dict[str, str]:
        """The headers with the key in them."""

    def key_check(self) -> HttpCall:
        """The cheapest call that tells a good key from a bad one."""

    def read_key_check(self, status: int, headers: Mapping[str, str], body: bytes) -> KeyCheck:
        """The outcome of `key_check`; a bad key raises LlmError of kind authentication."""

    def models(self, cursor: str | None = None) -> HttpCall:
        """The call for a page of the provider's list of models."""

    def read_models(self, status: int, headers: Mapping[str, str], body: bytes) -> ModelPage:
        """The text models of a page; models for pictures, speech, search and embeddings are left out."""

    def build(self, request: LlmRequest, capabilities: Capabilities) -> Built:
        """The call that asks the model, and what of the request it does not carry."""

    def read(self, status: int, headers: Mapping[str, str], body: bytes) -> LlmResult:
        """The answer in a reply to the call of `build`."""
