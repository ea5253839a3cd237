"""What a model answered, in the same words for every provider."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from penstock.llm.limit_headers import NOTHING, Stated

# complete: the whole answer. truncated: the token limit cut it. refused: the model declined.
# content_filter: the provider's filter withheld the answer or the question.
StopClass = Literal["complete", "truncated", "refused", "content_filter"]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A field of the request that was changed or not sent, and the reason as a sentence for the step's log."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """A page that an answer rests on, as `sources.sources_in` let it through: an http or https URL and a plain title."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call. `input` includes those read from and written to the provider's prompt cache (`cached`,
    `cache_write`); `output` includes those spent on `reasoning`. A provider that does not say leaves 0.

    `billed_input` and `billed_output` are what is charged where that differs (Cohere does not charge for its own
    preamble); `reported_usd` is the price where the reply states it (xAI, OpenRouter). `searches` are
    the web searches that are billed beside the tokens.
    """

    input: int = 0
    output: int = 0
    cached: int = 0
    cache_write: int = 0
    reasoning: int = 0
    billed_input: int | None = None
    billed_output: int | None = None
    reported_usd: Decimal | None = None
    searches: int = 0

    def __add__(self, other: Usage) -> Usage:
        """The tokens and searches of two calls together."""
        return Usage(
            self.input + other.input,
            self.output + other.output,
            self.cached + other.cached,
            self.cache_write + other.cache_write,
            self.reasoning + other.reasoning,
            searches=self.searches + other.searches,
        )


@dataclass(frozen=True, slots=True)
class LlmResult:
    """One answer.

    `text` is what the model wrote for the reader, without its reasoning; it is never empty when `stop` is
    complete. `raw_stop` is the provider's own word for the stop, `stop_detail` what it or the model said about
    a refusal. `model` is the exact version that answered. `dropped` lists what was not sent as asked.
    `latency_ms` is from sending the request to the last byte; `stated` what the reply says of the provider's limits.
    `sources` are the pages that a search of the web found for it.
    """

    text: str
    stop: StopClass
    usage: Usage
    model: str
    request_id: str = ""
    dropped: tuple[Dropped, ...] = ()
    latency_ms: int = 0
    raw_stop: str = ""
    stop_detail: str = ""
    stated: Stated = NOTHING
    sources: tuple[Source, ...] = ()

    def going_on(self, further: LlmResult, latency_ms: int, stated: Stated) -> LlmResult:
        """The answer that begins in this result and ends in the next, with the tokens, searches and time of both."""
        sources = dict.fromkeys((*self.sources, *further.sources))
        return replace(
            further,
            usage=self.usage + further.usage,
            model=further.model or self.model,
            dropped=(*self.dropped, *further.dropped),
            latency_ms=self.latency_ms + latency_ms,
            stated=stated,
            sources=tuple(sources),
        )

    def of_call(
        self, asked_model: str, dropped: tuple[Dropped, ...], latency_ms: int, stated: Stated = NOTHING
    ) -> LlmResult:
        """The result with what only the caller knows; `asked_model` stands in where the reply names no model."""
        return LlmResult(
            self.text,
            self.stop,
            self.usage,
            self.model or asked_model,
            self.request_id,
            (*self.dropped, *dropped),
            latency_ms,
            self.raw_stop,
            self.stop_detail,
            stated,
            self.sources,
        )
