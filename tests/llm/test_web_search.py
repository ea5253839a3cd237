"""The provider's own web search: what is sent, what of a reply is the answer, its pages and its price, what is refused.

The replies have the shapes of recorded ones (OpenAI and Google: pydantic-ai's cassettes; Anthropic and xAI: their
documentation), shortened.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.llm.standin_provider import Answer, StandIn

from penstock.kit.json import Json, JsonObject
from penstock.llm.batches.client import batch_price
from penstock.llm.client import LlmClient
from penstock.llm.errors import LlmError
from penstock.llm.json_values import items, obj
from penstock.llm.model_facts import known
from penstock.llm.prices import price
from penstock.llm.providers import PROVIDERS
from penstock.llm.request import LlmRequest, WebSearch
from penstock.llm.result import Source, Usage
from penstock.llm.sources import LONGEST_TITLE, MOST_SOURCES, sources_in

KEY = "sk-test-0123456789"
PAGE, OTHER = "https://en.wikipedia.org/wiki/Tokyo", "https://www.metro.tokyo.lg.jp/"
SCHEMA: JsonObject = {
    "type": "object",
    "properties": {"population": {"type": "number"}},
    "required": ["population"],
    "additionalProperties": False,
}

# --- the wire --------------------------------------------------------------------------------------------------

TOOLS: dict[str, JsonObject] = {
    "openai": {
        "tools": [
            {
                "type": "web_search",
                "user_location": {"type": "approximate"},
                "filters": {"allowed_domains": ["wikipedia.org"]},
            }
        ],
        "max_tool_calls": 2,
        "include": ["web_search_call.action.sources"],
    },
    "xai": {
        "tools": [{"type": "web_search", "filters": {"allowed_domains": ["wikipedia.org"]}}],
        "max_turns": 2,
        "parallel_tool_calls": False,
        "include": ["no_inline_citations", "web_search_call.action.sources"],
    },
    "anthropic": {
        "tools": [
            {
                "type": "web_search_20250305",
                "name": "web_search",
                "max_uses": 2,
                "allowed_domains": ["wikipedia.org"],
            }
        ]
    },
    "google": {"tools": [{"googleSearch": {}}]},
}
MODELS = {
    "openai": "gpt-5.4",
    "xai": "grok-4.5",
    "anthropic": "claude-sonnet-4-5",
    "google": "gemini-3.5-flash",
}
ADDED = ("tools", "include", "max_tool_calls", "max_turns", "parallel_tool_calls")


@pytest.mark.parametrize("provider", TOOLS)
def test_a_call_has_a_tool_only_when_its_step_may_search(provider: str) -> None:
    domains = () if provider == "google" else ("wikipedia.org",)
    capabilities = known(provider, MODELS[provider])

    def body(search: WebSearch | None) -> JsonObject:
        request = LlmRequest(MODELS[provider], "How many live in Tokyo?", search=search)
        return PROVIDERS[provider].build(request, capabilities)[0].body or {}

    without = body(None)
    assert not set(ADDED) & set(without)
    assert body(WebSearch(2, domains)) == {**without, **TOOLS[provider]}


def test_gemini_is_asked_for_fields_in_words_while_it_searches_and_says_what_it_cannot_be_held_to() -> None:
    request = LlmRequest("gemini-3.5-flash", "Tokyo?", schema=SCHEMA, search=WebSearch(2))
    call, dropped = PROVIDERS["google"].build(request, known("google", request.model))
    body = call.body or {}
    assert "responseJsonSchema" not in obj(body.get("generationConfig"))
    assert '"population"' in str(obj(items(body["contents"])[0])["parts"])
    assert [one.field for one in dropped] == ["schema", "max_searches"]
    other, _ = PROVIDERS["openai"].build(
        LlmRequest("gpt-5.4", "Tokyo?", schema=SCHEMA, search=WebSearch(2)), known("openai", "gpt-5.4")
    )
    assert obj(other.body)["text"]


def test_gpt_5_is_not_asked_to_search_at_an_effort_that_refuses_it() -> None:
    capabilities = known("openai", "gpt-5-mini")
    efforts = []
    for search in (None, WebSearch(2)):
        request = LlmRequest("gpt-5-mini", "Tokyo?", effort="none", search=search)
        body = PROVIDERS["openai"].build(request, capabilities)[0].body or {}
        efforts.append(obj(body["reasoning"])["effort"])
    assert efforts == ["minimal", "low"]


# --- replies ---------------------------------------------------------------------------------------------------


def said(words: str, *citations: tuple[str, str]) -> JsonObject:
    """A message item of a response."""
    notes: list[Json] = [{"type": "url_citation", "url": url, "title": title} for url, title in citations]
    return {"type": "message", "content": [{"type": "output_text", "text": words, "annotations": notes}]}


def looked(kind: str, **action: Json) -> JsonObject:
    """A search item of a response."""
    return {"type": "web_search_call", "status": "completed", "action": {"type": kind, **action}}


def response(*output: Json, **more: Json) -> JsonObject:
    return {
        "object": "response",
        "status": "completed",
        "model": "gpt-5.4-2026-03-05",
        "output": list(output),
        "usage": {"input_tokens": 9_000, "output_tokens": 100},
        **more,
    }


SEARCHED = looked("search", query="tokyo population", sources=[{"type": "url", "url": OTHER}])
OPENED = looked("open_page", url=PAGE)
CLAUDE: JsonObject = {
    "type": "message",
    "model": "claude-sonnet-4-5-20250929",
    "stop_reason": "end_turn",
    "content": [
        {"type": "text", "text": "I'll search for that."},
        {"type": "server_tool_use", "id": "st_1", "name": "web_search", "input": {"query": "tokyo"}},
        {
            "type": "web_search_tool_result",
            "tool_use_id": "st_1",
            "content": [
                {"type": "web_search_result", "url": PAGE, "title": "Tokyo", "encrypted_content": "x"},
                {"type": "web_search_result", "url": OTHER, "title": "Metropolis", "encrypted_content": "y"},
            ],
        },
        {
            "type": "text",
            "text": "14 million",
            "citations": [
                {"type": "web_search_result_location", "url": PAGE, "title": "Tokyo", "cited_text": "…"}
            ],
        },
        {"type": "text", "text": " people."},
    ],
    "usage": {"input_tokens": 9_000, "output_tokens": 100, "server_tool_use": {"web_search_requests": 1}},
}


def gemini(version: str, *queries: str) -> JsonObject:
    return {
        "candidates": [
            {
                "content": {"parts": [{"text": "14 million people."}]},
                "finishReason": "STOP",
                "groundingMetadata": {
                    "webSearchQueries": list(queries),
                    "groundingChunks": [{"web": {"uri": PAGE, "title": "wikipedia.org"}}],
                },
            }
        ],
        "modelVersion": version,
        "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 100},
    }


ANSWER = "14 million people."
CITED = (Source(PAGE, "Tokyo"),)
REPLIES: dict[str, tuple[str, JsonObject, str, tuple[Source, ...], int]] = {
    "OpenAI, as it counts": (
        "openai",
        response(said("Let me look."), SEARCHED, OPENED, said(ANSWER, (PAGE, "Tokyo")), tool_usage={"web_search": {"num_requests": 2}}),
        ANSWER,
        CITED,
        2,
    ),
    "OpenAI, counted by its items, nothing cited": (
        "openai",
        response(SEARCHED, OPENED, said('{"population": 14}')),
        '{"population": 14}',
        (Source(OTHER), Source(PAGE)),
        1,
    ),
    "OpenAI, nothing searched": ("openai", response(said(ANSWER), tool_usage={"web_search": {"num_requests": 0}}), ANSWER, (), 0),
    "xAI": (
        "xai",
        response(
            SEARCHED,
            said(ANSWER, (PAGE, "1"), (PAGE, "1")),
            usage={"input_tokens": 9, "output_tokens": 1, "server_side_tool_usage_details": {"web_search_calls": 3}},
        ),
        ANSWER,
        (Source(PAGE),),
        3,
    ),
    "xAI, listed beside the answer": (
        "xai",
        response(looked("search", query="tokyo"), said(ANSWER), citations=[PAGE, OTHER]),
        ANSWER,
        (Source(PAGE), Source(OTHER)),
        1,
    ),
    "Anthropic": ("anthropic", CLAUDE, ANSWER, CITED, 1),
    "Google, by query": ("google", gemini("gemini-3.5-flash", "tokyo", "tokyo people", "tokyo"), ANSWER, (Source(PAGE, "wikipedia.org"),), 2),
    "Google, by prompt": ("google", gemini("gemini-2.5-flash", "tokyo", "tokyo people"), ANSWER, (Source(PAGE, "wikipedia.org"),), 1),
}  # fmt: skip


@pytest.mark.parametrize("name", REPLIES)
async def test_an_answer_comes_with_its_pages_and_the_searches_that_are_billed(
    llm: LlmClient, provider: StandIn, name: str
) -> None:
    key, reply, written, sources, searches = REPLIES[name]
    provider.will_answer(Answer(200, reply))
    result = await llm.complete(key, KEY, None, LlmRequest(MODELS[key], "Tokyo?", search=WebSearch(2)))
    assert (result.text, result.sources, result.usage.searches) == (written, sources, searches)


async def test_a_paused_turn_is_sent_back_until_it_ends_and_counted_in_full(
    llm: LlmClient, provider: StandIn
) -> None:
    content: list[Any] = items(CLAUDE["content"])
    paused = {**CLAUDE, "stop_reason": "pause_turn", "content": content[:3]}
    provider.will_answer(Answer(200, paused), Answer(200, {**CLAUDE, "content": content[3:]}))
    request = LlmRequest("claude-sonnet-4-5", "Tokyo?", search=WebSearch(2))
    result = await llm.complete("anthropic", KEY, None, request)
    assert (result.text, result.stop, result.sources) == (
        ANSWER,
        "complete",
        (Source(PAGE, "Tokyo"), Source(OTHER, "Metropolis")),
    )
    assert (result.usage.input, result.usage.output, result.usage.searches) == (18_000, 200, 2)
    assert obj(provider.asked[1].body)["messages"] == [
        {"role": "user", "content": "Tokyo?"},
        {"role": "assistant", "content": content[:3]},
    ]
    provider.will_answer(Answer(200, paused))
    assert (await llm.complete("anthropic", KEY, None, request)).stop == "truncated"
    assert len(provider.asked) == 4


async def test_a_search_that_fails_inside_a_good_reply_is_told(llm: LlmClient, provider: StandIn) -> None:
    failed = {
        "type": "web_search_tool_result",
        "content": {"type": "web_search_tool_result_error", "error_code": "unavailable"},
    }
    provider.will_answer(
        Answer(200, {**CLAUDE, "content": [failed, {"type": "text", "text": "I do not know."}]})
    )
    result = await llm.complete(
        "anthropic", KEY, None, LlmRequest("claude-sonnet-4-5", "?", search=WebSearch(1))
    )
    assert [(one.field, "unavailable" in one.reason) for one in result.dropped] == [("web_search", True)]


# --- what is refused -------------------------------------------------------------------------------------------

REFUSED = {
    "a provider without": ("cohere", "command-a-03-2025", (), "web_search", "Cohere's API has no web search"),
    "an endpoint": ("compatible", "llama", (), "web_search", "OpenAI-compatible"),
    "a model without": ("openai", "gpt-4.1-nano", (), "web_search", "does not offer web search"),
    "domains at Google": ("google", "gemini-3.5-flash", ("a.com",), "domains", "cannot be kept to"),
    "too many at xAI": ("xai", "grok-4.5", tuple(f"{n}.com" for n in range(6)), "domains", "5 domains at most"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
async def test_a_search_that_cannot_be_had_is_refused_before_it_is_sent(
    llm: LlmClient, provider: StandIn, name: str
) -> None:
    key, model, domains, field, says = REFUSED[name]
    provider.will_answer(Answer(200, response(said("Fine."))))
    request = LlmRequest(model, "Tokyo?", search=WebSearch(2, domains))
    with pytest.raises(LlmError, match=says) as caught:
        await llm.complete(key, KEY, provider.url, request)
    assert (caught.value.kind, caught.value.field, caught.value.retriable) == (
        "invalid_request",
        field,
        False,
    )
    assert provider.asked == []


async def test_a_key_that_may_not_search_is_the_steps_trouble_and_not_the_connections(
    llm: LlmClient, provider: StandIn
) -> None:
    words = {"type": "permission_error", "message": "Web search is not enabled for this organization."}
    provider.will_answer(Answer(403, {"type": "error", "error": words}))
    kinds = []
    for search in (WebSearch(1), None):
        with pytest.raises(LlmError) as caught:
            await llm.complete("anthropic", KEY, None, LlmRequest("claude-sonnet-4-5", "?", search=search))
        kinds.append((caught.value.kind, caught.value.field))
    assert kinds == [("invalid_request", "web_search"), ("permission", None)]


async def test_a_schema_refused_beside_a_search_is_still_enforced_without_one(
    llm: LlmClient, provider: StandIn
) -> None:
    complaint = {
        "type": "invalid_request_error",
        "message": "output_config.format: not supported with web_search",
    }
    provider.will_answer(Answer(400, {"type": "error", "error": complaint}), Answer(200, CLAUDE))
    request = LlmRequest("claude-sonnet-4-5", "Tokyo?", schema=SCHEMA, search=WebSearch(2))
    result = await llm.complete("anthropic", KEY, None, request)
    assert [one.field for one in result.dropped] == ["schema"]
    learned = llm.capabilities("anthropic", None, "claude-sonnet-4-5")
    assert (learned.structured, learned.structured_search) == (True, False)


# --- money -----------------------------------------------------------------------------------------------------


def test_searches_cost_beside_the_tokens_in_full_in_batches_too_unless_the_reply_states_its_price() -> None:
    tokens, searched = Usage(1_000_000, 0), Usage(1_000_000, 0, searches=3)
    for provider, model, each in (
        ("openai", "gpt-5.4", "0.010"),
        ("anthropic", "claude-sonnet-4-5", "0.010"),
        ("google", "gemini-2.5-flash", "0.035"),
        ("google", "gemini-3.5-flash", "0.014"),
        ("xai", "grok-4.3", "0.005"),
    ):
        plain, dear = price(provider, model, tokens, 1), price(provider, model, searched, 1)
        assert plain is not None
        assert dear is not None
        assert dear - plain == 3 * Decimal(each)
    half, with_searches = (
        batch_price("anthropic", "claude-sonnet-4-5", one, 1) for one in (tokens, searched)
    )
    assert half is not None
    assert with_searches == half + Decimal("0.03")
    stated = Usage(1, 1, reported_usd=Decimal("0.5"), searches=3)
    assert price("xai", "grok-4.3", stated, 1) == Decimal("0.5")


# --- hostile pages ---------------------------------------------------------------------------------------------


def test_pages_are_plain_web_addresses_with_one_line_titles_however_they_are_written() -> None:
    bad = [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "ftp://example.com/",
        "//example.com/",
        "https://",
        "https://user:secret@example.com/",
        "https://example.com evil.com/",
        "https://example.com/a\tb",
        "https://example.com/\u202egpj.exe",
        'https://example.com/"><script>',
        "https://example.com/\n\nBcc: all@example.com",
        "https://[::1",
        "https://example.com:port/",
        "https://example.com/" + "a" * 3_000,
    ]
    assert sources_in((url, "") for url in bad) == ()
    title = "Free\r\n\tmoney \u202e" + "x" * 1_000_000 + "<img src=x onerror=alert(1)>"
    (found,) = sources_in([(f" {PAGE} ", title), (PAGE, "again")])
    assert (found.url, len(found.title)) == (PAGE, LONGEST_TITLE)
    assert found.title.startswith("Free money x")
    assert sources_in([("https://example.com/?q=a b", "")]) == (Source("https://example.com/?q=a%20b"),)
    assert len(sources_in((f"https://example.com/{n}", "") for n in range(500))) == MOST_SOURCES
