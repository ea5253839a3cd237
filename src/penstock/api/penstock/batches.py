"""Batches: LLM steps of backfills that go through the batch APIs of providers. Enrolling with `batch` makes them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from penstock.accounts import audit
from penstock.api.penstock.run_shapes import Usd
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Limit, Paging, PathId, Shape, Time, paging
from penstock.workflows import runs
from penstock.workflows.batches import batches
from penstock.workflows.batches.store import State

OfFlow = Annotated[Id | None, Query(description="Only those with questions of this workflow.")]

router = APIRouter(route_class=GuardedRoute, tags=["batches"])


class PartOfFlowShape(Shape):
    """What of a batch is of one workflow."""

    flow_id: Id
    flow_name: str
    questions: int
    answered: int
    cost_usd: Usd
    saved_usd: Usd


class BatchShape(Shape):
    """A batch. It is `formed`, `begun` (uploaded), `submitting`, `running` at the provider, `taking` its answers, and
    then `done`, `failed` or `canceled`. `message` is its last trouble, `remoteId` the provider's own id.
    `costUsd` counts the live repair calls of its answers as well; `savedUsd` is what live answers would have cost more.
    """

    id: Id
    connection_id: Id
    connection_name: str
    provider: str
    model: str
    state: State
    remote_id: str | None
    questions: int
    answered: int
    cost_usd: Usd
    saved_usd: Usd
    message: str
    cancel_asked: bool
    created_at: Time
    submitted_at: Time | None
    next_at: Time
    ended_at: Time | None
    flows: list[PartOfFlowShape]


class Batches(Shape):
    """A page of batches, newest first; `waiting` questions are in none yet."""

    results: list[BatchShape]
    waiting: int
    paging: Paging | None = None


class BatchOfRun(Shape):
    """The batch that the question of a run is in; null while it waits for one, or when it does not go through any."""

    batch: BatchShape | None


@router.get("/enrollments/{enrollmentId}/batch")
async def read_batch_of_run(enrollmentId: PathId, call: Caller) -> BatchOfRun:  # noqa: N803
    """Reads the batch that a run waits for."""
    async with call.transaction() as db:
        await runs.get_run(db, call.workspace_id, enrollmentId)
        found = await batches.of_run(db, call.workspace_id, enrollmentId)
    return BatchOfRun(batch=None if found is None else BatchShape.model_validate(found))


@router.get("/batches")
async def list_batches(
    call: Caller,
    flowId: OfFlow = None,  # noqa: N803
    after: After = None,
    limit: Limit = 50,
) -> Batches:
    """Lists batches, newest first; with `flowId` those with questions of this workflow."""
    async with call.transaction() as db:
        found = await batches.list_batches(
            db, call.workspace_id, flow_id=flowId, before=after, limit=limit + 1
        )
        waiting = await batches.waiting(db, call.workspace_id, flowId)
    page = [BatchShape.model_validate(one) for one in found[:limit]]
    return Batches(results=page, waiting=waiting, **paging(page[-1].id if len(found) > limit else None))


@router.get("/batches/{batchId}")
async def read_batch(batchId: PathId, call: Caller) -> BatchShape:  # noqa: N803
    """Reads one batch."""
    async with call.transaction() as db:
        return BatchShape.model_validate(await batches.get(db, call.workspace_id, batchId))


@router.post("/batches/{batchId}/cancellation", status_code=201)
async def cancel_batch(batchId: PathId, call: Caller) -> BatchShape:  # noqa: N803
    """Ends a batch: what is answered already is taken, the other runs fail and can be retried."""
    async with call.transaction() as db:
        found = await batches.cancel(db, call.workspace_id, batchId)
        await audit.record(db, call.actor, "batch.canceled", "batch", batchId)
    return BatchShape.model_validate(found)
