"""Workflows that start each other: stopped, said, and gone on with when a person says so."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from tests.engine.scene import TICKETS, change, edit, tickets, turned_on
from tests.workflows.test_criteria import condition, event

from penstock.bootstrap import Penstock, work
from penstock.crm import properties
from penstock.crm.properties import Property
from penstock.engine.lanes import enqueue
from penstock.errors import Conflict
from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.workflows.attention.attention import count_attention, read_attention
from penstock.workflows.loops import stops
from penstock.workflows.loops.stops import StoppedLoop

ONE_MORE: JsonObject = {"type": "INCREMENT", "incrementAmount": 1}


def when_changed(name: str) -> JsonObject:
    """Enrollment criteria: the property changed, every time."""
    return {
        "type": "EVENT_BASED",
        "shouldReEnroll": True,
        "eventFilterBranches": [event("4-655002", condition("hs_name", value=name))],
    }


async def players(app: Penstock) -> tuple[int, int, int]:
    """Two workflows that start each other by two numbers of a ticket; their ids and the ticket's."""
    async with transaction(app.pool) as db:
        for name in ("ping", "pong"):
            await properties.create(
                db, 1, TICKETS, Property(name, name.title(), "number", "number", "ticketinformation")
            )
    [ticket] = await tickets(app, "Ball")
    ping = await turned_on(app, edit("1", "pong", ONE_MORE), criteria=when_changed("ping"), name="Ping")
    pong = await turned_on(app, edit("1", "ping", ONE_MORE), criteria=when_changed("pong"), name="Pong")
    return ping, pong, ticket


async def stopped(app: Penstock, times: int) -> StoppedLoop:
    """Waits until the loop was stopped so many times, and all runs have ended."""
    for _ in range(500):
        async with app.pool.acquire() as db:
            under_way = await db.fetchval(
                "SELECT count(*) FROM enrollments WHERE status IN ('ACTIVE', 'WAITING')"
            )
            found = await stops.stopped_loops(db, 1)
        if found and found[0].times >= times and not under_way:
            return found[0]
        await asyncio.sleep(0.02)
    raise AssertionError(f"not stopped {times} times: {found}")


async def runs(app: Penstock) -> int:
    """How many runs there were."""
    async with app.pool.acquire() as db:
        return int(await db.fetchval("SELECT count(*) FROM enrollments"))


async def test_two_workflows_that_start_each_other_are_stopped_named_and_gone_on_with(app: Penstock) -> None:
    ping, pong, ticket = await players(app)
    async with work(app):
        await change(app, ticket, ping="1")
        loop = await stopped(app, 1)
        assert await runs(app) == 10
        assert [(flow.id, flow.name) for flow in loop.flows] == [(ping, "Ping"), (pong, "Pong")]
        assert (loop.loop, loop.reason, loop.records) == (f"{ping},{pong}", "DEPTH", 1)
        async with app.pool.acquire() as db:
            root = await db.fetchval(
                "SELECT min(id) FROM changes WHERE source_type = 'CRM_UI' AND kind = 'updated'"
            )
            told = await db.fetchrow("SELECT root_id, chain, depth FROM changes ORDER BY id DESC LIMIT 1")
            assert (told["root_id"], told["depth"]) == (root, 10)
            assert told["chain"] == [ping, pong] * 5
            groups = await read_attention(db, app.runner.plans, 1, app.clock.now())
            assert (await count_attention(db, 1)).loops == 1
        [group] = [one for one in groups if one.kind == "stopped_loop"]
        assert group.message == "'Ping' starts 'Pong', which starts 'Ping' again."
        assert [one.record_name for one in group.samples] == ["Ball"]

        # What a person does begins anew, and is stopped in its turn.
        await change(app, ticket, ping="100")
        assert (await stopped(app, 2)).records == 1
        assert await runs(app) == 20

        # A person lets them go on: as far as before.
        async with transaction(app.pool) as db:
            assert (await stops.go_on(db, enqueue, app.runner.plans, 1, loop.loop)).enrolled == 1
        await stopped(app, 1)
        assert await runs(app) == 30
        async with transaction(app.pool) as db:
            assert await stops.dismiss(db, 1, loop.loop) == 1
            assert (await count_attention(db, 1)).loops == 0
            with pytest.raises(Conflict):
                await stops.go_on(db, enqueue, app.runner.plans, 1, loop.loop)
            with pytest.raises(Conflict):
                await stops.dismiss(db, 2, loop.loop)


async def test_a_record_that_workflows_enroll_too_often_is_stopped_however_short_the_chain(
    app: Penstock,
) -> None:
    settings = replace(app.settings, loop_depth=100, loop_enrollments=3)
    _, pong, ticket = await players(app)
    async with work(replace(app, settings=settings)):
        await change(app, ticket, ping="1")
        loop = await stopped(app, 1)
    assert (loop.reason, loop.flows[0].id) == ("RATE", pong)
    # A person's run of Ping, then three of Pong and three of Ping that workflows caused.
    assert await runs(app) == 7
