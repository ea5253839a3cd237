"""The Responses dialect of OpenAI and xAI.

https://platform.openai.com/docs/api-reference/responses and https://docs.x.ai/docs/api-reference. Answers are
not kept by the provider (`store: false`): a customer's records are not ours to leave there.
"""

from __future__ import annotations

from collections.abc import Mapping

from penstock.kit.json import JsonObject
from penstock.llm.capabilities import Capabilities, settle
from penstock.llm.complaint import raise_complaint
from penstock.llm.json_values import count, items, obj, reported_price, text
from penstock.llm.prompt import prompt_asking_for_json
from penstock.llm.provider import Built
from penstock.llm.reply import Speaker, finish, malformed
from penstock.llm.request import JSON_HEADERS, HttpCall, LlmRequest
from penstock.llm.result import LlmResult, StopClass, Usage
from penstock.llm.strict_schema import is_strict


def build(request: LlmRequest, capabilities: Capabilities, *, system_as_instructions: bool = True) -> Built:
    """The POST of a response and what of the request it leaves out. xAI takes the system part as a message only."""
    settled = settle(request, capabilities)
    prompt = prompt_asking_for_json(request, settled.native_schema)
    body: JsonObject = {
        "model": request.model,
        "input": [{"role": "user", "content": prompt}],
        "store": False,
    }
    if request.system:
        if system_as_instructions:
            body["instructions"] = request.system
        else:
            body["input"] = [
                {"role": "system", "content": request.system},
                {"role": "user", "content": prompt},
            ]
    if settled.temperature is not None:
        body["temperature"] = settled.temperature
    if settled.effort is not None:
        body["reasoning"] = {"effort": settled.effort}
    if request.max_output_tokens is not None:
        body["max_output_tokens"] = request.max_output_tokens
    if request.schema is not None and settled.native_schema:
        body["text"] = {
            "format": {
                "type": "json_schema",
                "name": request.schema_name,
                "schema": request.schema,
                "strict": is_strict(request.schema),
            }
        }
    return HttpCall("POST", "/responses", JSON_HEADERS, body), settled.dropped


def answer(speaker: Speaker, headers: Mapping[str, str], reply: JsonObject) -> LlmResult:
    """The answer in a decoded response; raises LlmError when its status is failed or not an end."""
    status = text(reply.get("status")) or "completed"
    reason = text(obj(reply.get("incomplete_details")).get("reason"))
    if status == "failed":
        raise_complaint(speaker.key, speaker.title, 200, headers, reply)
    if status not in {"completed", "incomplete"}:
        raise malformed(speaker, f"a response that is still '{status}'", 200)
    written, refusal = _message(reply)
    return finish(
        speaker,
        headers,
        written,
        _stop(status, reason, refusal),
        usage(obj(reply.get("usage"))),
        text(reply.get("model")),
        raw_stop=status,
        request_id=text(reply.get("id")),
        stop_detail=refusal or reason,
    )


def usage(reported: JsonObject) -> Usage:
    """Token counts; input includes cached and output includes reasoning tokens already."""
    before = obj(reported.get("input_tokens_details"))
    return Usage(
        count(reported.get("input_tokens")),
        count(reported.get("output_tokens")),
        count(before.get("cached_tokens")),
        count(before.get("cache_write_tokens")),
        count(obj(reported.get("output_tokens_details")).get("reasoning_tokens")),
        reported_usd=reported_price(reported),
    )


def _message(reply: JsonObject) -> tuple[str, str]:
    """The text of all message items and the words of a refusal; reasoning items are left out."""
    written: list[str] = []
    refusals: list[str] = []
    for item in map(obj, items(reply.get("output"))):
        if item.get("type", "message") != "message":
            continue
        content = item.get("content")
        if isinstance(content, str):
            written.append(content)
        for part in map(obj, items(content)):
            if part.get("type") in {"output_text", "text"}:
                written.append(text(part.get("text")))
            elif part.get("type") == "refusal":
                refusals.append(text(part.get("refusal")))
    return "".join(written), "".join(refusals)


def _stop(status: str, reason: str, refusal: str) -> StopClass:
    if refusal:
        return "refused"
    if status == "completed":
        return "complete"
    return "content_filter" if reason == "content_filter" else "truncated"
