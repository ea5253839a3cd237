"""Batches as people see them: where each stands, what it cost, and its end by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from penstock.errors import Conflict, NotFound
from penstock.kit.database import Connection, Row
from penstock.workflows.batches.store import State

# By llm_batches_recent.
LIST = """
SELECT b.*, c.name AS connection_name FROM llm_batches b JOIN connections c ON c.id = b.connection_id
WHERE b.workspace_id = $1 AND ($2::bigint IS NULL OR b.id < $2) ORDER BY b.id DESC LIMIT $3
"""
GET = """
SELECT b.*, c.name AS connection_name FROM llm_batches b JOIN connections c ON c.id = b.connection_id
WHERE b.workspace_id = $1 AND b.id = $2
"""
WAITING = "SELECT count(*) FROM llm_batch_items WHERE workspace_id = $1 AND batch_id IS NULL"
CANCEL = """
UPDATE llm_batches SET cancel_asked = true, next_at = now()
WHERE workspace_id = $1 AND id = $2 AND state IN ('formed', 'begun', 'submitting', 'running')
RETURNING id
"""
# Of a run: the batch that its question is in; no row when it does not wait for one.
OF_RUN = """
SELECT b.*, c.name AS connection_name
FROM llm_batch_items i JOIN llm_batches b ON b.id = i.batch_id JOIN connections c ON c.id = b.connection_id
WHERE i.workspace_id = $1 AND i.enrollment_id = $2
ORDER BY i.id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch. `questions` were put into it, `answered` came back so far; `message` is its last trouble.

    `remote_id` is the provider's own id, with which its console finds the batch.
    """

    id: int
    connection_id: int
    connection_name: str
    provider: str
    model: str
    state: State
    remote_id: str | None
    questions: int
    answered: int
    cost_usd: Decimal
    message: str
    cancel_asked: bool
    created_at: datetime
    submitted_at: datetime | None
    next_at: datetime
    ended_at: datetime | None


async def list_batches(
    db: Connection, workspace_id: int, *, before: int | None = None, limit: int = 50
) -> list[BatchRow]:
    """Up to `limit` batches, newest first, older than the batch `before`."""
    return [_row(row) for row in await db.fetch(LIST, workspace_id, before, limit)]


async def waiting(db: Connection, workspace_id: int) -> int:
    """How many questions wait for a batch to be formed."""
    found: int = await db.fetchval(WAITING, workspace_id)
    return found


async def get(db: Connection, workspace_id: int, batch_id: int) -> BatchRow:
    """One batch. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, batch_id)
    if row is None:
        raise NotFound(f"There is no batch {batch_id}.", remedy="List them with GET /penstock/v1/batches.")
    return _row(row)


async def of_run(db: Connection, workspace_id: int, run_id: int) -> BatchRow | None:
    """The batch that a run waits for; None when its question is in none."""
    row = await db.fetchrow(OF_RUN, workspace_id, run_id)
    return None if row is None else _row(row)


async def cancel(db: Connection, workspace_id: int, batch_id: int) -> BatchRow:
    """Asks for the end of a batch; what was answered already is taken, the other runs fail and can be retried.

    Raises NotFound, and Conflict for a batch that is over.
    """
    if await db.fetchval(CANCEL, workspace_id, batch_id) is None:
        found = await get(db, workspace_id, batch_id)
        raise Conflict(
            f"Batch {batch_id} is over: it is {found.state}.", remedy="Nothing of it is left to stop."
        )
    return await get(db, workspace_id, batch_id)


def _row(row: Row) -> BatchRow:
    return BatchRow(
        row["id"],
        row["connection_id"],
        row["connection_name"],
        row["provider"],
        row["model"],
        row["state"],
        row["remote_id"],
        row["questions"],
        row["answered"],
        row["cost_usd"],
        row["message"],
        row["cancel_asked"],
        row["created_at"],
        row["submitted_at"],
        row["next_at"],
        row["ended_at"],
    )
