"""How many runs there are of a kind, counted up to a limit."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.kit.database import Connection
from penstock.workflows.run_history.flow import name_of
from penstock.workflows.run_history.waits import WAIT_KINDS

MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Count:
    """A number that counting stopped at: with `exact` False there are more than `count`."""

    count: int
    exact: bool

    @classmethod
    def of(cls, counted: int) -> Count:
        """From a query that counted at most one more than `MOST_COUNTED`."""
        return cls(min(counted, MOST_COUNTED), counted <= MOST_COUNTED)


# Each is an index-only scan that ends early: of enrollments_of_flow_by_status, or of the index of those kept waiting for
# such a thing (enrollments_paused_of_flow, enrollments_capped_of_flow, enrollments_limited_of_flow).
COUNT_BY_STATUS = """
SELECT wanted.status, (SELECT count(*) FROM (
    SELECT FROM enrollments e WHERE e.flow_id = $1 AND e.status = wanted.status LIMIT $2
) AS counted) AS runs
FROM unnest(ARRAY['ACTIVE', 'WAITING', 'COMPLETED', 'FAILED', 'CANCELED', 'UNENROLLED']) AS wanted (status)
"""
COUNT_KEPT_WAITING = """
UNION ALL
SELECT '{kind}', count(*) FROM (
    SELECT FROM enrollments e
    WHERE e.flow_id = $1 AND e.status = 'WAITING' AND e.wait_for LIKE '{prefix}%' LIMIT $2
) AS counted
"""
COUNT = COUNT_BY_STATUS + "".join(
    COUNT_KEPT_WAITING.format(kind=kind, prefix=prefix) for kind, prefix in WAIT_KINDS.items()
)


async def count_by_status(db: Connection, workspace_id: int, flow_id: int) -> dict[str, Count]:
    """Runs of a flow by status, and by kind those of WAITING that are kept waiting. Raises NotFound."""
    await name_of(db, workspace_id, flow_id)
    rows = await db.fetch(COUNT, flow_id, MOST_COUNTED + 1)
    return {row["status"]: Count.of(row["runs"]) for row in rows}
