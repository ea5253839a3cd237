"""Runs that wait for their turn at a provider: rows, nothing else. Those whose turn comes are let on in bulk.

A leg that finds no permit is parked (`legs.parking`): its row waits for `limit:<connection>:<model>`. Whoever holds the lock of
a connection lets on as many as its pace and its calls at a time take, one from each workflow in turn, and books
their permits in the same transaction.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime

from penstock.connections.connections import ProviderConnection, find
from penstock.kit.database import Connection
from penstock.llm.pacing import AHEAD_SECONDS, Pace
from penstock.workflows.legs.leg import LegJob, LegKey, limit_for, llm_lane
from penstock.workflows.limits.paces import OWNERS, Permits, now_of, permits, read

# With no limit known so many stand ready for the next free place, so that none stays empty for a moment.
READY = 50
MOST_AT_ONCE = 1000

IS_WAITED_FOR = """
SELECT EXISTS (SELECT FROM enrollments WHERE status = 'WAITING' AND wait_for LIKE 'limit:%' AND wait_for = $1)
"""
# Every value once, by hops through enrollments_limited, however many wait.
WAITED_FOR = """
WITH RECURSIVE hop AS (
    (SELECT wait_for FROM enrollments WHERE status = 'WAITING' AND wait_for LIKE 'limit:%' ORDER BY wait_for LIMIT 1)
    UNION ALL
    SELECT (SELECT e.wait_for FROM enrollments e
            WHERE e.status = 'WAITING' AND e.wait_for LIKE 'limit:%' AND e.wait_for > hop.wait_for
            ORDER BY e.wait_for LIMIT 1)
    FROM hop WHERE hop.wait_for IS NOT NULL
)
SELECT wait_for, (SELECT workspace_id FROM enrollments e WHERE e.status = 'WAITING' AND e.wait_for LIKE 'limit:%'
                  AND e.wait_for = hop.wait_for LIMIT 1) AS workspace_id
FROM hop WHERE wait_for IS NOT NULL
"""
ONE_LETS_ON = "SELECT pg_try_advisory_xact_lock(hashtext('penstock.limits'), $1)"
# Served by enrollments_active; counted only as far as it matters.
UNDER_WAY = (
    "SELECT count(*) FROM (SELECT FROM enrollments WHERE status = 'ACTIVE' AND lane = $1 LIMIT $2) AS counted"
)
# The oldest of each workflow in turn, whichever of them has how many waiting.
NEXT = """
WITH RECURSIVE flow AS (
    (SELECT flow_id FROM enrollments WHERE status = 'WAITING' AND wait_for LIKE 'limit:%' AND wait_for = $1
     ORDER BY flow_id LIMIT 1)
    UNION ALL
    SELECT (SELECT e.flow_id FROM enrollments e
            WHERE e.status = 'WAITING' AND e.wait_for LIKE 'limit:%' AND e.wait_for = $1 AND e.flow_id > flow.flow_id
            ORDER BY e.flow_id LIMIT 1)
    FROM flow WHERE flow.flow_id IS NOT NULL
)
SELECT first.id FROM flow CROSS JOIN LATERAL (
    SELECT e.id, row_number() OVER (ORDER BY e.id) AS turn FROM enrollments e
    WHERE e.status = 'WAITING' AND e.wait_for LIKE 'limit:%' AND e.wait_for = $1 AND e.flow_id = flow.flow_id
    ORDER BY e.id LIMIT $2
) AS first
WHERE flow.flow_id IS NOT NULL ORDER BY first.turn, random() LIMIT $2
"""
LET_ON = """
WITH free AS (
    SELECT e.id, p.at FROM unnest($1::bigint[], $2::timestamptz[]) AS p (id, at) JOIN enrollments e ON e.id = p.id
    WHERE e.status = 'WAITING' AND e.wait_for = $3
    ORDER BY e.id FOR NO KEY UPDATE OF e SKIP LOCKED
)
UPDATE enrollments e
SET status = 'ACTIVE', seq = e.seq + 1, wait_for = NULL, wake_at = NULL, permit_at = free.at, updated_at = now()
FROM free WHERE e.id = free.id
RETURNING e.id, e.seq, e.lane
"""


async def take_permits(db: Connection, connection: ProviderConnection, model: str, most: int) -> Permits:
    """The permits of `most` legs that have just come to a model: none while others wait for it already."""
    if await db.fetchval(IS_WAITED_FOR, limit_for(connection.id, model)):
        return Permits(0.0, (), booked=True)
    return await permits(db, connection, model, most)


async def waited_for(db: Connection) -> list[tuple[int, int, str]]:
    """What runs wait for a turn at: workspace, connection and model."""
    found = []
    for row in await db.fetch(WAITED_FOR):
        _, connection_id, model = row["wait_for"].split(":", 2)
        found.append((row["workspace_id"], int(connection_id), model))
    random.shuffle(found)  # two models of one connection share the owner's limits and its calls at a time
    return found


async def let_on(db: Connection, workspace_id: int, connection_id: int, model: str) -> list[LegJob]:
    """Lets on the runs whose turn at a model has come; the caller enqueues the legs in the same transaction.

    One worker at a time does it for a connection; the others find nothing to do. An uninstalled connection lets
    all on, so that they fail with that cause.
    """
    if not await db.fetchval(ONE_LETS_ON, connection_id % 2**31):
        return []
    connection = await find(db, workspace_id, connection_id)
    room = MOST_AT_ONCE
    if connection is not None:
        rate = _rate(await read(db, connection), model, await now_of(db))
        ready = min(READY, connection.concurrency) if rate is None else int(rate * AHEAD_SECONDS) + 1
        places = connection.concurrency + ready
        under_way: int = await db.fetchval(UNDER_WAY, llm_lane(connection_id), places)
        room = min(room, places - under_way)
    if room <= 0:
        return []
    waiting = limit_for(connection_id, model)
    ids = [row["id"] for row in await db.fetch(NEXT, waiting, room)]
    times: list[float | None] = [None] * len(ids)
    if connection is not None and ids:
        times = list((await permits(db, connection, model, len(ids))).times)
    rows = await db.fetch(
        LET_ON,
        ids[: len(times)],
        [None if at is None else datetime.fromtimestamp(at, UTC) for at in times],
        waiting,
    )
    return [LegJob(row["lane"], LegKey(row["id"], row["seq"])) for row in rows]


def _rate(paces: Mapping[str, Pace], model: str, now: float) -> float | None:
    """Calls a second that the model and the owner let through; None without a limit."""
    bound = [pace for name, pace in paces.items() if name in (OWNERS, model)]
    rates = [rate for pace in bound if (rate := pace.per_second(now)) is not None]
    return min(rates) if rates else None
