"""What enrolling many records would cost, before it is done."""

from __future__ import annotations

from random import SystemRandom
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from penstock.api.penstock.flow_shapes import usd
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, PathId, Shape, Wish
from penstock.workflows.document import parse
from penstock.workflows.editing.chosen import choose_document
from penstock.workflows.trying.estimate import estimate
from penstock.workflows.trying.who import who_matches

router = APIRouter(route_class=GuardedRoute, tags=["estimates"])


class EstimateWish(Wish):
    """Whom to enroll: `recordIds`, or so many (`records`, of which `recordIds` are examples, or any at random), or by
    default all that meet the criteria now; with `batch` through the batch APIs of the providers.

    `revision` is `draft`, `live` or a number; without it the draft where there is one.
    """

    record_ids: Annotated[list[Id], Field(default_factory=list, max_length=10_000)]
    records: Annotated[int | None, Field(ge=0, le=1_000_000_000)] = None
    batch: bool = False
    revision: str | None = None


class EnrollmentEstimate(Shape):
    """About what it costs, in USD as decimal text; null where a price is not known.

    `p50Usd` takes each record as the middle one of the `sample` with usual answers, `p95Usd` as one of the dearest with
    long answers. `seconds` is how long the limits of the connections make it take at least. `records` null: how many
    would come in cannot be told, and `note` says why; else `note` says what is assumed. `hasBatches`: a step
    could go through a batch API.
    """

    records: int | None
    sample: int
    calls: int
    input_tokens: int
    p50_usd: str | None
    p95_usd: str | None
    seconds: float
    note: str
    has_batches: bool = False


@router.post("/flows/{flowId}/enrollment-estimates")
async def estimate_enrollment(flowId: PathId, wish: EstimateWish, call: Caller) -> EnrollmentEstimate:  # noqa: N803
    """Estimates cost and time from the texts of up to 50 records. No model is asked."""
    now = call.app.clock.now()
    async with call.transaction() as db:
        chosen = await choose_document(db, call.workspace_id, flowId, wish.revision)
        document = parse(chosen.document)
        number = wish.records if wish.records is not None else len(wish.record_ids) or None
        if number is None:
            who = await who_matches(db, call.workspace_id, document, now)
            matching = who.matching
            number = None if matching is None else matching.count if matching.exact else matching.estimate
            if number is None:
                return EnrollmentEstimate(
                    records=None,
                    sample=0,
                    calls=0,
                    input_tokens=0,
                    p50_usd=None,
                    p95_usd=None,
                    seconds=0.0,
                    note=who.note or "How many records match is not known.",
                )
        found = await estimate(
            db,
            call.workspace_id,
            flowId,
            document,
            number,
            now,
            SystemRandom(),
            wish.record_ids,
            batch=wish.batch,
        )
    return EnrollmentEstimate(
        records=found.records,
        sample=found.sample,
        calls=found.calls,
        input_tokens=found.input_tokens,
        p50_usd=usd(found.p50_usd),
        p95_usd=usd(found.p95_usd),
        seconds=found.seconds,
        note=found.note,
        has_batches=found.has_batches,
    )
