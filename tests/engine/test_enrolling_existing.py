"""A worker enrolls what the request left over."""

from __future__ import annotations

import asyncio

import pytest
from tests.engine.scene import edit, runs_of, tickets, turned_on, value_of, when
from tests.workflows.scene_of_runs import INSERT_RECORDS

from penstock.bootstrap import Penstock, work
from penstock.engine.lanes import enqueue
from penstock.kit.database import transaction
from penstock.workflows import enrolling


async def test_records_beyond_the_first_batch_go_in_and_through_by_a_worker(
    app: Penstock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolling, "ENROLL_AT_ONCE", 10)
    await tickets(app)  # no tickets, but the property
    ids = list(range(1, 35))
    # Straight into the table: a change would enroll them by the trigger.
    async with transaction(app.pool) as db:
        await db.execute(INSERT_RECORDS, ids[0], ids[-1])
        await db.execute("""UPDATE records SET properties = properties || '{"urgency": "low"}'""")
    raise_it = edit("1", "urgency", {"type": "STATIC_VALUE", "staticValue": "high"})
    flow = await turned_on(app, raise_it, criteria=when("urgency", "low"))
    async with transaction(app.pool) as db:
        begun = await enrolling.begin(db, enqueue, app.runner.plans, 1, flow, app.clock.now())
    assert begun == enrolling.Begun(10, goes_on=True)
    async with work(app):
        for _ in range(1000):
            ended = [run for run in await runs_of(app, flow) if run.status == "COMPLETED"]
            if len(ended) == len(ids):
                break
            await asyncio.sleep(0.02)
    assert {run.record_id for run in ended} == set(ids)
    assert await value_of(app, ids[-1], "urgency") == "high"
