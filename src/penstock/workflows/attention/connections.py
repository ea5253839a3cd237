"""Connections that need attention, with the runs that pause for them."""

from __future__ import annotations

from penstock.kit.database import Connection, Row
from penstock.workflows.attention.causes import Cause, cause_of
from penstock.workflows.attention.failed import SAMPLES, samples_of
from penstock.workflows.attention.group import Group, Remedy, Sample
from penstock.workflows.run_history.counts import MOST_COUNTED, Count

# A workspace has few connections; its paused runs are found by enrollments_paused.
PAUSED = """
SELECT c.id, c.name, c.provider, c.status, c.status_detail, c.status_code, c.updated_at, counted.runs, newest.ids,
       last.updated_at AS newest_at, cause.error_code, cause.error, cause.updated_at AS oldest_at
FROM connections c
CROSS JOIN LATERAL (
    SELECT count(*) AS runs FROM (
        SELECT FROM enrollments e
        WHERE e.wait_for = 'connection:' || c.id AND e.status = 'WAITING' AND e.wait_for LIKE 'connection:%' LIMIT $2
    ) AS some_runs
) AS counted
CROSS JOIN LATERAL (
    SELECT array_agg(id ORDER BY id DESC) AS ids FROM (
        SELECT e.id FROM enrollments e
        WHERE e.wait_for = 'connection:' || c.id AND e.status = 'WAITING' AND e.wait_for LIKE 'connection:%'
        ORDER BY e.id DESC LIMIT $3
    ) AS some_ids
) AS newest
LEFT JOIN enrollments last ON last.id = newest.ids[1]
LEFT JOIN LATERAL (
    SELECT e.error_code, e.error, e.updated_at FROM enrollments e
    WHERE e.wait_for = 'connection:' || c.id AND e.status = 'WAITING' AND e.wait_for LIKE 'connection:%'
    ORDER BY e.id LIMIT 1
) AS cause ON true
WHERE c.workspace_id = $1 AND c.uninstalled_at IS NULL AND (c.status = 'needs_attention' OR counted.runs > 0)
ORDER BY c.id
"""


async def connection_groups(db: Connection, workspace_id: int) -> list[Group]:
    """A group for each connection that needs attention, whether or not runs pause for it."""
    rows = await db.fetch(PAUSED, workspace_id, MOST_COUNTED + 1, SAMPLES)
    samples = await samples_of(db, [run_id for row in rows for run_id in row["ids"] or ()])
    return [_group(row, tuple(samples[run_id] for run_id in row["ids"] or ())) for row in rows]


def _group(row: Row, samples: tuple[Sample, ...]) -> Group:
    error = row["error"] or {}
    code = row["status_code"] or row["error_code"] or "CONNECTION_NEEDS_ATTENTION"
    cause: Cause = cause_of(code)
    paused = row["runs"] > 0
    kinds = cause.remedies if paused else tuple(kind for kind in cause.remedies if kind != "cancel_group")
    return Group(
        key=f"connection:{row['id']}",
        kind="paused_runs" if paused else "connection",
        code=code,
        title=cause.title,
        meaning=cause.meaning if paused else "No record waits for it now; the next one that needs it will.",
        message=row["status_detail"] or str(error.get("message", "")),
        remedy=str(error.get("remedy", "")),
        count=Count.of(row["runs"]),
        newest_at=row["newest_at"] or row["updated_at"],
        oldest_at=row["oldest_at"] or row["updated_at"],
        samples=samples,
        remedies=tuple(Remedy(kind, connection_id=row["id"]) for kind in kinds if kind != "cancel_group"),
        connection_id=row["id"],
        connection_name=row["name"],
    )
