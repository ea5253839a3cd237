"""Batches as people see them: where each stands, what it cost, and its end by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from penstock.errors import Conflict, NotFound
from penstock.kit.database import Connection, Row
from penstock.workflows.batches.store import State
from penstock.workflows.run_history.flow import name_of

SELECT = """
SELECT b.*, c.name AS connection_name FROM llm_batches b JOIN connections c ON c.id = b.connection_id
"""
# By llm_batches_recent.
LIST = f"{SELECT} WHERE b.workspace_id = $1 AND ($2::bigint IS NULL OR b.id < $2) ORDER BY b.id DESC LIMIT $3"
# By llm_batch_flows_recent.
LIST_OF_FLOW = f"""
{SELECT} JOIN llm_batch_flows f ON f.batch_id = b.id AND f.flow_id = $4
WHERE b.workspace_id = $1 AND ($2::bigint IS NULL OR f.batch_id < $2) ORDER BY f.batch_id DESC LIMIT $3
"""
GET = f"{SELECT} WHERE b.workspace_id = $1 AND b.id = $2"
FLOWS = """
SELECT b.*, f.name FROM llm_batch_flows b JOIN flows f ON f.id = b.flow_id
WHERE b.batch_id = ANY ($1::bigint[]) ORDER BY b.batch_id, b.flow_id
"""
WAITING = """
SELECT count(*) FROM llm_batch_items i
WHERE i.workspace_id = $1 AND i.batch_id IS NULL
  AND ($2::bigint IS NULL OR EXISTS (SELECT FROM enrollments e WHERE e.id = i.enrollment_id AND e.flow_id = $2))
"""
CANCEL = """
UPDATE llm_batches SET cancel_asked = true, next_at = now()
WHERE workspace_id = $1 AND id = $2 AND state IN ('formed', 'begun', 'submitting', 'running')
RETURNING id
"""
# Of a run: the batch that its question is in; no row when it does not wait for one.
OF_RUN = f"""
{SELECT} JOIN llm_batch_items i ON i.batch_id = b.id
WHERE i.workspace_id = $1 AND i.enrollment_id = $2
ORDER BY i.id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class PartOfFlow:
    """What of a batch is of one workflow."""

    flow_id: int
    flow_name: str
    questions: int
    answered: int
    cost_usd: Decimal
    saved_usd: Decimal


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch. `questions` were put into it, `answered` came back so far; `message` is its last trouble.

    `cost_usd` counts the live repair calls of its answers as well; `saved_usd` is what its answers would have cost more
    if they had been asked for live. `remote_id` is the provider's own id, with which its console finds the batch.
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
    saved_usd: Decimal
    message: str
    cancel_asked: bool
    created_at: datetime
    submitted_at: datetime | None
    next_at: datetime
    ended_at: datetime | None
    flows: tuple[PartOfFlow, ...] = ()


async def list_batches(
    db: Connection,
    workspace_id: int,
    *,
    flow_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[BatchRow]:
    """Up to `limit` batches, newest first, older than the batch `before`; with `flow_id` those with its questions.

    Raises NotFound for a workflow that is not there.
    """
    if flow_id is None:
        return await _with_flows(db, await db.fetch(LIST, workspace_id, before, limit))
    await name_of(db, workspace_id, flow_id)
    return await _with_flows(db, await db.fetch(LIST_OF_FLOW, workspace_id, before, limit, flow_id))


async def waiting(db: Connection, workspace_id: int, flow_id: int | None = None) -> int:
    """How many questions, of all workflows or of one, wait for a batch to be formed."""
    found: int = await db.fetchval(WAITING, workspace_id, flow_id)
    return found


async def get(db: Connection, workspace_id: int, batch_id: int) -> BatchRow:
    """One batch. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, batch_id)
    if row is None:
        raise NotFound(f"There is no batch {batch_id}.", remedy="List them with GET /penstock/v1/batches.")
    return (await _with_flows(db, [row]))[0]


async def of_run(db: Connection, workspace_id: int, run_id: int) -> BatchRow | None:
    """The batch that a run waits for; None when its question is in none."""
    row = await db.fetchrow(OF_RUN, workspace_id, run_id)
    return None if row is None else (await _with_flows(db, [row]))[0]


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


async def _with_flows(db: Connection, rows: Sequence[Row]) -> list[BatchRow]:
    parts: dict[int, list[PartOfFlow]] = defaultdict(list)
    for row in await db.fetch(FLOWS, [row["id"] for row in rows]):
        part = PartOfFlow(
            row["flow_id"], row["name"], row["questions"], row["answered"], row["cost_usd"], row["saved_usd"]
        )
        parts[row["batch_id"]].append(part)
    return [_row(row, tuple(parts[row["id"]])) for row in rows]


def _row(row: Row, flows: tuple[PartOfFlow, ...]) -> BatchRow:
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
        row["saved_usd"],
        row["message"],
        row["cancel_asked"],
        row["created_at"],
        row["submitted_at"],
        row["next_at"],
        row["ended_at"],
        flows,
    )
