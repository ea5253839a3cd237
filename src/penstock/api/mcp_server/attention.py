"""Tools for what went wrong: what needs attention, and going on with failed runs."""

from __future__ import annotations

from penstock.api.mcp_server.tool import Effect, Tool
from penstock.api.penstock import attention, enrollments
from penstock.api.penstock.attention import AttentionShape
from penstock.api.penstock.enrollments import BulkRetryWish, RetryResult
from penstock.api.security import Call
from penstock.api.shapes import Wish


class NoArguments(Wish):
    """Nothing to choose."""


class RetryArguments(BulkRetryWish):
    """Which failed runs: `enrollmentIds`, or all of `flowId`, narrowed by `actionId` and `errorCode`.

    `revision`: in the workflow as it was when they began (`same`) or as it is now (`current`).
    """


async def list_attention(call: Call, _wanted: NoArguments) -> AttentionShape:
    """Everything that needs attention."""
    return await attention.read(call)


async def retry_runs(call: Call, wanted: RetryArguments) -> RetryResult:
    """Retries failed runs."""
    return await enrollments.retry_many(wanted, call)


LIST_ATTENTION = Tool(
    name="list_attention",
    title="List what needs attention",
    description="Lists failed and paused runs, connections in trouble, reached caps, loops and retiring models, grouped by"
    " cause, with what helps.",
    route="GET /penstock/v1/attention",
    arguments=NoArguments,
    result=AttentionShape,
    run=list_attention,
)
RETRY_RUNS = Tool(
    name="retry_runs",
    title="Retry failed runs",
    description="Lets failed runs go on from the step that failed; finished steps are neither run nor paid again. All of them"
    " go on, or none.",
    route="POST /penstock/v1/enrollments/retry",
    arguments=RetryArguments,
    result=RetryResult,
    run=retry_runs,
    effect=Effect(destructive=True, open_world=True),
)
