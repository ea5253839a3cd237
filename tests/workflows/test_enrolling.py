"""Records that meet the criteria already: a batch at once, the others in the background, each of them once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.workflows.scene_of_runs import INSERT_RECORDS, Lanes, edit, flow_of

from penstock.errors import Conflict, InvalidInput, NotFound
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows import enrolling, flows
from penstock.workflows.legs.store import PlanSource

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EVERY_TICKET: JsonObject = {
    "type": "LIST_BASED",
    "shouldReEnroll": False,
    "unEnrollObjectsNotMeetingCriteria": False,
    "reEnrollmentTriggersFilterBranches": [],
    "listFilterBranch": {
        "filterBranchType": "OR",
        "filterBranchOperator": "OR",
        "filters": [],
        "filterBranches": [
            {
                "filterBranchType": "AND",
                "filterBranchOperator": "AND",
                "filterBranches": [],
                "filters": [
                    {
                        "filterType": "PROPERTY",
                        "property": "subject",
                        "operation": {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN"},
                    }
                ],
            }
        ],
    },
}
ENROLLED = "SELECT count(DISTINCT record_id), count(*) FROM enrollments WHERE flow_id = $1"
LEFT = "SELECT state, enrolled, message FROM flow_enrollings WHERE flow_id = $1"


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolling, "ENROLL_AT_ONCE", 10)


async def flow_with_tickets(db: Connection, count: int) -> int:
    """A flow that is on and takes every ticket, and so many tickets."""
    await db.execute(INSERT_RECORDS, 1, count)
    return await flow_of(db, edit("1"), criteria=EVERY_TICKET)


async def all_batches(db: Connection, lanes: Lanes, plans: PlanSource) -> int:
    """Does what a worker does; returns the number of batches."""
    batches = 0
    while await enrolling.advance(db, lanes, plans, NOW):
        batches += 1
    return batches


async def test_few_records_are_in_at_once_and_nothing_is_left_to_do(crm: Connection, lanes: Lanes) -> None:
    flow = await flow_with_tickets(crm, 7)
    begun = await enrolling.begin(crm, lanes, PlanSource(), 1, flow, NOW)
    assert begun == enrolling.Begun(7, goes_on=False)
    assert await all_batches(crm, lanes, PlanSource()) == 0


async def test_many_records_go_in_batch_by_batch_each_once_and_those_created_meanwhile_are_left_to_triggers(
    crm: Connection, lanes: Lanes
) -> None:
    flow, plans = await flow_with_tickets(crm, 35), PlanSource()
    assert await enrolling.begin(crm, lanes, plans, 1, flow, NOW) == enrolling.Begun(10, goes_on=True)
    await crm.execute(INSERT_RECORDS, 36, 40)
    assert await all_batches(crm, lanes, plans) == 3
    assert tuple(await crm.fetchrow(ENROLLED, flow)) == (35, 35)
    assert tuple(await crm.fetchrow(LEFT, flow)) == ("DONE", 35, "")


async def test_one_sees_how_far_it_is_and_can_stop_it_before_its_next_batch(
    crm: Connection, lanes: Lanes
) -> None:
    flow, plans = await flow_with_tickets(crm, 40), PlanSource()
    assert await enrolling.latest(crm, 1, flow) is None
    with pytest.raises(NotFound, match="background"):
        await enrolling.stop(crm, 1, flow, "Ann")
    await enrolling.begin(crm, lanes, plans, 1, flow, NOW)
    await enrolling.advance(crm, lanes, plans, NOW)
    seen = await enrolling.latest(crm, 1, flow)
    assert seen is not None
    assert (seen.state, seen.enrolled, 0 < seen.looked_at < 1, seen.finished_at) == ("OPEN", 20, True, None)
    ended, stopped = await enrolling.stop(crm, 1, flow, "Ann")
    assert (ended.state, ended.enrolled, ended.message, stopped) == ("ENDED", 20, "Ann stopped it.", True)
    assert await enrolling.stop(crm, 1, flow, "Bob") == (ended, False)
    assert await all_batches(crm, lanes, plans) == 0
    assert tuple(await crm.fetchrow(ENROLLED, flow)) == (20, 20)
    with pytest.raises(NotFound, match="no workflow"):  # in another workspace
        await enrolling.latest(crm, 2, flow)


async def test_turning_the_workflow_off_ends_it(crm: Connection, lanes: Lanes) -> None:
    flow, plans = await flow_with_tickets(crm, 25), PlanSource()
    await enrolling.begin(crm, lanes, plans, 1, flow, NOW)
    await crm.execute(flows.SET_ENABLED, 1, flow, False)
    assert await all_batches(crm, lanes, plans) == 1
    state, enrolled, message = await crm.fetchrow(LEFT, flow)
    assert (state, enrolled, "turned off" in message) == ("ENDED", 10, True)


async def test_another_published_revision_ends_it(crm: Connection, lanes: Lanes) -> None:
    flow, plans = await flow_with_tickets(crm, 25), PlanSource()
    await enrolling.begin(crm, lanes, plans, 1, flow, NOW)
    await crm.execute(
        "INSERT INTO flow_revisions (workspace_id, flow_id, revision_id, document, created_by)"
        " SELECT 1, flow_id, 2, document, 'test' FROM flow_revisions WHERE flow_id = $1",
        flow,
    )
    await crm.execute("UPDATE flows SET revision_id = 2 WHERE id = $1", flow)
    await all_batches(crm, lanes, plans)
    state, enrolled, message = await crm.fetchrow(LEFT, flow)
    assert (state, enrolled, "Revision 2" in message) == ("ENDED", 10, True)


async def test_a_workflow_that_is_off_or_by_hand_only_says_so(crm: Connection, lanes: Lanes) -> None:
    by_hand = await flow_of(crm, edit("1"))
    with pytest.raises(InvalidInput, match="no filter criteria"):
        await enrolling.begin(crm, lanes, PlanSource(), 1, by_hand, NOW)
    off = await flow_of(crm, edit("1"), enabled=False, criteria=EVERY_TICKET)
    with pytest.raises(Conflict, match="turned off"):
        await enrolling.begin(crm, lanes, PlanSource(), 1, off, NOW)
