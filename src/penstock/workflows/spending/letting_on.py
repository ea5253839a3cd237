"""Runs that wait for room under a cap: rows. They go on when there is room, a new period, a changed or no cap."""

from __future__ import annotations

from penstock.kit.database import Connection
from penstock.workflows.legs.leg import LegJob, LegKey, cap_for

MOST_AT_ONCE = 1000

# Every value once, by hops through enrollments_capped, however many wait.
WAITED_FOR = """
WITH RECURSIVE hop AS (
    (SELECT wait_for FROM enrollments WHERE status = 'WAITING' AND wait_for LIKE 'cap:%' ORDER BY wait_for LIMIT 1)
    UNION ALL
    SELECT (SELECT e.wait_for FROM enrollments e
            WHERE e.status = 'WAITING' AND e.wait_for LIKE 'cap:%' AND e.wait_for > hop.wait_for
            ORDER BY e.wait_for LIMIT 1)
    FROM hop WHERE hop.wait_for IS NOT NULL
)
SELECT split_part(wait_for, ':', 2)::bigint AS cap_id FROM hop WHERE wait_for IS NOT NULL
"""
LOCK = """
SELECT scope, retry_since, usd_each,
       limit_usd - reserved_usd
       - CASE WHEN period_start = period_start(period, workspace_id) THEN spent_usd ELSE 0 END AS room
FROM spend_caps WHERE id = $1 FOR NO KEY UPDATE
"""
LET_ON = """
WITH free AS (
    SELECT e.id FROM enrollments e
    WHERE e.status = 'WAITING' AND e.wait_for LIKE 'cap:%' AND e.wait_for = $1
      AND ($3::timestamptz IS NULL OR e.updated_at < $3)
    ORDER BY e.id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE enrollments e
SET status = 'ACTIVE', seq = seq + 1, wait_for = NULL, wake_at = NULL, arrived_at = NULL, error = NULL, updated_at = now()
FROM free WHERE e.id = free.id
RETURNING e.id, e.seq, e.lane
"""
ALL_TRIED = "UPDATE spend_caps SET retry_since = NULL WHERE id = $1"


async def waited_for(db: Connection) -> list[int]:
    """The ids of the caps that runs wait for, also of caps that were removed."""
    return [row["cap_id"] for row in await db.fetch(WAITED_FOR)]


async def let_on(db: Connection, cap_id: int) -> list[LegJob]:
    """Lets on as many runs as a cap has room for, oldest first; the caller enqueues them in the same transaction.

    They reserve when they come to their call, and wait again if others were first. A cap on each run has no room
    of its own: its runs try again when it was changed.
    """
    cap = await db.fetchrow(LOCK, cap_id)
    if cap is None:
        return await _let_on(db, cap_id, MOST_AT_ONCE)
    jobs: list[LegJob] = []
    if cap["scope"] == "run":
        if cap["retry_since"] is not None:
            jobs = await _let_on(db, cap_id, MOST_AT_ONCE, cap["retry_since"])
            if not jobs:
                await db.execute(ALL_TRIED, cap_id)
        return jobs
    if cap["room"] > 0 and cap["room"] >= cap["usd_each"]:
        most = MOST_AT_ONCE if not cap["usd_each"] else int(cap["room"] / cap["usd_each"])
        jobs = await _let_on(db, cap_id, min(most, MOST_AT_ONCE))
    return jobs


async def _let_on(db: Connection, cap_id: int, most: int, before: object = None) -> list[LegJob]:
    rows = await db.fetch(LET_ON, cap_for(cap_id), most, before)
    return [LegJob(row["lane"], LegKey(row["id"], row["seq"])) for row in rows]
