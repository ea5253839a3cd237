"""How long a workflow's logs keep what its LLM steps sent and got."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from penstock.accounts import audit
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import PathId, Shape, Wish
from penstock.workflows.keeping import keeping
from penstock.workflows.keeping.keeping import LONGEST_DAYS, Keeping

router = APIRouter(route_class=GuardedRoute, tags=["logKeeping"])


class LogKeepingWish(Wish):
    """Days that prompts, replies and outputs of LLM steps are kept: null for ever, 0 not at all."""

    prompts: int | None = Field(ge=0, le=LONGEST_DAYS)
    replies: int | None = Field(ge=0, le=LONGEST_DAYS)
    outputs: int | None = Field(ge=0, le=LONGEST_DAYS)


class LogKeepingShape(Shape):
    """Days that prompts, replies and outputs of LLM steps are kept: null for ever, 0 not at all."""

    prompts: int | None
    replies: int | None
    outputs: int | None


@router.get("/flows/{flowId}/log-keeping")
async def read_keeping(flowId: PathId, call: Caller) -> LogKeepingShape:  # noqa: N803
    """How long a workflow's logs keep what."""
    async with call.transaction() as db:
        return LogKeepingShape.model_validate(await keeping.get(db, call.workspace_id, flowId))


@router.put("/flows/{flowId}/log-keeping")
async def set_keeping(flowId: PathId, wish: LogKeepingWish, call: Caller) -> LogKeepingShape:  # noqa: N803
    """Sets how long a workflow's logs keep what, at once and for all revisions. What was kept longer already is taken
    out within minutes, and does not come back."""
    wanted = Keeping(wish.prompts, wish.replies, wish.outputs)
    async with call.transaction() as db:
        found = await keeping.change(db, call.workspace_id, flowId, wanted)
        await audit.record(
            db, call.actor, "flow.log_keeping_set", "flow", flowId, wish.model_dump(mode="json")
        )
    return LogKeepingShape.model_validate(found)
