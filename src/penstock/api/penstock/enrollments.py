"""Enrollments: put records into a workflow, retry, skip and cancel; what people read of them is in `run_history`."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import model_validator

from penstock.accounts import audit
from penstock.api.penstock.run_shapes import RunShape
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, PathId, Shape, Wish
from penstock.engine.lanes import enqueue
from penstock.workflows import runs
from penstock.workflows.bulk import enroll_matching, failed_of_flow
from penstock.workflows.enrollment import Enrolled, enroll_by_hand
from penstock.workflows.run_deeds.retry import retry
from penstock.workflows.run_deeds.skip import skip

router = APIRouter(route_class=GuardedRoute, tags=["enrollments"])

MOST_AT_ONCE = 10_000


class EnrollWish(Wish):
    """Which records to enroll: either `recordIds`, or `matching: true` for all that meet the enrollment criteria.

    With `batch` their LLM steps go through the batch API of the provider: at a lower price, answered within a day.
    """

    record_ids: list[Id] | None = None
    matching: bool = False
    batch: bool = False

    @model_validator(mode="after")
    def _one_of_two(self) -> EnrollWish:
        if (self.record_ids is not None) == self.matching:
            raise ValueError("send either recordIds or matching: true")
        if self.record_ids is not None and not 0 < len(self.record_ids) <= MOST_AT_ONCE:
            raise ValueError(f"recordIds holds 1 to {MOST_AT_ONCE} ids")
        return self


class EnrolledShape(Shape):
    """A record that went in."""

    enrollment_id: Id
    record_id: Id


class EnrollResult(Shape):
    """Who went in. Records that are in the workflow already are left out: `skipped` counts them."""

    enrolled: int
    skipped: int
    results: list[EnrolledShape]


class RetryWish(Wish):
    """In which revision to go on: the one the run began with, or the workflow as it is now."""

    revision: Literal["same", "current"] = "same"


class BulkRetryWish(RetryWish):
    """Which failed runs to retry: `enrollmentIds`, or all of `flowId`, narrowed by `actionId` and `errorCode`.

    More than 10,000 are retried by an operation (`POST /penstock/v1/run-operations`).
    """

    enrollment_ids: list[Id] | None = None
    flow_id: Id | None = None
    action_id: str | None = None
    error_code: str | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> BulkRetryWish:
        if (self.enrollment_ids is None) == (self.flow_id is None):
            raise ValueError("send either enrollmentIds or flowId")
        if self.enrollment_ids is not None and (
            self.error_code is not None
            or self.action_id is not None
            or len(self.enrollment_ids) > MOST_AT_ONCE
        ):
            raise ValueError(
                f"enrollmentIds holds at most {MOST_AT_ONCE} ids and goes without actionId and errorCode"
            )
        return self


class SkipWish(Wish):
    """Which exit to take where the step has several: a branch's name, or "" for the one taken when no other is."""

    branch: str | None = None


class RetryResult(Shape):
    """The runs that go on."""

    retried: list[Id]


@router.post("/flows/{flowId}/enrollments")
async def enroll(flowId: PathId, wish: EnrollWish, call: Caller) -> EnrollResult:  # noqa: N803
    """Enrolls records by hand. Whatever the triggers say, a record is in a workflow at most once at a time."""
    async with call.transaction() as db:
        plans = call.app.runner.plans
        if wish.record_ids is None:
            matched, enrolled = await enroll_matching(
                db, enqueue, plans, call.workspace_id, flowId, call.app.clock.now(), batch=wish.batch
            )
        else:
            wanted = list(dict.fromkeys(wish.record_ids))
            matched = len(wanted)
            enrolled = await enroll_by_hand(
                db, enqueue, plans, call.workspace_id, flowId, wanted, batch=wish.batch
            )
        await audit.record(
            db, call.actor, "flow.records_enrolled", "flow", flowId, {"records": len(enrolled)}
        )
    return enroll_result(matched, enrolled)


def enroll_result(matched: int, enrolled: list[Enrolled]) -> EnrollResult:
    """Counts for everybody, names for the first `MOST_AT_ONCE`."""
    shapes = [
        EnrolledShape(enrollment_id=one.enrollment_id, record_id=one.record_id)
        for one in enrolled[:MOST_AT_ONCE]
    ]
    return EnrollResult(enrolled=len(enrolled), skipped=matched - len(enrolled), results=shapes)


@router.post("/enrollments/retry")
async def retry_many(wish: BulkRetryWish, call: Caller) -> RetryResult:
    """Retries many failed runs at once: all of them go on, or none does."""
    async with call.transaction() as db:
        ids = wish.enrollment_ids
        if ids is None:
            assert wish.flow_id is not None  # noqa: S101 - the wish holds one of the two
            ids = await failed_of_flow(
                db, call.workspace_id, wish.flow_id, wish.action_id, wish.error_code, MOST_AT_ONCE
            )
        retried = await retry(db, enqueue, call.app.runner.plans, call.workspace_id, ids, wish.revision)
        for run_id in retried:
            await audit.record(db, call.actor, "enrollment.retried", "enrollment", run_id)
    return RetryResult(retried=retried)


@router.post("/enrollments/{enrollmentId}/cancellation", status_code=201)
async def cancel(enrollmentId: PathId, call: Caller) -> RunShape:  # noqa: N803
    """Ends a run before its next step."""
    async with call.transaction() as db:
        await runs.cancel(db, call.workspace_id, enrollmentId, call.actor.label)
        await audit.record(db, call.actor, "enrollment.canceled", "enrollment", enrollmentId)
        return RunShape.model_validate(await runs.get_run(db, call.workspace_id, enrollmentId))


@router.post("/enrollments/{enrollmentId}/retry")
async def retry_one(enrollmentId: PathId, call: Caller, wish: RetryWish | None = None) -> RunShape:  # noqa: N803
    """Runs a failed enrollment on from the step that failed; finished steps are neither run nor paid again."""
    revision = wish.revision if wish is not None else "same"
    async with call.transaction() as db:
        await retry(db, enqueue, call.app.runner.plans, call.workspace_id, [enrollmentId], revision)
        await audit.record(db, call.actor, "enrollment.retried", "enrollment", enrollmentId)
        return RunShape.model_validate(await runs.get_run(db, call.workspace_id, enrollmentId))


@router.post("/enrollments/{enrollmentId}/skip")
async def skip_step(enrollmentId: PathId, call: Caller, wish: SkipWish | None = None) -> RunShape:  # noqa: N803
    """Passes over the step at which a run failed or waits for its connection; the run goes on behind it."""
    branch = wish.branch if wish is not None else None
    plans = call.app.runner.plans
    async with call.transaction() as db:
        await skip(db, enqueue, plans, call.workspace_id, enrollmentId, call.actor.label, branch)
        await audit.record(db, call.actor, "enrollment.step_skipped", "enrollment", enrollmentId)
        return RunShape.model_validate(await runs.get_run(db, call.workspace_id, enrollmentId))
