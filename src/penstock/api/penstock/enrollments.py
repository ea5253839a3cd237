"""Enrollments: put records into a workflow, watch them go through it, cancel and retry."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import model_validator

from penstock.accounts import audit
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, JsonBody, Limit, Paging, PathId, Shape, Time, Wish, paging
from penstock.engine.lanes import enqueue
from penstock.workflows import runs
from penstock.workflows.bulk import enroll_matching, failed_of_flow
from penstock.workflows.enrollment import Enrolled, enroll_by_hand

router = APIRouter(route_class=GuardedRoute, tags=["enrollments"])

MOST_AT_ONCE = 10_000

Status = Literal["ACTIVE", "WAITING", "COMPLETED", "FAILED", "CANCELED", "UNENROLLED"]


class RunShape(Shape):
    """One record's way through a workflow. `outputs` maps an actionId to that action's outputs."""

    id: Id
    flow_id: Id
    flow_name: str
    revision_id: Id
    record_id: Id
    object_type_id: str
    cause: str
    status: Status
    next_action_id: str | None
    attempt: int
    wait_for: str | None
    wake_at: Time | None
    outputs: JsonBody
    error: JsonBody | None
    enrolled_at: Time
    updated_at: Time
    finished_at: Time | None


class StepShape(Shape):
    """One row of the action log."""

    id: Id
    action_id: str
    action_type_id: str
    status: str
    attempt: int
    started_at: Time
    finished_at: Time
    inputs: JsonBody | None
    outputs: JsonBody | None
    detail: JsonBody | None
    error: JsonBody | None


class EffectShape(Shape):
    """One outside effect; with `attempts` above 1 it may have happened more than once, each time with this key."""

    key: str
    kind: str
    action_id: str | None
    status: str
    attempts: int
    created_at: Time


class RunDetails(RunShape):
    """A run with its action log and its outside effects."""

    steps: list[StepShape]
    effects: list[EffectShape]


class Runs(Shape):
    """A page of runs, newest first."""

    results: list[RunShape]
    paging: Paging | None = None


class EnrollWish(Wish):
    """Which records to enroll: either `recordIds`, or `matching: true` for all that meet the enrollment criteria."""

    record_ids: list[Id] | None = None
    matching: bool = False

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
    """Which failed runs to retry: `enrollmentIds`, or all of `flowId`, narrowed by `errorCode`."""

    enrollment_ids: list[Id] | None = None
    flow_id: Id | None = None
    error_code: str | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> BulkRetryWish:
        if (self.enrollment_ids is None) == (self.flow_id is None):
            raise ValueError("send either enrollmentIds or flowId")
        if self.enrollment_ids is not None and (
            self.error_code is not None or len(self.enrollment_ids) > MOST_AT_ONCE
        ):
            raise ValueError(f"enrollmentIds holds at most {MOST_AT_ONCE} ids and goes without errorCode")
        return self


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
                db, enqueue, plans, call.workspace_id, flowId, call.app.clock.now()
            )
        else:
            wanted = list(dict.fromkeys(wish.record_ids))
            matched = len(wanted)
            enrolled = await enroll_by_hand(db, enqueue, plans, call.workspace_id, flowId, wanted)
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


@router.get("/enrollments")
async def list_runs(
    call: Caller,
    flowId: Annotated[Id | None, Query()] = None,  # noqa: N803
    recordId: Annotated[Id | None, Query()] = None,  # noqa: N803
    status: Status | None = None,
    after: After = None,
    limit: Limit = 100,
) -> Runs:
    """Lists runs, newest first."""
    async with call.transaction() as db:
        found = await runs.list_runs(
            db,
            call.workspace_id,
            flow_id=flowId,
            record_id=recordId,
            status=status,
            before=after,
            limit=limit + 1,
        )
    page = found[:limit]
    return Runs(
        results=[RunShape.model_validate(run) for run in page],
        **paging(page[-1].id if len(found) > limit else None),
    )


@router.post("/enrollments/retry")
async def retry_many(wish: BulkRetryWish, call: Caller) -> RetryResult:
    """Retries many failed runs at once: all of them go on, or none does."""
    async with call.transaction() as db:
        ids = wish.enrollment_ids
        if ids is None:
            assert wish.flow_id is not None  # noqa: S101 - the wish holds one of the two
            ids = await failed_of_flow(db, call.workspace_id, wish.flow_id, wish.error_code, MOST_AT_ONCE)
        retried = await runs.retry(db, enqueue, call.app.runner.plans, call.workspace_id, ids, wish.revision)
        for run_id in retried:
            await audit.record(db, call.actor, "enrollment.retried", "enrollment", run_id)
    return RetryResult(retried=retried)


@router.get("/enrollments/{enrollmentId}")
async def read(enrollmentId: PathId, call: Caller) -> RunDetails:  # noqa: N803
    """One run with its steps and outside effects."""
    async with call.transaction() as db:
        run = await runs.get_run(db, call.workspace_id, enrollmentId)
        steps = await runs.get_steps(db, call.workspace_id, enrollmentId)
        effects = await runs.get_effects(db, call.workspace_id, enrollmentId)
    return RunDetails(
        **RunShape.model_validate(run).model_dump(),
        steps=[StepShape.model_validate(step) for step in steps],
        effects=[EffectShape.model_validate(effect) for effect in effects],
    )


@router.post("/enrollments/{enrollmentId}/cancellation", status_code=201)
async def cancel(enrollmentId: PathId, call: Caller) -> RunShape:  # noqa: N803
    """Ends a run before its next step."""
    async with call.transaction() as db:
        await runs.cancel(db, call.workspace_id, enrollmentId, call.actor.label)
        await audit.record(db, call.actor, "enrollment.canceled", "enrollment", enrollmentId)
        return RunShape.model_validate(await runs.get_run(db, call.workspace_id, enrollmentId))


@router.post("/enrollments/{enrollmentId}/retry")
async def retry(enrollmentId: PathId, call: Caller, wish: RetryWish | None = None) -> RunShape:  # noqa: N803
    """Runs a failed enrollment on from the step that failed; finished steps are neither run nor paid again."""
    revision = wish.revision if wish is not None else "same"
    async with call.transaction() as db:
        await runs.retry(db, enqueue, call.app.runner.plans, call.workspace_id, [enrollmentId], revision)
        await audit.record(db, call.actor, "enrollment.retried", "enrollment", enrollmentId)
        return RunShape.model_validate(await runs.get_run(db, call.workspace_id, enrollmentId))
