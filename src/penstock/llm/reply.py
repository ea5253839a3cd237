"""Reading a provider's JSON: forgiving accessors, because a missing field of a reply must not crash a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from penstock.kit.json import Json, JsonObject, loads
from penstock.llm.complaint import raise_complaint
from penstock.llm.errors import LlmError
from penstock.llm.json_values import items, obj, text
from penstock.llm.result import LlmResult, StopClass, Usage

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who answers: the provider's key and the title that messages to people use."""

    key: str
    title: str


def read_json(speaker: Speaker, status: int, headers: Headers, body: bytes) -> JsonObject:
    """The JSON object of a successful reply.

    Raises LlmError: the provider's complaint when the status is not 2xx or when the body of a 200 is one (some
    gateways do that), malformed when the body is not a JSON object (half a body, an HTML page).
    """
    value = _decoded(body)
    if not 200 <= status < 300:
        raise_complaint(speaker.key, speaker.title, status, headers, value)
    if not isinstance(value, dict):
        raise malformed(speaker, f"{_shape(headers, body, value)} instead of a JSON object", status)
    if value.get("error") or value.get("type") == "error":
        raise_complaint(speaker.key, speaker.title, status, headers, value)
    return value


def finish(
    speaker: Speaker,
    headers: Headers,
    text_parts: str,
    stop: StopClass,
    usage: Usage,
    model: str,
    *,
    raw_stop: str,
    request_id: str,
    stop_detail: str = "",
) -> LlmResult:
    """The result, unless it claims to be complete without a word in it, which is never a success (malformed)."""
    if stop == "complete" and not text_parts.strip():
        raise malformed(speaker, "an empty text", 200)
    return LlmResult(
        text_parts,
        stop,
        usage,
        model,
        headers.get("x-request-id")
        or headers.get("request-id")
        or headers.get("x-debug-trace-id")
        or request_id,
        raw_stop=raw_stop,
        stop_detail=stop_detail,
    )


def malformed(speaker: Speaker, what: str, status: int) -> LlmError:
    """The error for a reply that is no answer; `what` completes «… answered with»."""
    return LlmError(
        "malformed", f"{speaker.title} answered with {what}.", provider=speaker.key, provider_status=status
    )


def joined_text(parts: Json, kind: str = "text") -> str:
    """The texts of a list of content parts `[{type, text}]`, or the text itself where a provider sends one."""
    if isinstance(parts, str):
        return parts
    return "".join(
        text(obj(part).get("text")) for part in items(parts) if obj(part).get("type", kind) == kind
    )


def _decoded(body: bytes) -> Json:
    try:
        return loads(body)
    except ValueError:
        return None


def _shape(headers: Headers, body: bytes, value: Json) -> str:
    if value is not None:
        return f"a JSON {type(value).__name__}"
    kind = headers.get("content-type", "").split(";")[0].strip().lower() or "content of no stated type"
    if not body:
        return "an empty body"
    if "json" in kind:
        return f"{len(body):,} bytes of incomplete or invalid JSON"
    return f"{len(body):,} bytes of {kind}"
