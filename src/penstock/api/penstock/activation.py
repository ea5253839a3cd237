"""Turning a workflow on and off."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, model_validator

from penstock.accounts import audit
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, PathId, Shape, Wish
from penstock.engine.lanes import enqueue
from penstock.workflows import enrolling, flows
from penstock.workflows.evals.gate import Override

router = APIRouter(route_class=GuardedRoute, tags=["activation"])


class ActivationWish(Wish):
    """Whether the workflow is on. `enrollExisting` also enrolls the records that meet its criteria already, with `batch`
    through the batch API of the provider.

    `overrideReason` turns it on in spite of evals that refuse; the reason is kept in the audit log.
    """

    enabled: bool
    enroll_existing: bool = False
    batch: bool = False
    override_reason: Annotated[str | None, Field(min_length=1, max_length=1000)] = None

    @model_validator(mode="after")
    def _only_when_on(self) -> ActivationWish:
        if self.enroll_existing and not self.enabled:
            raise ValueError("enrollExisting goes only with enabled: true")
        if self.batch and not self.enroll_existing:
            raise ValueError("batch goes only with enrollExisting: true")
        return self


class Activation(Shape):
    """What stands now. `enrolled` counts the records that `enrollExisting` brought in; `goesOn` tells that there are more
    of them, which come in in the background until the workflow is turned off."""

    flow_id: Id
    enabled: bool
    revision_id: Id
    enrolled: int
    goes_on: bool


@router.put("/flows/{flowId}/activation")
async def activate(flowId: PathId, wish: ActivationWish, call: Caller) -> Activation:  # noqa: N803
    """Turns a workflow on or off. Turning on is refused, with every reason, while its checks find errors or its
    evals do not agree enough."""
    begun = enrolling.Begun(0, goes_on=False)
    async with call.transaction() as db:
        override = None if wish.override_reason is None else Override(call.actor, wish.override_reason)
        flow = await flows.set_enabled(db, call.workspace_id, flowId, wish.enabled, override)
        await audit.record(
            db, call.actor, "flow.turned_on" if wish.enabled else "flow.turned_off", "flow", flowId
        )
        if wish.enroll_existing:
            plans = call.app.runner.plans
            begun = await enrolling.begin(
                db, enqueue, plans, call.workspace_id, flowId, call.app.clock.now(), batch=wish.batch
            )
    return Activation(
        flow_id=flow.id,
        enabled=flow.is_enabled,
        revision_id=flow.revision_id,
        enrolled=begun.enrolled,
        goes_on=begun.goes_on,
    )
