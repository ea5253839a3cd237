"""Samples: a workflow or one step of it on several records, with the real model and no effects."""

from __future__ import annotations

from decimal import Decimal
from random import SystemRandom
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from penstock.api.background import Background
from penstock.api.json_body import JsonBody
from penstock.api.penstock.flow_shapes import usd
from penstock.api.penstock.flow_trying import FlowTest
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.api.shapes import After, Id, Limit, Paging, PathId, Shape, Time, Wish, paging
from penstock.kit import csvio
from penstock.workflows import flows
from penstock.workflows.dry_run import Trying
from penstock.workflows.samples import samples
from penstock.workflows.samples.begin import SampleWish, begin
from penstock.workflows.samples.run import run_sample
from penstock.workflows.samples.table import path_of, table_of

router = APIRouter(route_class=GuardedRoute, tags=["samples"])

CSV_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}}, "description": "The rows as CSV."}
}


class NewSample(Wish):
    """What to try on which records: `recordIds`, or `number` records at random of those that meet the criteria.

    `document` is tried as it is sent; without one `revision` says which: `draft`, `live` or a number (default: the
    draft where there is one). `actionId` stops behind one step. `maxUsd` is where the sample stops spending.
    """

    record_ids: Annotated[list[Id], Field(default_factory=list, max_length=samples.MOST_RECORDS)]
    number: Annotated[int | None, Field(ge=1, le=samples.MOST_RECORDS)] = None
    document: JsonBody | None = None
    revision: str | None = None
    action_id: str | None = None
    max_usd: Annotated[Decimal | None, Field(gt=0, max_digits=14, decimal_places=8)] = None


class FlowSample(Shape):
    """A sample and how far it is. `revisionId` null: an unpublished document; `actionId` null: the whole workflow.

    `failed` counts the records that did not reach the end. `costUsd` (decimal text) is without the `unpriced` records,
    whose model has no known price.
    """

    id: Id
    flow_id: Id
    revision_id: Id | None
    action_id: str | None
    state: Literal["WAITING", "RUNNING", "DONE", "CANCELED", "FAILED"]
    message: str
    total: int
    done: int
    failed: int
    cost_usd: str
    unpriced: int
    max_usd: str | None
    created_by: str
    created_at: Time
    finished_at: Time | None


class SampleRowShape(Shape):
    """One record of a sample. `result` is null until it was its turn; `path` are its steps with the branches taken."""

    position: int
    record_id: Id
    record_name: str
    path: str
    result: FlowTest | None


class Samples(Shape):
    """A page of samples of a workflow, newest first."""

    results: list[FlowSample]
    paging: Paging | None = None


class SampleRows(Shape):
    """A page of rows, in their order."""

    results: list[SampleRowShape]
    paging: Paging | None = None


@router.post("/flows/{flowId}/samples", status_code=201)
async def start_sample(flowId: PathId, wish: NewSample, call: Caller, request: Request) -> FlowSample:  # noqa: N803
    """Starts a sample. It goes on in the background; models are really asked, nothing is written, mailed or sent."""
    app = call.app
    wanted = SampleWish(
        wish.record_ids, wish.number, wish.document, wish.revision, wish.action_id, wish.max_usd
    )
    async with call.transaction() as db:
        sample = await begin(db, call.actor, flowId, wanted, app.clock.now(), SystemRandom())
    trying = trying_of(call)
    background: Background = request.app.state.background
    background.start(lambda: run_sample(trying, sample.id), f"sample {sample.id}", lambda: None)
    return sample_shape(sample)


@router.get("/flows/{flowId}/samples")
async def list_samples(flowId: PathId, call: Caller, after: After = None, limit: Limit = 20) -> Samples:  # noqa: N803
    """The samples of a workflow, newest first."""
    async with call.transaction() as db:
        await flows.get(db, call.workspace_id, flowId)
        found = await samples.list_samples(db, call.workspace_id, flowId, before=after, limit=limit + 1)
    page = found[:limit]
    return Samples(
        results=[sample_shape(one) for one in page],
        **paging(page[-1].id if len(found) > limit else None),
    )


@router.get("/samples/{sampleId}")
async def read_sample(sampleId: PathId, call: Caller) -> FlowSample:  # noqa: N803
    """How far a sample is."""
    async with call.transaction() as db:
        return sample_shape(await samples.get(db, call.workspace_id, sampleId))


@router.get("/samples/{sampleId}/rows")
async def list_rows(
    sampleId: PathId,  # noqa: N803
    call: Caller,
    after: Annotated[int, Query(ge=0, description="The position behind which to go on.")] = 0,
    limit: Limit = 100,
) -> SampleRows:
    """The records of a sample with what would have happened to each."""
    async with call.transaction() as db:
        await samples.get(db, call.workspace_id, sampleId)
        found = await samples.rows_of(db, call.workspace_id, sampleId, after=after, limit=limit + 1)
    page = found[:limit]
    return SampleRows(
        results=[row_shape(one) for one in page],
        **paging(page[-1].position if len(found) > limit else None),
    )


@router.get("/samples/{sampleId}/csv", response_class=Response, responses=CSV_FILE)
async def sample_csv(sampleId: PathId, call: Caller) -> Response:  # noqa: N803
    """The rows as a CSV file: a line a record, a column an output, and each property before and after."""
    async with call.transaction() as db:
        await samples.get(db, call.workspace_id, sampleId)
        table = table_of(await samples.rows_of(db, call.workspace_id, sampleId))
    return Response(
        b"".join(csvio.write([table.titles, *table.lines])),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="sample-{sampleId}.csv"'},
    )


@router.post("/samples/{sampleId}/cancellation", status_code=201)
async def cancel_sample(sampleId: PathId, call: Caller) -> FlowSample:  # noqa: N803
    """Stops a sample; calls under way end, no further one begins."""
    async with call.transaction() as db:
        return sample_shape(await samples.cancel(db, call.workspace_id, sampleId, call.actor.label))


def trying_of(call: Call) -> Trying:
    """What trying needs, for the caller's workspace."""
    app = call.app
    return Trying(app.pool, app.llm, app.vault, app.clock, call.workspace_id)


def sample_shape(sample: samples.Sample) -> FlowSample:
    """A sample."""
    return FlowSample(
        id=sample.id,
        flow_id=sample.flow_id,
        revision_id=sample.revision_id,
        action_id=sample.action_id,
        state=sample.state,
        message=sample.message,
        total=sample.total,
        done=sample.done,
        failed=sample.failed,
        cost_usd=usd(sample.cost_usd) or "0",
        unpriced=sample.unpriced,
        max_usd=usd(sample.max_usd),
        created_by=sample.created_by,
        created_at=sample.created_at,
        finished_at=sample.finished_at,
    )


def row_shape(row: samples.SampleRow) -> SampleRowShape:
    """A row of a sample."""
    return SampleRowShape(
        position=row.position,
        record_id=row.record_id,
        record_name=row.record_name,
        path=path_of(row),
        result=None if row.result is None else FlowTest.model_validate(row.result),
    )
