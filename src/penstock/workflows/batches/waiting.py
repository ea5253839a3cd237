"""Has legs at an LLM step wait for a batch: a claim in the ledger, room under the caps, a question in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import cast

from penstock.actions.outcome import Fail, Failure
from penstock.connections.connections import ProviderConnection
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.llm.batches import OFFERED
from penstock.llm.web_search import not_in_batches
from penstock.workflows.legs.admission import refuse
from penstock.workflows.legs.jsonb import encode
from penstock.workflows.legs.leg import Arrival, Leg
from penstock.workflows.legs.llm_call import Call
from penstock.workflows.spending.estimates import Estimates
from penstock.workflows.spending.reserving import Wish, reserve

# A claim that exists already belongs to another delivery of the same leg.
CLAIM = """
INSERT INTO llm_calls (key, workspace_id, enrollment_id, flow_id, action_id, connection_id, provider, model, status, worker_id)
SELECT key, $7, enrollment_id, flow_id, action_id, $5, $6, model, 'started', $8
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $9::text[])
    AS call (key, enrollment_id, flow_id, action_id, model)
ON CONFLICT (key) DO NOTHING
RETURNING key
"""
GIVE_UP = "DELETE FROM llm_calls WHERE key = ANY ($1::text[]) AND status = 'started'"
# Fenced, as everything that moves a run. A batch takes its time, so the step's deadline does not count it. The question carries the seq at which its answer is awaited.
ASK = """
WITH asked AS (
    SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::bool[], $10::text[])
        AS q (id, seq, model, request, prepared, capped, call_key)
), parked AS (
    UPDATE enrollments e
    SET status = 'WAITING', wait_for = $7, seq = e.seq + 1, permit_at = NULL, wake_at = NULL, updated_at = now(),
        arrived_at = NULL
    FROM asked WHERE e.id = asked.id AND e.seq = asked.seq AND e.status = 'ACTIVE'
    RETURNING e.id, e.seq
)
INSERT INTO llm_batch_items (workspace_id, connection_id, model, enrollment_id, seq, call_key, request, prepared, capped)
SELECT $8, $9, asked.model, parked.id, parked.seq, asked.call_key, asked.request::json, asked.prepared::jsonb, asked.capped
FROM parked JOIN asked USING (id)
RETURNING enrollment_id
"""

BATCH_FOR = "batch:"


def batch_for(connection_id: int) -> str:
    """The `wait_for` of runs whose question is in a batch, or waits for one."""
    return f"{BATCH_FOR}{connection_id}"


def split(calls: Sequence[Call], connection: ProviderConnection) -> tuple[list[Call], list[Call]]:
    """The calls to be made live, and those that wait for a batch; without a batch API all are made live."""
    offered = connection.provider in OFFERED
    batched = [call for call in calls if offered and call.leg.batch]
    return [call for call in calls if not (offered and call.leg.batch)], batched


def key_of(leg: Leg) -> str:
    """The key of the call in the ledger: that of the step once the leg waits."""
    return f"{leg.key.enrollment_id}.{leg.key.seq + 1}.{leg.next_action_id}"


async def wait_for_batch(
    db: Connection,
    connection: ProviderConnection,
    calls: Sequence[Call],
    worker_id: str,
    estimates: Estimates,
) -> list[Arrival]:
    """Has the legs of these calls wait for a batch; returns what the others come to that meet a cap and do not wait, and
    those that cannot go into a batch as their step asks."""
    if not calls:
        return []
    refused = _not_in_batches(connection, calls)
    calls = [call for call in calls if not (refused and call.prepared.request.search)]
    calls = sorted(calls, key=lambda call: call.leg.key.enrollment_id)
    rows = await db.fetch(
        CLAIM,
        [key_of(call.leg) for call in calls],
        [call.leg.key.enrollment_id for call in calls],
        [call.leg.flow_id for call in calls],
        [call.leg.next_action_id for call in calls],
        connection.id,
        connection.provider,
        connection.workspace_id,
        worker_id,
        [call.prepared.request.model for call in calls],
    )
    claimed = {row["key"] for row in rows}
    calls = [call for call in calls if key_of(call.leg) in claimed]
    reached = await reserve(
        db, connection.workspace_id, connection.id, [_wish(call, connection, estimates) for call in calls]
    )
    over = [
        (call, reached.refused[key_of(call.leg)]) for call in calls if key_of(call.leg) in reached.refused
    ]
    await db.execute(GIVE_UP, list(reached.refused))
    arrivals = [*refused, *await refuse(db, over)]
    asked = [call for call in calls if key_of(call.leg) not in reached.refused]
    parked = await db.fetch(
        ASK,
        [call.leg.key.enrollment_id for call in asked],
        [call.leg.key.seq for call in asked],
        [call.prepared.request.model for call in asked],
        [encode(cast("JsonObject", asdict(call.prepared.request))) for call in asked],
        [encode(_prepared(call)) for call in asked],
        [key_of(call.leg) in reached.caps for call in asked],
        batch_for(connection.id),
        connection.workspace_id,
        connection.id,
        [key_of(call.leg) for call in asked],
    )
    there = {row["enrollment_id"] for row in parked}
    await db.execute(GIVE_UP, [key_of(call.leg) for call in asked if call.leg.key.enrollment_id not in there])
    return arrivals


def _not_in_batches(connection: ProviderConnection, calls: Sequence[Call]) -> list[Arrival]:
    why = not_in_batches(connection.provider)
    if why is None:
        return []
    remedy = "Enroll the record without a batch, or turn web search off in the step; then retry."
    failure = Failure("SEARCH_NOT_IN_BATCH", why, remedy)
    return [
        Arrival(call.leg.key, Fail(failure, inputs=call.prepared.inputs()))
        for call in calls
        if call.prepared.request.search is not None
    ]


def _wish(call: Call, connection: ProviderConnection, estimates: Estimates) -> Wish:
    leg = call.leg
    usd = estimates.of(
        leg.flow_id,
        leg.next_action_id or "",
        connection.provider,
        call.prepared.request,
        connection.workspace_id,
        part=OFFERED[connection.provider].price_factor,
    )
    return Wish(key_of(leg), leg.key.enrollment_id, leg.flow_id, lambda: usd)


def _prepared(call: Call) -> JsonObject:
    """What the answer is read with. The record's values are kept where somebody may have to review the answer."""
    prepared = call.prepared
    reviewed = any(field.review_below is not None for field in call.fields.output.declared)
    return {
        "warnings": list(prepared.warnings),
        "nonce": prepared.nonce,
        "cuts": dict(prepared.cuts),
        "originals": dict(prepared.originals),
        "prompt_hash": prepared.prompt_hash,
        "sources": [cast("JsonObject", asdict(source)) for source in prepared.sources],
        "seen": dict(call.leg.values) if reviewed else {},
    }
