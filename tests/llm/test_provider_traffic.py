"""Every recorded exchange in both directions, through LlmClient and real HTTP to a server on loopback."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.llm.recorded_traffic import CASES, asks, case, wire
from tests.llm.standin_provider import Answer, StandIn

from penstock.llm.client import LlmClient
from penstock.llm.errors import LlmError
from penstock.llm.json_values import obj
from penstock.llm.providers import PROVIDERS, chat_dialect
from penstock.llm.providers.google import Google
from penstock.llm.providers.xai import Xai

KEY = "key-of-a-test-0123456789"

# Batches are played in batches/test_recorded_batches.py; the answers inside their results are read below as well
# (test_the_answers_inside_recorded_batches_are_read_like_any_other).
BATCHES = ("openai-14", "anthropic-13", "google-10", "xai-06")
LISTS = tuple(c["id"] for c in CASES if c["feature"].startswith("list models"))
COMPLETIONS = [c for c in CASES if c["id"] not in LISTS and not c["id"].startswith(BATCHES)]
ANSWERS = [c for c in COMPLETIONS if c["response"]["status"] == 200]
ERRORS = [c for c in COMPLETIONS if c["response"]["status"] != 200]

STOPS = {
    "completed": "complete",
    "stop": "complete",
    "end_turn": "complete",
    "STOP": "complete",
    "COMPLETE": "complete",
    "incomplete": "truncated",
    "SAFETY": "content_filter",
}

# kind, field of LlmRequest at fault, seconds to wait
KINDS: dict[str, tuple[str, str | None, float | None]] = {
    "openai-07": ("authentication", None, None),
    "openai-08": ("context_too_long", "prompt", None),
    "openai-09": ("model_not_found", "model", None),
    "openai-11": ("invalid_request", "temperature", None),
    "anthropic-07": ("invalid_request", "effort", None),
    "anthropic-08": ("authentication", None, None),
    "anthropic-09": ("context_too_long", "prompt", None),
    "google-05": ("authentication", None, None),
    "google-06": ("rate_limited", None, 48.0),
    "xai-04": ("authentication", None, None),
    "cohere-04": ("authentication", None, None),
}

# Cases whose recorded effort is none of ours (none, low, medium, high): everything but that one value is compared.
EFFORTS_THAT_ARE_NOT_OURS = {
    "anthropic-03": "a budget of 1,024 thinking tokens; our lowest, low, is 2,048",
    "anthropic-07": "the level xhigh",
}


def spoken_by(recorded: dict[str, Any]) -> str:
    """The provider of ours that speaks a recording's wire format: Chat Completions of OpenAI is `compatible`."""
    return "compatible" if recorded["request"]["url"].endswith("/chat/completions") else recorded["provider"]


async def ask(
    llm: LlmClient, provider: StandIn, recorded: dict[str, Any], base_url: str | None = None
) -> Any:
    response = recorded["response"]
    provider.will_answer(Answer(response["status"], response["body"], response["headers"]))
    key = spoken_by(recorded)
    address = base_url or (provider.url if key == "compatible" else None)
    return await llm.complete(key, KEY, address, asks(recorded))


@pytest.mark.parametrize("recorded", ANSWERS, ids=lambda c: c["id"])
async def test_a_recorded_answer_gives_its_text_stop_and_usage(
    llm: LlmClient, provider: StandIn, recorded: dict[str, Any]
) -> None:
    expect = recorded["expect"]
    result = await ask(llm, provider, recorded)
    assert result.text == expect["text"]
    assert result.stop == STOPS[expect["stop"]]
    assert result.raw_stop == expect["stop"]
    usage = {
        name: getattr(result.usage, name)
        for name in ("input", "output", "cached", "cache_write", "reasoning")
    }
    assert usage == usage | {name: count or 0 for name, count in expect["usage"].items() if name in usage}
    if "total" in expect["usage"]:
        assert result.usage.input + result.usage.output == expect["usage"]["total"]
    if "billed" in expect["usage"]:
        billed = expect["usage"]["billed"]
        assert (result.usage.billed_input, result.usage.billed_output) == (
            billed["input_tokens"],
            billed["output_tokens"],
        )
    assert result.usage.searches == expect.get("searches", 0)
    assert [[one.url, one.title] for one in result.sources] == expect.get("sources", [])
    assert result.model == (
        recorded["response"]["body"].get("model")
        or recorded["response"]["body"].get("modelVersion")
        or asks(recorded).model
    )
    assert result.request_id


@pytest.mark.parametrize("recorded", ERRORS, ids=lambda c: c["id"])
async def test_a_recorded_error_gives_its_kind_field_and_wait(
    llm: LlmClient, provider: StandIn, recorded: dict[str, Any]
) -> None:
    with pytest.raises(LlmError) as caught:
        await ask(llm, provider, recorded)
    error = caught.value
    assert (error.kind, error.field, error.retry_after) == KINDS[recorded["id"]]
    assert error.retriable is (error.kind == "rate_limited")
    assert error.provider_status == recorded["response"]["status"]
    assert error.remedy
    assert KEY not in str(error)


@pytest.mark.parametrize("recorded", COMPLETIONS, ids=lambda c: c["id"])
async def test_the_same_inputs_give_the_recorded_request(
    llm: LlmClient, provider: StandIn, recorded: dict[str, Any]
) -> None:
    try:
        await ask(llm, provider, recorded)
    except LlmError:
        assert recorded in ERRORS
    assert len(provider.asked) == 1  # Nothing is tried again on its own.
    ours = provider.asked[0]
    said, meant = (
        wire(ours.path, obj(ours.body)),
        wire(recorded["request"]["url"], recorded["request"]["body"]),
    )
    if recorded["id"] in EFFORTS_THAT_ARE_NOT_OURS:
        assert isinstance(said.effort, type(meant.effort))
        said, meant = replace(said, effort=None), replace(meant, effort=None)
    if meant.max_tokens is None and spoken_by(recorded) == "anthropic":
        meant = replace(meant, max_tokens=said.max_tokens)  # A required field there, so we have a default.
    assert said == meant
    version, _, path = (
        recorded["request"]["url"].partition("://")[2].partition("/")[2].partition("?")[0].partition("/")
    )
    assert ours.method == recorded["request"]["method"]
    # Base URLs of OpenAI, xAI and Google hold the version, those of Anthropic and Cohere do not.
    assert ours.path == (
        f"/{version}/{path}" if recorded["provider"] in {"anthropic", "cohere"} else f"/{path}"
    )
    if "anthropic-version" in recorded["request"]["headers"]:
        assert ours.headers["anthropic-version"] == recorded["request"]["headers"]["anthropic-version"]


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (k, "x-api-key" if k == "anthropic" else "x-goog-api-key" if k == "google" else "authorization")
        for k in PROVIDERS
        if k != "local"
    ],
)
async def test_the_key_goes_into_the_providers_header_and_nowhere_else(
    llm: LlmClient, provider: StandIn, key: str, header: str
) -> None:
    provider.will_answer(Answer(500, {}))
    with pytest.raises(LlmError):
        await llm.complete(key, KEY, provider.url, asks(case("openai-01")))
    (asked,) = provider.asked
    assert asked.headers[header].removeprefix("Bearer ") == KEY
    assert [name for name, value in asked.headers.items() if KEY in value] == [header]
    assert KEY not in asked.path
    assert KEY.encode() not in asked.raw


async def test_recorded_lists_of_models_keep_the_text_models_with_what_the_list_says(
    llm: LlmClient, provider: StandIn
) -> None:
    assert set(LISTS) == {"openai-16", "anthropic-14", "google-11"}
    found: dict[str, dict[str, Any]] = {}
    for name in LISTS:
        recorded = case(name)
        body = dict(recorded["response"]["body"])
        body.pop("nextPageToken", None)
        provider.will_answer(Answer(200, body))
        listed = await llm.list_models(recorded["provider"], KEY, None)
        found[recorded["provider"]] = {model.id: model for model in listed}
    openai = found["openai"]
    assert {"gpt-4", "gpt-3.5-turbo"} <= openai.keys()
    assert not [
        name
        for name in openai
        if any(word in name for word in ("embedding", "whisper", "davinci", "search", "dall-e"))
    ]
    opus = found["anthropic"]["claude-opus-5"]
    assert (opus.label, opus.context_tokens, opus.max_output_tokens) == ("Claude Opus 5", 1_000_000, 128_000)
    assert (opus.temperature, opus.efforts, opus.structured) == (
        None,
        ("none", "low", "medium", "high"),
        True,
    )
    assert "refuses a temperature" in opus.temperature_note
    assert (opus.reasons_by_default, opus.temperature_needs_reasoning_off) == (True, True)
    assert (opus.input_usd_per_mtok, opus.output_usd_per_mtok) == (5.0, 25.0)
    flash = found["google"]["gemini-2.5-flash"]
    assert (flash.context_tokens, flash.max_output_tokens) == (1_048_576, 65_536)
    assert flash.temperature is not None
    assert flash.temperature.high == 2
    assert found["google"]["gemini-2.0-flash"].efforts == ()
    assert not [name for name in found["google"] if "embedding" in name or "imagen" in name or "tts" in name]


async def test_a_list_in_pages_is_read_to_its_end(llm: LlmClient, provider: StandIn) -> None:
    pages = [
        {"data": [{"id": f"claude-{n}"}], "has_more": n < 3, "last_id": f"claude-{n}"} for n in (1, 2, 3)
    ]
    provider.will_answer(*(Answer(200, page) for page in pages))
    assert [model.id for model in await llm.list_models("anthropic", KEY, None)] == [
        "claude-1",
        "claude-2",
        "claude-3",
    ]
    assert [asked.path for asked in provider.asked] == [
        "/v1/models?limit=1000",
        "/v1/models?limit=1000&after_id=claude-1",
        "/v1/models?limit=1000&after_id=claude-2",
    ]


def test_the_answers_inside_recorded_batches_are_read_like_any_other() -> None:
    read: dict[str, list[tuple[str, int]]] = {}
    for line in case("openai-14.13")["response"]["body"].splitlines():
        result = PROVIDERS["openai"].read(200, {}, json.dumps(json.loads(line)["response"]["body"]).encode())
        read.setdefault("openai", []).append((result.text, result.usage.input + result.usage.output))
    for line in case("anthropic-13.11")["response"]["body"].splitlines():
        result = PROVIDERS["anthropic"].read(
            200, {}, json.dumps(json.loads(line)["result"]["message"]).encode()
        )
        read.setdefault("anthropic", []).append((result.text, result.usage.input + result.usage.output))
    for each in case("google-10.27")["response"]["body"]["response"]["inlinedResponses"]["inlinedResponses"]:
        result = Google().answer({}, each["response"])
        read.setdefault("google", []).append((result.text, result.usage.input + result.usage.output))
    for each in case("xai-06.5")["response"]["body"]["results"]:
        result = chat_dialect.answer(Xai.speaker, {}, each["batch_result"]["response"]["chat_get_completion"])
        read.setdefault("xai", []).append((result.text, result.usage.input + result.usage.output))
    assert read["google"] == [("4", 57), ("Jupiter", 67)]
    assert read["xai"] == [("4", 287), ("Jupiter", 268)]  # Reasoning is counted beside the completion there.
    assert [words for words, _ in read["openai"]] == ["4", "Jupiter"]
    assert sum(tokens for _, tokens in read["openai"]) == 260
    assert [words.strip(".") for words, _ in read["anthropic"]] == ["4", "Jupiter"]
