"""The Responses dialect of OpenAI and xAI.

https://platform.openai.com/docs/api-reference/responses and https://docs.x.ai/docs/api-reference. Answers are
not kept by the provider (`store: false`): a customer's records are not ours to leave there.

Web search: https://developers.openai.com/api/docs/guides/tools-web-search and https://docs.x.ai/developers/tools. The two
name the tool alike and bound it differently (`max_tool_calls`, `max_turns`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from penstock.kit.json import Json, JsonObject
from penstock.llm.capabilities import Capabilities, settle
from penstock.llm.complaint import raise_complaint
from penstock.llm.json_values import count, items, obj, reported_price, text
from penstock.llm.prompt import prompt_asking_for_json
from penstock.llm.provider import Built
from penstock.llm.reply import Speaker, finish, malformed
from penstock.llm.request import JSON_HEADERS, HttpCall, LlmRequest, WebSearch
from penstock.llm.result import LlmResult, StopClass, Usage
from penstock.llm.sources import sources_in
from penstock.llm.strict_schema import is_strict

# OpenAI's search takes every asker for an American unless it is told that nothing is known of the place.
OPENAI_TOOL: JsonObject = {"type": "web_search", "user_location": {"type": "approximate"}}
XAI_TOOL: JsonObject = {"type": "web_search"}
SEARCH_CALL = "web_search_call"
# With it each search names the pages that it read; answers of fields cite none.
PAGES_READ = "web_search_call.action.sources"
# Grok writes [[1]](address) into its answer otherwise, into declared fields too.
NO_LINKS_IN_TEXT = "no_inline_citations"


def build(request: LlmRequest, capabilities: Capabilities, *, of_xai: bool = False) -> Built:
    """The POST of a response and what of the request it leaves out. xAI takes the system part as a message only."""
    settled = settle(request, capabilities)
    prompt = prompt_asking_for_json(request, settled.native_schema)
    body: JsonObject = {
        "model": request.model,
        "input": [{"role": "user", "content": prompt}],
        "store": False,
    }
    if request.system:
        if of_xai:
            body["input"] = [
                {"role": "system", "content": request.system},
                {"role": "user", "content": prompt},
            ]
        else:
            body["instructions"] = request.system
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
    if request.search is not None:
        body |= _searching(request.search, of_xai=of_xai)
    return HttpCall("POST", "/responses", JSON_HEADERS, body), settled.dropped


def _searching(search: WebSearch, *, of_xai: bool) -> JsonObject:
    """What a body has besides when the model may search the web."""
    tool = dict(XAI_TOOL if of_xai else OPENAI_TOOL)
    if search.domains:
        tool["filters"] = {"allowed_domains": list(search.domains)}
    # A turn with one call of a tool is the nearest that xAI has to a number of searches.
    bound: JsonObject = (
        {"max_turns": search.most, "parallel_tool_calls": False}
        if of_xai
        else {"max_tool_calls": search.most}
    )
    include: list[Json] = [NO_LINKS_IN_TEXT, PAGES_READ] if of_xai else [PAGES_READ]
    return {"tools": [tool], "include": include, **bound}


def answer(speaker: Speaker, headers: Mapping[str, str], reply: JsonObject) -> LlmResult:
    """The answer in a decoded response; raises LlmError when its status is failed or not an end."""
    status = text(reply.get("status")) or "completed"
    reason = text(obj(reply.get("incomplete_details")).get("reason"))
    if status == "failed":
        raise_complaint(speaker.key, speaker.title, 200, headers, reply)
    if status not in {"completed", "incomplete"}:
        raise malformed(speaker, f"a response that is still '{status}'", 200)
    output = [obj(item) for item in items(reply.get("output"))]
    last = _last_search(output)
    # What a model says before its last search is about the search: what follows is the answer, if anything does.
    written, refusal = _said(output[last + 1 :])
    if last >= 0 and not (written or refusal):
        written, refusal = _said(output)
    reported = obj(reply.get("usage"))
    result = finish(
        speaker,
        headers,
        written,
        _stop(status, reason, refusal),
        usage(reported, _searches(reply, reported, output) if last >= 0 else 0),
        text(reply.get("model")),
        raw_stop=status,
        request_id=text(reply.get("id")),
        stop_detail=refusal or reason,
    )
    return result if last < 0 else replace(result, sources=sources_in(_pages(reply, output)))


def usage(reported: JsonObject, searches: int = 0) -> Usage:
    """Token counts; input includes cached and output includes reasoning tokens already."""
    before = obj(reported.get("input_tokens_details"))
    return Usage(
        count(reported.get("input_tokens")),
        count(reported.get("output_tokens")),
        count(before.get("cached_tokens")),
        count(before.get("cache_write_tokens")),
        count(obj(reported.get("output_tokens_details")).get("reasoning_tokens")),
        reported_usd=reported_price(reported),
        searches=searches,
    )


def _last_search(output: list[JsonObject]) -> int:
    """Where the last search stands among the items; -1 when none was made."""
    last = -1
    for at, item in enumerate(output):
        if item.get("type") == SEARCH_CALL:
            last = at
    return last


def _searches(reply: JsonObject, reported: JsonObject, output: list[JsonObject]) -> int:
    """The searches that are billed: as OpenAI or xAI count them, else those among the items of the output.

    Opening a page that was found costs nothing beside its tokens.
    """
    counted = obj(obj(reply.get("tool_usage")).get("web_search")).get("num_requests")
    if counted is None:
        counted = obj(reported.get("server_side_tool_usage_details")).get("web_search_calls")
    if counted is not None:
        return count(counted)
    calls = (item for item in output if item.get("type") == SEARCH_CALL)
    return sum(obj(call.get("action")).get("type", "search") == "search" for call in calls)


def _pages(reply: JsonObject, output: list[JsonObject]) -> Iterator[tuple[str, str]]:
    """The pages of the answer: those that it cites, else those that were read for it."""
    cited = [
        (text(note.get("url")), text(note.get("title")))
        for item in output
        for part in map(obj, items(item.get("content")))
        for note in map(obj, items(part.get("annotations")))
        if note.get("type") == "url_citation"
    ]
    if cited:
        # xAI titles a citation with its number or its own address.
        yield from ((url, "" if title.isdigit() or title == url else title) for url, title in cited)
        return
    for item in output:
        action = obj(item.get("action"))
        if item.get("type") == SEARCH_CALL:
            yield from ((text(obj(page).get("url")), "") for page in items(action.get("sources")))
            yield (text(action.get("url")), "")  # of a page that was opened
    yield from ((text(url), "") for url in items(reply.get("citations")))


def _said(output: list[JsonObject]) -> tuple[str, str]:
    """The text of the message items and the words of a refusal; reasoning items are left out."""
    written: list[str] = []
    refusals: list[str] = []
    for item in output:
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
