"""From a provider's error reply to an error kind: one reader for all five error shapes and the gateways' ones.

Shapes (each from the provider's API reference): OpenAI `{error: {message, type, param, code}}`; Anthropic
`{type: "error", error: {type, message, details}, request_id}`; Google `{error: {code, message, status,
details[]}}`, sometimes in a list of one; xAI `{code, error: "text"}`; Cohere `{id, message, error_type}`;
FastAPI servers `{detail}`; vLLM `{object: "error", message}`. The order of the rules matters, because status
codes lie: an invalid key is 400 at Google and xAI, an empty account 429 at OpenAI and 400 at Anthropic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from penstock.kit.json import Json, JsonObject
from penstock.llm.errors import ErrorKind, LlmError
from penstock.llm.json_values import count, items, obj, text
from penstock.llm.waits import Headers, retry_after

LONGEST_QUOTE = 300  # characters of a provider's message that we pass on


@dataclass(frozen=True, slots=True)
class Complaint:
    """What an error reply says: its machine `words` in lower case, its message, the field it names."""

    status: int
    words: frozenset[str]
    message: str
    param: str
    details: tuple[JsonObject, ...] = ()


BAD_KEY_WORDS = {
    "invalid_api_key",
    "authentication_error",
    "api_key_invalid",
    "unauthenticated",
    "unauthorized",
}
BAD_KEY = re.compile(
    r"(incorrect|invalid|not valid|expired|unknown|missing|malformed|leaked|revoked|wrong|no)\W+(\w+\W+){0,2}?api[ _-]?(key|token)"
    r"|api[ _-]?(key|token)\W+(\w+\W+){0,5}?(invalid|not valid|expired|incorrect|leaked|revoked|disabled|blocked|missing)"
    r"|invalid (x-api-key|authentication|token|credentials)|no auth credentials|login fail",
    re.IGNORECASE,
)
NO_MONEY_WORDS = {
    "insufficient_quota",
    "billing_error",
    "billing_hard_limit_reached",
    "billing_not_active",
    "enforced_spend_limit_reached",
    "insufficient_credits",
    "insufficient_balance",
    "payment_required",
    "quota_exceeded",
}
NO_MONEY = re.compile(
    r"credit balance is too low|insufficient (credit|balance|fund|quota)|(doesn't|does not) have any credits"
    r"|(used all|out of|no|not enough|purchase|buy)\W+(\w+\W+){0,3}credits|spend(ing)? (limit|cap)|usage limits?\. you will regain"
    r"|billing hard limit|calls? ?/ ?month|per month|billing .{0,40}(inactive|not active|disabled)",
    re.IGNORECASE,
)
NO_MODEL_WORDS = {
    "model_not_found",
    "unsupported_model",
    "invalid_model",
    "model_not_available",
    "model_deprecated",
}
NO_MODEL = re.compile(
    r"model\W.{0,80}?(not exist|not found|not available|unknown|was removed|retired|deprecated and|decommissioned|shut ?down)"
    r"|(unknown|invalid|no such|not a valid|unsupported|unrecognized) model|models?/\S+ is not (found|supported)",
    re.IGNORECASE,
)
TOO_LONG_WORDS = {
    "context_length_exceeded",
    "too_many_tokens",
    "request_too_large",
    "exceed_context_size_error",
    "string_above_max_length",
}
TOO_LONG = re.compile(
    r"prompt is too long|context (length|window|size|limit)|maximum (context|prompt) length|too many (input )?tokens"
    r"|input token count|(input|prompt|request)\b.{0,60}\bexceeds?\b.{0,60}\b(token|length|context)"
    r"|(total )?number of tokens .{0,60}(exceed|greater)|exceeds the (maximum|model's|available) .{0,30}(context|tokens)",
    re.IGNORECASE,
)
REFUSED_WORDS = {
    "content_policy_violation",
    "invalid_prompt",
    "content_filter",
    "responsibleaipolicyviolation",
    "moderation_blocked",
    "safety",
}
REFUSED = re.compile(
    r"usage (policy|policies|guidelines)|flagged|content (policy|filter|management)|violat\w+ .{0,40}(polic|guideline|terms|safety)",
    re.IGNORECASE,
)
NO_ACCESS_WORDS = {
    "permission_denied",
    "permission_error",
    "forbidden",
    "access_denied",
    "insufficient_permissions",
}
NO_ACCESS = re.compile(
    r"insufficient permissions|missing scopes|user location is not supported|not supported in your (region|country)",
    re.IGNORECASE,
)
BUSY_WORDS = {
    "overloaded_error",
    "server_error",
    "internal_error",
    "api_error",
    "unavailable",
    "internal",
    "server_overloaded",
    "slow_down",
}
RATE_WORDS = {
    "rate_limit_exceeded",
    "rate_limit_error",
    "resource_exhausted",
    "too_many_requests",
    "rate_limited",
}


def read_complaint(status: int, body: Json) -> Complaint:
    """The machine words, message and field of an error body of any of the known shapes; of others nothing."""
    if isinstance(body, list) and body:
        body = body[0]
    outer = obj(body)
    error = outer.get("error")
    inner = obj(error) if isinstance(error, dict) else outer
    details = tuple(obj(part) for part in items(inner.get("details")))
    message = (
        text(error) or text(inner.get("message")) or text(outer.get("message")) or text(inner.get("msg"))
    )
    if not message:
        message = _detail_message(outer.get("detail")) or _detail_message(outer.get("errors"))
    words = {
        text(part.get(name)).strip().lower()
        for part in (outer, inner, obj(inner.get("details")), obj(inner.get("innererror")), *details)
        for name in ("type", "code", "status", "reason", "error_type", "error_code")
    }
    # A gateway may answer 200 and put the real status into the body.
    code = count(inner.get("code")) or count(outer.get("status_code"))
    real_status = code if 200 <= status < 300 and 400 <= code < 600 else status
    return Complaint(
        real_status, frozenset(words - {"", "error"}), message.strip(), text(inner.get("param")), details
    )


def raise_complaint(provider: str, title: str, status: int, headers: Headers, body: Json) -> NoReturn:
    """Raises the LlmError that an error reply means. `title` names the provider in the message."""
    complaint = read_complaint(status, body)
    kind = classify(complaint, body is not None)
    quoted = complaint.message
    if len(quoted) > LONGEST_QUOTE:
        quoted = quoted[:LONGEST_QUOTE] + "…"
    at = f" (HTTP {complaint.status})" if complaint.status >= 300 else ""
    message = f"{title} {SAYING[kind]}{at}" + (f": {quoted}" if quoted else "")
    if message[-1] not in ".!?":
        message += "."  # not every provider ends its sentence, and the remedy follows
    remedy: str | None = None
    if body is None and complaint.status in {301, 302, 303, 307, 308, 404, 405}:
        remedy = "The address is not one of this provider's API; check the connection's base URL."
    raise LlmError(
        kind,
        message,
        provider=provider,
        provider_status=complaint.status,
        field=FIELD_OF_KIND.get(kind) or _field(complaint),
        retry_after=retry_after(headers, complaint.message, complaint.details),
        remedy=remedy,
        detail=complaint.message,
    )


SAYING: dict[ErrorKind, str] = {
    "authentication": "did not accept the API key",
    "permission": "does not let this key do that",
    "model_not_found": "does not know this model",
    "invalid_request": "did not accept the request",
    "context_too_long": "found the prompt too long for this model",
    "rate_limited": "asked us to slow down",
    "out_of_money": "says that the account is out of credit or over its spending limit",
    "overloaded": "is overloaded or has an internal error",
    "timeout": "took too long to answer",
    "refused": "refused the prompt",
    "truncated": "cut the answer short",
    "malformed": "gave an answer that is none",
    "connect": "could not be reached",
}


def classify(complaint: Complaint, is_json: bool = True) -> ErrorKind:
    """The kind of error that a complaint means. First the reasons that several statuses share, then the status."""
    return _by_reason(complaint) or _by_status(complaint.status, complaint.words, is_json)


def _by_reason(complaint: Complaint) -> ErrorKind | None:
    status, words, message = complaint.status, complaint.words, complaint.message
    rules: tuple[tuple[ErrorKind, bool], ...] = (
        ("permission", status in {400, 401, 403} and bool(NO_ACCESS.search(message))),
        ("out_of_money", status == 402 or bool(words & NO_MONEY_WORDS) or _no_quota_at_all(complaint)),
        ("out_of_money", status in {400, 403, 429} and bool(NO_MONEY.search(message))),
        ("authentication", status in {401, 498} or bool(words & BAD_KEY_WORDS)),
        ("authentication", status in {400, 403} and bool(BAD_KEY.search(message))),
        ("context_too_long", status == 413 or bool(words & TOO_LONG_WORDS)),
        # OpenAI: one request above the account's tokens per minute. No wait makes it fit.
        ("context_too_long", status == 429 and message.lower().startswith("request too large")),
        (
            "refused",
            status in {200, 400, 403, 422} and bool(words & REFUSED_WORDS or REFUSED.search(message)),
        ),
        ("model_not_found", bool(words & NO_MODEL_WORDS)),
        ("model_not_found", status in {400, 404, 410, 422} and bool(NO_MODEL.search(message))),
        ("context_too_long", status in {400, 422, 500} and bool(TOO_LONG.search(message))),
    )
    return next((kind for kind, holds in rules if holds), None)


def _by_status(status: int, words: frozenset[str], is_json: bool) -> ErrorKind:
    if status == 429 or words & RATE_WORDS:
        return "rate_limited"
    if status == 408:
        return "timeout"
    if status == 403 or words & NO_ACCESS_WORDS:
        return "permission"
    if status in {404, 410} and is_json:
        return "model_not_found"
    if (
        status in {409, 425, 499}
        or (status >= 500 and status != 501)
        or (status < 300 and words & BUSY_WORDS)
    ):
        return "overloaded"
    return "invalid_request" if status >= 300 else "malformed"


def _no_quota_at_all(complaint: Complaint) -> bool:
    """Google: RESOURCE_EXHAUSTED is a rate limit when it says when to retry, and an empty account when it does not
    or when the quota is zero. https://ai.google.dev/gemini-api/docs/rate-limits"""
    kinds = {text(part.get("@type")).rpartition(".")[2] for part in complaint.details}
    if complaint.status != 429 or "QuotaFailure" not in kinds:
        return False
    violations = [obj(v) for part in complaint.details for v in items(part.get("violations"))]
    return "RetryInfo" not in kinds or any(v.get("quotaValue") == "0" for v in violations)


FIELD_OF_KIND: dict[ErrorKind, str] = {"model_not_found": "model", "context_too_long": "prompt"}

# Provider's spelling -> our field of LlmRequest. The first that occurs in the parameter's name wins.
FIELDS: tuple[tuple[str, str], ...] = (
    ("temperature", "temperature"),
    ("max_output_tokens", "max_output_tokens"),
    ("max_completion_tokens", "max_output_tokens"),
    ("max_tokens", "max_output_tokens"),
    ("maxoutputtokens", "max_output_tokens"),
    ("max_new_tokens", "max_output_tokens"),
    ("reasoning", "effort"),
    ("effort", "effort"),
    ("thinking", "effort"),
    ("response_format", "schema"),
    ("output_config.format", "schema"),
    ("output_format", "schema"),
    ("text.format", "schema"),
    ("json_schema", "schema"),
    ("json mode", "schema"),
    ("responsejsonschema", "schema"),
    ("responseschema", "schema"),
    ("response_schema", "schema"),
    ("response_json_schema", "schema"),
    ("responsemimetype", "schema"),
    ("response_mime_type", "schema"),
    ("structured output", "schema"),
    ("developer instruction", "system"),
    ("system_instruction", "system"),
    ("systeminstruction", "system"),
    ("instructions", "system"),
    ("messages", "prompt"),
    ("contents", "prompt"),
    ("input", "prompt"),
    ("prompt", "prompt"),
    ("model", "model"),
)
# Words that mean something else in running text, so they count only as a parameter's name.
ONLY_AS_PARAM = {"messages", "contents", "input", "prompt", "model", "instructions", "reasoning", "thinking"}
QUOTED = re.compile(r"[`'\"]([A-Za-z_][\w.\[\]]*)[`'\"]|^([A-Za-z_][\w.\[\]]*):")


def _field(complaint: Complaint) -> str | None:
    violations = [obj(v) for part in complaint.details for v in items(part.get("fieldViolations"))]
    named = [complaint.param, *(text(violation.get("field")) for violation in violations)]
    named += [a or b for a, b in QUOTED.findall(complaint.message)]
    for name in filter(None, named):
        for spelling, ours in FIELDS:
            if spelling in name.lower():
                return ours
    lowered = complaint.message.lower()
    for spelling, ours in FIELDS:
        if spelling not in ONLY_AS_PARAM and spelling in lowered:
            return ours
    if "thinking" in lowered and "support" in lowered:
        return "effort"
    return complaint.param or None


def _detail_message(value: Json) -> str:
    """FastAPI's `detail`: a text, or a list of `{loc, msg, input}` of which `input` may hold the prompt, so it is left out."""
    if isinstance(value, list):
        parts = (obj(part) for part in value)
        return "; ".join(
            ".".join(str(step) for step in items(part.get("loc")) if step != "body")
            + ": "
            + (text(part.get("msg")) or text(part.get("message")))
            for part in parts
        )
    return text(value) or text(obj(value).get("message"))
