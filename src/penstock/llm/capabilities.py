"""What a model accepts: known from the table, narrowed by what its refusals taught us, applied to each request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from penstock.llm.request import EFFORTS, Effort, LlmRequest
from penstock.llm.result import Dropped

# The words that providers have for reasoning effort, in rising order.
EFFORT_WORDS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")

# How an effort is spelled: as the word itself, or as Anthropic's adaptive thinking, or as a number of tokens.
EffortStyle = Literal["word", "adaptive", "adaptive_between_tools", "budget"]


@dataclass(frozen=True, slots=True)
class Range:
    """An inclusive range of numbers."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one model accepts.

    `known` is False for a model that the table does not list: then everything the author set is sent, and a 400
    that names the field teaches us. `temperature` None means refused; `temperature_note` says why, for the form.
    `efforts` are the provider's own words in rising order, empty when the model has no such field; a "none" among
    them means that reasoning can be switched off. `reasons_by_default` is True when it reasons without being
    asked. `structured` says whether it enforces a JSON schema by itself. Context and output sizes are tokens.
    `search` says whether it can use its provider's web search, `structured_search` whether it enforces a schema
    meanwhile, `minimal_search` whether it searches at the effort «minimal».
    """

    known: bool = True
    temperature: Range | None = Range(0, 2)
    temperature_note: str = ""
    temperature_needs_reasoning_off: bool = False
    efforts: tuple[str, ...] = ()
    effort_style: EffortStyle = "word"
    reasons_by_default: bool = False
    effort_note: str = ""
    structured: bool = True
    structured_note: str = ""
    system_role: bool = True
    context_tokens: int | None = None
    max_output_tokens: int | None = None
    endpoint: Literal["responses", "chat"] = "responses"
    max_tokens_name: str = "max_tokens"
    search: bool = True
    search_note: str = ""
    structured_search: bool = True
    structured_search_note: str = ""
    minimal_search: bool = True

    @property
    def offered_efforts(self) -> tuple[Effort, ...]:
        """Those of our four efforts that this model takes as they are."""
        return tuple(effort for effort in EFFORTS if effort in self.efforts)


UNKNOWN = Capabilities(known=False, efforts=("none", "low", "medium", "high"))


@dataclass(frozen=True, slots=True)
class Settled:
    """The parameters of a request after the model's rules: what to send (None: leave out) and what was changed."""

    temperature: float | None
    effort: str | None
    native_schema: bool
    dropped: tuple[Dropped, ...]


def settle(request: LlmRequest, capabilities: Capabilities) -> Settled:
    """Decides which of the request's parameters this model gets, and lists every one that is not sent as asked."""
    if (
        request.temperature is None
        and request.effort is None
        and (request.schema is None or _enforces(request, capabilities))
    ):
        return Settled(None, None, request.schema is not None, ())
    dropped: list[Dropped] = []
    effort = _settle_effort(request, capabilities, dropped)
    temperature = _settle_temperature(request, capabilities, effort, dropped)
    native = request.schema is not None and _enforces(request, capabilities)
    if request.schema is not None and not native:
        note = capabilities.structured_note or "This model does not enforce a JSON schema."
        if capabilities.structured:
            note = capabilities.structured_search_note
        dropped.append(Dropped("schema", f"{note} The prompt asks for the fields in words instead."))
    return Settled(temperature, effort, native, tuple(dropped))


def _enforces(request: LlmRequest, capabilities: Capabilities) -> bool:
    return capabilities.structured and (request.search is None or capabilities.structured_search)


def snap(effort: str, words: Iterable[str]) -> str | None:
    """The nearest of the words, the lower (cheaper) of two equally near; None when there is none.

    Reasoning that was asked for is never switched off, and "none" becomes the lowest there is.
    """
    wanted = EFFORT_WORDS.index(effort)
    ranks = [
        EFFORT_WORDS.index(word)
        for word in words
        if word in EFFORT_WORDS and (word != "none" or effort == "none")
    ]
    if not ranks:
        return None
    return EFFORT_WORDS[min(ranks, key=lambda rank: (abs(rank - wanted), rank))]


def _settle_effort(request: LlmRequest, capabilities: Capabilities, dropped: list[Dropped]) -> str | None:
    asked = request.effort
    if asked is None or asked in capabilities.efforts:
        return asked
    words = capabilities.efforts
    if request.search is not None and not capabilities.minimal_search:
        words = tuple(word for word in words if word != "minimal")
    word = snap(asked, words)
    if word is not None:
        why = capabilities.effort_note or "This model's efforts are " + ", ".join(words) + "."
        dropped.append(Dropped("effort", f"{why} Sent '{word}' instead of '{asked}'."))
    elif asked != "none" or capabilities.reasons_by_default or not capabilities.known:
        dropped.append(
            Dropped("effort", capabilities.effort_note or "This model has no setting for reasoning effort.")
        )
    return word


def _settle_temperature(
    request: LlmRequest, capabilities: Capabilities, effort: str | None, dropped: list[Dropped]
) -> float | None:
    if request.temperature is None:
        return None
    if capabilities.temperature is None:
        dropped.append(
            Dropped("temperature", capabilities.temperature_note or "This model refuses a temperature.")
        )
        return None
    reasons = capabilities.reasons_by_default if effort is None else effort != "none"
    if capabilities.temperature_needs_reasoning_off and reasons:
        remedy = " Set the reasoning effort to none to use it." if "none" in capabilities.efforts else ""
        dropped.append(
            Dropped("temperature", f"This model takes a temperature only while it does not reason.{remedy}")
        )
        return None
    return request.temperature
