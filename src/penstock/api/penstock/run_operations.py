"""Operations on all runs of a kind ("all like this"): begin one, watch it, stop it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field, model_validator

from penstock.accounts import audit
from penstock.api.penstock.run_shapes import CountShape
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Limit, Paging, PathId, Shape, Time, Wish, paging
from penstock.workflows.run_deeds import operations
from penstock.workflows.run_deeds.operations import Operation, Standing, Wanted

router = APIRouter(route_class=GuardedRoute, tags=["run operations"])

Deed = Literal["retry", "skip", "cancel"]


class OperationWish(Wish):
    """What to do with all runs of a workflow that failed (or pause, or wait at a cap) at `actionId` with `errorCode`.

    Both may be left out. `ALL` is every run that has not ended, for cancel only. `branch` is the exit to take when
    a branch is skipped ("" the one taken when no other is); `revision` is where retried runs go on.
    """

    operation: Deed
    flow_id: Id
    standing: Standing = "FAILED"
    action_id: str | None = Field(default=None, max_length=200)
    error_code: str | None = Field(default=None, max_length=200)
    revision: Literal["same", "current"] = "same"
    branch: str | None = Field(default=None, max_length=1000)

    @model_validator(mode="after")
    def _fits(self) -> OperationWish:
        if self.standing == "ALL" and self.operation != "cancel":
            raise ValueError("standing ALL goes with operation cancel only")
        if self.standing in ("PAUSED", "AT_CAP") and self.operation == "retry":
            raise ValueError(
                "runs that wait go on by themselves when their connection is well again or their cap has room; they are "
                "not retried"
            )
        return self


class OperationShape(Shape):
    """An operation and how far it is. `leftOut` are runs that could not be moved, such as those of re-entered records."""

    id: Id
    operation: Deed
    flow_id: Id
    standing: str
    action_id: str | None
    error_code: str | None
    revision: str
    branch: str | None
    state: Literal["WAITING", "RUNNING", "DONE", "CANCELED", "FAILED"]
    expected: CountShape
    done: int
    left_out: int
    message: str
    created_at: Time
    updated_at: Time
    finished_at: Time | None


class Operations(Shape):
    """A page of operations, newest first."""

    results: list[OperationShape]
    paging: Paging | None = None


@router.post("/run-operations", status_code=202)
async def begin(wish: OperationWish, call: Caller) -> OperationShape:
    """Begins an operation; a worker does it in batches. Runs that come to be of the kind later are left alone."""
    wanted = Wanted(
        wish.operation,
        wish.flow_id,
        wish.standing,
        wish.action_id,
        wish.error_code,
        wish.revision,
        wish.branch,
    )
    async with call.transaction() as db:
        operation = await operations.begin(db, call.workspace_id, call.actor, wanted)
        detail = wish.model_dump(mode="json", exclude_unset=True)
        await audit.record(
            db, call.actor, "enrollments.operation_begun", "run_operation", operation.id, detail
        )
    return _shape(operation)


@router.get("/run-operations")
async def list_operations(
    call: Caller,
    flowId: Annotated[Id, Query()],  # noqa: N803
    after: After = None,
    limit: Limit = 20,
) -> Operations:
    """The operations on a workflow's runs, newest first."""
    async with call.transaction() as db:
        found = await operations.of_flow(db, call.workspace_id, flowId, before=after, limit=limit + 1)
    page = [_shape(operation) for operation in found[:limit]]
    return Operations(results=page, **paging(page[-1].id if len(found) > limit else None))


@router.get("/run-operations/{operationId}")
async def read(operationId: PathId, call: Caller) -> OperationShape:  # noqa: N803
    """How far an operation is."""
    async with call.transaction() as db:
        return _shape(await operations.get(db, call.workspace_id, operationId))


@router.post("/run-operations/{operationId}/cancellation", status_code=201)
async def stop(operationId: PathId, call: Caller) -> OperationShape:  # noqa: N803
    """Ends an operation before its next batch; what it did stays."""
    async with call.transaction() as db:
        operation = await operations.stop(db, call.workspace_id, operationId)
        await audit.record(db, call.actor, "enrollments.operation_stopped", "run_operation", operationId)
    return _shape(operation)


def _shape(operation: Operation) -> OperationShape:
    wanted = operation.wanted
    return OperationShape(
        id=operation.id,
        operation=wanted.operation,
        flow_id=wanted.flow_id,
        standing=wanted.standing,
        action_id=wanted.action_id,
        error_code=wanted.error_code,
        revision=wanted.revision,
        branch=wanted.branch,
        state=operation.state,
        expected=CountShape.model_validate(operation.expected),
        done=operation.done,
        left_out=operation.left_out,
        message=operation.message,
        created_at=operation.created_at,
        updated_at=operation.updated_at,
        finished_at=operation.finished_at,
    )
