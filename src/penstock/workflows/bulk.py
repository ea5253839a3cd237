"""Many records or runs at once: enroll all that meet the criteria, find the failed runs of a flow."""

from __future__ import annotations

from datetime import datetime

from penstock.crm import filters
from penstock.crm.schema import load_schema
from penstock.errors import Conflict, InvalidInput, NotFound
from penstock.kit.database import Connection
from penstock.kit.ids import new_uuid
from penstock.workflows.enrollment import CURRENT_FLOW, Candidate, Enrolled, enroll
from penstock.workflows.legs.leg import Enqueue
from penstock.workflows.legs.store import PlanSource

ENROLL_AT_ONCE = 5000

# In id order by records_by_type; the predicate is of bound parameters only.
MATCHING = """
SELECT r.id FROM records r
WHERE r.workspace_id = $1 AND r.object_type_id = $2 AND r.archived_at IS NULL AND ({predicate})
ORDER BY r.id
"""

# Oldest first, by enrollments_of_flow_by_status; `retry` locks in the same order.
FAILED_OF_FLOW = """
SELECT e.id FROM enrollments e
WHERE e.workspace_id = $1 AND e.flow_id = $2 AND e.status = 'FAILED'
  AND ($3::text IS NULL OR e.next_action_id = $3) AND ($4::text IS NULL OR e.error_code = $4)
ORDER BY e.id LIMIT $5
"""
FLOW_EXISTS = "SELECT EXISTS (SELECT FROM flows WHERE workspace_id = $1 AND id = $2)"


async def enroll_matching(
    db: Connection, enqueue: Enqueue, plans: PlanSource, workspace_id: int, flow_id: int, now: datetime
) -> tuple[int, list[Enrolled]]:
    """Enrolls every record that meets the flow's filter criteria at `now`; returns how many met them, and who went in.

    As with triggers (HubSpot: "enroll existing"), a record that was in the flow before goes in again only when
    the flow re-enrolls, and never twice at a time. Raises NotFound for an unknown flow, Conflict when it is off,
    InvalidInput when it has no filter criteria or criteria that Penstock does not run.
    """
    flow = await db.fetchrow(CURRENT_FLOW, workspace_id, flow_id)
    if flow is None:
        raise NotFound(f"There is no workflow {flow_id}.", remedy="List them with GET /automation/v4/flows.")
    if not flow["is_enabled"]:
        raise Conflict(f"Workflow {flow_id} is turned off.", remedy="Turn it on, then enroll the records.")
    plan = (await plans.get(db, [(flow_id, flow["revision_id"])]))[flow_id, flow["revision_id"]]
    criteria = plan.criteria
    if criteria.unsupported is not None:
        raise InvalidInput(criteria.unsupported, remedy="Enroll chosen records by their ids.")
    if criteria.filter is None or criteria.events:
        raise InvalidInput(
            f"Workflow {flow_id} has no filter criteria that a record could meet.",
            remedy="Enroll chosen records by their ids.",
        )
    schema = await load_schema(db, workspace_id, plan.object_type_id)
    predicate, parameters = filters.predicate(criteria.filter, schema, now, first_parameter=3)
    rows = await db.fetch(
        MATCHING.format(predicate=predicate), workspace_id, plan.object_type_id, *parameters
    )
    cause = f"matching:{new_uuid()}"
    enrolled: list[Enrolled] = []
    for start in range(0, len(rows), ENROLL_AT_ONCE):
        some = [Candidate(row["id"], cause) for row in rows[start : start + ENROLL_AT_ONCE]]
        enrolled += await enroll(
            db, enqueue, workspace_id, plan, some, first_time_only=not criteria.should_re_enroll
        )
    return len(rows), enrolled


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
