"""What a step asks of a model, and the HTTP call that a provider makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from penstock.kit.json import JsonObject

Effort = Literal["none", "low", "medium", "high"]
EFFORTS: tuple[Effort, ...] = ("none", "low", "medium", "high")

# What a step says to models that cannot enforce a schema, unless its author says it in other words.
JSON_PROMPT = (
    "Answer with one JSON object and nothing else: no code fence, no text before or after it. "
    "It must fit this JSON schema: {{ schema }}"
)


@dataclass(frozen=True, slots=True)
class WebSearch:
    """Leave to search the web while answering, with the provider's own tool (decision 0014).

    `most` is how many searches a call may make, which not every provider can be held to (`web_search.OFFERED`).
    With `domains`, nothing else is searched; a domain stands for its subdomains too.
    """

    most: int = 3
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LlmRequest:
    """One question. What is None is not sent, so the provider's default holds.

    `model` is the provider's own id. `prompt` is the user's part and `system` the author's instructions.
    `temperature` is the provider's scale (0 to 2, Anthropic and Cohere 0 to 1). `effort` is how long a
    reasoning model may think. `max_output_tokens` counts reasoning and answer together. `schema` is a JSON
    schema that the answer must fit; where a model cannot enforce one, the words of `json_prompt` are appended to
    the prompt, with the schema in place of `{{ schema }}` (empty: nothing is).
    `cache_instructions` asks providers that must be asked to keep the system part in their prompt cache.
    `timeout_seconds` is the longest wait for the answer; it never exceeds the operator's limit. Without `search` the
    model has no tool at all.
    """

    model: str
    prompt: str
    system: str | None = None
    temperature: float | None = None
    effort: Effort | None = None
    max_output_tokens: int | None = None
    schema: JsonObject | None = None
    schema_name: str = "answer"
    json_prompt: str = JSON_PROMPT
    cache_instructions: bool = True
    timeout_seconds: float | None = None
    search: WebSearch | None = None

    @classmethod
    def from_row(cls, row: JsonObject) -> LlmRequest:
        """The request that was kept as its `asdict`, such as a question of a batch."""
        kept = cast("dict[str, Any]", dict(row))
        search = kept.pop("search", None)
        if search is not None:
            kept["search"] = WebSearch(search["most"], tuple(search["domains"]))
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class HttpCall:
    """A call to a provider without its key: `path` starts with a slash and goes below the base URL."""

    method: Literal["GET", "POST"]
    path: str
    headers: Mapping[str, str]
    body: JsonObject | None = None


JSON_HEADERS: Mapping[str, str] = {"content-type": "application/json", "accept": "application/json"}
