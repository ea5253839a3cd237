"""Reading runs: lists with filters, counts, the action log of a workflow, and everything about one run."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Query

from penstock.api.penstock.run_shapes import (
    ActionLog,
    EffectShape,
    FlowOfRunShape,
    ListedRun,
    LoggedStep,
    PathPartShape,
    RunCounts,
    RunDetails,
    Runs,
    RunShape,
    RunTotals,
    StepShape,
    StepStatus,
)
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Limit, PathId, paging
from penstock.errors import InvalidInput
from penstock.kit.json import JsonObject
from penstock.workflows.run_history.action_log import Logged, read_log
from penstock.workflows.run_history.counts import count_by_status
from penstock.workflows.run_history.lists import RunFilter, RunStatus, find_runs
from penstock.workflows.run_history.page import RunPage, StepOfRun, read_page
from penstock.workflows.run_history.titles import plans_of, title_of
from penstock.workflows.run_history.waits import WAIT_KINDS, WaitKind
from penstock.workflows.runs import Run

router = APIRouter(route_class=GuardedRoute, tags=["enrollments"])

ListedStatus = RunStatus | WaitKind
EnrolledTo = Annotated[datetime | None, Query(description="The moment before which they were enrolled.")]
Name = Annotated[str | None, Query(max_length=200)]


@router.get("/enrollments")
async def list_runs(
    call: Caller,
    flowId: Annotated[Id | None, Query()] = None,  # noqa: N803
    recordId: Annotated[Id | None, Query()] = None,  # noqa: N803
    status: Annotated[
        list[ListedStatus] | None,
        Query(
            description="Any of these. Of the waiting runs PAUSED are those whose connection needs attention, AT_CAP those "
            "that wait for room under a cap, AWAITING_TURN those that wait for their turn within the limits of a connection."
        ),
    ] = None,
    actionId: Annotated[Name, Query(description="The action where runs stand or failed.")] = None,  # noqa: N803
    errorCode: Name = None,  # noqa: N803
    enrolledFrom: datetime | None = None,  # noqa: N803
    enrolledTo: EnrolledTo = None,  # noqa: N803
    after: After = None,
    limit: Limit = 100,
) -> Runs:
    """Lists runs, newest first."""
    statuses = status or []
    wanted = RunFilter(
        flow_id=flowId,
        record_id=recordId,
        statuses=[one for one in statuses if one not in WAIT_KINDS],
        waits=[kind for kind in WAIT_KINDS if kind in statuses],
        action_id=actionId,
        error_code=errorCode,
        enrolled_from=_aware("enrolledFrom", enrolledFrom),
        enrolled_to=_aware("enrolledTo", enrolledTo),
    )
    async with call.transaction() as db:
        found = await find_runs(db, call.workspace_id, wanted, before=after, limit=limit + 1)
        page = found[:limit]
        plans = await plans_of(db, call.app.runner.plans, {(run.flow_id, run.revision_id) for run in page})
    shown = [
        _listed(run, title_of(plans.get((run.flow_id, run.revision_id)), run.next_action_id)) for run in page
    ]
    return Runs(results=shown, **paging(page[-1].id if len(found) > limit else None))


@router.get("/enrollments/{enrollmentId}")
async def read(enrollmentId: PathId, call: Caller) -> RunDetails:  # noqa: N803
    """One run with its workflow, the way it took, its steps and outside effects."""
    async with call.transaction() as db:
        page = await read_page(db, call.app.runner.plans, call.workspace_id, enrollmentId)
    return run_details(page)


@router.get("/flows/{flowId}/run-counts")
async def run_counts(flowId: PathId, call: Caller) -> RunCounts:  # noqa: N803
    """How many runs of a workflow are where, each counted up to 10,000."""
    async with call.transaction() as db:
        counts = await count_by_status(db, call.workspace_id, flowId)
    return RunCounts.model_validate({status.lower(): count for status, count in counts.items()})


@router.get("/flows/{flowId}/action-log")
async def action_log(
    flowId: PathId,  # noqa: N803
    call: Caller,
    actionId: Name = None,  # noqa: N803
    status: StepStatus | None = None,
    after: After = None,
    limit: Limit = 100,
) -> ActionLog:
    """The steps of all runs of a workflow, newest first."""
    async with call.transaction() as db:
        found = await read_log(
            db,
            call.app.runner.plans,
            call.workspace_id,
            flowId,
            action_id=actionId,
            status=status,
            before=after,
            limit=limit + 1,
        )
    page = [_logged(row) for row in found[:limit]]
    return ActionLog(results=page, **paging(page[-1].id if len(found) > limit else None))


def run_details(page: RunPage) -> RunDetails:
    """The page of a run as it is answered."""
    return RunDetails(
        **_listed(page.run, page.next_title).model_dump(),
        flow=FlowOfRunShape.model_validate(page.flow),
        path=[PathPartShape.model_validate(part) for part in page.path],
        steps=[_step(step) for step in page.steps],
        effects=[EffectShape.model_validate(effect) for effect in page.effects],
        totals=RunTotals.model_validate(page.totals),
    )


def _listed(run: Run, title: str | None) -> ListedRun:
    return ListedRun(**RunShape.model_validate(run).model_dump(), next_action_title=title)


def _step(of_run: StepOfRun) -> StepShape:
    step = of_run.step
    return StepShape.model_validate(
        {
            **{name: getattr(step, name) for name in StepShape.model_fields if hasattr(step, name)},
            "action_title": of_run.title,
            "call": of_run.call,
            "values": of_run.values,
            "mails": of_run.mails,
            "webhooks": of_run.webhooks,
        }
    )


def _logged(row: Logged) -> LoggedStep:
    detail: JsonObject = row.detail or {}
    branch = detail.get("branch")
    if "latency_ms" not in detail:
        detail = {}  # A step that writes an answer names its model too, without having called it.
    tokens = detail.get("tokens")
    used = cast("JsonObject", tokens if isinstance(tokens, dict) else {})
    return LoggedStep.model_validate(
        {
            **{name: getattr(row, name) for name in LoggedStep.model_fields if hasattr(row, name)},
            "model": detail.get("model"),
            "input_tokens": used.get("input"),
            "output_tokens": used.get("output"),
            "cost_usd": detail.get("cost_usd"),
            "latency_ms": detail.get("latency_ms"),
            "branch": branch,
        }
    )


def _aware(name: str, moment: datetime | None) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise InvalidInput(f"{name} has no time zone.", remedy="Send it as 2026-01-31T09:30:00Z.")
    return moment
