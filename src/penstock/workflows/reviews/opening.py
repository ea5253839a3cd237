"""Puts doubtful answers into the review queue, in the commit that makes their runs wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import cast

from penstock.actions.outcome import ReviewWish
from penstock.kit.database import Connection
from penstock.kit.json import Json, JsonObject
from penstock.workflows.legs.jsonb import encode
from penstock.workflows.legs.leg import Walked

# The wait stands at the fence value that this commit moves the enrollment to.
OPEN = """
INSERT INTO reviews (workspace_id, enrollment_id, seq, flow_id, revision_id, record_id, action_id, fields, outputs, seen)
SELECT workspace_id, enrollment_id, seq, flow_id, revision_id, record_id, action_id, fields::jsonb, outputs::jsonb, seen::jsonb
FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[],
            $9::text[], $10::text[])
    AS review (workspace_id, enrollment_id, seq, flow_id, revision_id, record_id, action_id, fields, outputs, seen)
"""


async def open_reviews(db: Connection, walks: Sequence[Walked]) -> None:
    """Adds a row for every walk that ended at a doubtful answer."""
    found = [(walked.leg, walked.review) for walked in walks if walked.review is not None]
    if not found:
        return
    await db.execute(
        OPEN,
        [leg.workspace_id for leg, _ in found],
        [leg.key.enrollment_id for leg, _ in found],
        [leg.key.seq + 1 for leg, _ in found],
        [leg.flow_id for leg, _ in found],
        [leg.revision_id for leg, _ in found],
        [leg.record_id for leg, _ in found],
        [leg.next_action_id for leg, _ in found],
        [encode(fields_as_json(review)) for _, review in found],
        [encode(review.outputs) for _, review in found],
        [encode(cast("JsonObject", dict(review.seen))) for _, review in found],
    )


def fields_as_json(review: ReviewWish) -> list[Json]:
    """The fields as the row keeps them."""
    return [cast("Json", asdict(field)) for field in review.fields]
