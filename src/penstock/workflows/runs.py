"""What people see and do with enrollments: lists, one run with its steps, cancel, retry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from penstock.errors import Conflict, NotFound
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows.legs.leg import Enqueue, LegJob, LegKey
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.legs.walk import first_lane


@dataclass(frozen=True, slots=True)
class Run:
    """One enrollment as people see it. Times are aware; `outputs` maps action id to that action's outputs."""

    id: int
    flow_id: int
    flow_name: str
    revision_id: int
    record_id: int
    object_type_id: str
    cause: str
    status: str
    next_action_id: str | None
    attempt: int
    wait_for: str | None
    wake_at: datetime | None
    outputs: JsonObject
    error: JsonObject | None
    enrolled_at: datetime
    updated_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the action log of a run."""

    id: int
    action_id: str
    action_type_id: str
    status: str
    attempt: int
    started_at: datetime
    finished_at: datetime
    inputs: JsonObject | None
    outputs: JsonObject | None
    detail: JsonObject | None
    error: JsonObject | None


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One outside effect: `attempts` above 1 means that it may have happened more than once, with the same key."""

    key: str
    kind: str
    action_id: str | None
    status: str
    attempts: int
    created_at: datetime


RUN_COLUMNS = """
e.id, e.flow_id, f.name AS flow_name, e.revision_id, e.record_id, f.object_type_id, e.cause, e.status, e.next_action_id,
e.attempt, e.wait_for, e.wake_at, e.outputs, e.error, e.enrolled_at, e.updated_at, e.finished_at
"""

# Newest first; by flow served by enrollments_of_flow, by record by enrollments_of_record, failed by enrollments_failed.
LIST_RUNS = f"""
SELECT {RUN_COLUMNS} FROM enrollments e JOIN flows f ON f.id = e.flow_id
WHERE e.workspace_id = $1 AND ($2::bigint IS NULL OR e.flow_id = $2) AND ($3::bigint IS NULL OR e.record_id = $3)
  AND ($4::text IS NULL OR e.status = $4) AND ($5::bigint IS NULL OR e.id < $5)
ORDER BY e.id DESC LIMIT $6
"""  # noqa: S608 - a constant

GET_RUN = f"""
SELECT {RUN_COLUMNS} FROM enrollments e JOIN flows f ON f.id = e.flow_id WHERE e.workspace_id = $1 AND e.id = $2
"""  # noqa: S608 - a constant

GET_STEPS = """
SELECT id, action_id, action_type_id, status, attempt, started_at, finished_at, inputs, outputs, detail, error
FROM steps WHERE workspace_id = $1 AND enrollment_id = $2 ORDER BY id
"""

GET_EFFECTS = """
SELECT key, kind, action_id, status, attempts, created_at FROM effects
WHERE workspace_id = $1 AND enrollment_id = $2 ORDER BY created_at, key
"""

COUNT_BY_STATUS = """
SELECT status, count(*) AS runs FROM enrollments WHERE workspace_id = $1 AND flow_id = $2 GROUP BY status
"""

# Both count what they end in the figures of the day.
CANCEL = """
WITH ended AS (
UPDATE enrollments SET status = 'CANCELED', seq = seq + 1, wake_at = NULL, wait_for = NULL, updated_at = now(),
    finished_at = now(), error = $3
WHERE workspace_id = $1 AND id = $2 AND status IN ('ACTIVE', 'WAITING', 'FAILED')
RETURNING flow_id
), counted AS (
INSERT INTO flow_tallies (workspace_id, flow_id, day, canceled)
SELECT $1, flow_id, day_in_workspace($1, now()), 1 FROM ended
)
SELECT count(*) FROM ended
"""

CANCEL_FLOW = """
WITH ended AS (
UPDATE enrollments SET status = 'CANCELED', seq = seq + 1, wake_at = NULL, wait_for = NULL, updated_at = now(),
    finished_at = now(), error = $3
WHERE workspace_id = $1 AND flow_id = $2 AND status IN ('ACTIVE', 'WAITING')
RETURNING id
), counted AS (
INSERT INTO flow_tallies (workspace_id, flow_id, day, canceled)
SELECT $1, $2, day_in_workspace($1, now()), count(*) FROM ended HAVING count(*) > 0
)
SELECT count(*) FROM ended
"""

LOCK_FAILED = """
SELECT e.id, e.flow_id, e.record_id, e.revision_id, e.next_action_id, e.status, f.revision_id AS current_revision_id,
       f.deleted_at IS NOT NULL AS flow_deleted
FROM enrollments e JOIN flows f ON f.id = e.flow_id
WHERE e.workspace_id = $1 AND e.id = ANY ($2::bigint[]) ORDER BY e.id FOR NO KEY UPDATE OF e
"""

RETRY = """
UPDATE enrollments e SET status = 'ACTIVE', seq = seq + 1, attempt = 0, error = NULL, lane = $2, revision_id = $3,
    wake_at = NULL, wait_for = NULL, updated_at = now(), finished_at = NULL
WHERE e.id = $1 AND NOT EXISTS (
    SELECT FROM enrollments o WHERE o.flow_id = e.flow_id AND o.record_id = e.record_id AND o.id <> e.id
      AND o.status IN ('ACTIVE', 'WAITING'))
RETURNING seq
"""


async def list_runs(
    db: Connection,
    workspace_id: int,
    *,
    flow_id: int | None = None,
    record_id: int | None = None,
    status: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Run]:
    """Runs, newest first; `before` is the id of the last run of the page before."""
    rows = await db.fetch(LIST_RUNS, workspace_id, flow_id, record_id, status, before, limit)
    return [Run(**dict(row)) for row in rows]


async def get_run(db: Connection, workspace_id: int, run_id: int) -> Run:
    """One run. Raises NotFound."""
    row = await db.fetchrow(GET_RUN, workspace_id, run_id)
    if row is None:
        raise NotFound(f"There is no enrollment {run_id}.", remedy="List them with `penstock runs list`.")
    return Run(**dict(row))


async def get_steps(db: Connection, workspace_id: int, run_id: int) -> list[Step]:
    """The steps of a run, oldest first."""
    return [Step(**dict(row)) for row in await db.fetch(GET_STEPS, workspace_id, run_id)]


async def get_effects(db: Connection, workspace_id: int, run_id: int) -> list[EffectRow]:
    """The outside effects of a run (LLM calls, e-mails, webhooks), each with its key and how often it was begun."""
    return [EffectRow(**dict(row)) for row in await db.fetch(GET_EFFECTS, workspace_id, run_id)]


async def count_by_status(db: Connection, workspace_id: int, flow_id: int) -> dict[str, int]:
    """How many runs of a flow stand where."""
    return {row["status"]: row["runs"] for row in await db.fetch(COUNT_BY_STATUS, workspace_id, flow_id)}


async def cancel(db: Connection, workspace_id: int, run_id: int, who: str) -> None:
    """Ends a run before its next step. A call already on the wire ends there; its answer is not recorded.

    Raises NotFound, and Conflict when the run has ended.
    """
    why: JsonObject = {"code": "CANCELED", "message": f"Canceled by {who}.", "remedy": ""}
    if not await db.fetchval(CANCEL, workspace_id, run_id, why):
        run = await get_run(db, workspace_id, run_id)
        raise Conflict(
            f"Enrollment {run_id} has ended ({run.status}).", remedy="There is nothing left to cancel."
        )


async def cancel_all_of_flow(db: Connection, workspace_id: int, flow_id: int, why: str) -> int:
    """Ends every run that is inside a flow; returns how many."""
    reason: JsonObject = {"code": "CANCELED", "message": why, "remedy": ""}
    ended: int = await db.fetchval(CANCEL_FLOW, workspace_id, flow_id, reason)
    return ended


async def retry(
    db: Connection,
    enqueue: Enqueue,
    plans: PlanSource,
    workspace_id: int,
    run_ids: Sequence[int],
    revision: Literal["same", "current"] = "same",
) -> list[int]:
    """Runs failed enrollments on from the step that failed; finished steps are not run, nor paid, again.

    With `revision="current"` they go on in the flow as it is now, provided that it still has the step.
    Raises NotFound for an unknown run; Conflict for one that has not failed, whose flow is deleted, whose
    step is gone from the current revision, or whose record has entered the flow again meanwhile.
    """
    rows = await db.fetch(LOCK_FAILED, workspace_id, list(run_ids))
    missing = set(run_ids) - {row["id"] for row in rows}
    if missing:
        raise NotFound(
            f"There is no enrollment {min(missing)}.", remedy="List them with `penstock runs list`."
        )
    jobs = []
    for row in rows:
        if row["status"] != "FAILED":
            raise Conflict(
                f"Enrollment {row['id']} has not failed ({row['status']}).",
                remedy="Only failed runs are retried.",
            )
        if row["flow_deleted"]:
            raise Conflict(
                f"The workflow of enrollment {row['id']} was deleted.",
                remedy="Enroll the record in another workflow.",
            )
        wanted = row["current_revision_id"] if revision == "current" else row["revision_id"]
        plan = (await plans.get(db, [(row["flow_id"], wanted)]))[row["flow_id"], wanted]
        node = plan.nodes.get(row["next_action_id"] or "")
        if node is None and row["next_action_id"] is not None:
            raise Conflict(
                f"Revision {wanted} of the workflow has no action {row['next_action_id']}, where enrollment {row['id']} stopped.",
                remedy="Enroll the record anew.",
            )
        lane = first_lane(node)
        seq = await db.fetchval(RETRY, row["id"], lane, wanted)
        if seq is None:
            raise Conflict(
                f"The record of enrollment {row['id']} is in the workflow again.",
                remedy="Wait for that run to end, or cancel it.",
            )
        jobs.append(LegJob(lane, LegKey(row["id"], seq)))
    if jobs:
        await enqueue(db, jobs)
    return [row["id"] for row in rows]
