"""Runs of eval sets: start one, watch it, compare two."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from penstock.api.background import Background
from penstock.api.json_body import JsonBody
from penstock.api.penstock.eval_shapes import (
    ComparisonShape,
    EvalRows,
    EvalRunDetails,
    EvalRuns,
    comparison_shape,
    row_shape,
    run_details,
)
from penstock.api.penstock.samples import trying_of
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.api.shapes import After, Id, Limit, PathId, Wish, paging
from penstock.errors import Conflict
from penstock.kit.database import Connection
from penstock.workflows.evals import runs, sets
from penstock.workflows.evals.run import begin, run_evals
from penstock.workflows.evals.scores import compare

router = APIRouter(route_class=GuardedRoute, tags=["evalRuns"])


class NewEvalRun(Wish):
    """What to run the cases on. `document` as it is sent; without one `revision` says which: `draft`, `live` or a number
    (default: the draft where there is one). `model` and `connectionId` take the place of the step's own."""

    revision: str | None = None
    document: JsonBody | None = None
    connection_id: Id | None = None
    model: str | None = None


@router.post("/eval-sets/{evalSetId}/runs", status_code=201)
async def start_run(evalSetId: PathId, wish: NewEvalRun, call: Caller, request: Request) -> EvalRunDetails:  # noqa: N803
    """Starts a run. It goes on in the background; the step's model and the judge are really asked."""
    async with call.transaction() as db:
        run = await begin(
            db,
            call.actor,
            evalSetId,
            revision=wish.revision,
            document=wish.document,
            connection_id=wish.connection_id,
            model=wish.model,
        )
    trying = trying_of(call)
    background: Background = request.app.state.background
    background.start(lambda: run_evals(trying, run.id), f"eval run {run.id}", lambda: None)
    return run_details(run, [], run.set_version)


@router.get("/eval-sets/{evalSetId}/runs")
async def list_runs(evalSetId: PathId, call: Caller, after: After = None, limit: Limit = 20) -> EvalRuns:  # noqa: N803
    """The runs of a set, newest first, each with its score so far."""
    async with call.transaction() as db:
        await sets.get(db, call.workspace_id, evalSetId)
        found = await runs.list_runs(db, call.workspace_id, evalSetId, before=after, limit=limit + 1)
        page = [await _details(db, call, run) for run in found[:limit]]
    return EvalRuns(results=page, **paging(page[-1].id if len(found) > limit else None))


@router.get("/eval-runs/{evalRunId}")
async def read_run(evalRunId: PathId, call: Caller) -> EvalRunDetails:  # noqa: N803
    """How far a run is, its score so far and its confusion tables."""
    async with call.transaction() as db:
        return await _details(db, call, await runs.get(db, call.workspace_id, evalRunId))


@router.get("/eval-runs/{evalRunId}/rows")
async def list_rows(
    evalRunId: PathId,  # noqa: N803
    call: Caller,
    after: Annotated[int, Query(ge=0, description="The position behind which to go on.")] = 0,
    limit: Limit = 100,
) -> EvalRows:
    """The cases of a run with the verdicts on their checks."""
    async with call.transaction() as db:
        await runs.get(db, call.workspace_id, evalRunId)
        found = await runs.rows_of(db, call.workspace_id, evalRunId, after=after, limit=limit + 1)
    page = found[:limit]
    return EvalRows(
        results=[row_shape(one) for one in page],
        **paging(page[-1].position if len(found) > limit else None),
    )


@router.get("/eval-runs/{evalRunId}/comparison")
async def compare_runs(
    evalRunId: PathId,  # noqa: N803
    call: Caller,
    before: Annotated[
        Id | None,
        Query(description="The run to compare with; without it the baseline, or the run before this one."),
    ] = None,
) -> ComparisonShape:
    """This run beside another one of the same set, on the cases that both have with the same checks."""
    async with call.transaction() as db:
        after = await runs.get(db, call.workspace_id, evalRunId)
        earlier = await runs.get(db, call.workspace_id, before or await _measure(db, call, after))
        if after.eval_set_id != earlier.eval_set_id:
            raise Conflict(
                f"Eval runs {earlier.id} and {evalRunId} are of different sets.",
                remedy="Compare two runs of one eval set.",
            )
        compared = compare(
            await runs.results_of(db, call.workspace_id, earlier.id),
            await runs.results_of(db, call.workspace_id, evalRunId),
        )
    return comparison_shape(compared)


@router.post("/eval-runs/{evalRunId}/cancellation", status_code=201)
async def cancel_run(evalRunId: PathId, call: Caller) -> EvalRunDetails:  # noqa: N803
    """Stops a run; calls under way end, no further one begins."""
    async with call.transaction() as db:
        run = await runs.cancel(db, call.workspace_id, evalRunId, call.actor.label)
        return await _details(db, call, run)


async def _details(db: Connection, call: Call, run: runs.EvalRun) -> EvalRunDetails:
    found = await sets.get(db, call.workspace_id, run.eval_set_id)
    return run_details(run, await runs.results_of(db, call.workspace_id, run.id), found.version)


async def _measure(db: Connection, call: Call, run: runs.EvalRun) -> int:
    """The run that this one is measured against: the baseline, else the one before it, else itself."""
    found = await sets.get(db, call.workspace_id, run.eval_set_id)
    earlier = await runs.list_runs(db, call.workspace_id, run.eval_set_id, before=run.id, limit=1)
    return found.baseline_run_id or (earlier[0].id if earlier else run.id)
