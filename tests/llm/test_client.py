"""What the client does around a call: addresses, key checks, replies that are none, learning from refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.llm.standin_provider import Answer, StandIn

from penstock.errors import InvalidInput
from penstock.kit.database import Connection
from penstock.kit.http import HttpClient
from penstock.llm import learned
from penstock.llm.client import LlmClient
from penstock.llm.errors import LlmError
from penstock.llm.json_values import obj
from penstock.llm.learned import LearnedAt
from penstock.llm.request import LlmRequest
from penstock.settings import Settings

KEY = "sk-test-0123456789"
OK = {
    "object": "response",
    "status": "completed",
    "model": "m-1",
    "output": [{"type": "message", "content": [{"type": "output_text", "text": "Yes."}]}],
    "usage": {"input_tokens": 1, "output_tokens": 1},
}
CHAT_OK = {"choices": [{"message": {"content": "Yes."}, "finish_reason": "stop"}]}


def refusal(message: str, param: str | None, status: int = 400) -> Answer:
    return Answer(
        status,
        {
            "error": {
                "message": message,
                "type": "invalid_request_error",
                "param": param,
                "code": "unsupported_value",
            }
        },
    )


# --- replies that are none (fault F7); hand-made --------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "headers", "says"),
    [
        (b"<html>Sign in</html>", {"content-type": "text/html"}, "20 bytes of text/html"),
        (
            b'{"status": "completed", "output": [{"ty',
            {"content-type": "application/json"},
            "incomplete or invalid JSON",
        ),
        (b"", {"content-type": "application/json"}, "an empty body"),
        (b"[1, 2]", {"content-type": "application/json"}, "a JSON list"),
        (b'{"status": "completed", "output": []}', {"content-type": "application/json"}, "an empty text"),
        (b'{"status": "queued", "output": []}', {"content-type": "application/json"}, "still 'queued'"),
    ],
    ids=["web page", "half a body", "empty body", "list", "no text", "unfinished"],
)
async def test_a_200_without_an_answer_is_malformed_and_worth_another_try(
    llm: LlmClient, provider: StandIn, body: bytes, headers: dict[str, str], says: str
) -> None:
    provider.will_answer(Answer(200, body, headers))
    with pytest.raises(LlmError, match=says) as caught:
        await llm.complete("openai", KEY, None, LlmRequest("gpt-4.1", "Well?"))
    assert (caught.value.kind, caught.value.retriable) == ("malformed", True)


@pytest.mark.parametrize(
    ("provider_key", "body", "stop"),
    [
        ("openai", {**OK, "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": []}, "truncated"),
        ("openai", {**OK, "status": "incomplete", "incomplete_details": {"reason": "content_filter"}, "output": []}, "content_filter"),
        ("openai", {**OK, "output": [{"type": "message", "content": [{"type": "refusal", "refusal": "I cannot."}]}]}, "refused"),
        ("compatible", {"choices": [{"message": {"content": None, "refusal": "I cannot."}, "finish_reason": "stop"}]}, "refused"),
        ("compatible", {"choices": [{"message": {"content": ""}, "finish_reason": "length"}]}, "truncated"),
        ("anthropic", {"content": [], "stop_reason": "refusal", "stop_details": {"category": "cyber"}}, "refused"),
        ("anthropic", {"content": [{"type": "thinking", "thinking": "hm"}], "stop_reason": "max_tokens"}, "truncated"),
        ("google", {"candidates": [{"content": {"role": "model"}, "finishReason": "MAX_TOKENS"}]}, "truncated"),
        ("google", {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}, "content_filter"),
        ("google", {"candidates": [{"finishReason": "RECITATION"}]}, "content_filter"),
        ("cohere", {"message": {"content": []}, "finish_reason": "MAX_TOKENS"}, "truncated"),
    ],
)  # fmt: skip
async def test_an_answer_that_was_withheld_or_cut_says_so_even_without_text(
    llm: LlmClient, provider: StandIn, provider_key: str, body: object, stop: str
) -> None:
    provider.will_answer(Answer(200, body))
    result = await llm.complete(provider_key, KEY, provider.url, LlmRequest("m", "Well?"))
    assert (result.stop, result.text) == (stop, "")


@pytest.mark.parametrize(
    ("error", "kind"),
    [("server_error", "overloaded"), ("rate_limit_exceeded", "rate_limited"), ("invalid_prompt", "refused")],
)
async def test_a_response_that_failed_after_its_200_is_the_error_it_names(
    llm: LlmClient, provider: StandIn, error: str, kind: str
) -> None:
    provider.will_answer(
        Answer(200, {"object": "response", "status": "failed", "error": {"code": error, "message": "Sorry."}})
    )
    with pytest.raises(LlmError) as caught:
        await llm.complete("openai", KEY, None, LlmRequest("gpt-4.1", "Well?"))
    assert caught.value.kind == kind


async def test_several_parts_are_one_text_and_thoughts_are_none_of_it(
    llm: LlmClient, provider: StandIn
) -> None:
    provider.will_answer(Answer(200, {"message": {"content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "A"}, {"type": "text", "text": "B"}]}, "finish_reason": "COMPLETE", "usage": {"tokens": {"input_tokens": 3.0, "output_tokens": 5.0}}}))  # fmt: skip
    result = await llm.complete("cohere", KEY, None, LlmRequest("command-a-reasoning-08-2025", "Well?"))
    assert (result.text, result.usage.input, result.usage.output) == ("AB", 3, 5)


async def test_an_answer_of_50_megabytes_is_not_read_to_its_end(llm: LlmClient, provider: StandIn) -> None:
    provider.will_answer(Answer(200, b" " * 50_000_000))
    with pytest.raises(LlmError, match="larger than") as caught:
        await llm.complete("openai", KEY, None, LlmRequest("gpt-4.1", "Well?"))
    assert (caught.value.kind, caught.value.retriable) == ("malformed", False)


async def test_a_provider_that_is_down_is_a_connect_error(
    http: HttpClient, tmp_path: Path, unused_tcp_port: int
) -> None:
    client = LlmClient(http, Settings(home=tmp_path))
    with pytest.raises(LlmError) as caught:
        await client.complete(
            "openai", KEY, f"http://127.0.0.1:{unused_tcp_port}", LlmRequest("gpt-4.1", "Well?")
        )
    assert (caught.value.kind, caught.value.retriable) == ("connect", True)


async def test_an_address_that_the_guard_refuses_is_final_and_says_how_to_allow_it(
    http: HttpClient, tmp_path: Path
) -> None:
    client = LlmClient(http, Settings(home=tmp_path))
    with pytest.raises(LlmError, match="PENSTOCK_OUTBOUND_ALLOWED_HOSTS") as caught:
        await client.complete("compatible", KEY, "https://10.0.0.7/v1", LlmRequest("m", "Well?"))
    assert (caught.value.kind, caught.value.retriable, caught.value.field) == ("connect", False, "base_url")


async def test_broken_unicode_in_a_record_is_refused_by_name(llm: LlmClient, provider: StandIn) -> None:
    with pytest.raises(LlmError, match="Unicode") as caught:
        await llm.complete("openai", KEY, None, LlmRequest("gpt-4.1", "half a pair: \ud83d"))
    assert (caught.value.kind, caught.value.field, provider.asked) == ("invalid_request", "prompt", [])


async def test_a_prompt_that_cannot_fit_is_not_sent(llm: LlmClient, provider: StandIn) -> None:
    request = LlmRequest("claude-haiku-4-5", "x" * 800_000, max_output_tokens=1_000)
    with pytest.raises(
        LlmError, match=r"800,000 characters, about 222,2\d\d tokens; .* takes 200,000 tokens"
    ) as caught:
        await llm.complete("anthropic", KEY, None, request)
    assert (caught.value.kind, provider.asked) == ("context_too_long", [])


# --- addresses ------------------------------------------------------------------------------------------------


async def test_the_connections_address_wins_over_the_operators_and_a_doubled_version_is_forgiven(
    llm: LlmClient, provider: StandIn
) -> None:
    provider.will_answer(Answer(200, OK))
    await llm.complete("openai", KEY, f"{provider.url}/gateway/v1/", LlmRequest("gpt-4.1", "Well?"))
    assert provider.asked[0].path == "/gateway/v1/responses"
    provider.will_answer(
        Answer(200, {"content": [{"type": "text", "text": "Yes."}], "stop_reason": "end_turn"})
    )
    await llm.complete("anthropic", KEY, f"{provider.url}/v1", LlmRequest("claude-opus-5", "Well?"))
    assert provider.asked[0].path == "/v1/messages"


async def test_an_endpoint_without_address_and_an_unknown_provider_are_refused_by_name(
    llm: LlmClient,
) -> None:
    with pytest.raises(LlmError, match="no base URL"):
        await llm.complete("compatible", KEY, None, LlmRequest("m", "Well?"))
    with pytest.raises(InvalidInput, match="Use one of: openai, anthropic"):
        await llm.complete("opnai", KEY, None, LlmRequest("m", "Well?"))


async def test_a_model_name_cannot_leave_its_place_in_the_path(llm: LlmClient, provider: StandIn) -> None:
    provider.will_answer(Answer(404, {}))
    with pytest.raises(LlmError):
        await llm.complete("google", KEY, None, LlmRequest("../../v1/files?x=", "Well?"))
    assert provider.asked[0].path == "/models/..%2F..%2Fv1%2Ffiles%3Fx=:generateContent"


# --- key checks; hand-made after each provider's reference -----------------------------------------------------


@pytest.mark.parametrize(
    ("key", "answer", "path"),
    [
        ("openai", Answer(200, {"data": []}), "/models"),
        ("anthropic", Answer(200, {"data": []}), "/v1/models?limit=1"),
        ("google", Answer(200, {"models": []}), "/models?pageSize=1"),
        ("xai", Answer(200, {"api_key_blocked": False, "team_blocked": False}), "/api-key"),
        ("cohere", Answer(200, {"valid": True}), "/v1/check-api-key"),
        ("compatible", Answer(200, {"data": []}), "/models"),
    ],
)
async def test_a_good_key_passes_its_providers_own_check(
    llm: LlmClient, provider: StandIn, key: str, answer: Answer, path: str
) -> None:
    provider.will_answer(answer)
    assert (await llm.verify_key(key, KEY, provider.url)).note == ""
    assert provider.asked[0].path == path


@pytest.mark.parametrize(
    ("key", "answer", "kind"),
    [
        ("xai", Answer(200, {"api_key_disabled": True}), "authentication"),
        ("xai", Answer(200, {"team_blocked": True}), "authentication"),
        ("cohere", Answer(200, {"valid": False}), "authentication"),
        ("openai", Answer(401, {"error": {"code": "invalid_api_key"}}), "authentication"),
        ("compatible", Answer(404, {"detail": "Not Found"}), "invalid_request"),
        ("google", Answer(200, b"<html>", {"content-type": "text/html"}), "malformed"),
    ],
)
async def test_a_key_that_does_not_pass_is_an_error(
    llm: LlmClient, provider: StandIn, key: str, answer: Answer, kind: str
) -> None:
    provider.will_answer(answer)
    with pytest.raises(LlmError) as caught:
        await llm.verify_key(key, KEY, provider.url)
    assert caught.value.kind == kind
    assert "Penstock tries again" not in str(caught.value)  # nobody does, but for the person who asked
    assert "then retry" not in str(caught.value)


async def test_a_restricted_openai_key_is_good_with_a_note(llm: LlmClient, provider: StandIn) -> None:
    provider.will_answer(Answer(403, {"error": {"message": "Missing scopes: api.model.read"}}))
    assert "may not list models" in (await llm.verify_key("openai", KEY, None)).note


async def test_the_lists_of_xai_and_cohere_give_sizes_efforts_and_prices(
    llm: LlmClient, provider: StandIn
) -> None:
    provider.will_answer(Answer(200, {"models": [
        {"id": "grok-9", "output_modalities": ["text"], "prompt_text_token_price": 30000, "completion_text_token_price": 150000,
         "context_length": 500000, "capabilities": {"reasoning_effort": ["none", "low", "high"]}},
        {"id": "grok-9-paint", "output_modalities": ["image"]},
    ]}))  # fmt: skip
    (grok,) = await llm.list_models("xai", KEY, None)
    assert (grok.id, grok.context_tokens, grok.efforts) == ("grok-9", 500_000, ("none", "low", "high"))
    assert (grok.input_usd_per_mtok, grok.output_usd_per_mtok, grok.known) == (3.0, 15.0, False)
    provider.will_answer(Answer(200, {"models": [
        {"name": "command-a-03-2025", "context_length": 256000, "endpoints": ["chat"], "features": ["json_schema"]},
        {"name": "command-old", "is_deprecated": True, "endpoints": ["chat"]},
        {"name": "embed-v4", "endpoints": ["embed"]},
    ]}))  # fmt: skip
    (command,) = await llm.list_models("cohere", KEY, None)
    assert (command.id, command.structured, command.input_usd_per_mtok) == ("command-a-03-2025", True, 2.5)


# --- learning from a refusal ------------------------------------------------------------------------------------


async def test_an_unknown_model_that_refuses_a_field_is_asked_again_without_it_and_remembered(
    llm: LlmClient, provider: StandIn, db: Connection
) -> None:
    told: list[LearnedAt] = []

    async def hook(fact: LearnedAt) -> None:
        told.append(fact)
        await learned.save(db, fact)

    llm._hook = hook
    no_temperature = refusal(
        "Unsupported parameter: 'temperature' is not supported with this model.", "temperature"
    )
    no_effort = refusal(
        "Unsupported value: 'minimal'. Supported values are: 'high' and 'max'.", "reasoning.effort"
    )
    provider.will_answer(no_temperature, no_effort, Answer(200, OK))
    request = LlmRequest("gpt-99", "Well?", temperature=0.2, effort="low")
    result = await llm.complete("openai", KEY, None, request)
    sent = [obj(asked.body) for asked in provider.asked]
    assert [(body.get("temperature"), body.get("reasoning")) for body in sent] == [
        (0.2, {"effort": "low"}),
        (None, {"effort": "low"}),
        (None, {"effort": "high"}),
    ]
    assert {dropped.field for dropped in result.dropped} == {"temperature", "effort"}
    assert all(
        "The model refused it" in dropped.reason for dropped in result.dropped if dropped.field == "effort"
    )

    provider.will_answer(Answer(200, OK))
    again = await llm.complete("openai", KEY, None, request)
    assert len(provider.asked) == 1
    assert again.dropped == result.dropped

    fresh = LlmClient(llm._http, llm._settings)
    fresh.remember(await learned.load(db))
    await fresh.complete("openai", KEY, None, request)
    assert "temperature" not in obj(provider.asked[-1].body)
    assert await learned.load(db) == told
    await learned.forget(db, "openai", provider.url, "gpt-99")
    assert await learned.load(db) == []


async def test_a_schema_that_a_server_does_not_know_becomes_words_in_the_prompt(
    llm: LlmClient, provider: StandIn
) -> None:
    no_schema = refusal(
        "This response_format type is unavailable; json_schema is not supported", "response_format"
    )
    provider.will_answer(
        no_schema, Answer(200, {"choices": [{"message": {"content": '{"a": 1}'}, "finish_reason": "stop"}]})
    )
    schema = {
        "type": "object",
        "properties": {"a": {"type": "number"}},
        "required": ["a"],
        "additionalProperties": False,
    }
    result = await llm.complete("compatible", KEY, provider.url, LlmRequest("m", "How many?", schema=schema))
    first, second = (obj(asked.body) for asked in provider.asked)
    assert first["messages"] == [{"role": "user", "content": "How many?"}]
    assert "response_format" not in second
    assert '"required":["a"]' in str(second["messages"])
    assert [dropped.field for dropped in result.dropped] == ["schema"]


async def test_a_server_that_wants_the_newer_name_of_the_token_limit_gets_it(
    llm: LlmClient, provider: StandIn
) -> None:
    other_name = refusal(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "max_tokens",
    )
    provider.will_answer(other_name, Answer(200, CHAT_OK))
    await llm.complete("compatible", KEY, provider.url, LlmRequest("o9", "Well?", max_output_tokens=50))
    assert [obj(asked.body).get("max_completion_tokens") for asked in provider.asked] == [None, 50]


async def test_a_temperature_refused_only_while_thinking_stays_usable_without(
    llm: LlmClient, provider: StandIn
) -> None:
    message = "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode."
    yes = Answer(200, {"content": [{"type": "text", "text": "Yes."}], "stop_reason": "end_turn"})
    no = Answer(400, {"type": "error", "error": {"type": "invalid_request_error", "message": message}})
    provider.will_answer(no, yes)
    await llm.complete(
        "anthropic", KEY, None, LlmRequest("claude-new-9", "Well?", temperature=0.2, effort="low")
    )
    await llm.complete(
        "anthropic", KEY, None, LlmRequest("claude-new-9", "Well?", temperature=0.2, effort="none")
    )
    assert [obj(asked.body).get("temperature") for asked in provider.asked] == [0.2, None, 0.2]


async def test_a_value_out_of_range_or_an_endless_refusal_is_not_learned_from(
    llm: LlmClient, provider: StandIn
) -> None:
    provider.will_answer(
        refusal("Invalid 'temperature': decimal above maximum value. Expected a value <= 2.", "temperature")
    )
    with pytest.raises(LlmError):
        await llm.complete("openai", KEY, None, LlmRequest("gpt-99", "Well?", temperature=5))
    assert len(provider.asked) == 1
    provider.will_answer(refusal("Unsupported parameter: 'temperature' is not supported.", "temperature"))
    with pytest.raises(LlmError):
        await llm.complete("openai", KEY, None, LlmRequest("gpt-99", "Well?", temperature=1))
    assert len(provider.asked) == 2


@pytest.mark.parametrize(
    ("words", "cache", "marked"), [(2000, True, True), (2000, False, False), (20, True, False)]
)
async def test_long_instructions_are_marked_for_anthropics_cache_unless_the_author_says_no(
    words: int, cache: bool, marked: bool, llm: LlmClient, provider: StandIn
) -> None:
    provider.will_answer(
        Answer(200, {"content": [{"type": "text", "text": "Hi"}], "stop_reason": "end_turn", "model": "m"})
    )
    system = "word " * words
    await llm.complete(
        "anthropic", KEY, None, LlmRequest("claude-sonnet-4-6", "Well?", system, cache_instructions=cache)
    )
    body = provider.asked[0].body
    assert isinstance(body, dict)
    assert body["system"] == (
        [{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}] if marked else system
    )
