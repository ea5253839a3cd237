"""Anthropic: the Messages API.

https://platform.claude.com/docs/en/api/messages. Pinned to API version 2023-06-01, because 2026-10-21 refuses
every temperature, also for the models that take one; what each model takes is in `model_facts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from penstock.kit.json import Json, JsonObject, loads
from penstock.llm.capabilities import EFFORT_WORDS, Capabilities, Settled, settle
from penstock.llm.json_values import count, items, obj, optional_count, text
from penstock.llm.prompt import estimate_tokens, prompt_asking_for_json
from penstock.llm.provider import Built, KeyCheck, ListedModel, ModelPage
from penstock.llm.reply import Speaker, finish, joined_text, read_json
from penstock.llm.request import JSON_HEADERS, HttpCall, LlmRequest, WebSearch
from penstock.llm.result import Dropped, LlmResult, StopClass, Usage
from penstock.llm.sources import sources_in

HEADERS: Mapping[str, str] = {**JSON_HEADERS, "anthropic-version": "2023-06-01"}

# `max_tokens` is a required field. Unset by the author, it leaves room for a long answer and its thinking.
DEFAULT_MAX_TOKENS = 16_384
SHORTEST_CACHED = 1_024  # tokens; shorter instructions are never cached, some models want up to 4,096
BUDGETS = {"low": 2_048, "medium": 8_192, "high": 16_384}  # thinking tokens, for models before 4.6

PAUSED = "pause_turn"  # a long turn of searches that goes on when it is sent back (`resumed`)
SEARCH_RESULT = "web_search_tool_result"

STOPS: Mapping[str, StopClass] = {
    "max_tokens": "truncated",
    "model_context_window_exceeded": "truncated",
    PAUSED: "truncated",
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
        if request.search is not None:
            body["tools"] = [_search_tool(request.search)]
        return HttpCall("POST", "/v1/messages", HEADERS, body), dropped

    def read(self, status: int, headers: Mapping[str, str], body: bytes) -> LlmResult:
        """The answer in a message; thinking blocks and what the model says of its searches are left out."""
        reply = read_json(self.speaker, status, headers, body)
        raw_stop = text(reply.get("stop_reason"))
        details = obj(reply.get("stop_details"))
        content = [obj(block) for block in items(reply.get("content"))]
        searched = any(block.get("type") == SEARCH_RESULT for block in content)
        result = finish(
            self.speaker,
            headers,
            _text_after(content) if searched else joined_text(reply.get("content")),
            STOPS.get(raw_stop, "complete"),
            _usage(obj(reply.get("usage"))),
            text(reply.get("model")),
            raw_stop=raw_stop,
            request_id=text(reply.get("id")),
            stop_detail=text(details.get("explanation")) or text(details.get("category")),
        )
        if not searched:
            return result
        return replace(result, sources=sources_in(_pages(content)), dropped=tuple(_troubles(content)))


def resumed(call: HttpCall, body: bytes) -> HttpCall:
    """The call that goes on with the paused turn in a reply: the same one, with the turn so far behind the question.

    https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons, «pause_turn».
    """
    turn: JsonObject = {"role": "assistant", "content": obj(loads(body)).get("content")}
    before = call.body or {}
    return replace(call, body={**before, "messages": [*items(before.get("messages")), turn]})


def _search_tool(search: WebSearch) -> JsonObject:
    """The tool in the version that every Claude with a search takes.

    https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool
    """
    tool: JsonObject = {"type": "web_search_20250305", "name": "web_search", "max_uses": search.most}
    if search.domains:
        tool["allowed_domains"] = list(search.domains)
    return tool


def _text_after(content: list[JsonObject]) -> str:
    """What was written after the last search, if anything was; before it stands that the model will search."""
    last = max(at for at, block in enumerate(content) if block.get("type") == SEARCH_RESULT)
    after, whole = list[Json](content[last + 1 :]), list[Json](content)
    return joined_text(after) or joined_text(whole)


def _pages(content: list[JsonObject]) -> Iterator[tuple[str, str]]:
    """The pages that the answer cites, else all that the searches found (answers of fields cite none)."""
    cited = [
        (text(note.get("url")), text(note.get("title")))
        for block in content
        for note in map(obj, items(block.get("citations")))
        if note.get("type") == "web_search_result_location"
    ]
    found = (
        (text(page.get("url")), text(page.get("title")))
        for block in content
        if block.get("type") == SEARCH_RESULT
        for page in map(obj, items(block.get("content")))
    )
    yield from cited or found


def _troubles(content: list[JsonObject]) -> Iterator[Dropped]:
    """Searches that came to nothing. They are errors in a reply of status 200, and the model answers without them."""
    for block in content:
        code = text(obj(block.get("content")).get("error_code")) if block.get("type") == SEARCH_RESULT else ""
        if code == "max_uses_exceeded":
            yield Dropped("web_search", "The model wanted more searches than the step allows.")
        elif code:
            yield Dropped("web_search", f"A search failed at Anthropic ({code[:40]}).")


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
        searches=count(obj(reported.get("server_tool_use")).get("web_search_requests")),
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
