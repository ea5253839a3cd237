"""Runs that stand before an LLM step, and a connection with a pace: what the limiter is driven with, without workers."""

from __future__ import annotations

from collections.abc import Sequence

from tests.workflows.scene_of_runs import flow_of, runs_at

from penstock.connections.connections import ProviderConnection, get
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.llm.pacing import Pace
from penstock.workflows.legs.leg import LegKey, limit_for, llm_lane
from penstock.workflows.legs.parking import Parked, park

MODEL = "gpt-4.1-mini"
HOUR = 3600.0

INSERT = """
INSERT INTO connections (workspace_id, name, provider, concurrency, requests_per_minute, tokens_per_minute)
VALUES ($1, 'Ours ' || gen_random_uuid(), 'openai', $2, $3, $4) RETURNING id
"""
PACE = """
INSERT INTO llm_paces (connection_id, model, requests, tokens, tokens_each, guessed, closed_until, slowed, slowed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


def ask(connection_id: int, model: str = MODEL) -> JsonObject:
    """An LLM step that asks one model."""
    return {
        "type": "SINGLE_CONNECTION",
        "actionId": "1",
        "actionTypeId": "1-1000",
        "actionTypeVersion": 0,
        "fields": {
            "connection_id": str(connection_id),
            "provider": "openai",
            "model": model,
            "prompt": "Hello",
        },
    }


async def a_connection(
    db: Connection,
    *,
    concurrency: int = 8,
    requests_per_minute: int | None = None,
    tokens_per_minute: int | None = None,
    workspace_id: int = 1,
) -> ProviderConnection:
    """A connection with these limits of its owner."""
    connection_id = await db.fetchval(
        INSERT, workspace_id, concurrency, requests_per_minute, tokens_per_minute
    )
    return await get(db, workspace_id, connection_id)


async def states(db: Connection, connection: ProviderConnection, pace: Pace, model: str = MODEL) -> None:
    """The provider of the connection has stated this pace."""
    await db.execute(
        PACE,
        connection.id,
        model,
        pace.requests,
        pace.tokens,
        pace.tokens_each,
        pace.guessed,
        pace.closed_until,
        pace.slowed,
        pace.slowed_at,
    )


async def arrived(
    db: Connection, connection: ProviderConnection, records: Sequence[int], flow_id: int | None = None
) -> tuple[int, list[LegKey]]:
    """A flow and its runs that have come to the step, as a worker finds them."""
    flow = await flow_of(db, ask(connection.id)) if flow_id is None else flow_id
    runs = await runs_at(db, flow, records, status="ACTIVE", code=None)
    await db.execute("UPDATE enrollments SET lane = $2 WHERE flow_id = $1", flow, llm_lane(connection.id))
    return flow, [LegKey(run, 0) for run in runs]


async def parked(
    db: Connection,
    connection: ProviderConnection,
    records: Sequence[int],
    *,
    flow_id: int | None = None,
    model: str = MODEL,
    deadline: float = HOUR,
) -> tuple[int, list[int]]:
    """A flow and its runs that wait for their turn at a model."""
    flow, keys = await arrived(db, connection, records, flow_id)
    await park(db, [Parked(key, limit_for(connection.id, model), deadline) for key in keys])
    return flow, [key.enrollment_id for key in keys]


async def waiting(db: Connection, connection: ProviderConnection, model: str = MODEL) -> int:
    """How many runs wait for their turn."""
    count: int = await db.fetchval(
        "SELECT count(*) FROM enrollments WHERE status = 'WAITING' AND wait_for = $1",
        limit_for(connection.id, model),
    )
    return count
