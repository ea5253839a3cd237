"""Errors that no recording has: hand-made from the shapes that the providers document, sent over real HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from tests.llm.standin_provider import Answer, StandIn

from penstock.llm.client import LlmClient
from penstock.llm.complaint import classify, read_complaint
from penstock.llm.errors import LlmError
from penstock.llm.request import LlmRequest

KEY = "sk-canary-5f0c2f6f1f0d4f7e"
PROMPT = "Is the customer at 12 Rowan Street happy with us?"


@dataclass(frozen=True)
class Shape:
    """A documented error reply and what it means. Hand-made."""

    name: str
    provider: str
    status: int
    body: object
    kind: str
    retriable: bool
    headers: dict[str, str] = field(default_factory=dict)
    wait: float | None = None
    field: str | None = None


def openai(
    message: str, code: str | None, kind: str = "invalid_request_error", param: str | None = None
) -> object:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def anthropic(message: str, kind: str, **details: object) -> object:
    return {"type": "error", "error": {"type": kind, "message": message, **details}, "request_id": "req_1"}


def google(message: str, code: int, status: str, *details: object) -> object:
    return {"error": {"code": code, "message": message, "status": status, "details": list(details)}}


QUOTA = {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaValue": "50"}]}
NO_QUOTA = {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaValue": "0"}]}
RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7.5s"}
VIOLATION = {
    "@type": "type.googleapis.com/google.rpc.BadRequest",
    "fieldViolations": [{"field": "generation_config.temperature"}],
}
DATES = {"retry-after": "Wed, 18 Nov 2026 10:00:30 GMT", "date": "Wed, 18 Nov 2026 10:00:00 GMT"}

SHAPES = (
    # OpenAI: https://platform.openai.com/docs/guides/error-codes
    Shape("slow down", "openai", 429, openai("Rate limit reached for gpt-5.4. Please try again in 1m2.5s.", "rate_limit_exceeded", "requests"), "rate_limited", True, wait=62.5),
    Shape("retry-after-ms", "openai", 429, openai("Rate limit reached.", "rate_limit_exceeded", "tokens"), "rate_limited", True, {"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
    Shape("insufficient quota", "openai", 429, openai("You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", "insufficient_quota"), "out_of_money", False),
    Shape("more than a minute's tokens", "openai", 429, openai("Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 51234.", "rate_limit_exceeded", "tokens"), "context_too_long", False, field="prompt"),
    Shape("server error", "openai", 500, openai("The server had an error while processing your request.", None, "server_error"), "overloaded", True),
    Shape("engine overloaded", "openai", 503, openai("That model is currently overloaded.", None, "server_error"), "overloaded", True),
    Shape("country", "openai", 403, openai("Country, region, or territory not supported", "unsupported_country_region_territory", "request_forbidden"), "permission", False),
    Shape("scopes", "openai", 401, openai("You have insufficient permissions for this operation. Missing scopes: model.request", None), "permission", False),
    Shape("unknown model on Responses", "openai", 400, openai("The requested model 'gpt-9' does not exist.", "model_not_found", param="model"), "model_not_found", False, field="model"),
    Shape("flagged", "openai", 400, openai("Invalid prompt: your prompt was flagged as potentially violating our usage policy.", "invalid_prompt"), "refused", False),
    Shape("bad schema", "openai", 400, openai("Invalid schema for response_format 'answer'", "invalid_json_schema", param="text.format.schema"), "invalid_request", False, field="schema"),
    # Anthropic: https://platform.claude.com/docs/en/api/errors
    Shape("rate limit", "anthropic", 429, anthropic("This request would exceed your organization's rate limit of 50 requests per minute.", "rate_limit_error"), "rate_limited", True, {"retry-after": "13"}, 13.0),
    Shape("spend limit", "anthropic", 429, anthropic("Spend limit reached.", "rate_limit_error", details={"error_code": "enforced_spend_limit_reached"}), "out_of_money", False),
    Shape("billing", "anthropic", 402, anthropic("Payment required.", "billing_error"), "out_of_money", False),
    Shape("credit balance", "anthropic", 400, anthropic("Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.", "invalid_request_error"), "out_of_money", False),
    Shape("permission", "anthropic", 403, anthropic("Your API key does not have permission to use the specified resource.", "permission_error"), "permission", False),
    Shape("too many bytes", "anthropic", 413, anthropic("Request exceeds the maximum size", "request_too_large"), "context_too_long", False, field="prompt"),
    Shape("overloaded", "anthropic", 529, anthropic("Overloaded", "overloaded_error"), "overloaded", True),
    Shape("timeout", "anthropic", 504, anthropic("The request timed out.", "timeout_error"), "overloaded", True),
    Shape("overloaded inside a 200", "anthropic", 200, anthropic("Overloaded", "overloaded_error"), "overloaded", True),
    Shape("unknown model", "anthropic", 404, anthropic("model: claude-nope", "not_found_error"), "model_not_found", False, field="model"),
    # Google: https://ai.google.dev/gemini-api/docs/troubleshooting
    Shape("a quota without a wait", "google", 429, google("You exceeded your current quota.", 429, "RESOURCE_EXHAUSTED", QUOTA), "out_of_money", False),
    Shape("a quota of nothing", "google", 429, google("You exceeded your current quota.", 429, "RESOURCE_EXHAUSTED", NO_QUOTA, RETRY), "out_of_money", False, wait=7.5),
    Shape("a quota with a wait", "google", 429, [google("You exceeded your current quota.", 429, "RESOURCE_EXHAUSTED", QUOTA, RETRY)], "rate_limited", True, wait=7.5),
    Shape("unavailable", "google", 503, google("The model is overloaded. Please try again later.", 503, "UNAVAILABLE"), "overloaded", True),
    Shape("location", "google", 400, google("User location is not supported for the API use.", 400, "FAILED_PRECONDITION"), "permission", False),
    Shape("leaked key", "google", 403, google("Your API key was reported as leaked. Please use another API key.", 403, "PERMISSION_DENIED"), "authentication", False),
    Shape("unknown model", "google", 404, google("models/gemini-9 is not found for API version v1beta.", 404, "NOT_FOUND"), "model_not_found", False, field="model"),
    Shape("too long", "google", 400, google("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", 400, "INVALID_ARGUMENT"), "context_too_long", False, field="prompt"),
    Shape("a field", "google", 400, google("Invalid value", 400, "INVALID_ARGUMENT", VIOLATION), "invalid_request", False, field="temperature"),
    # xAI: https://docs.x.ai/docs/key-information/debugging
    Shape("no credits", "xai", 403, {"code": "The caller does not have permission", "error": "Your newly created team doesn't have any credits yet. You can purchase credits on https://console.x.ai."}, "out_of_money", False),
    Shape("blocked content", "xai", 403, {"code": "The caller does not have permission to execute the specified operation", "error": "Content violates usage guidelines."}, "refused", False),
    Shape("rate limit", "xai", 429, {"code": "Some resource has been exhausted", "error": "Too many requests"}, "rate_limited", True, DATES, 30.0),
    Shape("too long", "xai", 400, {"code": "Client specified an invalid argument", "error": "This model's maximum prompt length is 131072 but the request contains 200000 tokens."}, "context_too_long", False, field="prompt"),
    # Cohere: https://docs.cohere.com/reference/errors
    Shape("trial minute", "cohere", 429, {"message": "You are using a Trial key, which is limited to 20 API calls / minute."}, "rate_limited", True),
    Shape("trial month", "cohere", 429, {"message": "You are using a Trial key, which is limited to 1000 API calls / month."}, "out_of_money", False),
    Shape("too many tokens", "cohere", 400, {"id": "x", "message": "too many tokens: size limit exceeded by 20000 tokens.", "error_type": "TOO_MANY_TOKENS"}, "context_too_long", False, field="prompt"),
    Shape("invalid token", "cohere", 498, {"message": "invalid api token"}, "authentication", False),
    Shape("unknown model", "cohere", 404, {"id": "x", "message": "model 'nope' not found, make sure the correct model ID was used"}, "model_not_found", False, field="model"),
    # Gateways and self-hosted servers behind the Chat Completions dialect
    Shape("llama.cpp too long", "compatible", 400, {"error": {"code": 400, "message": "request (9031 tokens) exceeds the available context size (2048 tokens), try increasing it", "type": "exceed_context_size_error"}}, "context_too_long", False, field="prompt"),
    Shape("vLLM model", "compatible", 404, {"object": "error", "message": "The model `x` does not exist.", "type": "NotFoundError", "code": 404}, "model_not_found", False, field="model"),
    Shape("FastAPI", "compatible", 422, {"detail": [{"loc": ["body", "temperature"], "msg": "Input should be a valid number", "input": PROMPT}]}, "invalid_request", False, field="temperature"),
    Shape("a 200 that is a 429", "compatible", 200, {"error": {"message": "Provider returned error", "code": 429}}, "rate_limited", True),
    Shape("a web page", "compatible", 404, b"<html>Not found</html>", "invalid_request", False),
    Shape("a redirect", "compatible", 302, b"", "invalid_request", False),
    Shape("a proxy's page", "compatible", 502, b"<html>Bad gateway</html>", "overloaded", True),
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: f"{s.provider}: {s.name}")
async def test_a_documented_error_has_its_kind_wait_and_field(
    llm: LlmClient, provider: StandIn, shape: Shape
) -> None:
    provider.will_answer(
        Answer(shape.status, shape.body, {"content-type": "application/json", **shape.headers})
    )
    with pytest.raises(LlmError) as caught:
        await llm.complete(shape.provider, KEY, provider.url, LlmRequest("some-model", PROMPT))
    error = caught.value
    assert (error.kind, error.retriable, error.retry_after) == (shape.kind, shape.retriable, shape.wait)
    assert error.field == shape.field
    assert error.remedy


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
async def test_no_error_ever_repeats_the_key_or_the_prompt(
    llm: LlmClient, provider: StandIn, status: int
) -> None:
    quoting = f"Bad key {KEY} or bad input «{PROMPT}»"
    for body in (
        openai(quoting, None),
        {"code": "x", "error": quoting},
        {"detail": [{"loc": ["body"], "msg": quoting}]},
    ):
        provider.will_answer(Answer(status, body))
        with pytest.raises(LlmError) as caught:
            await llm.complete("openai", KEY, None, LlmRequest("gpt-4.1", PROMPT))
        shown = f"{caught.value!r} {caught.value} {caught.value.message} {caught.value.detail} {caught.value.context}"
        assert KEY not in shown
        assert PROMPT not in shown


@pytest.mark.parametrize(
    "body", [None, [], [[]], "text", 7, {"error": []}, {"error": {"details": "x"}}, {"detail": [3]}]
)
@pytest.mark.parametrize("status", [200, 302, 400, 418, 500])
def test_an_error_body_of_any_shape_has_a_kind(status: int, body: object) -> None:
    assert classify(read_complaint(status, body)) in {"malformed", "invalid_request", "overloaded"}  # type: ignore[arg-type]
