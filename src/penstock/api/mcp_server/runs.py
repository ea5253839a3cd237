"""Tools for runs, and for what they cost."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from penstock.api.mcp_server.sensitive import sensitive_names, withhold_from_step
from penstock.api.mcp_server.tool import Tool
from penstock.api.penstock import figures, run_history
from penstock.api.penstock.figures import SpendShape
from penstock.api.penstock.run_history import ListedStatus
from penstock.api.penstock.run_shapes import EffectShape, ListedRun, Runs, RunTotals, StepShape
from penstock.api.security import Call
from penstock.api.shapes import Id, Shape, Wish
from penstock.workflows.figures.spend import GroupBy


class ListRunsArguments(Wish):
    """Which runs, newest first. PAUSED are waiting runs whose connection needs attention."""

    flow_id: Id | None = None
    record_id: Id | None = None
    status: Annotated[list[ListedStatus], Field(max_length=7)] = []  # noqa: RUF012 - Pydantic copies defaults
    action_id: Annotated[str | None, Field(max_length=200, description="Where runs stand or failed.")] = None
    error_code: Annotated[str | None, Field(max_length=200)] = None
    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class RunArguments(Wish):
    """Which run."""

    run_id: Id


class WorkflowOfRun(Shape):
    """The workflow of a run as it is today."""

    name: str
    current_revision_id: Id
    is_enabled: bool
    is_deleted: bool


class RunAnswer(ListedRun):
    """A run with every step: inputs, prompt and answer, tokens, cost, values written, e-mails and webhooks."""

    workflow: WorkflowOfRun
    steps: list[StepShape]
    effects: list[EffectShape]
    totals: RunTotals


class SpendArguments(Wish):
    """Which days (default: the last 30), whose calls, and what to group by."""

    first: Annotated[date | None, Field(description="The first day, such as 2026-11-01.")] = None
    last: Annotated[date | None, Field(description="The last day, counted in; default: today.")] = None
    group_by: Annotated[list[GroupBy], Field(max_length=4)] = []  # noqa: RUF012 - Pydantic copies defaults
    flow_id: Id | None = None
    connection_id: Id | None = None
    model: Annotated[str | None, Field(max_length=200)] = None


async def list_runs(call: Call, wanted: ListRunsArguments) -> Runs:
    """A page of runs."""
    return await run_history.list_runs(
        call,
        flowId=wanted.flow_id,
        recordId=wanted.record_id,
        status=wanted.status,
        actionId=wanted.action_id,
        errorCode=wanted.error_code,
        after=wanted.after,
        limit=wanted.limit,
    )


async def get_run(call: Call, wanted: RunArguments) -> RunAnswer:
    """One run."""
    found = await run_history.read(wanted.run_id, call)
    sensitive = await sensitive_names(call, found.object_type_id)
    for step in found.steps:
        withhold_from_step(step, sensitive)
    return RunAnswer(
        **{name: getattr(found, name) for name in RunAnswer.model_fields if name != "workflow"},
        workflow=WorkflowOfRun.model_validate(found.flow),
    )


async def get_spend(call: Call, wanted: SpendArguments) -> SpendShape:
    """What model calls cost."""
    return await figures.spend(
        call,
        first=wanted.first,
        last=wanted.last,
        groupBy=wanted.group_by,
        flowId=wanted.flow_id,
        connectionId=wanted.connection_id,
        model=wanted.model,
    )


LIST_RUNS = Tool(
    name="list_runs",
    title="List runs",
    description="Lists runs (one record's way through a workflow) with status, where they stand, and their error.",
    route="GET /penstock/v1/enrollments",
    arguments=ListRunsArguments,
    result=Runs,
    run=list_runs,
)
GET_RUN = Tool(
    name="get_run",
    title="Get a run",
    description="Reads one run with all its steps: what the model was asked and said, tokens, cost, and what was written.",
    route="GET /penstock/v1/enrollments/{enrollmentId}",
    arguments=RunArguments,
    result=RunAnswer,
    run=get_run,
)
GET_SPEND = Tool(
    name="get_spend",
    title="Get spend",
    description="What model calls used and cost in USD, by day, workflow, connection or model, with a forecast for the"
    " month.",
    route="GET /penstock/v1/spend",
    arguments=SpendArguments,
    result=SpendShape,
    run=get_spend,
)
