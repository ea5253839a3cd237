"""What is asked for all runs of a kind is done in batches, for those that were there when it was asked."""

from __future__ import annotations

import pytest
from tests.workflows.scene_of_runs import Lanes, edit, flow_of, runs_at

from penstock.accounts.actors import command_line
from penstock.errors import Conflict, NotFound
from penstock.kit.database import Connection
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.run_deeds import operations
from penstock.workflows.run_deeds.operations import RUNS_AT_ONCE, Wanted
from penstock.workflows.run_history.counts import Count

ME = command_line(1, "Ann")


async def all_of(db: Connection, lanes: Lanes) -> int:
    """Advances until nothing is open; returns how many batches that took."""
    batches, plans = 0, PlanSource()
    while True:
        async with db.transaction():
            step = await operations.advance(db, lanes, plans)
        if step.operation_id is None:
            return batches
        batches += 1


async def statuses(db: Connection, flow: int) -> dict[str, int]:
    rows = await db.fetch(
        "SELECT status, count(*) AS runs FROM enrollments WHERE flow_id = $1 GROUP BY 1", flow
    )
    return {row["status"]: row["runs"] for row in rows}


async def test_all_runs_of_a_kind_are_retried_in_batches_and_nothing_else_is(
    crm: Connection, lanes: Lanes
) -> None:
    flow = await flow_of(crm, edit("1", "2"), edit("2"))
    count = RUNS_AT_ONCE * 2 + 10
    await runs_at(crm, flow, range(1, count + 1), "FAILED", "1", "TIMEOUT")
    await runs_at(crm, flow, range(5001, 5011), "FAILED", "1", "STEP_CRASHED")
    await runs_at(crm, flow, range(6001, 6011), "FAILED", "2", "TIMEOUT")
    operation = await operations.begin(crm, 1, ME, Wanted("retry", flow, action_id="1", error_code="TIMEOUT"))
    assert (operation.state, operation.expected) == ("WAITING", Count(count, exact=True))
    await runs_at(crm, flow, range(7001, 7011), "FAILED", "1", "TIMEOUT")
    assert await all_of(crm, lanes) == 3
    done = await operations.get(crm, 1, operation.id)
    assert (done.state, done.done, done.left_out) == ("DONE", count, 0)
    assert await statuses(crm, flow) == {"ACTIVE": count, "FAILED": 30}
    assert len({job.key.enrollment_id for job in lanes.jobs}) == count


async def test_records_that_entered_again_are_left_out_and_of_two_failed_runs_the_newer_goes_on(
    crm: Connection, lanes: Lanes
) -> None:
    flow = await flow_of(crm, edit("1"))
    older = await runs_at(crm, flow, range(1, 4))
    newer = await runs_at(crm, flow, range(1, 3), "FAILED", "1", "TIMEOUT")
    await runs_at(crm, flow, range(3, 4), "ACTIVE", "1", None)
    operation = await operations.begin(crm, 1, ME, Wanted("retry", flow))
    await all_of(crm, lanes)
    done = await operations.get(crm, 1, operation.id)
    assert (done.done, done.left_out) == (2, 3)
    assert sorted(job.key.enrollment_id for job in lanes.jobs) == newer
    failed = await crm.fetch("SELECT id FROM enrollments WHERE status = 'FAILED' ORDER BY id")
    assert [row["id"] for row in failed] == older


async def test_paused_runs_and_those_at_a_cap_can_be_skipped_and_everything_inside_can_be_canceled(
    crm: Connection, lanes: Lanes
) -> None:
    flow = await flow_of(crm, edit("1", "2"), edit("2"))
    await runs_at(crm, flow, range(1, 11), "WAITING", "1", "AUTHENTICATION", "connection:7")
    await runs_at(crm, flow, range(11, 21), "WAITING", "1", None, "time")
    await runs_at(crm, flow, range(21, 31), "COMPLETED", None, None)
    await operations.begin(crm, 1, ME, Wanted("skip", flow, standing="PAUSED"))
    await all_of(crm, lanes)
    assert await statuses(crm, flow) == {"ACTIVE": 10, "WAITING": 10, "COMPLETED": 10}
    await runs_at(crm, flow, range(31, 36), "WAITING", "1", "CAP_REACHED", "cap:3")
    await operations.begin(crm, 1, ME, Wanted("skip", flow, standing="AT_CAP"))
    await all_of(crm, lanes)
    assert await statuses(crm, flow) == {"ACTIVE": 15, "WAITING": 10, "COMPLETED": 10}
    await operations.begin(crm, 1, ME, Wanted("cancel", flow, standing="ALL"))
    await all_of(crm, lanes)
    assert await statuses(crm, flow) == {"CANCELED": 25, "COMPLETED": 10}
    assert await crm.fetchval("SELECT sum(canceled) FROM flow_figures") == 25


async def test_an_operation_can_be_stopped_and_one_on_nothing_is_refused(
    crm: Connection, lanes: Lanes
) -> None:
    flow = await flow_of(crm, edit("1"))
    await runs_at(crm, flow, range(1, 11))
    operation = await operations.begin(crm, 1, ME, Wanted("cancel", flow))
    assert (await operations.stop(crm, 1, operation.id)).state == "CANCELED"
    assert await all_of(crm, lanes) == 0
    assert await statuses(crm, flow) == {"FAILED": 10}
    for refused in (Wanted("retry", flow, error_code="OTHER"), Wanted("skip", flow, standing="PAUSED")):
        with pytest.raises(Conflict):
            await operations.begin(crm, 1, ME, refused)
    for call in (operations.get(crm, 2, operation.id), operations.stop(crm, 2, operation.id)):
        with pytest.raises(NotFound):
            await call
