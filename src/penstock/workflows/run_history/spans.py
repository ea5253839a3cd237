"""The ids that runs enrolled in a span of time can have, found without an index on the time.

Ids are given when runs are enrolled, so that both grow together, give or take how long the enrolling
transaction lasts. The bound for a moment is found by halving the ids (some twenty probes of the primary key),
an hour wide of the mark to be safe; the list then compares the times themselves.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from penstock.kit.database import Connection

SLACK = timedelta(hours=1)

FIRST_ID_FROM = """
WITH RECURSIVE halves (low, high) AS (
    SELECT coalesce(min(id), 0), coalesce(max(id), 0) + 1 FROM enrollments
    UNION ALL
    SELECT CASE WHEN probe.enrolled_at < $1 THEN probe.id + 1 ELSE h.low END,
           CASE WHEN probe.enrolled_at < $1 THEN h.high ELSE (h.low + h.high) / 2 END
    FROM halves h CROSS JOIN LATERAL (
        SELECT e.id, e.enrolled_at FROM enrollments e WHERE e.id >= (h.low + h.high) / 2 ORDER BY e.id LIMIT 1
    ) AS probe
    WHERE h.low < h.high
)
SELECT max(low) FROM halves
"""


async def first_id_from(db: Connection, moment: datetime) -> int:
    """An id at or below that of every run enrolled at `moment` or later."""
    first: int = await db.fetchval(FIRST_ID_FROM, moment - SLACK)
    return first


async def first_id_after(db: Connection, moment: datetime) -> int:
    """An id above that of every run enrolled before `moment`."""
    first: int = await db.fetchval(FIRST_ID_FROM, moment + SLACK)
    return first
