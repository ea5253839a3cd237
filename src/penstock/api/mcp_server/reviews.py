"""Tools for reviews: doubtful answers of models that wait for a decision."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from penstock.api.mcp_server.sensitive import WITHHELD, sensitive_names
from penstock.api.mcp_server.tool import Effect, Tool
from penstock.api.penstock import reviews
from penstock.api.penstock.reviews import ApprovalWish, RejectionWish, ReviewDetail, ReviewPage, ReviewShape
from penstock.api.security import Call
from penstock.api.shapes import Id, Wish


class ListReviewsArguments(Wish):
    """Those that WAIT, oldest first, or those DECIDED, newest first."""

    state: Literal["WAITING", "DECIDED"] = "WAITING"
    flow_id: Id | None = None
    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class ReviewArguments(Wish):
    """Which review."""

    review_id: Id


class ApproveArguments(ApprovalWish):
    """The answer goes on. `values` are those to use instead of the model's, by field name: that is an edit.

    When the record has changed since the model was asked, send `recordVersion` of `get_review` to say that you looked
    at it as it is now.
    """

    review_id: Id


class RejectArguments(RejectionWish):
    """The answer does not go on; what does is the workflow author's choice."""

    review_id: Id


async def list_reviews(call: Call, wanted: ListReviewsArguments) -> ReviewPage:
    """A page of reviews."""
    return await reviews.list_reviews(
        call, state=wanted.state, flowId=wanted.flow_id, after=wanted.after, limit=wanted.limit
    )


async def get_review(call: Call, wanted: ReviewArguments) -> ReviewDetail:
    """One review."""
    found = await reviews.read_review(wanted.review_id, call)
    sensitive = await sensitive_names(call, found.object_type_id)
    for change in found.changes:
        if change.name in sensitive:
            change.before = change.now = WITHHELD
    return found


async def approve_review(call: Call, wanted: ApproveArguments) -> ReviewShape:
    """Approves, with edits if any are sent."""
    return await reviews.approve_review(wanted.review_id, wanted, call)


async def reject_review(call: Call, wanted: RejectArguments) -> ReviewShape:
    """Rejects."""
    return await reviews.reject_review(wanted.review_id, wanted, call)


LIST_REVIEWS = Tool(
    name="list_reviews",
    title="List reviews",
    description="Lists answers of models that were not sure enough and wait for a decision before the record goes on.",
    route="GET /penstock/v1/reviews",
    arguments=ListReviewsArguments,
    result=ReviewPage,
    run=list_reviews,
)
GET_REVIEW = Tool(
    name="get_review",
    title="Get a review",
    description="Reads a review with what the model was asked and said, and what of the record changed since.",
    route="GET /penstock/v1/reviews/{reviewId}",
    arguments=ReviewArguments,
    result=ReviewDetail,
    run=get_review,
)
APPROVE_REVIEW = Tool(
    name="approve_review",
    title="Approve or edit a review",
    description="Lets the record go on with the model's answer, or with the values that you send instead. Refused when the"
    " record changed since, unless recordVersion says that you saw it.",
    route="POST /penstock/v1/reviews/{reviewId}/approval",
    arguments=ApproveArguments,
    result=ReviewShape,
    run=approve_review,
    effect=Effect(destructive=True, open_world=True),
)
REJECT_REVIEW = Tool(
    name="reject_review",
    title="Reject a review",
    description="Rejects the model's answer: the step fails, or its fallbacks stand in, as its author chose.",
    route="POST /penstock/v1/reviews/{reviewId}/rejection",
    arguments=RejectArguments,
    result=ReviewShape,
    run=reject_review,
    effect=Effect(destructive=True, open_world=True),
)
