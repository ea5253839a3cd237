"""Many records or runs at once: enroll all that meet the criteria, find the failed runs of a flow."""

from __future__ import annotations

from datetime import datetime

from penstock.errors import NotFound
from penstock.kit.database import Connection
from penstock.kit.ids import new_uuid
from penstock.workflows.enrolling import enroll_batch, newest_record, plan_that_enrolls
from penstock.workflows.enrollment import Enrolled, check_batches
from penstock.workflows.legs.leg import Enqueue
from penstock.workflows.legs.store import PlanSource

# Oldest first, by enrollments_of_flow_by_status; `retry` locks in the same order.
FAILED_OF_FLOW = """
SELECT e.id FROM enrollments e
WHERE e.workspace_id = $1 AND e.flow_id = $2 AND e.status = 'FAILED'
  AND ($3::text IS NULL OR e.next_action_id = $3) AND ($4::text IS NULL OR e.error_code = $4)
ORDER BY e.id LIMIT $5
"""
FLOW_EXISTS = "SELECT EXISTS (SELECT FROM flows WHERE workspace_id = $1 AND id = $2)"


async def enroll_matching(
    db: Connection,
    enqueue: Enqueue,
    plans: PlanSource,
    workspace_id: int,
    flow_id: int,
    now: datetime,
    *,
    batch: bool = False,
) -> tuple[int, list[Enrolled]]:
    """Enrolls every record that meets the flow's filter criteria at `now`; returns how many met them, and who went in.

    All of it is one transaction, for callers that want to know who went in. See `enrolling.begin` for the rules and
    the errors.
    """
    plan = await plan_that_enrolls(db, plans, workspace_id, flow_id)
    if batch:
        await check_batches(db, workspace_id, plan)
    cause = f"matching:{new_uuid()}"
    until = await newest_record(db, plan, workspace_id)
    matched, enrolled = 0, list[Enrolled]()
    cursor, more = 0, True
    while more:
        some = await enroll_batch(
            db, enqueue, workspace_id, plan, cause, after=cursor, until=until, now=now, batch=batch
        )
        matched += some.matched
        enrolled += some.enrolled
        cursor, more = some.cursor, some.more
    return matched, enrolled


async def failed_of_flow(
    db: Connection, workspace_id: int, flow_id: int, action_id: str | None, error_code: str | None, limit: int
) -> list[int]:
    """The ids of up to `limit` failed runs of a flow, oldest first, of one action or error code. Raises NotFound."""
    if not await db.fetchval(FLOW_EXISTS, workspace_id, flow_id):
        raise NotFound(f"There is no workflow {flow_id}.", remedy="List them with GET /automation/v4/flows.")
    return [
        row["id"]
        for row in await db.fetch(FAILED_OF_FLOW, workspace_id, flow_id, action_id, error_code, limit)
    ]
