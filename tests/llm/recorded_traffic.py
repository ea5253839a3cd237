"""Reads the recorded cases: what the project that recorded them asked for, in our words and in the wire's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from penstock.llm.request import EFFORTS, LlmRequest, WebSearch

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "provider_traffic" / "cases.jsonl").read_text().splitlines()
]


def case(name: str) -> dict[str, Any]:
    """A case by its id."""
    return next(c for c in CASES if c["id"] == name)


@dataclass(frozen=True)
class Wire:
    """The parts of a request that its author chose, read from any provider's body."""

    model: str
    system: str
    prompt: str  # the last user message
    temperature: float | None
    max_tokens: int | None
    effort: str | int | None  # a word or a budget of tokens
    schema: dict[str, Any] | None
    schema_name: str | None
    strict: bool | None
    search: tuple[str, ...] | None  # the domains that a search of the web is kept to; None: no search


def wire(url: str, body: dict[str, Any]) -> Wire:
    """Reads OpenAI Responses and Chat, Anthropic, Google and Cohere bodies; written without looking at our builders."""
    config = body.get("generationConfig", {})
    messages = body.get("messages") or body.get("input") or body.get("contents") or []
    if isinstance(messages, str):
        messages = [{"role": "user", "content": messages}]
    system = [body.get("instructions"), body.get("system"), body.get("systemInstruction")]
    system += [message for message in messages if message["role"] in {"system", "developer"}]
    text_format = body.get("text", {}).get("format")
    chat_format = body.get("response_format", {})
    named = text_format or chat_format.get("json_schema", {})
    is_cohere = chat_format.get("type") == "json_object"
    schema = (
        (chat_format.get("json_schema") if is_cohere else named.get("schema"))
        or body.get("output_config", {}).get("format", {}).get("schema")
        or config.get("responseJsonSchema")
    )
    return Wire(
        model=body.get("model") or urlsplit(url).path.rpartition("/")[2].split(":")[0],
        system="".join(_text(part) for part in system),
        prompt=_text([message for message in messages if message["role"] == "user"][-1]),
        temperature=body.get("temperature", config.get("temperature")),
        max_tokens=body.get("max_tokens")
        or body.get("max_output_tokens")
        or body.get("max_completion_tokens")
        or config.get("maxOutputTokens"),
        effort=_effort(body),
        schema=schema,
        schema_name=None if is_cohere else named.get("name"),
        strict=None if is_cohere else named.get("strict"),
        search=_search(body),
    )


def asks(name: dict[str, Any]) -> LlmRequest:
    """The recorded request in our words. An effort that we have no word for becomes the nearest one."""
    said = wire(name["request"]["url"], name["request"]["body"])
    effort = said.effort
    if isinstance(effort, int):
        effort = "low" if effort <= 2_048 else "medium" if effort <= 8_192 else "high"
    if effort not in {None, *EFFORTS}:
        effort = "low" if effort == "minimal" else "high"
    return LlmRequest(
        model=said.model,
        prompt=said.prompt,
        system=said.system or None,
        temperature=said.temperature,
        effort=effort,
        max_output_tokens=said.max_tokens,
        schema=said.schema,
        schema_name=said.schema_name or "answer",
        search=None if said.search is None else WebSearch(3, said.search),
    )


def _search(body: dict[str, Any]) -> tuple[str, ...] | None:
    for tool in body.get("tools", []):
        if "googleSearch" in tool:
            return ()
        if tool.get("type", "").startswith("web_search"):
            named = tool.get("allowed_domains") or (tool.get("filters") or {}).get("allowed_domains")
            return tuple(named or ())
    return None


def _effort(body: dict[str, Any]) -> str | int | None:
    thinking = body.get("thinking", {}) or body.get("generationConfig", {}).get("thinkingConfig", {})
    word = (
        body.get("reasoning", {}).get("effort")
        or body.get("reasoning_effort")
        or body.get("output_config", {}).get("effort")
        or thinking.get("thinkingLevel")
    )
    if word:
        return str(word).lower()
    if thinking.get("type") == "disabled":
        return "none"
    budget = next(
        (thinking[n] for n in ("budget_tokens", "thinkingBudget", "token_budget") if n in thinking), None
    )
    return "none" if budget == 0 else budget


def _text(part: Any) -> str:
    if part is None:
        return ""
    if isinstance(part, str):
        return part
    if isinstance(part, list):
        return "".join(_text(each) for each in part)
    return _text(part.get("content", part.get("parts", part.get("text"))))
