"""Recorded batches of the four providers that have them, through BatchClient and real HTTP, in both directions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.llm.recorded_traffic import case
from tests.llm.standin_provider import Answer, StandIn

from penstock.kit.http import HttpClient
from penstock.llm.batches import NOT_OFFERED, OFFERED
from penstock.llm.batches.client import BatchAccount, BatchClient, batch_price
from penstock.llm.batches.dialect import Answered, Question, Sought, sized
from penstock.llm.client import LlmClient
from penstock.llm.errors import LlmError
from penstock.llm.json_values import obj
from penstock.llm.providers import PROVIDERS
from penstock.llm.request import HttpCall, LlmRequest
from penstock.llm.result import Usage

KEY = "key-of-a-test-0123456789"
NAME = "penstock-7f3a-12"
MODELS = {
    "openai": "gpt-5-nano",
    "anthropic": "claude-haiku-4-5",
    "google": "gemini-2.5-flash",
    "xai": "grok-4.3",
}
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
PROMPTS = ("What is 2 + 2?", "Name the largest planet in our solar system.")


def recorded(name: str) -> Answer:
    """A recorded reply as the stand-in gives it."""
    response = case(name)["response"]
    body = response["body"]
    return Answer(response["status"], body.encode() if isinstance(body, str) else body)


@pytest.fixture
def batches(http: HttpClient, llm: LlmClient) -> BatchClient:
    return BatchClient(http, llm)


def account(provider: str) -> BatchAccount:
    return BatchAccount(provider, KEY, None)


def questions(batches: BatchClient, provider: str) -> list[Question]:
    return [
        batches.question(account(provider), str(n), LlmRequest(MODELS[provider], prompt, system="Be terse."))[
            0
        ]
        for n, prompt in enumerate(PROMPTS)
    ]


async def submitted(batches: BatchClient, provider: str) -> str:
    asked = questions(batches, provider)
    begun = await batches.begin(account(provider), NAME, asked)
    return await batches.submit(account(provider), NAME, MODELS[provider], begun, asked)


def live_body(batches: BatchClient, provider: str, n: int) -> Any:
    return questions(batches, provider)[n].call.body


async def test_openai_takes_a_file_of_lines_and_a_batch_that_names_it(
    batches: BatchClient, provider: StandIn
) -> None:
    provider.will_answer(recorded("openai-14.0"), recorded("openai-14.1"))
    assert await submitted(batches, "openai") == "batch_6a85c08a63188190982c56b42faa4ff5"
    upload, create = provider.asked
    assert (upload.path, create.path) == ("/files", "/batches")
    form = upload.raw.decode()
    assert 'name="purpose"\r\n\r\nbatch\r\n' in form
    lines = [json.loads(line) for line in form.splitlines() if line.startswith('{"custom_id"')]
    assert [(line["custom_id"], line["method"], line["url"]) for line in lines] == [
        ("0", "POST", "/v1/responses"),
        ("1", "POST", "/v1/responses"),
    ]
    assert lines[1]["body"] == live_body(batches, "openai", 1)
    wanted = case("openai-14.1")["request"]["body"]
    assert create.body == {**wanted, "metadata": {"penstock": NAME}}


async def test_anthropic_takes_all_questions_in_one_post(batches: BatchClient, provider: StandIn) -> None:
    provider.will_answer(recorded("anthropic-13.0"))
    assert await submitted(batches, "anthropic") == "msgbatch_01GUqGVJfUzZfBnjRymfPdV3"
    [create] = provider.asked
    assert (create.path, create.headers["x-api-key"]) == ("/v1/messages/batches", KEY)
    assert create.body == {
        "requests": [{"custom_id": str(n), "params": live_body(batches, "anthropic", n)} for n in range(2)]
    }


async def test_google_takes_them_inline_with_our_id_beside_each(
    batches: BatchClient, provider: StandIn
) -> None:
    provider.will_answer(recorded("google-10.0"))
    assert await submitted(batches, "google") == "31u18uq6dr4ods3957z38i1mbfa581k01xcq"
    [create] = provider.asked
    assert create.path == "/models/gemini-2.5-flash:batchGenerateContent"
    batch = obj(obj(create.body)["batch"])
    assert batch["displayName"] == NAME
    theirs = case("google-10.0")["request"]["body"]["batch"]["inputConfig"]["requests"]["requests"][0]
    ours = batch["inputConfig"]["requests"]["requests"][0]  # type: ignore[index, call-overload]
    assert ours == {"request": live_body(batches, "google", 0), "metadata": theirs["metadata"]}


async def test_xai_takes_an_empty_batch_and_then_its_questions(
    batches: BatchClient, provider: StandIn
) -> None:
    provider.will_answer(recorded("xai-06.0"), recorded("xai-06.1"))
    batch_id = case("xai-06.0")["response"]["body"]["batch_id"]
    assert await submitted(batches, "xai") == batch_id
    create, add = provider.asked
    assert (create.path, create.body) == ("/batches", {"name": NAME})
    assert add.path == f"/batches/{batch_id}/requests"
    assert add.body == {
        "batch_requests": [
            {"batch_request_id": str(n), "batch_request": {"responses": live_body(batches, "xai", n)}}
            for n in range(2)
        ]
    }


LOOKS = {
    "openai": (("openai-14.2",), "openai-14.12", ("openai-14.13",)),
    "anthropic": (("anthropic-13.1",), "anthropic-13.10", ("anthropic-13.11",)),
    "google": (("google-10.0", "google-10.1"), "google-10.27", ("google-10.27",)),
    "xai": (("xai-06.0", "xai-06.2"), "xai-06.4", ("xai-06.5",)),
}


@pytest.mark.parametrize("key", LOOKS)
async def test_a_recorded_batch_is_waited_for_and_its_answers_are_read_like_live_ones(
    batches: BatchClient, provider: StandIn, key: str
) -> None:
    waiting, done, results = LOOKS[key]
    for name in waiting:
        provider.will_answer(recorded(name))
        assert not (await batches.look(account(key), "b1")).over
    provider.will_answer(recorded(done))
    standing = await batches.look(account(key), "b1")
    assert (standing.over, standing.done, standing.refused) == (True, 2, "")
    provider.will_answer(*map(recorded, results))
    found = [one async for one in batches.answers(account(key), standing)]
    assert [(one.custom_id, one.result and one.result.text) for one in found] == [
        ("0", "4"),
        ("1", "Jupiter"),
    ]
    for one in found:
        assert one.result is not None
        assert one.result.usage.input > 0
        usual = PROVIDERS[
            key
        ]  # the price is the provider's part of the usual one, unless the answer states it
        cost = batch_price(usual.key, MODELS[key], one.result.usage, 1)
        assert cost is not None
        if key == "xai":
            assert cost == one.result.usage.reported_usd
    if key != "xai":
        usage = Usage(input=1_000_000, output=100_000)
        from penstock.llm.catalog import price

        assert batch_price(key, MODELS[key], usage, 1) == (price(key, MODELS[key], usage, 1) or 0) * Decimal(
            "0.5"
        )


# --- what no recording has; hand-made from the providers' references --------------------------------------------


def lines(*documents: object) -> Answer:
    return Answer(200, b"".join(json.dumps(one).encode() + b"\n" for one in documents))


OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
PARTLY: dict[str, tuple[Answer, Answer]] = {
    "openai": (
        Answer(200, {"id": "b1", "status": "expired", "error_file_id": "f2", "request_counts": {"total": 3, "completed": 0, "failed": 3}}),
        lines(
            {"custom_id": "0", "response": None, "error": {"code": "batch_expired", "message": "Too late."}},
            {"custom_id": "1", "response": {"status_code": 400, "body": {"error": {"message": "The prompt was flagged.", "code": "invalid_prompt"}}}, "error": None},
            {"custom_id": "2", "response": {"status_code": 503, "body": {"error": {"message": "Busy.", "type": "server_error"}}}, "error": None},
        ),
    ),
    "anthropic": (
        Answer(200, {"id": "b1", "processing_status": "ended", "request_counts": {"processing": 0, "errored": 2, "expired": 1}}),
        lines(
            {"custom_id": "0", "result": {"type": "expired"}},
            {"custom_id": "1", "result": {"type": "errored", "error": {"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 300000 tokens > 200000 maximum"}}}},
            {"custom_id": "2", "result": {"type": "errored", "error": OVERLOADED}},
        ),
    ),
    "google": (
        Answer(200, {"name": "batches/b1", "metadata": {"state": "BATCH_STATE_SUCCEEDED", "batchStats": {"requestCount": "3"}}}),
        Answer(200, {"name": "batches/b1", "metadata": {"state": "BATCH_STATE_SUCCEEDED"}, "response": {"inlinedResponses": {"inlinedResponses": [
            {"metadata": {"custom_id": "1"}, "error": {"code": 3, "message": "Request contains an invalid argument."}},
            {"metadata": {"custom_id": "2"}, "error": {"code": 14, "message": "The model is overloaded."}},
        ]}}}),
    ),
    "xai": (
        Answer(200, {"batch_id": "b1", "state": {"num_requests": 3, "num_pending": 0, "num_error": 2, "num_cancelled": 1}}),
        Answer(200, {"results": [
            {"batch_request_id": "0", "batch_result": {}},
            {"batch_request_id": "1", "batch_result": {"error": {"code": "invalid-argument", "error": "Bad.", "status": 400}}},
            {"batch_request_id": "2", "batch_result": {"error": {"code": "unavailable", "error": "Busy.", "status": 503}}},
        ], "pagination_token": None}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", PARTLY)
async def test_errors_inside_a_batch_are_those_of_live_calls_and_what_expired_is_neither(
    batches: BatchClient, provider: StandIn, key: str
) -> None:
    look, results = PARTLY[key]
    provider.will_answer(look)
    standing = await batches.look(account(key), "b1")
    assert standing.over
    provider.will_answer(results)
    found = {one.custom_id: one async for one in batches.answers(account(key), standing)}
    assert found.get("0", Answered("0")) == Answered("0")
    final, passing = found["1"].error, found["2"].error
    assert final is not None
    assert passing is not None
    assert (final.retriable, passing.retriable, passing.kind) == (False, True, "overloaded")


@pytest.mark.parametrize(
    ("key", "listed"),
    [
        ("openai", {"data": [{"id": "other", "metadata": {"penstock": "another"}}, {"id": "b1", "metadata": {"penstock": NAME}}]}),
        ("anthropic", {"data": [
            {"id": "known", "created_at": "2026-11-02T00:00:00Z", "request_counts": {"processing": 2}},
            {"id": "older", "created_at": "2026-10-31T00:00:00Z", "request_counts": {"processing": 2}},
            {"id": "larger", "created_at": "2026-11-02T00:00:00Z", "request_counts": {"processing": 3}},
            {"id": "b1", "created_at": "2026-11-02T00:00:00Z", "request_counts": {"processing": 1, "succeeded": 1}}]}),
        ("google", {"operations": [{"name": "batches/x", "metadata": {"displayName": "x"}}, {"name": "batches/b1", "metadata": {"displayName": NAME}}]}),
        ("xai", {"batch_id": "b1", "state": {"num_requests": 2}}),
    ],
)  # fmt: skip
async def test_a_submission_whose_reply_was_lost_is_found_again_or_known_to_be_lost(
    batches: BatchClient, provider: StandIn, key: str, listed: object
) -> None:
    sought = Sought(NAME, "b1" if key == "xai" else "", 2, SINCE, frozenset({"known"}))
    provider.will_answer(Answer(200, listed))
    assert await batches.seek(account(key), sought) == "b1"
    nothing = {"batch_id": "b1", "state": {"num_requests": 0}} if key == "xai" else {"data": []}
    provider.will_answer(Answer(200, nothing))
    assert await batches.seek(account(key), sought) is None


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("openai", {"id": "b1", "status": "failed", "errors": {"data": [{"message": "The file is not valid."}]}}),
        ("google", {"name": "batches/b1", "metadata": {"state": "BATCH_STATE_FAILED"}, "error": {"code": 3, "message": "The file is not valid."}}),
    ],
)  # fmt: skip
async def test_a_batch_that_the_provider_takes_back_says_why(
    batches: BatchClient, provider: StandIn, key: str, body: object
) -> None:
    provider.will_answer(Answer(200, body))
    standing = await batches.look(account(key), "b1")
    assert (standing.over, standing.refused) == (True, "The file is not valid.")


@pytest.mark.parametrize("key", OFFERED)
async def test_a_bad_key_is_the_same_error_as_live(batches: BatchClient, provider: StandIn, key: str) -> None:
    provider.will_answer(Answer(401, {"error": {"message": "Incorrect API key provided.", "code": 401}}))
    for call in (
        submitted(batches, key),
        batches.look(account(key), "b1"),
        batches.cancel(account(key), "b1"),
    ):
        with pytest.raises(LlmError) as caught:
            await call
        assert caught.value.kind == "authentication"


def test_every_provider_has_batches_or_a_reason_why_not() -> None:
    assert OFFERED.keys() | NOT_OFFERED.keys() == PROVIDERS.keys()
    assert not OFFERED.keys() & NOT_OFFERED.keys()


def test_questions_are_split_by_number_and_by_size() -> None:
    asked = [Question(str(n), HttpCall("POST", "/x", {}, {"p": "y" * 1000})) for n in range(10)]
    assert sized(asked, 4, 1_000_000) == 4
    assert sized(asked, 100, 3_000) == 2
    assert sized(asked, 100, 10) == 1
    assert sized(asked, 100, 1_000_000) == 10
