"""The rows of batches and their questions: form, take, move on, let go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from penstock.actions.use_custom_llm_knowledge import Source
from penstock.kit.database import Connection, Row
from penstock.llm.batches import OFFERED
from penstock.llm.request import LlmRequest
from penstock.workflows.legs.admission import DEAD_AFTER_SECONDS
from penstock.workflows.legs.leg import Enqueue, LegJob, LegKey, llm_lane

State = Literal["formed", "begun", "submitting", "running", "taking", "done", "failed", "canceled"]

# A batch is formed when questions have gone quiet, or when one has waited long enough; served by
# llm_batch_items_waiting.
RIPE = """
SELECT i.workspace_id, i.connection_id, i.model, c.provider
FROM llm_batch_items i JOIN connections c ON c.id = i.connection_id
WHERE i.batch_id IS NULL
GROUP BY i.workspace_id, i.connection_id, i.model, c.provider
HAVING max(i.added_at) < now() - make_interval(secs => $1) OR min(i.added_at) < now() - make_interval(secs => $2)
"""
ONE_FORMS = "SELECT pg_try_advisory_xact_lock(hashtext('penstock.batches'), $1)"
FORM = """
WITH batch AS (
    INSERT INTO llm_batches (workspace_id, connection_id, provider, model, name)
    VALUES ($1, $2, $3, $4, 'penstock-' || substr(gen_random_uuid()::text, 1, 18)) RETURNING id
), chosen AS (
    SELECT id FROM llm_batch_items WHERE connection_id = $2 AND model = $4 AND batch_id IS NULL ORDER BY id LIMIT $5
), put AS (
    UPDATE llm_batch_items i SET batch_id = batch.id FROM batch, chosen WHERE i.id = chosen.id RETURNING i.id
)
SELECT batch.id, (SELECT count(*) FROM put) AS questions FROM batch
"""
COUNTED = "UPDATE llm_batches SET questions = $2 WHERE id = $1"
# A batch has questions of any workflow; what was split off or dropped since it was formed is not counted.
COUNTED_BY_FLOW = """
WITH counted AS (
    SELECT e.flow_id, count(*) AS questions FROM llm_batch_items i JOIN enrollments e ON e.id = i.enrollment_id
    WHERE i.batch_id = $1 GROUP BY e.flow_id
), gone AS (
    DELETE FROM llm_batch_flows f WHERE f.batch_id = $1 AND f.flow_id NOT IN (SELECT flow_id FROM counted)
)
INSERT INTO llm_batch_flows (batch_id, flow_id, questions) SELECT $1, flow_id, questions FROM counted
ON CONFLICT (batch_id, flow_id) DO UPDATE SET questions = excluded.questions
"""
# One worker at a time carries a batch; what a dead one held is free again.
TAKE = """
UPDATE llm_batches SET held_by = $1 WHERE id = (
    SELECT id FROM llm_batches b
    WHERE state IN ('formed', 'begun', 'submitting', 'running', 'taking') AND next_at <= now()
      AND (held_by IS NULL OR NOT EXISTS (SELECT FROM workers w WHERE w.id = b.held_by
                                          AND w.heartbeat_at > now() - make_interval(secs => $2)))
    ORDER BY next_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
RETURNING *
"""
RELEASE = """
UPDATE llm_batches SET held_by = NULL, next_at = now() + make_interval(secs => $3) WHERE id = $1 AND held_by = $2
"""
# Questions of runs that were canceled or taken out meanwhile are not asked.
DROP_MOVED_ON = """
WITH gone AS (
    DELETE FROM llm_batch_items i WHERE i.batch_id = $1
      AND NOT EXISTS (SELECT FROM enrollments e WHERE e.id = i.enrollment_id AND e.seq = i.seq AND e.status = 'WAITING')
    RETURNING call_key
)
DELETE FROM llm_calls c USING gone WHERE c.key = gone.call_key AND c.status = 'started'
"""
ITEMS = """
SELECT id, enrollment_id, seq, call_key, request, prepared, capped, tries FROM llm_batch_items WHERE batch_id = $1 ORDER BY id
"""
SOME_ITEMS = """
SELECT id, enrollment_id, seq, call_key, request, prepared, capped, tries FROM llm_batch_items
WHERE batch_id = $1 AND id = ANY ($2::bigint[]) ORDER BY enrollment_id
"""
LET_GO = """
WITH gone AS (
    DELETE FROM llm_batch_items WHERE batch_id = $1 RETURNING enrollment_id, seq, call_key
), claims AS (
    DELETE FROM llm_calls c USING gone WHERE c.key = gone.call_key AND c.status = 'started'
)
UPDATE enrollments e SET status = 'ACTIVE', seq = e.seq + 1, wait_for = NULL, wake_at = NULL, updated_at = now()
FROM gone WHERE e.id = gone.enrollment_id AND e.seq = gone.seq AND e.status = 'WAITING'
RETURNING e.id, e.seq
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch on its way."""

    id: int
    workspace_id: int
    connection_id: int
    provider: str
    model: str
    name: str
    state: State
    begun: str
    remote_id: str | None
    not_ours: frozenset[str]
    attempts: int
    message: str
    cancel_asked: bool
    submit_began_at: datetime | None
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a batch: which run waits for it at which seq, and what was prepared when it was asked."""

    id: int
    key: LegKey
    call_key: str
    request: LlmRequest
    warnings: tuple[str, ...]
    nonce: str
    cuts: Mapping[str, int]
    originals: Mapping[str, str]
    seen: Mapping[str, str]
    prompt_hash: str
    sources: tuple[Source, ...]
    capped: bool
    tries: int


async def form(db: Connection, quiet_seconds: float, longest_seconds: float) -> list[int]:
    """Puts waiting questions into batches, up to the provider's number for each; returns the batches' ids."""
    formed: list[int] = []
    for row in await db.fetch(RIPE, quiet_seconds, longest_seconds):
        if not await db.fetchval(ONE_FORMS, row["connection_id"] % 2**31):
            continue
        most = OFFERED[row["provider"]].most_questions if row["provider"] in OFFERED else 1000
        made = await db.fetchrow(
            FORM, row["workspace_id"], row["connection_id"], row["provider"], row["model"], most
        )
        assert made is not None  # noqa: S101 - an INSERT … RETURNING has a row
        await db.execute(COUNTED, made["id"], made["questions"])
        await db.execute(COUNTED_BY_FLOW, made["id"])
        formed.append(made["id"])
    return formed


async def take(db: Connection, worker_id: str) -> Batch | None:
    """The next batch to be carried on, now held by this worker; None when none is due."""
    row = await db.fetchrow(TAKE, worker_id, DEAD_AFTER_SECONDS)
    return None if row is None else _batch(row)


async def move(db: Connection, batch_id: int, **values: object) -> None:
    """Sets columns of a batch. The names are ours, never a user's."""
    names = ", ".join(f"{name} = ${number}" for number, name in enumerate(values, 2))
    await db.execute(f"UPDATE llm_batches SET {names} WHERE id = $1", batch_id, *values.values())  # noqa: S608


async def release(db: Connection, batch_id: int, worker_id: str, seconds: float) -> None:
    """Gives a batch back, to be looked at again in so many seconds."""
    await db.execute(RELEASE, batch_id, worker_id, seconds)


async def items_of(db: Connection, batch_id: int, ids: Sequence[int] | None = None) -> list[Item]:
    """The questions of a batch that have no answer yet, all or those with these ids."""
    rows = await (db.fetch(ITEMS, batch_id) if ids is None else db.fetch(SOME_ITEMS, batch_id, list(ids)))
    return [
        Item(
            row["id"],
            LegKey(row["enrollment_id"], row["seq"]),
            row["call_key"],
            LlmRequest.from_row(row["request"]),
            tuple(row["prepared"]["warnings"]),
            row["prepared"]["nonce"],
            row["prepared"]["cuts"],
            row["prepared"]["originals"],
            row["prepared"]["seen"],
            row["prepared"].get("prompt_hash", ""),
            tuple(Source(**one) for one in row["prepared"].get("sources", ())),
            row["capped"],
            row["tries"],
        )
        for row in rows
    ]


async def let_go(db: Connection, enqueue: Enqueue, batch: Batch) -> None:
    """Sends the runs of a batch back to the lane of their connection, where each meets what became of it."""
    rows = await db.fetch(LET_GO, batch.id)
    lane = llm_lane(batch.connection_id)
    if rows:
        await enqueue(db, [LegJob(lane, LegKey(row["id"], row["seq"])) for row in rows])


def _batch(row: Row) -> Batch:
    return Batch(
        row["id"],
        row["workspace_id"],
        row["connection_id"],
        row["provider"],
        row["model"],
        row["name"],
        row["state"],
        row["begun"],
        row["remote_id"],
        frozenset(row["not_ours"]),
        row["attempts"],
        row["message"],
        row["cancel_asked"],
        row["submit_began_at"],
        row["submitted_at"],
    )
