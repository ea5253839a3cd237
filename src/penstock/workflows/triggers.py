"""Reads the change feed and enrolls the records that now meet a flow's enrollment criteria and did not before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from penstock.crm.changes import Change, take
from penstock.crm.computed import visible_values
from penstock.crm.filters import matches
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.kit.clock import Clock
from penstock.kit.database import Connection, Pool, transaction
from penstock.workflows.criteria import OBJECT_CREATED, PROPERTY_CHANGED, EventTrigger
from penstock.workflows.enrollment import Candidate, Enrolled, enroll
from penstock.workflows.legs.leg import Enqueue
from penstock.workflows.legs.store import LOAD_RECORDS, PlanSource
from penstock.workflows.loops.guard import Limits, sort_out
from penstock.workflows.loops.stops import note
from penstock.workflows.plan import Plan

log = structlog.get_logger(__name__)

CHANGES_AT_ONCE = 500

# Served by flows_listening.
LISTENING = """
SELECT id, revision_id, enabled_at FROM flows
WHERE workspace_id = $1 AND object_type_id = $2 AND is_enabled AND deleted_at IS NULL
"""


class Triggers:
    """Turns changes into enrollments. Several workers may run it; each change is taken by one of them."""

    def __init__(
        self, pool: Pool, enqueue: Enqueue, plans: PlanSource, clock: Clock, limits: Limits | None = None
    ) -> None:
        self._pool = pool
        self._enqueue = enqueue
        self._plans = plans
        self._clock = clock
        self._limits = limits or Limits()

    async def run_once(self) -> tuple[int, list[Enrolled]]:
        """Takes up to 500 changes and enrolls what they call for, in one commit: a change is never lost between
        being taken and its enrollments. Returns how many changes were taken and who was enrolled."""
        async with transaction(self._pool) as db:
            changes = await take(db, CHANGES_AT_ONCE)
            by_type: dict[tuple[int, str], list[Change]] = defaultdict(list)
            for change in changes:
                if change.kind in ("created", "updated", "restored"):
                    by_type[change.workspace_id, change.object_type_id].append(change)
            enrolled: list[Enrolled] = []
            for (workspace_id, object_type_id), some in by_type.items():
                enrolled += await self._enroll(db, workspace_id, object_type_id, some)
        return len(changes), enrolled

    async def _enroll(
        self, db: Connection, workspace_id: int, object_type_id: str, changes: Sequence[Change]
    ) -> list[Enrolled]:
        flows = await db.fetch(LISTENING, workspace_id, object_type_id)
        if not flows:
            return []
        plans = await self._plans.get(db, ((row["id"], row["revision_id"]) for row in flows))
        listening = [
            plan
            for plan in plans.values()
            if not plan.criteria.manual_only and plan.criteria.unsupported is None
        ]
        if not listening:
            return []
        schema = await load_schema(db, workspace_id, object_type_id)
        now_values = {
            row["id"]: visible_values(row["id"], row["properties"], row["created_at"], row["updated_at"])
            for row in await db.fetch(LOAD_RECORDS, sorted({change.record_id for change in changes}))
            if not row["archived"]
        }
        enrolled: list[Enrolled] = []
        now = self._clock.now()
        on_since = {row["id"]: row["enabled_at"] for row in flows}
        for plan in listening:
            since = on_since[plan.flow_id]
            # What happened before the flow was turned on, and is only read now, is none of its business.
            heard = [change for change in changes if since is None or change.at >= since]
            wanted = self._candidates(plan, heard, now_values, schema, now)
            candidates, stopped = await sort_out(db, plan.flow_id, wanted, self._limits)
            await note(db, workspace_id, plan.flow_id, stopped)
            if stopped:
                log.warning("loop stopped", flow=plan.flow_id, records=len(stopped))
            enrolled += await enroll(
                db,
                self._enqueue,
                workspace_id,
                plan,
                candidates,
                first_time_only=not plan.criteria.should_re_enroll,
            )
        return enrolled

    def _candidates(
        self,
        plan: Plan,
        changes: Sequence[Change],
        now_values: Mapping[int, Mapping[str, str]],
        schema: ObjectSchema,
        now: datetime,
    ) -> list[Candidate]:
        found: dict[int, Candidate] = {}
        for change in changes:
            values = now_values.get(change.record_id)
            if values is None or change.record_id in found or change.closed_to == plan.flow_id:
                continue
            if not fires(plan, change, values, schema, now):
                continue
            root_id = change.id if change.root_id is None else change.root_id
            found[change.record_id] = Candidate(
                change.record_id, f"change:{change.id}", change.depth, tuple(change.chain), root_id
            )
        return list(found.values())


def fires(plan: Plan, change: Change, values: Mapping[str, str], schema: ObjectSchema, now: datetime) -> bool:
    """Whether this change brings its record into the flow.

    Filter criteria fire on the way from not matching to matching (HubSpot: "when filter criteria is met");
    a new record did not match before it existed. Event criteria fire on the event, if the refinement holds.
    """
    criteria = plan.criteria
    if criteria.events:
        happened = any(_happened(event, change, values, schema, now) for event in criteria.events)
        return happened and (criteria.filter is None or matches(criteria.filter, values, schema, now))
    if criteria.filter is None or not matches(criteria.filter, values, schema, now):
        return False
    if criteria.should_re_enroll and any(
        _happened(event, change, values, schema, now) for event in criteria.re_enroll_events
    ):
        return True
    return change.kind != "updated" or not matches(
        criteria.filter, values_before(change, values), schema, now
    )


def values_before(change: Change, values: Mapping[str, str]) -> dict[str, str]:
    """The record as it was before the change: today's values with the changed ones put back."""
    before = dict(values)
    for name, value in change.before.items():
        if value is None:
            before.pop(name, None)
        else:
            before[name] = str(value)
    return before


def _happened(
    event: EventTrigger, change: Change, values: Mapping[str, str], schema: ObjectSchema, now: datetime
) -> bool:
    if event.unsupported is not None:
        return False
    if event.event_type_id == OBJECT_CREATED:
        return change.kind == "created"
    if (
        event.event_type_id != PROPERTY_CHANGED
        or event.property is None
        or event.property not in change.after
    ):
        return False
    return event.value_filter is None or matches(event.value_filter, values, schema, now)
