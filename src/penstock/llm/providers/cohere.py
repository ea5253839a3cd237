"""Cohere: the Chat API, version 2.

https://docs.cohere.com/v2/reference/chat. Token counts come as floats, and errors as `{id, message}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from penstock.kit.json import Json, JsonObject
from penstock.llm.capabilities import Capabilities, settle
from penstock.llm.errors import LlmError
from penstock.llm.json_values import count, items, obj, optional_count, text
from penstock.llm.prompt import prompt_asking_for_json
from penstock.llm.provider import Built, KeyCheck, ListedModel, ModelPage
from penstock.llm.reply import Speaker, finish, joined_text, malformed, read_json
from penstock.llm.request import JSON_HEADERS, HttpCall, LlmRequest
from penstock.llm.result import Dropped, LlmResult, StopClass, Usage

BUDGETS = {"low": 2_048, "medium": 8_192, "high": 16_384}  # thinking tokens

STOPS: Mapping[str, StopClass] = {
    "MAX_TOKENS": "truncated",
    "ERROR_LIMIT": "truncated",
    "ERROR_TOXIC": "content_filter",
}


class Cohere:
    """The provider Cohere."""

    key = "cohere"
    title = "Cohere"
    key_help = "Create a key at https://dashboard.cohere.com/api-keys."
    base_url = "https://api.cohere.com"
    speaker = Speaker(key, title)

    def authorize(self, headers: Mapping[str, str], key: str) -> dict[str, str]:
        """The key as a bearer token."""
        return {**headers, "authorization": f"Bearer {key}"}

    def key_check(self) -> HttpCall:
        """Cohere's own check."""
        return HttpCall("POST", "/v1/check-api-key", JSON_HEADERS, {})

    def read_key_check(self, status: int, headers: Mapping[str, str], body: bytes) -> KeyCheck:
        """`{"valid": true}` is a good key; a bad one is that with false, or a 401."""
        if read_json(self.speaker, status, headers, body).get("valid") is not True:
            raise LlmError("authentication", "Cohere says that this API key is not valid.", provider=self.key)
        return KeyCheck()

    def models(self, cursor: str | None = None) -> HttpCall:
        """A page of up to a thousand models for chat."""
        query = urlencode(
            {"endpoint": "chat", "page_size": "1000"} | ({"page_token": cursor} if cursor else {})
        )
        return HttpCall("GET", f"/v1/models?{query}", JSON_HEADERS)

    def read_models(self, status: int, headers: Mapping[str, str], body: bytes) -> ModelPage:
        """The chat models that are not deprecated."""
        reply = read_json(self.speaker, status, headers, body)
        entries = [obj(entry) for entry in items(reply.get("models"))]
        return ModelPage(
            tuple(_listed(entry) for entry in entries if _is_current_chat(entry)),
            text(reply.get("next_page_token")) or None,
        )

    def build(self, request: LlmRequest, capabilities: Capabilities) -> Built:
        """A chat. `max_tokens` stands above the thinking budget, or there would be no answer."""
        settled = settle(request, capabilities)
        dropped = settled.dropped
        messages: list[Json] = [{"role": "system", "content": request.system}] if request.system else []
        messages.append({"role": "user", "content": prompt_asking_for_json(request, settled.native_schema)})
        body: JsonObject = {"model": request.model, "messages": messages}
        if settled.temperature is not None:
            body["temperature"] = settled.temperature
        if request.max_output_tokens is not None:
            body["max_tokens"] = request.max_output_tokens
        if settled.effort == "none":
            body["thinking"] = {"type": "disabled"}
        elif settled.effort is not None:
            budget = BUDGETS[settled.effort]
            body["thinking"] = {"type": "enabled", "token_budget": budget}
            if request.max_output_tokens is not None and request.max_output_tokens <= budget:
                body["max_tokens"] = raised = budget + request.max_output_tokens
                reason = f"The maximum must exceed the thinking budget of {budget:,} tokens. Sent {raised:,}."
                dropped = (*dropped, Dropped("max_output_tokens", reason))
        if request.schema is not None and settled.native_schema:
            body["response_format"] = {"type": "json_object", "json_schema": request.schema}
        return HttpCall("POST", "/v2/chat", JSON_HEADERS, body), dropped

    def read(self, status: int, headers: Mapping[str, str], body: bytes) -> LlmResult:
        """The answer in a chat; thinking parts are left out."""
        reply = read_json(self.speaker, status, headers, body)
        raw_stop = text(reply.get("finish_reason"))
        if raw_stop == "TIMEOUT":
            raise LlmError("timeout", "Cohere ended the answer because it took too long.", provider=self.key)
        if raw_stop in {"ERROR", "USER_CANCEL"}:
            raise malformed(self.speaker, f"an unfinished answer ({raw_stop})", status)
        return finish(
            self.speaker,
            headers,
            joined_text(obj(reply.get("message")).get("content")),
            STOPS.get(raw_stop, "complete"),
            _usage(obj(reply.get("usage"))),
            "",  # Cohere does not say which version answered.
            raw_stop=raw_stop,
            request_id=text(reply.get("id")),
        )


def _usage(reported: JsonObject) -> Usage:
    """`tokens` is what the model saw and wrote; `billed_units`, without Cohere's own preamble, is what is paid."""
    billed = obj(reported.get("billed_units"))
    tokens = obj(reported.get("tokens")) or billed
    return Usage(
        count(tokens.get("input_tokens")),
        count(tokens.get("output_tokens")),
        count(reported.get("cached_tokens")),
        0,
        count(tokens.get("reasoning_tokens")) or count(billed.get("reasoning_tokens")),
        count(billed.get("input_tokens")) if "input_tokens" in billed else None,
        count(billed.get("output_tokens")) if "output_tokens" in billed else None,
    )


def _is_current_chat(entry: JsonObject) -> bool:
    endpoints = items(entry.get("endpoints"))
    return (
        bool(text(entry.get("name")))
        and entry.get("is_deprecated") is not True
        and (not endpoints or "chat" in endpoints)
    )


def _listed(entry: JsonObject) -> ListedModel:
    features = items(entry.get("features"))
    return ListedModel(
        text(entry.get("name")),
        context_tokens=optional_count(entry.get("context_length")),
        structured="json_schema" in features or "json_mode" in features if features else None,
    )
