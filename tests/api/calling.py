"""Calling the running API in tests: who calls, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from tests.llm_stand_in import StandIn

from penstock.settings import Settings


@dataclass
class Running:
    """The running server: its address, its database, a token for each role, and one of another workspace."""

    url: str
    database_url: str
    settings: Settings
    tokens: Mapping[str, str]
    foreign_token: str
    provider: StandIn


@dataclass
class Answer:
    """An answer with its body read: JSON where it is JSON."""

    status: int
    headers: Mapping[str, str]
    json: Any
    text: str


@dataclass
class Client:
    """Calls the API as one caller."""

    session: aiohttp.ClientSession
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    async def __call__(self, method: str, path: str, json: Any = None, **options: Any) -> Answer:
        """Sends a request; `json` is its body."""
        headers = {**self.headers, **options.pop("headers", {})}
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        sent = {"json": json} if json is not None else {}
        async with self.session.request(
            method, path, headers=headers, allow_redirects=False, **sent, **options
        ) as reply:
            text = await reply.text()
            is_json = reply.content_type == "application/json" and text != ""
            return Answer(reply.status, reply.headers, await reply.json() if is_json else None, text)

    async def ok(self, method: str, path: str, json: Any = None, status: int = 200, **options: Any) -> Any:
        """Sends a request that must be answered with `status`; returns the JSON of the answer."""
        answer = await self(method, path, json, **options)
        assert answer.status == status, f"{method} {path}: {answer.status} {answer.text}"
        return answer.json

    def with_token(self, token: str | None) -> Client:
        """The same connection, another caller."""
        return Client(self.session, token)
