"""A model with limits: OpenAI's Responses format, honest headers, 429 with Retry-After past a limit.

`bucket` refills evenly, as OpenAI and Anthropic document theirs; `window` counts anew each minute.
Usage: python -m bench.limited_provider SHAPE REQUESTS_PER_MINUTE TOKENS_PER_MINUTE DELAY_SECONDS [CHARACTERS_PER_TOKEN]
(prints the port it listens on; GET /stats answers what it saw)
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field

from aiohttp import web

from bench.stand_in import ANSWER

CHARACTERS_PER_TOKEN = 4.0  # unless said otherwise
ANSWER_TOKENS = 18


@dataclass
class Limit:
    """One limit a minute."""

    shape: str
    most: float
    left: float = field(init=False)
    at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.left = self.most

    def refill(self, now: float) -> None:
        """Gives back what time has given back."""
        if self.shape == "bucket":
            self.left = min(self.most, self.left + (now - self.at) * self.most / 60)
            self.at = now
        elif now - self.at >= 60:
            self.left = self.most
            self.at += 60 * ((now - self.at) // 60)

    def whole_in(self, now: float) -> float:
        """Seconds until all of it is there again."""
        return (self.most - self.left) * 60 / self.most if self.shape == "bucket" else 60 - (now - self.at)

    def enough_in(self, now: float, wanted: float) -> float:
        """Seconds until so much is there."""
        if self.shape == "bucket":
            return max(0.0, wanted - self.left) * 60 / self.most
        return 60 - (now - self.at)


class LimitedProvider:
    """Counts every call second by second."""

    def __init__(
        self,
        shape: str,
        requests: float,
        tokens: float,
        delay: float,
        per_token: float = CHARACTERS_PER_TOKEN,
    ) -> None:
        self.requests = Limit(shape, requests)
        self.tokens = Limit(shape, tokens)
        self.delay = delay
        self.per_token = per_token
        self.began: float | None = None
        self.answered: list[float] = []
        self.refused: list[float] = []
        self.tokens_used = 0.0
        self.at_once = self.most_at_once = 0

    async def complete(self, request: web.Request) -> web.Response:
        """One completion, or 429."""
        body = await request.read()
        now = time.monotonic()
        self.began = now if self.began is None else self.began
        wanted = len(body) / self.per_token + ANSWER_TOKENS
        for limit in (self.requests, self.tokens):
            limit.refill(now)
        if self.requests.left < 1 or self.tokens.left < wanted:
            self.refused.append(now - self.began)
            wait = 0.0
            if self.requests.left < 1:
                wait = self.requests.enough_in(now, 1)
            if self.tokens.left < wanted:
                wait = max(wait, self.tokens.enough_in(now, wanted))
            error = {"message": "Rate limit reached.", "type": "requests", "code": "rate_limit_exceeded"}
            headers = {**self.headers(now), "retry-after": str(int(wait) + 1)}
            return web.json_response({"error": error}, status=429, headers=headers)
        self.requests.left -= 1
        self.tokens.left -= wanted
        self.answered.append(now - self.began)
        self.tokens_used += wanted
        headers = self.headers(now)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.delay)
        self.at_once -= 1
        answer = {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": ANSWER}],
        }
        usage = {"input_tokens": int(wanted) - ANSWER_TOKENS, "output_tokens": ANSWER_TOKENS}
        reply = {
            "id": "resp_1",
            "object": "response",
            "status": "completed",
            "model": "gpt-4.1-mini",
            "output": [answer],
            "usage": {**usage, "total_tokens": int(wanted)},
        }
        return web.json_response(reply, headers=headers)

    def headers(self, now: float) -> dict[str, str]:
        """OpenAI's headers."""
        stated = {}
        for name, limit in (("requests", self.requests), ("tokens", self.tokens)):
            stated[f"x-ratelimit-limit-{name}"] = f"{limit.most:.0f}"
            stated[f"x-ratelimit-remaining-{name}"] = f"{int(limit.left)}"
            stated[f"x-ratelimit-reset-{name}"] = f"{limit.whole_in(now):.3f}s"
        return stated

    async def stats(self, _request: web.Request) -> web.Response:
        """When calls were answered and refused, in seconds since the first."""
        return web.json_response(
            {
                "answered": self.answered,
                "refused": self.refused,
                "tokens": self.tokens_used,
                "most_at_once": self.most_at_once,
            }
        )


async def serve(shape: str, *figures: float) -> None:
    """Serves until the parent closes our standard input."""
    provider = LimitedProvider(shape, *figures)
    app = web.Application(client_max_size=16 * 1024 * 1024)
    app.router.add_post("/{path:.*}", provider.complete)
    app.router.add_get("/stats", provider.stats)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], *(float(each) for each in sys.argv[2:])))
