"""A stand-in for the five providers on loopback: speaks their wire formats and keeps every request.

Replies have the documented shapes (the recorded ones are replayed by tests/llm/test_provider_traffic.py); the
answer comes from a function of the prompt, and a `trouble` function may answer with an error first.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

GOOD_KEY = "stand-in-key-0123456789"


@dataclass
class Seen:
    """One request for a completion as it came over the wire."""

    provider: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    prompt: str


@dataclass
class Trouble:
    """An error reply instead of an answer."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class StandIn:
    """What the stand-in answers, and what it saw."""

    answer: Callable[[str], str] = lambda _prompt: "Fine."
    trouble: Callable[[Seen], Trouble | None] = lambda _seen: None
    tokens: Callable[[Seen, str], tuple[int, int]] = lambda _seen, _answer: (
        20,
        7,
    )  # in and out, as it bills them
    cached: Callable[[Seen], int] = lambda _seen: 0  # tokens of the input that came from the prompt cache
    pages: list[tuple[str, str]] = field(default_factory=list)  # URL and title of what each search finds
    delay: float = 0.0  # seconds before each answer
    key: str = GOOD_KEY
    seen: list[Seen] = field(default_factory=list)
    url: str = ""
    most_at_once: int = 0
    at_once: int = 0

    def base_urls(self) -> dict[str, str]:
        """The operator's base URL setting per provider."""
        return {name: f"{self.url}/{name}" for name in ("openai", "anthropic", "cohere", "xai", "google")}

    async def complete(self, request: web.Request) -> web.StreamResponse:
        """Any provider's completion."""
        provider = request.path.split("/")[1]
        body = await request.json()
        seen = Seen(provider, request.path, dict(request.headers), body, _prompt_of(provider, body))
        self.seen.append(seen)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.delay:
                await asyncio.sleep(self.delay)
        finally:
            self.at_once -= 1
        if (trouble := self.trouble(seen)) is not None:
            text = trouble.body if isinstance(trouble.body, str) else json.dumps(trouble.body)
            return web.Response(
                status=trouble.status, text=text, headers=trouble.headers, content_type="application/json"
            )
        model = str(body.get("model") or request.path.split("/models/")[-1].split(":")[0])
        text = self.answer(seen.prompt)
        reply = _reply(provider, model, text, *self.tokens(seen, text), self.cached(seen))
        return web.json_response(_searched(provider, reply, self.pages) if body.get("tools") else reply)

    async def check_key(self, request: web.Request) -> web.StreamResponse:
        """Any provider's key check or list of models: 401 in the provider's own words for a wrong key."""
        provider = request.path.split("/")[1]
        key = (
            request.headers.get("x-api-key")
            or request.headers.get("x-goog-api-key")
            or request.headers.get("authorization", "").removeprefix("Bearer ")
        )
        if key != self.key:
            status, body = WRONG_KEY[provider]
            return web.json_response(body, status=status)
        return web.json_response(
            MODELS[provider] if "model" in request.path else {"valid": True, "api_key_blocked": False}
        )


def _prompt_of(provider: str, body: dict[str, Any]) -> str:
    if provider == "google":
        return "".join(part["text"] for part in body["contents"][-1]["parts"])
    last = (
        (body.get("input") or body.get("messages"))[-1]
        if not isinstance(body.get("input"), str)
        else body["input"]
    )
    if isinstance(last, str):
        return last
    content = last["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _reply(provider: str, model: str, text: str, read: int, written: int, cached: int = 0) -> dict[str, Any]:
    if provider == "anthropic":
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": model,
            "stop_reason": "end_turn",
            "content": [{"type": "text", "text": text}],
            "usage": {"input_tokens": read, "output_tokens": written},
        }
    if provider == "google":
        return {
            "candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP"}],
            "usageMetadata": {
                "promptTokenCount": read,
                "candidatesTokenCount": written,
                "totalTokenCount": read + written,
            },
            "modelVersion": model,
            "responseId": "g1",
        }
    if provider == "cohere":
        return {
            "id": "c1",
            "finish_reason": "COMPLETE",
            "message": {"role": "assistant", "content": [{"type": "text", "text": text}]},
            "usage": {
                "tokens": {"input_tokens": read, "output_tokens": written},
                "billed_units": {"input_tokens": read, "output_tokens": written},
            },
        }
    return {
        "id": "resp_1",
        "object": "response",
        "status": "completed",
        "model": model,
        "error": None,
        "incomplete_details": None,
        "output": [
            {
                "type": "message",
                "role": "assistant",
                "status": "completed",
                "content": [{"type": "output_text", "text": text, "annotations": []}],
            }
        ],
        "usage": {
            "input_tokens": read,
            "output_tokens": written,
            "total_tokens": read + written,
            "input_tokens_details": {"cached_tokens": cached},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    }


def _searched(provider: str, reply: dict[str, Any], pages: list[tuple[str, str]]) -> dict[str, Any]:
    """The same reply after one search of the web that found these pages, all of them cited."""
    if provider == "google":
        web_pages = [{"web": {"uri": url, "title": title}} for url, title in pages]
        reply["candidates"][0]["groundingMetadata"] = {
            "webSearchQueries": ["x"],
            "groundingChunks": web_pages,
        }
    elif provider == "anthropic":
        found = [{"type": "web_search_result", "url": url, "title": title} for url, title in pages]
        reply["content"].insert(
            0, {"type": "web_search_tool_result", "tool_use_id": "st_1", "content": found}
        )
        reply["usage"]["server_tool_use"] = {"web_search_requests": 1}
    else:
        cited = [{"type": "url_citation", "url": url, "title": title} for url, title in pages]
        reply["output"][0]["content"][0]["annotations"] = cited
        reply["output"].insert(
            0, {"type": "web_search_call", "status": "completed", "action": {"type": "search"}}
        )
    return reply


WRONG_KEY: dict[str, tuple[int, Any]] = {
    "openai": (
        401,
        {
            "error": {
                "message": "Incorrect API key provided.",
                "type": "invalid_request_error",
                "param": None,
                "code": "invalid_api_key",
            }
        },
    ),
    "anthropic": (
        401,
        {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}},
    ),
    "google": (
        400,
        {
            "error": {
                "code": 400,
                "message": "API key not valid. Please pass a valid API key.",
                "status": "INVALID_ARGUMENT",
                "details": [
                    {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
                ],
            }
        },
    ),
    "xai": (400, {"code": "invalid-argument", "error": "Incorrect API key provided."}),
    "cohere": (401, {"id": "1", "message": "invalid api token"}),
}

MODELS: dict[str, Any] = {
    "openai": {
        "object": "list",
        "data": [{"id": "gpt-4.1-mini", "object": "model", "created": 1, "owned_by": "openai"}],
    },
    "anthropic": {
        "data": [{"type": "model", "id": "claude-sonnet-4-6", "display_name": "Claude Sonnet 4.6"}],
        "has_more": False,
        "last_id": None,
    },
    "google": {
        "models": [
            {
                "name": "models/gemini-2.5-flash",
                "displayName": "Gemini 2.5 Flash",
                "inputTokenLimit": 1048576,
                "outputTokenLimit": 65536,
                "supportedGenerationMethods": ["generateContent"],
            }
        ]
    },
    "xai": {"models": [{"id": "grok-4.3", "aliases": []}], "data": [{"id": "grok-4.3", "object": "model"}]},
    "cohere": {
        "models": [
            {
                "name": "command-a-03-2025",
                "context_length": 256000,
                "endpoints": ["chat"],
                "features": ["json_schema"],
            }
        ]
    },
}


@asynccontextmanager
async def llm_stand_in(**behaviour: Any) -> AsyncIterator[StandIn]:
    """Runs a stand-in on a free port of 127.0.0.1."""
    stand_in = StandIn(**behaviour)
    app = web.Application(client_max_size=64 * 1024 * 1024)
    for provider in ("openai", "xai"):
        app.router.add_post(f"/{provider}/responses", stand_in.complete)
        app.router.add_post(f"/{provider}/chat/completions", stand_in.complete)
    app.router.add_post("/anthropic/v1/messages", stand_in.complete)
    app.router.add_post("/google/models/{call}", stand_in.complete)
    app.router.add_post("/cohere/v2/chat", stand_in.complete)
    app.router.add_post("/cohere/v1/check-api-key", stand_in.check_key)
    app.router.add_get("/{provider}/{rest:.*}", stand_in.check_key)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    stand_in.url = f"http://127.0.0.1:{port}"
    try:
        yield stand_in
    finally:
        await runner.cleanup()
