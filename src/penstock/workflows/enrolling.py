"""Enrolling the records that meet a workflow's criteria already, however many there are.

The first batch goes in with the request, so that few records are in at once. What is left is a row that the engine
of any worker takes: each batch is a transaction of its own that moves the row's cursor, so that a killed worker
costs nothing. It ends at the newest record that there was; later ones come in by the triggers. Turning the
workflow off or publishing another revision ends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from penstock.crm import filters
from penstock.crm.schema import load_schema
from penstock.errors import Conflict, InvalidInput, NotFound
from penstock.kit.database import Connection
from penstock.kit.ids import new_uuid
from penstock.workflows.enrollment import CURRENT_FLOW, Candidate, Enrolled, check_batches, enroll
from penstock.workflows.legs.leg import Enqueue
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.plan import Plan

ENROLL_AT_ONCE = 5000

State = Literal["OPEN", "DONE", "ENDED", "FAILED"]

# In id order by records_by_type; the predicate is of bound parameters only. A filter that few records meet makes one
# batch read many rows, but all batches together read each row once.
MATCHING = """
SELECT r.id FROM records r
WHERE r.workspace_id = $1 AND r.object_type_id = $2 AND r.archived_at IS NULL AND r.id > $3 AND r.id <= $4
  AND ({predicate})
ORDER BY r.id LIMIT $5
"""
NEWEST = "SELECT coalesce(max(id), 0) FROM records WHERE workspace_id = $1 AND object_type_id = $2"
INSERT = """
INSERT INTO flow_enrollings (workspace_id, flow_id, revision_id, cause, cursor_id, until_id, enrolled, batch)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
# Served by flow_enrollings_open; workers share the open ones out among themselves.
TAKE = """
SELECT id, workspace_id, flow_id, revision_id, cause, cursor_id, until_id, batch FROM flow_enrollings
WHERE state = 'OPEN' ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
"""
ADVANCE = """
UPDATE flow_enrollings SET cursor_id = $2, enrolled = enrolled + $3, state = $4, message = $5,
    finished_at = CASE WHEN $4 <> 'OPEN' THEN now() END
WHERE id = $1
"""
# Both by flow_enrollings_of_flow.
LATEST = """
SELECT e.id, e.state, e.enrolled, e.message, e.cursor_id, e.until_id, e.created_at, e.finished_at
FROM flows f LEFT JOIN LATERAL (
    SELECT * FROM flow_enrollings e WHERE e.flow_id = f.id ORDER BY e.id DESC LIMIT 1
) AS e ON true
WHERE f.workspace_id = $1 AND f.id = $2
"""
STOP = """
UPDATE flow_enrollings SET state = 'ENDED', message = $3, finished_at = now()
WHERE workspace_id = $1 AND flow_id = $2 AND state = 'OPEN'
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """How many records met the filter, which of them went in, the last one looked at, and whether there are more."""

    matched: int
    enrolled: list[Enrolled]
    cursor: int
    more: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """How many records went in at once, and whether more of them are looked for in the background."""

    enrolled: int
    goes_on: bool


async def begin(
    db: Connection,
    enqueue: Enqueue,
    plans: PlanSource,
    workspace_id: int,
    flow_id: int,
    now: datetime,
    *,
    batch: bool = False,
) -> Begun:
    """Enrolls the records that meet the flow's filter criteria at `now`; beyond the first 5,000 in the background.

    As with triggers (HubSpot: "enroll existing"), a record that was in the flow before goes in again only when
    the flow re-enrolls, and never twice at a time. Raises NotFound for an unknown flow, Conflict when it is off,
    InvalidInput when it has no filter criteria or criteria that Penstock does not run.
    """
    plan = await plan_that_enrolls(db, plans, workspace_id, flow_id)
    cause = f"matching:{new_uuid()}"
    if batch:
        await check_batches(db, workspace_id, plan)
    until = await newest_record(db, plan, workspace_id)
    first = await enroll_batch(
        db, enqueue, workspace_id, plan, cause, after=0, until=until, now=now, batch=batch
    )
    enrolled = len(first.enrolled)
    if first.more:
        await db.execute(
            INSERT, workspace_id, flow_id, plan.revision_id, cause, first.cursor, until, enrolled, batch
        )
    return Begun(enrolled, first.more)


def told(begun: Begun) -> str:
    """What began, as a sentence."""
    if begun.goes_on:
        return f"{begun.enrolled} records are enrolled; workers enroll the others."
    return f"{begun.enrolled} records are enrolled."


async def advance(db: Connection, enqueue: Enqueue, plans: PlanSource, now: datetime) -> bool:
    """Enrolls one batch of the oldest open request, in the caller's transaction; False when none is open."""
    row = await db.fetchrow(TAKE)
    if row is None:
        return False
    workspace_id, flow_id = row["workspace_id"], row["flow_id"]
    try:
        plan = await plan_that_enrolls(db, plans, workspace_id, flow_id)
    except (NotFound, Conflict, InvalidInput) as error:
        await db.execute(ADVANCE, row["id"], row["cursor_id"], 0, "ENDED", error.message)
        return True
    if plan.revision_id != row["revision_id"]:
        overtaken = f"Revision {plan.revision_id} was published; it asks anew who comes in."
        await db.execute(ADVANCE, row["id"], row["cursor_id"], 0, "ENDED", overtaken)
        return True
    batch = await enroll_batch(
        db,
        enqueue,
        workspace_id,
        plan,
        row["cause"],
        after=row["cursor_id"],
        until=row["until_id"],
        now=now,
        batch=row["batch"],
    )
    state = "OPEN" if batch.more else "DONE"
    await db.execute(ADVANCE, row["id"], batch.cursor, len(batch.enrolled), state, "")
    return True


@dataclass(frozen=True, slots=True)
class Enrolling:
    """How far the enrolling in the background is. `looked_at` is the share, in [0, 1], of the ids looked at so far:
    how many more records will meet the criteria is known only when all have been read.
    """

    state: State
    enrolled: int
    looked_at: float
    message: str
    created_at: datetime
    finished_at: datetime | None


async def latest(db: Connection, workspace_id: int, flow_id: int) -> Enrolling | None:
    """The newest enrolling in the background of a flow; None when there was none, or all went in at once.

    Raises NotFound for an unknown flow.
    """
    row = await db.fetchrow(LATEST, workspace_id, flow_id)
    if row is None:
        raise NotFound(f"There is no workflow {flow_id}.", remedy="List them with GET /automation/v4/flows.")
    if row["id"] is None:
        return None
    looked_at = 1.0 if row["state"] == "DONE" else row["cursor_id"] / max(1, row["until_id"])
    return Enrolling(
        row["state"], row["enrolled"], looked_at, row["message"], row["created_at"], row["finished_at"]
    )


async def stop(db: Connection, workspace_id: int, flow_id: int, by: str) -> tuple[Enrolling, bool]:
    """Ends the enrolling in the background before its next batch; who went in stays in.

    Returns how it ended, and whether this call ended it: one that has ended stays as it ended. Raises NotFound for
    an unknown flow, and when the flow never had one.
    """
    stopped = await db.fetchval(STOP, workspace_id, flow_id, f"{by} stopped it.") is not None
    found = await latest(db, workspace_id, flow_id)
    if found is None:
        raise NotFound(f"Nothing is being enrolled in workflow {flow_id} in the background.")
    return found, stopped


async def oldest_open(db: Connection) -> int | None:
    """The request that `advance` would take now, so that one that fails can be ended."""
    row = await db.fetchrow(TAKE)
    return None if row is None else row["id"]


async def give_up(db: Connection, enrolling_id: int, message: str) -> None:
    """Ends a request that cannot go on; who went in stays in."""
    await db.execute(
        "UPDATE flow_enrollings SET state = 'FAILED', message = $2, finished_at = now() WHERE id = $1",
        enrolling_id,
        message,
    )


async def plan_that_enrolls(db: Connection, plans: PlanSource, workspace_id: int, flow_id: int) -> Plan:
    """The plan of a flow's live revision, when records can come in by its filter. Raises as `begin` does."""
    flow = await db.fetchrow(CURRENT_FLOW, workspace_id, flow_id)
    if flow is None:
        raise NotFound(f"There is no workflow {flow_id}.", remedy="List them with GET /automation/v4/flows.")
    if not flow["is_enabled"]:
        raise Conflict(f"Workflow {flow_id} is turned off.", remedy="Turn it on, then enroll the records.")
    plan = (await plans.get(db, [(flow_id, flow["revision_id"])]))[flow_id, flow["revision_id"]]
    if plan.criteria.unsupported is not None:
        raise InvalidInput(plan.criteria.unsupported, remedy="Enroll chosen records by their ids.")
    if plan.criteria.filter is None or plan.criteria.events:
        raise InvalidInput(
            f"Workflow {flow_id} has no filter criteria that a record could meet.",
            remedy="Enroll chosen records by their ids.",
        )
    return plan


async def newest_record(db: Connection, plan: Plan, workspace_id: int) -> int:
    """The record at which enrolling those that are there ends; 0 when there is none."""
    found: int = await db.fetchval(NEWEST, workspace_id, plan.object_type_id)
    return found


async def enroll_batch(
    db: Connection,
    enqueue: Enqueue,
    workspace_id: int,
    plan: Plan,
    cause: str,
    *,
    after: int,
    until: int,
    now: datetime,
    batch: bool = False,
) -> Batch:
    """Enrolls the next records behind `after` and up to `until` that meet the filter of `plan_that_enrolls`."""
    assert plan.criteria.filter is not None  # noqa: S101 - checked by plan_that_enrolls
    schema = await load_schema(db, workspace_id, plan.object_type_id)
    predicate, parameters = filters.predicate(plan.criteria.filter, schema, now, first_parameter=6)
    rows = await db.fetch(
        MATCHING.format(predicate=predicate),
        workspace_id,
        plan.object_type_id,
        after,
        until,
        ENROLL_AT_ONCE,
        *parameters,
    )
    enrolled = await enroll(
        db,
        enqueue,
        workspace_id,
        plan,
        [Candidate(row["id"], cause) for row in rows],
        first_time_only=not plan.criteria.should_re_enroll,
        batch=batch,
    )
    more = len(rows) == ENROLL_AT_ONCE
    return Batch(len(rows), enrolled, rows[-1]["id"] if rows else until, more)
