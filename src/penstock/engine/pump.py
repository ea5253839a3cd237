"""Wakes the enrollments whose wait is over. A sleeping enrollment is a row; nothing else of it exists."""

from __future__ import annotations

import asyncio

import structlog

from penstock.engine.lanes import enqueue
from penstock.kit.database import Connection, Pool, transaction
from penstock.workflows.legs.leg import LegJob, LegKey
from penstock.workflows.legs.runner import PASSING
from penstock.workflows.limits.parking import let_on, waited_for
from penstock.workflows.spending import letting_on as capped

log = structlog.get_logger(__name__)

WAKE_AT_MOST = 1000
# How late a wait may end (seconds). One index probe per tick, whether a thousand or a million sleep.
TICK_SECONDS = 0.25

# Served by enrollments_due. SKIP LOCKED lets several workers wake different rows at the same time.
WAKE_DUE = """
WITH due AS (
    SELECT id FROM enrollments WHERE status = 'WAITING' AND wake_at <= now() ORDER BY wake_at LIMIT $1
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE enrollments e SET status = 'ACTIVE', seq = seq + 1, wake_at = NULL, wait_for = NULL, updated_at = now()
FROM due WHERE e.id = due.id
RETURNING e.id, e.seq, e.lane
"""


# For each connection that is well again (or gone, so that its runs fail with that cause) the oldest of the runs
# that pause for it; served by enrollments_paused, one probe for each connection. A run that pauses in the same
# moment as its connection gets well is found here a tick later.
WAKE_PAUSED = """
WITH free AS (
    SELECT paused.id FROM connections c CROSS JOIN LATERAL (
        SELECT e.id FROM enrollments e
        WHERE e.status = 'WAITING' AND e.wait_for LIKE 'connection:%' AND e.wait_for = 'connection:' || c.id
        ORDER BY e.id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
    ) AS paused
    WHERE c.status = 'connected' OR c.uninstalled_at IS NOT NULL
    LIMIT $1
)
UPDATE enrollments e
SET status = 'ACTIVE', seq = seq + 1, wake_at = NULL, wait_for = NULL, error = NULL, updated_at = now()
FROM free WHERE e.id = free.id
RETURNING e.id, e.seq, e.lane
"""


async def wake_due(db: Connection) -> int:
    """Wakes up to a thousand due enrollments and enqueues their legs in the same transaction; returns how many."""
    return await _wake(db, WAKE_DUE)


async def wake_paused(db: Connection) -> int:
    """Wakes up to a thousand enrollments whose connection is well again or gone, as `wake_due` does."""
    return await _wake(db, WAKE_PAUSED)


async def wake_limited(pool: Pool) -> int:
    """Lets on the enrollments whose turn at a model has come, one commit for each model; returns how many."""
    async with pool.acquire() as db:
        places = await waited_for(db)
    woken = 0
    for place in places:
        async with transaction(pool) as db:
            jobs = await let_on(db, *place)
            if jobs:
                await enqueue(db, jobs)
        woken += len(jobs)
    return woken


async def wake_capped(pool: Pool) -> int:
    """Lets on the enrollments for which a cap has room again, one commit for each cap; returns how many."""
    async with pool.acquire() as db:
        waited = await capped.waited_for(db)
    woken = 0
    for cap_id in waited:
        async with transaction(pool) as db:
            jobs = await capped.let_on(db, cap_id)
            if jobs:
                await enqueue(db, jobs)
        woken += len(jobs)
    return woken


async def _wake(db: Connection, statement: str) -> int:
    rows = await db.fetch(statement, WAKE_AT_MOST)
    if rows:
        await enqueue(db, [LegJob(row["lane"], LegKey(row["id"], row["seq"])) for row in rows])
    return len(rows)


async def pump(pool: Pool) -> None:
    """Wakes due and paused enrollments until cancelled; a database that is away for a moment is waited for."""
    while True:
        try:
            async with transaction(pool) as db:
                woken = await wake_due(db)
            async with transaction(pool) as db:
                woken = max(woken, await wake_paused(db))
            await wake_limited(pool)
            await wake_capped(pool)
        except PASSING as trouble:
            log.warning("pump waits for the database", cause=repr(trouble))
            woken = 0
        except Exception:
            # Whatever it was, all other waits of all workflows depend on the next round.
            log.exception("pump failed")
            await asyncio.sleep(1.0)
            woken = 0
        if woken < WAKE_AT_MOST:
            await asyncio.sleep(TICK_SECONDS)
