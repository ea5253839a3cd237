import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from standardwebhooks import Webhook

from penstock.accounts.actors import Actor
from penstock.connections import named_secrets
from penstock.connections.vault import Vault
from penstock.errors import NotFound
from penstock.kit.database import Connection, Pool, transaction
from penstock.kit.http import HttpClient
from penstock.kit.sealing import Keyring, new_key
from penstock.settings import Settings
from penstock.webhooks import deliveries, signing
from penstock.webhooks.deliveries import Delivery, WebhookToQueue
from penstock.webhooks.sender import LEASE_SECONDS, WebhookSender

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


@pytest.fixture
async def world(pool: Pool, db: Connection, settings: Settings) -> AsyncIterator[World]:
    receiver = Receiver()
    http = HttpClient(allowed_hosts=settings.outbound_allowed_hosts)
    async with serving(receiver):
        yield World(pool, db, http, settings, receiver)
        await http.close()


async def test_a_delivery_reaches_the_receiver_and_the_workflow_goes_on_in_the_same_commit(
    world: World,
) -> None:
    await world.queue("/hook?a=1")
    assert await world.sender.run_once() == 1
    assert await world.sender.run_once() == 0

    (got,) = world.receiver.got
    assert (got.method, got.path, got.query, got.body) == ("POST", "/hook", "a=1", b'{"objectId":7}')
    assert got.headers["Content-Type"] == "application/json"
    (told,) = world.told
    assert (told.status, told.response_status, told.response_body, told.error) == (
        "delivered",
        200,
        '{"ok": true}',
        "",
    )
    assert (told.enrollment_id, told.seq, told.attempts) == (17, 1, 1)
    assert told.url == world.receiver.url("/hook") + "?…", "what is shown is without the query"
    assert (await world.one()).delivered_at == world.clock.time


async def test_the_signature_verifies_with_the_reference_library_during_rotation_with_both_secrets(
    world: World,
) -> None:
    async with transaction(world.pool) as db:
        first = await signing.issue(db, world.vault, 1, ACTOR)
        second = await signing.issue(db, world.vault, 1, ACTOR)
    await world.queue("/hook", body='{"text":"größer 🚰"}')
    await world.sender.run_once()

    (got,) = world.receiver.got
    assert first != second
    for secret in (first, second):
        assert Webhook(secret).verify(got.body, got.headers) == {"text": "größer 🚰"}
    assert got.headers["webhook-id"] == signing.webhook_id("17.1./hook")
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(signing.new_secret()).verify(got.body, got.headers)

    await world.db.execute(
        "UPDATE secrets SET changed_at = now() - interval '25 hours' WHERE name = 'previous'"
    )
    await world.queue("/later", method="GET")
    await world.sender.run_once()
    last = world.receiver.got[-1]
    assert (last.method, last.body) == ("GET", b"")
    assert Webhook(second).verify(last.body, last.headers, json_parse=False) is None
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(first).verify(last.body, last.headers, json_parse=False)


async def test_a_webhook_that_no_attempt_gets_through_is_given_up_after_three_days_under_one_id(
    world: World,
) -> None:
    world.receiver.always("/hook", 503, text="busy")
    await world.queue("/hook")
    begun, gaps = world.clock.time, []
    while (await world.one()).status == "queued":
        assert await world.sender.run_once() == 1
        gaps.append(await world.to_next_attempt())

    (told,) = world.told
    assert (told.status, told.response_status, told.response_body) == ("failed", 503, "busy")
    assert told.error == f"Given up after {told.attempts} attempts. The receiver answered 503."
    assert timedelta(days=2, hours=12) < world.clock.time - begun <= timedelta(days=3)
    assert 3.75 <= gaps[0] <= 5
    assert 22.5 <= gaps[1] <= 30
    assert 45 <= gaps[2] <= 60
    assert max(gaps) <= 8 * 3600
    assert len({got.headers["webhook-id"] for got in world.receiver.got}) == 1
    stamps = [int(got.headers["webhook-timestamp"]) for got in world.receiver.got]
    assert stamps == sorted(set(stamps)), "each attempt is stamped anew"
    assert len(stamps) == told.attempts


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410, 422])
async def test_what_will_not_change_by_trying_again_fails_at_once(world: World, status: int) -> None:
    world.receiver.always("/hook", status, {"Location": world.receiver.url("/elsewhere")}, "no")
    await world.queue("/hook")
    await world.sender.run_once()
    (told,) = world.told
    assert (told.status, told.response_status, told.response_body, told.attempts) == (
        "failed",
        status,
        "no",
        1,
    )
    assert str(status) in told.error
    assert [got.path for got in world.receiver.got] == ["/hook"], "redirects are not followed"


async def test_a_receiver_that_asks_for_time_gets_it(world: World) -> None:
    world.receiver.always("/hook", 429, {"Retry-After": "600"})
    await world.queue("/hook")
    await world.sender.run_once()
    assert 600 <= await world.to_next_attempt() <= 660
    world.receiver.answers.clear()
    await world.sender.run_once()
    assert [delivery.attempts for delivery in world.told] == [2]


async def test_one_receiver_in_trouble_leaves_its_neighbours_alone(
    world: World, unused_tcp_port: int
) -> None:
    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    world.receiver.answers["/resets"] = hang_up
    world.receiver.always("/garbage", 200, text="a\x00b")
    world.receiver.always("/large", 200, text="x" * 200_000)
    world.receiver.always("/long", 200, text="y" * 90_000)
    closed = f"http://127.0.0.1:{unused_tcp_port}/closed"
    metadata, plain = "https://169.254.169.254/latest", "http://example.com/hook"
    user = world.receiver.url("/x").replace("//", "//ann:pw-canary-77@")
    await world.queue("/resets", closed, metadata, plain, user, "/garbage", "/large", "/long", "/good")
    await world.sender.run_once()

    found = await world.all()
    assert {path for path, one in found.items() if one.status == "delivered"} == {
        "/garbage",
        "/large",
        "/long",
        "/good",
    }
    assert {path for path, one in found.items() if one.status == "queued"} == {"/resets", closed}
    assert {path for path, one in found.items() if one.status == "failed"} == {metadata, plain, user}
    assert found["/garbage"].response_body == "a\ufffdb"
    assert (found["/large"].response_body, "larger than 100 KB" in found["/large"].error) == ("", True)
    assert len(found["/long"].response_body) == 4096
    assert "cannot be reached" in found[closed].error
    assert "must not reach" in found[metadata].error
    assert "without encryption" in found[plain].error
    assert "pw-canary-77" not in f"{found[user].url} {found[user].error}"


@pytest.mark.parametrize("location", ["HEADER", "QUERY_PARAM"])
async def test_a_secret_goes_on_the_wire_and_leaves_no_trace_here(
    world: World,
    location: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    unused_tcp_port: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(logging.getLogger("aiohttp.access"), "disabled", True)  # that is the receiver's log

    async def echo(request: web.Request) -> web.Response:
        """As a receiver in debug mode does: sends back all that it got."""
        return web.Response(
            text=f"{request.headers} {request.query} {request.raw_path}",
            status=(request.query.get("say") and 400) or 200,
        )

    world.receiver.answers["/hook"] = echo
    async with transaction(world.pool) as db:
        await named_secrets.put(db, world.vault, 1, ACTOR, "crm", SECRET)
    named = {"secret_name": "crm", "secret_location": location, "secret_header": "X-Key"}
    await world.queue(
        "/hook?a=1", "/hook?say=no", f"http://127.0.0.1:{unused_tcp_port}/closed", "ftp://x.test", **named
    )
    await world.sender.run_once()

    ok, refused = world.receiver.got
    for got in (ok, refused):
        if location == "HEADER":
            assert got.headers["X-Key"] == SECRET
        else:
            assert parse_qs(got.query)["X-Key"] == [SECRET]
    assert {one.status for one in world.told} == {"delivered", "failed"}
    assert all("***" in one.response_body for one in world.told if one.response_status)
    tables = await world.db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    streams = capsys.readouterr()
    texts = [caplog.text, streams.out, streams.err, str(world.told), str(vars(world.sender))]
    for row in tables:
        name = row["tablename"]
        texts.append(await world.db.fetchval(f'SELECT string_agg(t::text, chr(10)) FROM "{name}" t') or "")  # noqa: S608 - names of our own tables
    for form in (SECRET, "canary%2Bwebhook%2Fsecret%3D9f31", "canary%2Bwebhook/secret%3D9f31"):
        assert all(form not in text for text in texts)


async def test_a_secret_that_is_gone_fails_the_step_and_one_that_does_not_open_waits_for_the_operator(
    world: World,
) -> None:
    await world.queue("/gone", secret_name="nobody", secret_location="HEADER", secret_header="X-Key")
    await world.sender.run_once()
    assert (world.told[0].status, world.told[0].error) == (
        "failed",
        "There is no secret named 'nobody' any more.",
    )

    async with transaction(world.pool) as db:
        await signing.issue(db, world.vault, 1, ACTOR)
    await world.queue("/hook")
    stranger = Vault(Keyring.load(replace(world.settings, secret_key=new_key())))
    await world.new_sender(stranger).run_once()
    waiting = (await world.all())["/hook"]
    assert waiting.status == "queued"
    assert "not among this installation's keys" in waiting.error
    assert world.receiver.got == [], "nothing goes out unsigned"


async def test_a_delivery_whose_sender_died_is_sent_again_under_the_same_id_and_shows_it(
    world: World,
) -> None:
    reached, never = asyncio.Event(), asyncio.Event()

    async def hold(_: web.Request) -> web.Response:
        reached.set()
        await never.wait()
        return web.Response()

    world.receiver.answers["/hook"] = hold
    await world.queue("/hook")
    dying = asyncio.create_task(world.sender.run_once())
    await reached.wait()
    dying.cancel()  # after the receiver got it, before it is marked
    await asyncio.gather(dying, return_exceptions=True)
    world.receiver.answers.clear()
    never.set()

    other = world.new_sender()
    assert (await world.one()).status == "sending"
    assert await other.run_once() == 0, "the lease of the dead one still holds"
    world.clock.time += timedelta(seconds=LEASE_SECONDS + 1)
    assert await other.run_once() == 1
    first, second = (got.headers["webhook-id"] for got in world.receiver.got)
    assert first == second
    assert [(one.status, one.attempts) for one in world.told] == [("delivered", 2)]


async def test_a_workflow_that_cannot_go_on_yet_gets_the_answer_later_and_the_receiver_nothing_twice(
    world: World,
) -> None:
    world.receiver.always("/hook", 201, text="made")
    await world.queue("/hook")
    world.trouble = RuntimeError("deadlock")
    await world.sender.run_once()
    assert (await world.one()).status == "sending"

    world.trouble = None
    assert await world.sender.run_once() == 0
    await world.to_next_attempt()
    await world.new_sender().run_once()
    assert len(world.receiver.got) == 1
    assert [(one.status, one.attempts, one.response_status, one.response_body) for one in world.told] == [
        ("delivered", 1, 201, "made")
    ]
    assert await world.sender.run_once() == 0


async def test_a_sender_frozen_beyond_its_lease_tells_the_workflow_nothing(world: World) -> None:
    reached, thaw = asyncio.Event(), asyncio.Event()

    async def hold(_: web.Request) -> web.Response:
        reached.set()
        await thaw.wait()
        return web.Response(text="late")

    world.receiver.answers["/hook"] = hold
    await world.queue("/hook")
    frozen = asyncio.create_task(world.sender.run_once())
    await reached.wait()
    world.receiver.always("/hook", 200, text="in time")
    world.clock.time += timedelta(seconds=LEASE_SECONDS + 1)
    await world.new_sender().run_once()
    thaw.set()
    await frozen
    assert [one.response_body for one in world.told] == ["in time"]
    assert (await world.one()).response_body == "in time"


async def test_a_slow_receiver_does_not_take_every_slot(world: World) -> None:
    thaw = asyncio.Event()

    async def hold(_: web.Request) -> web.Response:
        await thaw.wait()
        return web.Response()

    slow = Receiver(answers={f"/{number}": hold for number in range(100)})
    stop = asyncio.Event()
    async with serving(slow):
        await world.queue(*(slow.url(f"/{number}") for number in range(100)))
        await world.queue("/fast")
        running = asyncio.create_task(world.sender.run(stop))
        while not world.told:
            await asyncio.sleep(0.01)
        assert [one.url for one in world.told] == [world.receiver.url("/fast")]
        assert 20 <= len(slow.got) < 40
        stop.set()
        thaw.set()
        await running
    assert {one.status for one in (await world.all()).values()} == {"delivered", "queued"}


async def test_a_running_sender_is_woken_by_a_webhook_and_finishes_it_when_told_to_stop(world: World) -> None:
    world.clock.time += timedelta(hours=1)
    reached, thaw, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def hold(_: web.Request) -> web.Response:
        reached.set()
        await thaw.wait()
        return web.Response()

    world.receiver.answers["/hook"] = hold
    running = asyncio.create_task(world.sender.run(stop))
    await world.queue("/hook")
    await reached.wait()
    stop.set()
    await world.queue("/too-late")
    thaw.set()
    await running
    assert [one.key for one in world.told] == ["17.1./hook"]
    assert (await world.all())["/too-late"].attempts == 0


async def test_a_delivery_queued_again_under_its_key_stays_one_and_is_seen_by_its_workspace_only(
    world: World,
) -> None:
    await world.queue("/hook", "/hook")
    await world.queue("/hook", body="{}")
    delivery = await world.one()
    assert await deliveries.list_deliveries(world.db, 2) == []
    with pytest.raises(NotFound):
        await deliveries.get(world.db, 2, delivery.id)
    assert await deliveries.list_deliveries(world.db, 1, status="failed") == []
    assert [one.id for one in await deliveries.list_deliveries(world.db, 1, enrollment_id=17)] == [
        delivery.id
    ]
