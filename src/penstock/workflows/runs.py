"""One run with its steps and outside effects, and its end by hand; lists are in `run_history`, deeds in `run_deeds`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from penstock.crm.display_names import JOINED_NAME
from penstock.errors import Conflict, NotFound
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows.reviews.closing import close, close_of_flow


@dataclass(frozen=True, slots=True)
class Run:
    """One enrollment as people see it. Times are aware; `outputs` maps action id to that action's outputs.

    `record_name` is what people call the record (`crm.display_names`), None when nothing names it. `connection_name`
    is the connection that it waits for: until that is put right, or for its turn there.
    """

    id: int
    flow_id: int
    flow_name: str
    revision_id: int
    record_id: int
    record_name: str | None
    object_type_id: str
    cause: str
    status: str
    next_action_id: str | None
    attempt: int
    wait_for: str | None
    connection_name: str | None
    wake_at: datetime | None
    outputs: JsonObject
    error: JsonObject | None
    enrolled_at: datetime
    updated_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the action log of a run; `seq` is the fence value of the leg that made it."""

    id: int
    seq: int
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


# By primary key, and only for runs that wait for a connection: `connection:<id>`, `limit:<id>:<model>` or `batch:<id>`.
CONNECTION_WAITED_FOR = """
CASE WHEN split_part(e.wait_for, ':', 1) IN ('connection', 'limit', 'batch')
     THEN (SELECT n.name FROM connections n WHERE n.id = split_part(e.wait_for, ':', 2)::bigint) END
"""
RUN_COLUMNS = f"""
e.id, e.flow_id, f.name AS flow_name, e.revision_id, e.record_id, {JOINED_NAME} AS record_name,
f.object_type_id, e.cause, e.status, e.next_action_id,
e.attempt, e.wait_for, {CONNECTION_WAITED_FOR} AS connection_name, e.wake_at, e.outputs, e.error, e.enrolled_at, e.updated_at, e.finished_at
"""
RUN_TABLES = """
JOIN flows f ON f.id = e.flow_id LEFT JOIN records r ON r.id = e.record_id
LEFT JOIN object_types t ON t.workspace_id = e.workspace_id AND t.object_type_id = f.object_type_id
"""


GET_RUN = f"""
SELECT {RUN_COLUMNS} FROM enrollments e {RUN_TABLES} WHERE e.workspace_id = $1 AND e.id = $2
"""  # noqa: S608 - a constant

GET_STEPS = """
SELECT id, seq, action_id, action_type_id, status, attempt, started_at, finished_at, inputs, outputs, detail, error
FROM steps WHERE workspace_id = $1 AND enrollment_id = $2 ORDER BY id
"""

GET_EFFECTS = """
SELECT key, kind, action_id, status, attempts, created_at FROM effects
WHERE workspace_id = $1 AND enrollment_id = $2 ORDER BY created_at, key
"""

# Both count what they end in the figures of the day.
CANCEL = """
WITH ended AS (
UPDATE enrollments SET status = 'CANCELED', seq = seq + 1, wake_at = NULL, wait_for = NULL, updated_at = now(),
    finished_at = now(), error = $3
WHERE workspace_id = $1 AND id = ANY ($2::bigint[]) AND status IN ('ACTIVE', 'WAITING', 'FAILED')
RETURNING id, flow_id
), counted AS (
INSERT INTO flow_tallies (workspace_id, flow_id, day, canceled)
SELECT $1, flow_id, day_in_workspace($1, now()), count(*) FROM ended GROUP BY flow_id
)
SELECT id FROM ended
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


async def cancel(db: Connection, workspace_id: int, run_id: int, who: str) -> None:
    """Ends a run before its next step. A call already on the wire ends there; its answer is not recorded.

    Raises NotFound, and Conflict when the run has ended.
    """
    if not await cancel_many(db, workspace_id, [run_id], who):
        run = await get_run(db, workspace_id, run_id)
        raise Conflict(
            f"Enrollment {run_id} has ended ({run.status}).", remedy="There is nothing left to cancel."
        )


async def cancel_many(db: Connection, workspace_id: int, run_ids: Sequence[int], who: str) -> set[int]:
    """Ends those of the runs that have not ended yet; returns which."""
    why: JsonObject = {"code": "CANCELED", "message": f"Canceled by {who}.", "remedy": ""}
    ended = {row["id"] for row in await db.fetch(CANCEL, workspace_id, list(run_ids), why)}
    await close(db, workspace_id, sorted(ended))
    return ended


async def cancel_all_of_flow(db: Connection, workspace_id: int, flow_id: int, why: str) -> int:
    """Ends every run that is inside a flow; returns how many."""
    reason: JsonObject = {"code": "CANCELED", "message": why, "remedy": ""}
    ended: int = await db.fetchval(CANCEL_FLOW, workspace_id, flow_id, reason)
    await close_of_flow(db, workspace_id, flow_id)
    return ended
