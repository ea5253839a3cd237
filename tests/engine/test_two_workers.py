"""Two workers with the same job: one call while both live, one result whatever happens (faults F3, F8)."""

from __future__ import annotations

import asyncio
import json

from tests.engine.scene import answer, ask, connected, edit, enroll, tickets, turned_on
from tests.llm_stand_in import StandIn

from penstock.bootstrap import Penstock
from penstock.workflows import runs
from penstock.workflows.legs.committer import Committer
from penstock.workflows.legs.leg import LegKey
from penstock.workflows.legs.llm_lane import LlmLane


async def beat(app: Penstock, worker_id: str, seconds_ago: int) -> None:
    async with app.pool.acquire() as db:
        await db.execute(
            "INSERT INTO workers (id, host, pid, heartbeat_at) VALUES ($1, 'elsewhere', 1, now() - make_interval(secs => $2))"
            " ON CONFLICT (id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at",
            worker_id,
            float(seconds_ago),
        )


async def test_a_frozen_workers_late_answer_is_refused_and_the_second_call_shows(
    app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _prompt: json.dumps({"urgency": "high" if len(stand_in.seen) > 1 else "low"})
    stand_in.delay = 1.5
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(
        app, ask("1", connection, "gpt-4.1-mini", "2"), edit("2", "urgency", answer("1", "urgency"))
    )
    [enrolled] = await enroll(app, flow, ticket)
    key = LegKey(enrolled.enrollment_id, 0)
    committer = Committer(app.runner)
    committer.start()
    first, second = (
        LlmLane(app.pool, app.runner.plans, committer, app.llm, app.vault, app.clock, name)
        for name in ("first", "second")
    )
    try:
        await beat(app, "first", 0)
        await beat(app, "second", 0)
        frozen = asyncio.create_task(first.run(connection.id, [key]))
        while not stand_in.seen:
            await asyncio.sleep(0.01)
        await second.run(connection.id, [key])
        assert len(stand_in.seen) == 1, "while its holder lives, nobody else makes the call"
        await first.run(connection.id, [key])
        assert len(stand_in.seen) == 1, "nor does the holder itself a second time"
        await beat(app, "first", 60)
        stand_in.delay = 0.0
        await second.run(connection.id, [key])
        await frozen
    finally:
        await committer.stop()
    assert len(stand_in.seen) == 2
    async with app.pool.acquire() as db:
        run = await runs.get_run(db, 1, enrolled.enrollment_id)
        steps = await runs.get_steps(db, 1, enrolled.enrollment_id)
        [effect] = await runs.get_effects(db, 1, enrolled.enrollment_id)
        written = await db.fetch(
            "SELECT value FROM property_history WHERE record_id = $1 AND property = 'urgency'", ticket
        )
    assert run.status == "COMPLETED"
    assert [step.action_id for step in steps] == ["1", "2"]
    assert [row["value"] for row in written] == ["high"], "the second worker's answer, which was first"
    assert effect.attempts == 2


async def test_a_call_under_way_is_not_made_to_wait_by_a_worker_that_finds_no_turn_for_it(
    app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _prompt: json.dumps({"urgency": "high"})
    stand_in.delay = 1.0
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(
        app, ask("1", connection, "gpt-4.1-mini", "2"), edit("2", "urgency", answer("1", "urgency"))
    )
    async with app.pool.acquire() as db:
        await db.execute("UPDATE connections SET requests_per_minute = 1")
    [enrolled] = await enroll(app, flow, ticket)
    key = LegKey(enrolled.enrollment_id, 0)
    committer = Committer(app.runner)
    committer.start()
    first, second = (
        LlmLane(app.pool, app.runner.plans, committer, app.llm, app.vault, app.clock, name)
        for name in ("first", "second")
    )
    try:
        await beat(app, "first", -3600)
        await beat(app, "second", -3600)
        calling = asyncio.create_task(first.run(connection.id, [key]))
        while not stand_in.seen:
            await asyncio.sleep(0.01)
        await second.run(connection.id, [key])
        await calling
    finally:
        await committer.stop()
    async with app.pool.acquire() as db:
        run = await runs.get_run(db, 1, enrolled.enrollment_id)
    assert (run.status, len(stand_in.seen)) == ("COMPLETED", 1)
