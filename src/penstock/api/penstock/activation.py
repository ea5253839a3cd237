"""Turning a workflow on and off."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import model_validator

from penstock.accounts import audit
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, PathId, Shape, Wish
from penstock.engine.lanes import enqueue
from penstock.workflows import flows
from penstock.workflows.bulk import enroll_matching

router = APIRouter(route_class=GuardedRoute, tags=["activation"])


class ActivationWish(Wish):
    """Whether the workflow is on. `enrollExisting` also enrolls the records that meet its criteria already."""

    enabled: bool
    enroll_existing: bool = False

    @model_validator(mode="after")
    def _only_when_on(self) -> ActivationWish:
        if self.enroll_existing and not self.enabled:
            raise ValueError("enrollExisting goes only with enabled: true")
        return self


class Activation(Shape):
    """What stands now. `enrolled` counts the records that `enrollExisting` brought in."""

    flow_id: Id
    enabled: bool
    revision_id: Id
    enrolled: int


@router.put("/flows/{flowId}/activation")
async def activate(flowId: PathId, wish: ActivationWish, call: Caller) -> Activation:  # noqa: N803
    """Turns a workflow on or off. Turning on is refused, with every reason, while its checks find errors."""
    enrolled = 0
    async with call.transaction() as db:
        flow = await flows.set_enabled(db, call.workspace_id, flowId, wish.enabled)
        await audit.record(
            db, call.actor, "flow.turned_on" if wish.enabled else "flow.turned_off", "flow", flowId
        )
        if wish.enroll_existing:
            plans = call.app.runner.plans
            _, went_in = await enroll_matching(
                db, enqueue, plans, call.workspace_id, flowId, call.app.clock.now()
            )
            enrolled = len(went_in)
    return Activation(
        flow_id=flow.id, enabled=flow.is_enabled, revision_id=flow.revision_id, enrolled=enrolled
    )
