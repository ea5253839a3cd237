"""Failed runs go on from the step that failed; finished steps are not run, nor paid, again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from penstock.errors import Conflict, NotFound
from penstock.kit.database import Connection, Row
from penstock.workflows.legs.lanes import first_lane
from penstock.workflows.legs.leg import Enqueue, LegJob, LegKey
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.plan import Plan

Revision = Literal["same", "current"]

# In id order, as everywhere, so that two batches cannot wait for each other.
LOCK_STANDING = """
SELECT e.id, e.flow_id, e.record_id, e.revision_id, e.next_action_id, e.status, e.wait_for,
       f.revision_id AS current_revision_id, f.deleted_at IS NOT NULL AS flow_deleted
FROM enrollments e JOIN flows f ON f.id = e.flow_id
WHERE e.workspace_id = $1 AND e.id = ANY ($2::bigint[]) ORDER BY e.id FOR NO KEY UPDATE OF e
"""
# A record is in a flow once at a time: what entered again meanwhile is left alone, and of two failed runs of one
# record the newer goes on.
RETRY = """
UPDATE enrollments e SET status = 'ACTIVE', seq = seq + 1, attempt = 0, error = NULL, lane = wanted.lane,
    revision_id = wanted.revision_id, wake_at = NULL, wait_for = NULL, arrived_at = NULL, turn = 0, updated_at = now(), finished_at = NULL
FROM (
    SELECT DISTINCT ON (x.flow_id, x.record_id) x.id, w.lane, w.revision_id
    FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS w (id, lane, revision_id) JOIN enrollments x ON x.id = w.id
    ORDER BY x.flow_id, x.record_id, x.id DESC
) AS wanted
WHERE e.id = wanted.id AND NOT EXISTS (
    SELECT FROM enrollments o WHERE o.flow_id = e.flow_id AND o.record_id = e.record_id AND o.id <> e.id
      AND o.status IN ('ACTIVE', 'WAITING'))
RETURNING e.id, e.seq
"""


async def retry(
    db: Connection,
    enqueue: Enqueue,
    plans: PlanSource,
    workspace_id: int,
    run_ids: Sequence[int],
    revision: Revision = "same",
) -> list[int]:
    """Runs failed enrollments on from the step that failed: all of them, or none.

    With `revision="current"` they go on in the flow as it is now, provided that it still has the step.
    Raises NotFound for an unknown run; Conflict for one that has not failed, whose flow is deleted, whose
    step is gone from the current revision, or whose record has entered the flow again meanwhile.
    """
    rows = await lock_standing(db, workspace_id, run_ids)
    lanes = []
    for row in rows:
        lane = await _lane(db, plans, row, revision)
        if isinstance(lane, Conflict):
            raise lane
        lanes.append((row["id"], *lane))
    retried = await _go_on(db, enqueue, lanes)
    for row in rows:
        if row["id"] not in retried:
            raise Conflict(
                f"The record of enrollment {row['id']} is in the workflow again.",
                remedy="Wait for that run to end, or cancel it.",
            )
    return [row["id"] for row in rows]


async def retry_what_can(
    db: Connection,
    enqueue: Enqueue,
    plans: PlanSource,
    workspace_id: int,
    run_ids: Sequence[int],
    revision: Revision,
) -> set[int]:
    """Runs on those of the enrollments that can go on, and returns which; the others stay as they are."""
    lanes = []
    for row in await lock_standing(db, workspace_id, run_ids):
        lane = await _lane(db, plans, row, revision)
        if not isinstance(lane, Conflict):
            lanes.append((row["id"], *lane))
    return await _go_on(db, enqueue, lanes)


async def lock_standing(db: Connection, workspace_id: int, run_ids: Sequence[int]) -> list[Row]:
    """The runs with their flows, locked in id order. Raises NotFound for the first that does not exist."""
    rows = await db.fetch(LOCK_STANDING, workspace_id, list(run_ids))
    missing = set(run_ids) - {row["id"] for row in rows}
    if missing:
        raise NotFound(
            f"There is no enrollment {min(missing)}.", remedy="List them with `penstock runs list`."
        )
    return rows


async def plan_of(db: Connection, plans: PlanSource, row: Row, revision_id: int) -> Plan:
    """The plan that a run of `lock_standing` goes on in; revisions are kept, so that there always is one."""
    key = (row["flow_id"], revision_id)
    return (await plans.get(db, [key]))[key]


def flow_deleted(row: Row) -> Conflict:
    """The refusal for a run whose workflow was deleted."""
    return Conflict(
        f"The workflow of enrollment {row['id']} was deleted.",
        remedy="Enroll the record in another workflow.",
    )


async def _lane(
    db: Connection, plans: PlanSource, row: Row, revision: Revision
) -> tuple[str, int] | Conflict:
    """The lane and revision that a failed run goes on in, or why it cannot."""
    if row["status"] != "FAILED":
        return Conflict(
            f"Enrollment {row['id']} has not failed ({row['status']}).",
            remedy="Only failed runs are retried.",
        )
    if row["flow_deleted"]:
        return flow_deleted(row)
    wanted: int = row["current_revision_id"] if revision == "current" else row["revision_id"]
    plan = await plan_of(db, plans, row, wanted)
    node = plan.nodes.get(row["next_action_id"] or "")
    if node is None and row["next_action_id"] is not None:
        return Conflict(
            f"Revision {wanted} of the workflow has no action {row['next_action_id']}, where enrollment {row['id']} stopped.",
            remedy="Enroll the record anew.",
        )
    return first_lane(node), wanted


async def _go_on(db: Connection, enqueue: Enqueue, lanes: Sequence[tuple[int, str, int]]) -> set[int]:
    """Moves (id, lane, revision) to active and enqueues their legs; returns those that could move."""
    if not lanes:
        return set()
    rows = await db.fetch(
        RETRY, [one[0] for one in lanes], [one[1] for one in lanes], [one[2] for one in lanes]
    )
    lane_of = {run_id: lane for run_id, lane, _ in lanes}
    if rows:
        await enqueue(db, [LegJob(lane_of[row["id"]], LegKey(row["id"], row["seq"])) for row in rows])
    return {row["id"] for row in rows}
