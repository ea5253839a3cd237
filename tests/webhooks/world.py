"""A webhook receiver over real HTTP, and a sender with everything around it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web

from penstock.accounts.actors import Actor
from penstock.connections.vault import Vault
from penstock.kit.database import Connection, Pool, transaction
from penstock.kit.http import HttpClient
from penstock.kit.sealing import Keyring
from penstock.settings import Settings
from penstock.webhooks import deliveries
from penstock.webhooks.deliveries import Delivery, WebhookToQueue
from penstock.webhooks.sender import WebhookSender

ACTOR = Actor(1, "person", "7", "Ann", "admin")
SECRET = "canary+webhook/secret=9f31"


@dataclass
class TestClock:
    """A clock that stands still until a test moves it."""

    __test__ = False
    time: datetime

    def now(self) -> datetime:
        return self.time


@dataclass
class Request:
    """What the receiver got."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[web.Request], Awaitable[web.Response]]


async def accept(_: web.Request) -> web.Response:
    return web.json_response({"ok": True})


@dataclass
class Receiver:
    """A real HTTP server that keeps what it gets and answers by path."""

    got: list[Request] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    port: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def always(self, path: str, status: int, headers: dict[str, str] | None = None, text: str = "") -> None:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=status, headers=headers, text=text)

        self.answers[path] = answer

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.got.append(
            Request(request.method, request.path, request.query_string, dict(request.headers), body)
        )
        return await self.answers.get(request.path, accept)(request)


@asynccontextmanager
async def serving(receiver: Receiver) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.handle)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.port = runner.addresses[0][1]
    try:
        yield
    finally:
        await runner.cleanup()


class World:
    """A sender with everything around it, and what the workflow was told."""

    def __init__(
        self, pool: Pool, db: Connection, http: HttpClient, settings: Settings, receiver: Receiver
    ) -> None:
        self.pool, self.db, self.http, self.settings, self.receiver = pool, db, http, settings, receiver
        self.clock = TestClock(datetime.now(UTC) + timedelta(seconds=1))
        self.vault = Vault(Keyring.load(settings))
        self.told: list[Delivery] = []
        self.trouble: Exception | None = None
        self.sender = self.new_sender()

    def new_sender(self, vault: Vault | None = None) -> WebhookSender:
        return WebhookSender(
            self.pool, self.http, vault or self.vault, self.settings, self.clock, self.on_delivered
        )

    async def on_delivered(self, db: Connection, delivery: Delivery) -> None:
        assert db.is_in_transaction()
        assert delivery.status == (await deliveries.get(db, delivery.workspace_id, delivery.id)).status
        if self.trouble is not None:
            raise self.trouble
        self.told.append(delivery)

    async def queue(
        self, *paths: str, method: str = "POST", body: str = '{"objectId":7}', **secret: str
    ) -> None:
        async with transaction(self.pool) as db:
            await deliveries.queue_many(
                db,
                [
                    WebhookToQueue(
                        1, f"17.1.{path}", 17, 1, "1", method, path if "://" in path else self.receiver.url(path),
                        {"Content-Type": "application/json"}, body if method == "POST" else "", **secret,
                    )
                    for path in paths
                ],
            )  # fmt: skip

    async def all(self) -> dict[str, Delivery]:
        return {one.key.removeprefix("17.1."): one for one in await deliveries.list_deliveries(self.db, 1)}

    async def one(self) -> Delivery:
        (delivery,) = (await self.all()).values()
        return delivery

    async def to_next_attempt(self) -> float:
        """Lets the time come at which the one delivery is due; returns the seconds that passed."""
        gap = ((await self.one()).next_attempt_at - self.clock.time).total_seconds()
        self.clock.time += timedelta(seconds=max(gap, 0.0))
        return gap
