"""A provider on loopback that answers as it is told and keeps what it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from aiohttp import web

from penstock.kit.json import Json

# Headers that belong to one connection or one encoding of the body, not to the recorded answer.
NOT_REPLAYED = {"connection", "content-encoding", "content-length", "transfer-encoding", "keep-alive"}


@dataclass
class Asked:
    """One request that the server got."""

    method: str
    path: str  # with the query
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Json:
        return orjson.loads(self.raw) if self.raw else None


@dataclass
class Answer:
    """One answer to give: `body` is bytes, or JSON."""

    status: int = 200
    body: object = b""
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


@dataclass
class StandIn:
    """The stand-in: gives `answers` in turn, the last one for ever."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def will_answer(self, *answers: Answer) -> None:
        self.answers, self.asked = list(answers), []

    async def handle(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.asked.append(Asked(request.method, request.path_qs, headers, await request.read()))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        body = answer.body if isinstance(answer.body, bytes) else orjson.dumps(answer.body)
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in NOT_REPLAYED}
        return web.Response(status=answer.status, headers=kept, body=body)
