"""Tools for workflows: which there are, one of them, what enrolling would cost, and enrolling."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penstock.api.hubspot import flows
from penstock.api.json_body import JsonBody
from penstock.api.mcp_server.tool import Effect, Tool
from penstock.api.penstock import enrollments, estimates, flow_list
from penstock.api.penstock.enrollments import EnrollResult, EnrollWish
from penstock.api.penstock.estimates import EnrollmentEstimate, EstimateWish
from penstock.api.penstock.flow_list import FlowRows
from penstock.api.security import Call
from penstock.api.shapes import Id, Shape, Wish
from penstock.workflows.overview import State

MOST_NAMED = 100


class ListWorkflowsArguments(Wish):
    """Which workflows; by default all, last changed first."""

    search: Annotated[str, Field(max_length=200, description="Words of the name.")] = ""
    state: Annotated[State | None, Field(description="Only workflows in this state.")] = None
    after: str | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class WorkflowArguments(Wish):
    """Which workflow."""

    flow_id: Id


class WorkflowAnswer(Shape):
    """A workflow as HubSpot's flow JSON: `actions` are its steps, `enrollmentCriteria` says which records come in."""

    workflow: JsonBody


class EstimateArguments(EstimateWish):
    """Whom to enroll: `recordIds`, or so many (`records`), or by default all that meet the criteria now."""

    flow_id: Id


class EnrollArguments(EnrollWish):
    """Whom to enroll: either `recordIds`, or `matching: true` for all that meet the enrollment criteria.

    With `batch` their LLM steps go through the provider's batch API: cheaper, answered within a day.
    """

    flow_id: Id


async def list_workflows(call: Call, wanted: ListWorkflowsArguments) -> FlowRows:
    """A page of workflows."""
    return await flow_list.list_flows(
        call, search=wanted.search, state=wanted.state, after=wanted.after, limit=wanted.limit
    )


async def get_workflow(call: Call, wanted: WorkflowArguments) -> WorkflowAnswer:
    """One workflow."""
    return WorkflowAnswer(workflow=await flows.read(wanted.flow_id, call))


async def estimate_enrollment(call: Call, wanted: EstimateArguments) -> EnrollmentEstimate:
    """What enrolling would cost."""
    return await estimates.estimate_enrollment(wanted.flow_id, wanted, call)


async def enroll_records(call: Call, wanted: EnrollArguments) -> EnrollResult:
    """Enrolls records. Thousands of run ids would fill an agent's window; `list_runs` has them."""
    found = await enrollments.enroll(wanted.flow_id, wanted, call)
    return EnrollResult(enrolled=found.enrolled, skipped=found.skipped, results=found.results[:MOST_NAMED])


LIST_WORKFLOWS = Tool(
    name="list_workflows",
    title="List workflows",
    description="Lists workflows with what happened in each in 30 days: runs, failures, spend in USD.",
    route="GET /penstock/v1/flows-overview",
    arguments=ListWorkflowsArguments,
    result=FlowRows,
    run=list_workflows,
)
GET_WORKFLOW = Tool(
    name="get_workflow",
    title="Get a workflow",
    description="Reads a workflow as it runs now: its triggers and every step with its prompt.",
    route="GET /automation/v4/flows/{flowId}",
    arguments=WorkflowArguments,
    result=WorkflowAnswer,
    run=get_workflow,
)
ESTIMATE_ENROLLMENT = Tool(
    name="estimate_enrollment",
    title="Estimate an enrollment",
    description="Estimates calls, cost in USD (middle and high) and time of enrolling records. No model is asked. Use it"
    " before enroll_records.",
    route="POST /penstock/v1/flows/{flowId}/enrollment-estimates",
    arguments=EstimateArguments,
    result=EnrollmentEstimate,
    run=estimate_enrollment,
)
ENROLL_RECORDS = Tool(
    name="enroll_records",
    title="Enroll records",
    description="Puts records into a workflow that is on. It spends money at model providers, changes records, and may send"
    " e-mails and webhooks. A record that is in the workflow already is skipped. Names the first 100 runs.",
    route="POST /penstock/v1/flows/{flowId}/enrollments",
    arguments=EnrollArguments,
    result=EnrollResult,
    run=enroll_records,
    effect=Effect(destructive=True, open_world=True),
)
