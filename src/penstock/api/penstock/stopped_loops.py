"""Workflows that start each other in a loop and were stopped: which records, and going on with them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from penstock.accounts import audit
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Limit, Paging, Shape, Time, Wish, paging
from penstock.engine.lanes import enqueue
from penstock.workflows.loops import stops

router = APIRouter(route_class=GuardedRoute, tags=["stoppedLoops"])


class LoopWish(Wish):
    """A loop, named by the ids of its workflows, the smallest first, such as `3,7`."""

    loop: str = Field(min_length=1, max_length=2000)


class StoppedRecordShape(Shape):
    """A record that the workflow `flowId` did not take. `chain` are the workflows that led there, the oldest first;
    `reason` is DEPTH (they followed from each other too often) or RATE (too many runs of the record in a short time)."""

    id: Id
    flow_id: Id
    record_id: Id
    record_name: str
    loop: str
    chain: list[Id]
    reason: Literal["DEPTH", "RATE"]
    times: int
    first_at: Time
    last_at: Time


class StoppedRecords(Shape):
    """A page of records that are stopped, in the order in which they were."""

    results: list[StoppedRecordShape]
    paging: Paging | None = None


class LoopContinuation(Shape):
    """How many records were enrolled again, how many could not be, and whether there are more to go on with."""

    enrolled: int
    left_out: int
    more: bool


class LoopDismissal(Shape):
    """How many records stay as they are."""

    records: int


@router.get("/stopped-loops")
async def list_stopped(
    call: Caller,
    loop: Annotated[str | None, Query(max_length=2000)] = None,
    after: After = None,
    limit: Limit = 50,
) -> StoppedRecords:
    """The records that are stopped now, of one loop or of all."""
    async with call.transaction() as db:
        found = await stops.list_all(db, call.workspace_id, loop, after=after, limit=limit + 1)
    page = [StoppedRecordShape.model_validate(one) for one in found[:limit]]
    return StoppedRecords(results=page, **paging(page[-1].id if len(found) > limit else None))


@router.post("/stopped-loops/continuations", status_code=201)
async def go_on(wish: LoopWish, call: Caller) -> LoopContinuation:
    """Enrolls the records of a loop where they were stopped, up to 1,000 a call. The loop may be stopped again."""
    async with call.transaction() as db:
        went = await stops.go_on(db, enqueue, call.app.runner.plans, call.workspace_id, wish.loop)
        await audit.record(
            db, call.actor, "loop.gone_on_with", "loop", wish.loop, {"enrolled": went.enrolled}
        )
    return LoopContinuation.model_validate(went)


@router.post("/stopped-loops/dismissals", status_code=201)
async def dismiss(wish: LoopWish, call: Caller) -> LoopDismissal:
    """Leaves a loop stopped: it needs no more attention until it is stopped again."""
    async with call.transaction() as db:
        records = await stops.dismiss(db, call.workspace_id, wish.loop)
        await audit.record(db, call.actor, "loop.dismissed", "loop", wish.loop, {"records": records})
    return LoopDismissal(records=records)
