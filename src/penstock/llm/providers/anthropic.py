"""Anthropic: the Messages API.

https://platform.claude.com/docs/en/api/messages. Pinned to API version 2023-06-01, because 2026-10-21 refuses
every temperature, also for the models that take one; what each model takes is in `model_facts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from penstock.kit.json import Json, JsonObject
from penstock.llm.capabilities import EFFORT_WORDS, Capabilities, Settled, settle
from penstock.llm.json_values import count, items, obj, optional_count, text
from penstock.llm.prompt import estimate_tokens, prompt_asking_for_json
from penstock.llm.provider import Built, KeyCheck, ListedModel, ModelPage
from penstock.llm.reply import Speaker, finish, joined_text, read_json
from penstock.llm.request import JSON_HEADERS, HttpCall, LlmRequest
from penstock.llm.result import Dropped, LlmResult, StopClass, Usage

HEADERS: Mapping[str, str] = {**JSON_HEADERS, "anthropic-version": "2023-06-01"}

# `max_tokens` is a required field. Unset by the author, it leaves room for a long answer and its thinking.
DEFAULT_MAX_TOKENS = 16_384
SHORTEST_CACHED = 1_024  # tokens; shorter instructions are never cached, some models want up to 4,096
BUDGETS = {"low": 2_048, "medium": 8_192, "high": 16_384}  # thinking tokens, for models before 4.6

STOPS: Mapping[str, StopClass] = {
    "max_tokens": "truncated",
    "model_context_window_exceeded": "truncated",
    "pause_turn": "truncated",
    "refusal": "refused",
}


class Anthropic:
    """The provider Anthropic."""

    key = "anthropic"
    title = "Anthropic"
    key_help = "Create a key at https://platform.claude.com/settings/keys."
    base_url = "https://api.anthropic.com"
    speaker = Speaker(key, title)

    def authorize(self, headers: Mapping[str, str], key: str) -> dict[str, str]:
        """The key in Anthropic's own header."""
        return {**headers, "x-api-key": key}

    def key_check(self) -> HttpCall:
        """One entry of the list of models, which costs nothing."""
        return HttpCall("GET", "/v1/models?limit=1", HEADERS)

    def read_key_check(self, status: int, headers: Mapping[str, str], body: bytes) -> KeyCheck:
        """Any list means that the key is good."""
        read_json(self.speaker, status, headers, body)
        return KeyCheck()

    def models(self, cursor: str | None = None) -> HttpCall:
        """A page of up to a thousand models after the one named."""
        query = urlencode({"limit": "1000"} | ({"after_id": cursor} if cursor else {}))
        return HttpCall("GET", f"/v1/models?{query}", HEADERS)

    def read_models(self, status: int, headers: Mapping[str, str], body: bytes) -> ModelPage:
        """The models with sizes and capabilities."""
        reply = read_json(self.speaker, status, headers, body)
        entries = [obj(entry) for entry in items(reply.get("data"))]
        more = reply.get("has_more") is True
        return ModelPage(
            tuple(_listed(entry) for entry in entries if text(entry.get("id"))),
            (text(reply.get("last_id")) or None) if more else None,
        )

    def build(self, request: LlmRequest, capabilities: Capabilities) -> Built:
        """A message. `max_tokens` always stands above the thinking budget, as Anthropic demands."""
        settled = settle(request, capabilities)
        dropped = settled.dropped
        limit = request.max_output_tokens or min(
            DEFAULT_MAX_TOKENS, capabilities.max_output_tokens or DEFAULT_MAX_TOKENS
        )
        body: JsonObject = {
            "model": request.model,
            "max_tokens": limit,
            "messages": [{"role": "user", "content": prompt_asking_for_json(request, settled.native_schema)}],
        }
        if request.system:
            body["system"] = _instructions(request.system, request.cache_instructions)
        if settled.temperature is not None:
            body["temperature"] = settled.temperature
        config: JsonObject = {}
        budget = _think(body, config, settled, capabilities)
        if limit <= budget:
            body["max_tokens"] = raised = budget + limit
            if request.max_output_tokens is not None:
                reason = f"The maximum must exceed the thinking budget of {budget:,} tokens. Sent {raised:,}."
                dropped = (*dropped, Dropped("max_output_tokens", reason))
        if request.schema is not None and settled.native_schema:
            config["format"] = {"type": "json_schema", "schema": request.schema}
        if config:
            body["output_config"] = config
        return HttpCall("POST", "/v1/messages", HEADERS, body), dropped

    def read(self, status: int, headers: Mapping[str, str], body: bytes) -> LlmResult:
        """The answer in a message; thinking blocks are left out."""
        reply = read_json(self.speaker, status, headers, body)
        raw_stop = text(reply.get("stop_reason"))
        details = obj(reply.get("stop_details"))
        return finish(
            self.speaker,
            headers,
            joined_text(reply.get("content")),
            STOPS.get(raw_stop, "complete"),
            _usage(obj(reply.get("usage"))),
            text(reply.get("model")),
            raw_stop=raw_stop,
            request_id=text(reply.get("id")),
            stop_detail=text(details.get("explanation")) or text(details.get("category")),
        )


def _instructions(system: str, cache: bool) -> Json:
    """The system part, marked for the prompt cache when it is long enough to be kept there: writing costs a quarter
    more than reading plainly, reading back a tenth. https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    """
    if not cache or estimate_tokens(system) < SHORTEST_CACHED:
        return system
    return [{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}]


def _think(body: JsonObject, config: JsonObject, settled: Settled, capabilities: Capabilities) -> int:
    """Puts the effort into body and output_config; returns the thinking budget in tokens, 0 when there is none."""
    effort = settled.effort
    if effort is None:
        return 0
    if capabilities.effort_style == "budget":
        if effort == "none":
            return 0  # Without a thinking field these models do not think.
        budget = BUDGETS[effort]
        body["thinking"] = {"type": "enabled", "budget_tokens": budget}
        return budget
    if effort == "none":
        between = capabilities.effort_style == "adaptive_between_tools"
        body["thinking"] = {"type": "between_tools" if between else "disabled"}
        return 0
    body["thinking"] = {"type": "adaptive"}
    config["effort"] = effort
    return 0


def _usage(reported: JsonObject) -> Usage:
    """Anthropic counts cache reads and writes beside the input; output includes thinking."""
    cached, written = (
        count(reported.get("cache_read_input_tokens")),
        count(reported.get("cache_creation_input_tokens")),
    )
    return Usage(
        count(reported.get("input_tokens")) + cached + written,
        count(reported.get("output_tokens")),
        cached,
        written,
        count(obj(reported.get("output_tokens_details")).get("thinking_tokens")),
    )


def _listed(entry: JsonObject) -> ListedModel:
    capabilities = obj(entry.get("capabilities"))
    effort = obj(capabilities.get("effort"))
    structured = obj(capabilities.get("structured_outputs")).get("supported")
    return ListedModel(
        text(entry.get("id")),
        text(entry.get("display_name")),
        context_tokens=optional_count(entry.get("max_input_tokens")),
        max_output_tokens=optional_count(entry.get("max_tokens")),
        efforts=tuple(word for word in EFFORT_WORDS if obj(effort.get(word)).get("supported") is True)
        if effort
        else None,
        structured=structured if isinstance(structured, bool) else None,
        retires_at=text(entry.get("retires_at")) or None,
    )
