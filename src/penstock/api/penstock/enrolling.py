"""The enrolling in the background of the records that meet a workflow's criteria: how far it is, and stopping it."""

from __future__ import annotations

from fastapi import APIRouter

from penstock.accounts import audit
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import PathId, Shape, Time
from penstock.workflows import enrolling
from penstock.workflows.enrolling import State

router = APIRouter(route_class=GuardedRoute, tags=["enrolling"])


class EnrollingShape(Shape):
    """How far it is. `lookedAt` is the share of the records looked at, from 0 to 1; `message` says why it ended early."""

    state: State
    enrolled: int
    looked_at: float
    message: str
    created_at: Time
    finished_at: Time | None


class LatestEnrolling(Shape):
    """The newest one of a workflow; null when there was none."""

    enrolling: EnrollingShape | None


@router.get("/flows/{flowId}/enrolling")
async def read(flowId: PathId, call: Caller) -> LatestEnrolling:  # noqa: N803
    """How far the newest enrolling in the background is. What went in at once with its request leaves none."""
    async with call.transaction() as db:
        found = await enrolling.latest(db, call.workspace_id, flowId)
    return LatestEnrolling(enrolling=None if found is None else EnrollingShape.model_validate(found))


@router.post("/flows/{flowId}/enrolling/cancellation", status_code=201)
async def stop(flowId: PathId, call: Caller) -> EnrollingShape:  # noqa: N803
    """Ends it before its next batch; who went in stays in."""
    async with call.transaction() as db:
        found, stopped = await enrolling.stop(db, call.workspace_id, flowId, call.actor.label)
        if stopped:
            await audit.record(db, call.actor, "enrollments.enrolling_stopped", "flow", flowId)
    return EnrollingShape.model_validate(found)
