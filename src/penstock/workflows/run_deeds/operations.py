"""What people ask to be done with all runs of a kind ("all like this"), and how far it is.

A request is a row; the engine of any worker takes the oldest one and does it batch by batch, each a transaction of
its own that moves the row's cursor, so that a killed worker costs nothing and another one goes on. It ends at
the newest run that there was when it was asked for: runs that fail while it goes on are not caught up in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from penstock.accounts.actors import Actor
from penstock.errors import Conflict, NotFound
from penstock.kit.database import Connection, Row
from penstock.kit.json import JsonObject
from penstock.workflows.legs.leg import Enqueue
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.run_deeds.retry import Revision, retry_what_can
from penstock.workflows.run_deeds.skip import skip_what_can
from penstock.workflows.run_history.counts import MOST_COUNTED, Count
from penstock.workflows.run_history.flow import name_of
from penstock.workflows.run_history.waits import WAIT_KINDS
from penstock.workflows.runs import cancel_many

Deed = Literal["retry", "skip", "cancel"]
Standing = Literal["FAILED", "PAUSED", "AT_CAP", "ALL"]
State = Literal["WAITING", "RUNNING", "DONE", "CANCELED", "FAILED"]

RUNS_AT_ONCE = 500
STATUSES: Mapping[Standing, list[str]] = {
    "FAILED": ["FAILED"],
    "PAUSED": ["WAITING"],
    "AT_CAP": ["WAITING"],
    "ALL": ["ACTIVE", "WAITING", "FAILED"],
}

COLUMNS = """id, operation, flow_id, standing, action_id, error_code, revision, branch, state, expected, done, left_out,
message, created_at, updated_at, finished_at"""
# Of a kind: by enrollments_of_flow_by_status (paused: enrollments_paused_of_flow), oldest first. A kind that is
# rare among the failed makes one batch read many rows, but all batches together read each row once.
OF_KIND = """
SELECT arm.id FROM unnest($1::text[]) AS wanted (status) CROSS JOIN LATERAL (
    SELECT e.id FROM enrollments e
    WHERE e.flow_id = $2 AND e.status = wanted.status AND e.id > $3 AND e.id <= $4
      AND ($5::text IS NULL OR e.next_action_id = $5) AND ($6::text IS NULL OR e.error_code = $6)
      AND ($7::text IS NULL OR (e.status = 'WAITING' AND e.wait_for LIKE $7))
    ORDER BY e.id LIMIT $8
) AS arm ORDER BY arm.id LIMIT $8
"""
NEWEST = "SELECT coalesce(max(id), 0) FROM enrollments"
INSERT = f"""
INSERT INTO run_operations (workspace_id, operation, flow_id, standing, action_id, error_code, revision, branch, expected,
                            until_id, actor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING {COLUMNS}
"""  # noqa: S608 - a constant
GET = f"SELECT {COLUMNS} FROM run_operations WHERE workspace_id = $1 AND id = $2"  # noqa: S608 - a constant
# Served by run_operations_recent.
LIST = f"""
SELECT {COLUMNS} FROM run_operations
WHERE workspace_id = $1 AND flow_id = $2 AND ($3::bigint IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""  # noqa: S608 - a constant
STOP = """
UPDATE run_operations SET state = 'CANCELED', updated_at = now(), finished_at = now()
WHERE workspace_id = $1 AND id = $2 AND state IN ('WAITING', 'RUNNING') RETURNING id
"""
# Served by run_operations_open; workers share the open ones out among themselves.
TAKE = f"""
SELECT {COLUMNS}, workspace_id, cursor_id, until_id, actor FROM run_operations
WHERE state IN ('WAITING', 'RUNNING') ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608 - a constant
ADVANCE = """
UPDATE run_operations SET state = $2, cursor_id = $3, done = done + $4, left_out = left_out + $5, updated_at = now(),
    finished_at = CASE WHEN $2 = 'DONE' THEN now() END
WHERE id = $1
"""
GIVE_UP = """
UPDATE run_operations SET state = 'FAILED', message = $2, updated_at = now(), finished_at = now()
WHERE id = (SELECT id FROM run_operations WHERE state IN ('WAITING', 'RUNNING') AND id = $1)
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to do with which runs of a flow; None leaves a condition out.

    `standing` FAILED, PAUSED or AT_CAP is what runs must be; ALL is every run that has not ended and is for cancel only.
    `branch` is for skip, as in `skip.skip`; `revision` is for retry.
    """

    operation: Deed
    flow_id: int
    standing: Standing = "FAILED"
    action_id: str | None = None
    error_code: str | None = None
    revision: Revision = "same"
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation and how far it is. `left_out` are runs that could not be moved, such as re-entered records."""

    id: int
    wanted: Wanted
    state: State
    expected: Count
    done: int
    left_out: int
    message: str
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """How an `advance` went: the operation it worked on (None: nothing is open), and whether that has more to do."""

    operation_id: int | None
    more: bool


async def begin(db: Connection, workspace_id: int, actor: Actor, wanted: Wanted) -> Operation:
    """Notes an operation for the workers. Raises NotFound for an unknown flow, Conflict when no run is of the kind."""
    await name_of(db, workspace_id, wanted.flow_id)
    newest: int = await db.fetchval(NEWEST)
    expected = len(await _of_kind(db, wanted, 0, newest, MOST_COUNTED + 1))
    if expected == 0:
        raise Conflict(
            "No run of the workflow is of that kind (any more).", remedy="Look again; they may have gone on."
        )
    who: JsonObject = {"type": actor.type, "id": actor.id, "label": actor.label}
    row = await db.fetchrow(
        INSERT,
        workspace_id,
        wanted.operation,
        wanted.flow_id,
        wanted.standing,
        wanted.action_id,
        wanted.error_code,
        wanted.revision,
        wanted.branch,
        expected,
        newest,
        who,
    )
    assert row is not None  # noqa: S101 - INSERT … RETURNING without a conflict clause gives its row
    return _operation(row)


async def get(db: Connection, workspace_id: int, operation_id: int) -> Operation:
    """One operation. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, operation_id)
    if row is None:
        raise NotFound(f"There is no operation {operation_id} on runs.")
    return _operation(row)


async def of_flow(
    db: Connection, workspace_id: int, flow_id: int, *, before: int | None, limit: int
) -> list[Operation]:
    """The operations on a flow's runs, newest first."""
    return [_operation(row) for row in await db.fetch(LIST, workspace_id, flow_id, before, limit)]


async def stop(db: Connection, workspace_id: int, operation_id: int) -> Operation:
    """Ends an operation before its next batch; what it did stays. Raises NotFound, and Conflict when it has ended."""
    if await db.fetchval(STOP, workspace_id, operation_id) is None:
        ended = await get(db, workspace_id, operation_id)
        raise Conflict(f"Operation {operation_id} has ended ({ended.state}).")
    return await get(db, workspace_id, operation_id)


async def advance(db: Connection, enqueue: Enqueue, plans: PlanSource) -> Step:
    """Does one batch of the oldest open operation that no other worker is at, in the caller's transaction."""
    row = await db.fetchrow(TAKE)
    if row is None:
        return Step(None, more=False)
    wanted = _operation(row).wanted
    ids = await _of_kind(db, wanted, row["cursor_id"], row["until_id"], RUNS_AT_ONCE)
    moved = await _do(db, enqueue, plans, row, wanted, ids) if ids else set()
    more = len(ids) == RUNS_AT_ONCE
    cursor = ids[-1] if ids else row["until_id"]
    await db.execute(
        ADVANCE, row["id"], "RUNNING" if more else "DONE", cursor, len(moved), len(ids) - len(moved)
    )
    return Step(row["id"], more)


async def oldest_open(db: Connection) -> int | None:
    """The operation that `advance` would take now, so that its failure can be told to people."""
    row = await db.fetchrow(TAKE)
    return None if row is None else row["id"]


async def give_up(db: Connection, operation_id: int, message: str) -> None:
    """Ends an operation that cannot go on, with a sentence that says why."""
    await db.execute(GIVE_UP, operation_id, message)


async def _do(
    db: Connection, enqueue: Enqueue, plans: PlanSource, row: Row, wanted: Wanted, ids: list[int]
) -> set[int]:
    workspace_id, who = row["workspace_id"], row["actor"]["label"]
    if wanted.operation == "retry":
        return await retry_what_can(db, enqueue, plans, workspace_id, ids, wanted.revision)
    if wanted.operation == "skip":
        return await skip_what_can(db, enqueue, plans, workspace_id, ids, who, wanted.branch)
    return await cancel_many(db, workspace_id, ids, who)


async def _of_kind(db: Connection, wanted: Wanted, after: int, until: int, most: int) -> list[int]:
    kept = next((f"{prefix}%" for kind, prefix in WAIT_KINDS.items() if kind == wanted.standing), None)
    rows = await db.fetch(
        OF_KIND,
        STATUSES[wanted.standing],
        wanted.flow_id,
        after,
        until,
        wanted.action_id,
        wanted.error_code,
        kept,
        most,
    )
    return [row["id"] for row in rows]


def _operation(row: Row) -> Operation:
    wanted = Wanted(
        row["operation"],
        row["flow_id"],
        row["standing"],
        row["action_id"],
        row["error_code"],
        row["revision"],
        row["branch"],
    )
    return Operation(
        id=row["id"],
        wanted=wanted,
        state=row["state"],
        expected=Count.of(row["expected"]),
        done=row["done"],
        left_out=row["left_out"],
        message=row["message"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        finished_at=row["finished_at"],
    )
