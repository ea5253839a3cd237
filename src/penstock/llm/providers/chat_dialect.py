"""The Chat Completions dialect: compatible endpoints, llama.cpp, and those OpenAI models that speak nothing else.

https://platform.openai.com/docs/api-reference/chat. Servers differ in details, so reading is forgiving: content
may be a list of parts, `finish_reason` may be missing, and xAI counts reasoning outside `completion_tokens`.
"""

from __future__ import annotations

from collections.abc import Mapping

from penstock.kit.json import Json, JsonObject
from penstock.llm.capabilities import Capabilities, settle
from penstock.llm.json_values import count, items, obj, reported_price, text
from penstock.llm.prompt import prompt_asking_for_json
from penstock.llm.provider import Built
from penstock.llm.reply import Speaker, finish, joined_text, malformed, read_json
from penstock.llm.request import JSON_HEADERS, HttpCall, LlmRequest
from penstock.llm.result import LlmResult, StopClass, Usage
from penstock.llm.strict_schema import is_strict

STOPS: Mapping[str, StopClass] = {
    "length": "truncated",
    "max_tokens": "truncated",
    "model_length": "truncated",
    "content_filter": "content_filter",
    "safety": "content_filter",
    "refusal": "refused",
}


def build(request: LlmRequest, capabilities: Capabilities, path: str = "/chat/completions") -> Built:
    """The POST of a chat completion and what of the request it leaves out."""
    settled = settle(request, capabilities)
    messages: list[Json] = []
    if request.system:
        messages.append({"role": "system", "content": request.system})
    messages.append({"role": "user", "content": prompt_asking_for_json(request, settled.native_schema)})
    body: JsonObject = {"model": request.model, "messages": messages}
    if settled.temperature is not None:
        body["temperature"] = settled.temperature
    if settled.effort is not None:
        body["reasoning_effort"] = settled.effort
    if request.max_output_tokens is not None:
        body[capabilities.max_tokens_name] = request.max_output_tokens
    if request.schema is not None and settled.native_schema:
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {
                "name": request.schema_name,
                "schema": request.schema,
                "strict": is_strict(request.schema),
            },
        }
    return HttpCall("POST", path, JSON_HEADERS, body), settled.dropped


def read(speaker: Speaker, status: int, headers: Mapping[str, str], body: bytes) -> LlmResult:
    """The answer in a chat completion; raises LlmError for everything else."""
    return answer(speaker, headers, read_json(speaker, status, headers, body))


def answer(speaker: Speaker, headers: Mapping[str, str], reply: JsonObject) -> LlmResult:
    """The answer in a decoded chat completion, also one out of a batch's results."""
    choices = items(reply.get("choices"))
    if not choices:
        raise malformed(speaker, "no choice in its completion", 200)
    choice = obj(choices[0])
    message = obj(choice.get("message"))
    refusal = text(message.get("refusal"))
    raw_stop = text(choice.get("finish_reason"))
    content = joined_text(message.get("content")) or text(choice.get("text"))
    stop: StopClass = "refused" if refusal else STOPS.get(raw_stop, "complete")
    return finish(
        speaker,
        headers,
        content,
        stop,
        usage(obj(reply.get("usage"))),
        text(reply.get("model")),
        raw_stop=raw_stop or "unstated",
        request_id=text(reply.get("id")),
        stop_detail=refusal,
    )


def usage(reported: JsonObject) -> Usage:
    """Token counts, with reasoning counted into the output also where the server counts it beside (xAI)."""
    prompt, completion = count(reported.get("prompt_tokens")), count(reported.get("completion_tokens"))
    before = obj(reported.get("prompt_tokens_details"))
    reasoning = count(obj(reported.get("completion_tokens_details")).get("reasoning_tokens"))
    if reasoning and count(reported.get("total_tokens")) == prompt + completion + reasoning:
        completion += reasoning
    cached = count(before.get("cached_tokens")) or count(
        reported.get("prompt_cache_hit_tokens")
    )  # the latter: DeepSeek
    return Usage(
        prompt,
        completion,
        cached,
        count(before.get("cache_write_tokens")),
        reasoning,
        reported_usd=reported_price(reported),
    )
