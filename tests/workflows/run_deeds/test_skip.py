"""A run that stands still goes on behind the step that is skipped, with the branch that people chose."""

from __future__ import annotations

import pytest
from tests.workflows.scene_of_runs import Lanes, branch, edit, flow_of, runs_at

from penstock.errors import Conflict
from penstock.kit.database import Connection
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.run_deeds.skip import skip
from penstock.workflows.runs import get_run, get_steps


async def test_a_failed_step_is_passed_over_logged_with_who_did_it_and_counted(
    crm: Connection, lanes: Lanes
) -> None:
    flow = await flow_of(crm, edit("1", "2"), edit("2"))
    [run_id] = await runs_at(crm, flow, range(1, 2))
    await skip(crm, lanes, PlanSource(), 1, run_id, "Ann")
    run = await get_run(crm, 1, run_id)
    assert (run.status, run.next_action_id, run.error) == ("ACTIVE", "2", None)
    assert [(job.lane, job.key.enrollment_id, job.key.seq) for job in lanes.jobs] == [("local", run_id, 1)]
    [step] = await get_steps(crm, 1, run_id)
    assert (step.action_id, step.status, step.seq) == ("1", "SKIPPED", 0)
    assert step.error is not None
    assert step.error["message"] == "Skipped by Ann."
    assert await crm.fetchval("SELECT sum(skipped) FROM step_figures WHERE action_id = '1'") == 1
    with pytest.raises(Conflict):
        await skip(crm, lanes, PlanSource(), 1, run_id, "Ann")


async def test_skipping_the_last_step_completes_the_run_without_a_job(crm: Connection, lanes: Lanes) -> None:
    flow = await flow_of(crm, edit("1"))
    [run_id] = await runs_at(crm, flow, range(1, 2), "WAITING", "1", "AUTHENTICATION", "connection:7")
    await skip(crm, lanes, PlanSource(), 1, run_id, "Ann")
    run = await get_run(crm, 1, run_id)
    assert (run.status, run.wait_for, run.finished_at is not None, lanes.jobs) == (
        "COMPLETED",
        None,
        True,
        [],
    )
    assert await crm.fetchval("SELECT sum(completed) FROM flow_figures") == 1


@pytest.mark.parametrize(("chosen", "lands"), [("urgent", "2"), ("", "3")])
async def test_a_branch_is_skipped_only_with_the_branch_to_take(
    crm: Connection, lanes: Lanes, chosen: str, lands: str
) -> None:
    flow = await flow_of(crm, branch("1", "urgent", "2", "3"), edit("2"), edit("3"))
    [run_id] = await runs_at(crm, flow, range(1, 2))
    for wrong in (None, "nonsense"):
        with pytest.raises(Conflict) as refused:
            await skip(crm, lanes, PlanSource(), 1, run_id, "Ann", wrong)
        assert sorted(refused.value.context["branches"].split("\n")) == ["", "urgent"]
    await skip(crm, lanes, PlanSource(), 1, run_id, "Ann", chosen)
    assert (await get_run(crm, 1, run_id)).next_action_id == lands


async def test_a_run_whose_record_is_in_the_flow_again_stays_where_it_is(
    crm: Connection, lanes: Lanes
) -> None:
    flow = await flow_of(crm, edit("1", "2"), edit("2"))
    [run_id] = await runs_at(crm, flow, range(1, 2))
    await runs_at(crm, flow, range(1, 2), "ACTIVE", "2", None)
    with pytest.raises(Conflict, match="in the workflow again"):
        await skip(crm, lanes, PlanSource(), 1, run_id, "Ann")
    assert (await get_run(crm, 1, run_id)).status == "FAILED"
