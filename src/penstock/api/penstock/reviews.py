"""Reviews: doubtful answers of models that a person approves, edits or rejects before the record goes on."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from penstock.api.json_body import JsonBody
from penstock.api.penstock.run_shapes import CountShape, FoundPage, KnowledgeSourceShape
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.api.shapes import After, Id, Limit, Paging, PathId, Shape, Time, Wish, paging
from penstock.errors import PenstockError
from penstock.kit.json import Json
from penstock.workflows.reviews import queue
from penstock.workflows.reviews.deciding import Decision, decide
from penstock.workflows.reviews.queue import Review, State

router = APIRouter(route_class=GuardedRoute, tags=["reviews"])


class ReviewOptionShape(Shape):
    """One option of a choice."""

    value: str
    label: str


class ReviewFieldShape(Shape):
    """One field of the answer. It is `doubtful` when the model is less sure (`confidence`, 0 to 1) than `threshold`.

    `value` is the model's; a decided review has in `decided` what the step put out.
    """

    name: str
    label: str
    type: str
    value: Json
    decided: Json
    confidence: float | None
    threshold: float | None
    doubtful: bool
    options: list[ReviewOptionShape]
    fallback: str | None
    required: bool


class ReviewShape(Shape):
    """A doubtful answer. `state` OVER: its run was canceled or went on by another way.

    `changed` names the record's properties that are not as they were when the model was asked; `recordVersion` stands
    for their values now.
    """

    id: Id
    state: State
    enrollment_id: Id
    flow_id: Id
    flow_name: str
    revision_id: Id
    action_id: str
    object_type_id: str
    record_id: Id
    record_name: str
    fields: list[ReviewFieldShape]
    changed: list[str]
    record_version: str
    reason: str
    decided_by: str | None
    decided_at: Time | None
    created_at: Time


class ReviewPage(Shape):
    """A page of reviews: those that wait oldest first, decided ones newest first."""

    results: list[ReviewShape]
    paging: Paging | None = None


class ReviewChange(Shape):
    """A property of the record that changed since the model was asked."""

    name: str
    label: str
    before: str | None
    now: str | None


class ReviewDetail(ReviewShape):
    """A review with what the model was asked, said and looked up, and what of the record changed since."""

    prompt: str
    system: str
    answer: str
    model: str
    changes: list[ReviewChange]
    sources: list[FoundPage]
    knowledge: list[KnowledgeSourceShape]


class ReviewCount(Shape):
    """How many reviews wait."""

    waiting: CountShape


class ApprovalWish(Wish):
    """The answer goes on. `values` are those written instead of the model's, by field name.

    When the record has changed since the model was asked, `recordVersion` says that you looked at it as it is now.
    """

    values: JsonBody = Field(default_factory=dict)
    record_version: str | None = Field(default=None, max_length=64)


class RejectionWish(Wish):
    """The answer does not go on; what does is the author's choice (`when_rejected` of the step)."""

    reason: str = Field(default="", max_length=1000)


class ReviewDecisionsWish(Wish):
    """One verdict on several reviews; each is decided by itself."""

    verdict: Literal["approve", "reject"]
    ids: list[Id] = Field(min_length=1, max_length=100)
    reason: str = Field(default="", max_length=1000)


class ReviewDecision(Shape):
    """What became of one of them: its state, or why it was not decided."""

    id: Id
    state: State | None
    code: str | None
    message: str | None


class ReviewDecisions(Shape):
    """What became of each."""

    results: list[ReviewDecision]


@router.get("/reviews")
async def list_reviews(
    call: Caller,
    state: Annotated[
        Literal["WAITING", "DECIDED"], Query(description="Those that wait, or the others.")
    ] = "WAITING",
    flowId: Annotated[Id | None, Query(description="Only those of this workflow.")] = None,  # noqa: N803
    after: After = None,
    limit: Limit = 50,
) -> ReviewPage:
    """The answers that wait for a review, oldest first; or what was decided or is over, newest first."""
    async with call.transaction() as db:
        if state == "WAITING":
            found = await queue.waiting(
                db, call.workspace_id, flow_id=flowId, after=after or 0, limit=limit + 1
            )
        else:
            found = await queue.decided(
                db, call.workspace_id, flow_id=flowId, before=after or 0, limit=limit + 1
            )
    page = found[:limit]
    return ReviewPage(
        results=[_shape(review) for review in page],
        **paging(page[-1].id if len(found) > limit else None),
    )


@router.get("/reviews/count")
async def count_reviews(call: Caller) -> ReviewCount:
    """How many reviews wait, for the badge of the navigation."""
    async with call.transaction() as db:
        return ReviewCount(
            waiting=CountShape.model_validate(await queue.count_waiting(db, call.workspace_id))
        )


@router.post("/reviews/decisions")
async def decide_reviews(wish: ReviewDecisionsWish, call: Caller) -> ReviewDecisions:
    """Approves or rejects several reviews as they are; what cannot be decided says why and stays."""
    decision = Decision(wish.verdict, reason=wish.reason)
    results: list[ReviewDecision] = []
    for review_id in dict.fromkeys(wish.ids):
        try:
            async with call.transaction() as db:
                review = await decide(call.app.runner, db, call.actor, review_id, decision)
            results.append(ReviewDecision(id=review_id, state=review.state, code=None, message=None))
        except PenstockError as error:
            if error.status >= 500:
                raise
            results.append(ReviewDecision(id=review_id, state=None, code=error.code, message=error.message))
    return ReviewDecisions(results=results)


@router.get("/reviews/{reviewId}")
async def read_review(reviewId: PathId, call: Caller) -> ReviewDetail:  # noqa: N803
    """One review with prompt, answer, and what of the record changed since."""
    async with call.transaction() as db:
        review = await queue.get(db, call.workspace_id, reviewId)
        question = await queue.question_of(db, call.workspace_id, review)
    return ReviewDetail(
        **_shape(review).model_dump(),
        prompt=question.prompt,
        system=question.system,
        answer=question.answer,
        model=question.model,
        changes=[ReviewChange.model_validate(change) for change in question.changes],
        sources=[FoundPage.model_validate(source) for source in question.sources],
        knowledge=[KnowledgeSourceShape.model_validate(passage) for passage in question.knowledge],
    )


@router.post("/reviews/{reviewId}/approval")
async def approve_review(reviewId: PathId, wish: ApprovalWish, call: Caller) -> ReviewShape:  # noqa: N803
    """Lets the record go on with the answer, or with the values written instead. Refused when the record changed."""
    return await _decide(call, reviewId, Decision("approve", wish.values, record_version=wish.record_version))


@router.post("/reviews/{reviewId}/rejection")
async def reject_review(reviewId: PathId, wish: RejectionWish, call: Caller) -> ReviewShape:  # noqa: N803
    """Rejects the answer: the step fails, or its fallbacks stand in, as its author chose."""
    return await _decide(call, reviewId, Decision("reject", reason=wish.reason))


async def _decide(call: Call, review_id: int, decision: Decision) -> ReviewShape:
    async with call.transaction() as db:
        return _shape(await decide(call.app.runner, db, call.actor, review_id, decision))


def _shape(review: Review) -> ReviewShape:
    decided = review.decided_outputs or {}
    return ReviewShape(
        id=review.id,
        state=review.state,
        enrollment_id=review.enrollment_id,
        flow_id=review.flow_id,
        flow_name=review.flow_name,
        revision_id=review.revision_id,
        action_id=review.action_id,
        object_type_id=review.object_type_id,
        record_id=review.record_id,
        record_name=review.record_name,
        fields=[
            ReviewFieldShape(
                name=field.name,
                label=field.label,
                type=field.type,
                value=field.value,
                decided=decided.get(field.name),
                confidence=field.confidence,
                threshold=field.threshold,
                doubtful=field.doubtful,
                options=[ReviewOptionShape(value=value, label=label) for value, label in field.options],
                fallback=field.fallback,
                required=field.required,
            )
            for field in review.fields
        ],
        changed=list(review.changed),
        record_version=review.record_version,
        reason=review.reason,
        decided_by=review.decided_by,
        decided_at=review.decided_at,
        created_at=review.created_at,
    )
