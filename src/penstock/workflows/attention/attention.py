"""Everything that needs attention, most pressing first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penstock.kit.database import Connection
from penstock.workflows.attention.caps import cap_groups
from penstock.workflows.attention.connections import connection_groups
from penstock.workflows.attention.failed import failed_groups
from penstock.workflows.attention.group import Group
from penstock.workflows.attention.loops import loop_groups
from penstock.workflows.attention.others import import_groups, mail_groups, model_groups
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.run_history.counts import MOST_COUNTED, Count

# Failed runs by enrollments_failed; paused ones by enrollments_paused, those at a cap by enrollments_capped. All end
# at the limit.
COUNT = """
SELECT (SELECT count(*) FROM (
            SELECT FROM enrollments e JOIN flows f ON f.id = e.flow_id AND f.deleted_at IS NULL
            WHERE e.workspace_id = $1 AND e.status = 'FAILED' LIMIT $2) AS failed)
       AS failed,
       (SELECT count(*) FROM (
            SELECT FROM connections c JOIN enrollments e ON e.wait_for = 'connection:' || c.id
            WHERE c.workspace_id = $1 AND e.status = 'WAITING' AND e.wait_for LIKE 'connection:%' LIMIT $2) AS paused)
       AS paused,
       (SELECT count(*) FROM (
            SELECT FROM spend_caps c JOIN enrollments e ON e.wait_for = 'cap:' || c.id
            WHERE c.workspace_id = $1 AND e.status = 'WAITING' AND e.wait_for LIKE 'cap:%' LIMIT $2) AS capped)
       AS capped,
       (SELECT count(*) FROM connections WHERE workspace_id = $1 AND status = 'needs_attention' AND uninstalled_at IS NULL)
       AS connections,
       (SELECT count(DISTINCT loop) FROM stopped_loops WHERE workspace_id = $1 AND state = 'OPEN') AS loops
"""


@dataclass(frozen=True, slots=True)
class AttentionCount:
    """Runs that failed, pause or wait for a cap, connections in trouble, and loops that were stopped; for the badge of the navigation."""

    runs: Count
    connections: int
    loops: int


async def read_attention(db: Connection, plans: PlanSource, workspace_id: int, now: datetime) -> list[Group]:
    """All groups: connections and caps first, because they hold up whatever comes; then loops; then failed runs, the newest first; then the rest."""
    failed = await failed_groups(db, plans, workspace_id)
    failed.sort(key=lambda group: (group.newest_at is not None, group.newest_at), reverse=True)
    return [
        *await connection_groups(db, workspace_id),
        *await cap_groups(db, workspace_id),
        *await loop_groups(db, workspace_id),
        *failed,
        *await mail_groups(db, workspace_id, now),
        *await import_groups(db, workspace_id, now),
        *await model_groups(db, plans, workspace_id, now),
    ]


async def count_attention(db: Connection, workspace_id: int) -> AttentionCount:
    """How much needs attention, in bounded counts."""
    row = await db.fetchrow(COUNT, workspace_id, MOST_COUNTED + 1)
    assert row is not None  # noqa: S101 - a SELECT of counts has one row
    return AttentionCount(
        Count.of(row["failed"] + row["paused"] + row["capped"]), row["connections"], row["loops"]
    )
