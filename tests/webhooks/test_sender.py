import asyncio
from dataclasses import replace
from datetime import timedelta

from aiohttp import web
from tests.webhooks.world import ACTOR, Receiver, World, serving

from penstock.connections.vault import Vault
from penstock.kit.database import transaction
from penstock.kit.sealing import Keyring, new_key
from penstock.webhooks import signing
from penstock.webhooks.sender import LEASE_SECONDS


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
