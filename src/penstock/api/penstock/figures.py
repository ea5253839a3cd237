"""Spend, and how workflows perform: figures by day in the workspace's time zone."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from penstock.api.penstock.run_shapes import Usd
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, PathId, Shape
from penstock.workflows.figures.days import Span, span_of
from penstock.workflows.figures.performance import FlowDay, read_performance
from penstock.workflows.figures.spend import GroupBy, SpendFilter, SpendRow, Used, read_spend
from penstock.workflows.run_history.flow import name_of

router = APIRouter(route_class=GuardedRoute, tags=["figures"])

First = Annotated[date | None, Query(alias="from", description="The first day; default: 30 days up to `to`.")]
Last = Annotated[date | None, Query(alias="to", description="The last day, counted in; default: today.")]


class UsedShape(Shape):
    """What model calls used. `unpricedCalls` are not in `costUsd`: no price of their model is known.

    `failures` came to nothing, whether or not they were made again. Percentiles are milliseconds, to within a fifth.
    """

    calls: int
    failures: int
    input_tokens: int
    output_tokens: int
    cost_usd: Usd
    unpriced_calls: int
    p50_ms: float | None
    p95_ms: float | None


class SpendRowShape(UsedShape):
    """A group; what it is not grouped by is null."""

    day: date | None
    flow_id: Id | None
    flow_name: str | None
    provider: str | None
    model: str | None
    connection_id: Id | None
    connection_name: str | None


class ForecastShape(Shape):
    """How the month will end: what was spent, and for each day after today the mean of the last complete days.

    `meanOfDays` is how many days the mean is of, at most 7; without any there is no forecast.
    """

    month: str
    spent_usd: Usd
    daily_mean_usd: Usd | None
    forecast_usd: Usd | None
    mean_of_days: int
    basis: Literal["mean_of_last_7_complete_days"]


class SpendShape(Shape):
    """What was used from `from` to `to`, both counted in; groups with days come in their order, else the dearest first."""

    first: date
    last: date
    time_zone: str
    totals: UsedShape
    rows: list[SpendRowShape]
    forecast: ForecastShape


class FlowFiguresShape(Shape):
    """How runs of a workflow went in and came out. A run that failed and was retried to its end counts as both."""

    enrolled: int
    completed: int
    failed: int
    canceled: int
    unenrolled: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: Usd


class FlowDayShape(FlowFiguresShape):
    """The figures of one day."""

    day: date


class StepFiguresShape(UsedShape):
    """The figures of one action; `title` is null for one that the current revision does not have any more."""

    action_id: str
    title: str | None
    done: int
    failed: int
    skipped: int


class PerformanceShape(Shape):
    """A workflow over a span of days, each of which is there."""

    first: date
    last: date
    time_zone: str
    totals: FlowFiguresShape
    days: list[FlowDayShape]
    steps: list[StepFiguresShape]


@router.get("/spend")
async def spend(
    call: Caller,
    first: First = None,
    last: Last = None,
    groupBy: Annotated[list[GroupBy] | None, Query()] = None,  # noqa: N803
    flowId: Annotated[Id | None, Query()] = None,  # noqa: N803
    connectionId: Annotated[Id | None, Query()] = None,  # noqa: N803
    model: Annotated[str | None, Query(max_length=200)] = None,
) -> SpendShape:
    """What model calls used, and a forecast for the month over all calls."""
    async with call.transaction() as db:
        span = await span_of(db, call.workspace_id, call.app.clock.now(), first, last)
        wanted = SpendFilter(flowId, connectionId, model)
        found = await read_spend(db, call.workspace_id, span, groupBy or [], wanted)
    ahead = found.forecast
    return SpendShape(
        **_span(span),
        totals=UsedShape.model_validate(found.totals),
        rows=[_row(row) for row in found.rows],
        forecast=ForecastShape(
            month=ahead.month,
            spent_usd=ahead.spent_usd,
            daily_mean_usd=ahead.daily_mean_usd,
            forecast_usd=ahead.forecast_usd,
            mean_of_days=ahead.days,
            basis="mean_of_last_7_complete_days",
        ),
    )


@router.get("/flows/{flowId}/performance")
async def performance(
    flowId: PathId,  # noqa: N803
    call: Caller,
    first: First = None,
    last: Last = None,
) -> PerformanceShape:
    """How a workflow does: runs by day, and what each of its steps took and cost."""
    async with call.transaction() as db:
        await name_of(db, call.workspace_id, flowId)
        span = await span_of(db, call.workspace_id, call.app.clock.now(), first, last)
        found = await read_performance(db, call.app.runner.plans, call.workspace_id, flowId, span)
    return PerformanceShape(
        **_span(span),
        totals=FlowFiguresShape.model_validate(found.totals),
        days=[_day(day) for day in found.days],
        steps=[
            StepFiguresShape(
                **_used(step.used),
                action_id=step.action_id,
                title=step.title,
                done=step.done,
                failed=step.failed,
                skipped=step.skipped,
            )
            for step in found.steps
        ],
    )


def _span(span: Span) -> dict[str, date | str]:
    return {"first": span.first, "last": span.last, "time_zone": span.time_zone}


def _used(used: Used) -> dict[str, object]:
    return UsedShape.model_validate(used).model_dump()


def _row(row: SpendRow) -> SpendRowShape:
    return SpendRowShape.model_validate(
        {
            **_used(row.used),
            **{name: getattr(row, name) for name in SpendRowShape.model_fields if hasattr(row, name)},
        }
    )


def _day(day: FlowDay) -> FlowDayShape:
    return FlowDayShape.model_validate(day)
