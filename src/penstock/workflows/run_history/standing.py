"""Where the runs of a workflow stand or failed: the groups of (action, status, error code) that there are.

The groups are found by hopping through enrollments_standing from one to the next, so that it takes a few
microseconds for each group and not for each run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.kit.database import Connection
from penstock.workflows.run_history.counts import MOST_COUNTED, Count

MOST_GROUPS = 1000

GROUPS_OF_FLOW = """
WITH RECURSIVE standing AS (
    (SELECT next_action_id, status, error_code FROM enrollments
     WHERE flow_id = $1 AND status IN ('ACTIVE', 'WAITING', 'FAILED')
     ORDER BY next_action_id, status, error_code LIMIT 1)
    UNION ALL
    SELECT further.* FROM standing s CROSS JOIN LATERAL (
        SELECT e.next_action_id, e.status, e.error_code FROM enrollments e
        WHERE e.flow_id = $1 AND e.status IN ('ACTIVE', 'WAITING', 'FAILED')
          AND (e.next_action_id, e.status, e.error_code) > (s.next_action_id, s.status, s.error_code)
        ORDER BY e.next_action_id, e.status, e.error_code LIMIT 1
    ) AS further
)
SELECT next_action_id, status, error_code FROM standing WHERE next_action_id IS NOT NULL LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Runs of one flow that stand or failed at one action with one error code ('' without an error)."""

    action_id: str
    status: str
    error_code: str


async def standing_groups(
    db: Connection,
    flow_id: int,
    *,
    statuses: Sequence[str] = (),
    action_id: str | None = None,
    error_code: str | None = None,
) -> list[Standing]:
    """The groups of a flow that fit; an empty `statuses` is any of ACTIVE, WAITING and FAILED.

    The caller has made sure that the flow is of its workspace.
    """
    groups = [
        Standing(row["next_action_id"], row["status"], row["error_code"])
        for row in await db.fetch(GROUPS_OF_FLOW, flow_id, MOST_GROUPS)
    ]
    return [
        group
        for group in groups
        if (not statuses or group.status in statuses)
        and action_id in (None, group.action_id)
        and error_code in (None, group.error_code)
    ]


@dataclass(frozen=True, slots=True)
class AtAction:
    """How many runs of a flow are at an action now, and how many failed there."""

    action_id: str
    here: Count
    failed: Count


# Index-only scans of enrollments_standing that end early.
COUNT_STANDING = """
SELECT a.action_id,
    (SELECT count(*) FROM (SELECT FROM enrollments e WHERE e.flow_id = $1 AND e.next_action_id = a.action_id
        AND e.status IN ('ACTIVE', 'WAITING') LIMIT $3) AS h) AS here,
    (SELECT count(*) FROM (SELECT FROM enrollments e WHERE e.flow_id = $1 AND e.next_action_id = a.action_id
        AND e.status = 'FAILED' LIMIT $3) AS x) AS failed
FROM unnest($2::text[]) AS a (action_id)
"""


async def counts_by_action(db: Connection, flow_id: int) -> list[AtAction]:
    """The actions of a flow where runs are or failed, counted up to 10,000 each. The caller has checked the workspace."""
    groups = await standing_groups(db, flow_id)
    actions = sorted({group.action_id for group in groups})
    rows = await db.fetch(COUNT_STANDING, flow_id, actions, MOST_COUNTED + 1) if actions else []
    return [AtAction(row["action_id"], Count.of(row["here"]), Count.of(row["failed"])) for row in rows]
