"""What waits for a review, what was decided, and everything a person needs to decide."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from penstock.actions.outcome import ReviewField
from penstock.actions.use_custom_llm_knowledge import logged_sources
from penstock.crm.computed import COLUMN_OF
from penstock.crm.display_names import names_of
from penstock.errors import NotFound
from penstock.kit.database import Connection, Row
from penstock.kit.json import Json, JsonObject, dumps
from penstock.llm.result import Source
from penstock.llm.sources import from_json
from penstock.workflows.run_history.counts import MOST_COUNTED, Count

State = Literal["WAITING", "APPROVED", "EDITED", "REJECTED", "OVER"]

COLUMNS = """r.id, r.enrollment_id, r.seq, r.flow_id, f.name AS flow_name, r.revision_id, r.record_id, rec.object_type_id,
r.action_id, r.fields, r.outputs, r.seen, r.decided_outputs, r.reason, r.decided_by, r.decided_at, r.created_at,
CASE WHEN r.state = 'WAITING' AND (e.seq <> r.seq OR e.status <> 'WAITING') THEN 'OVER' ELSE r.state END AS state,
rec.properties, rec.archived_at IS NOT NULL AS archived"""
FROM = """
FROM reviews r JOIN flows f ON f.id = r.flow_id JOIN records rec ON rec.id = r.record_id
JOIN enrollments e ON e.id = r.enrollment_id
"""
# Served by reviews_waiting; the enrollment is looked up by primary key.
WAITING = f"""
SELECT {COLUMNS} {FROM}
WHERE r.workspace_id = $1 AND r.state = 'WAITING' AND r.id > $2 AND ($3::bigint IS NULL OR r.flow_id = $3)
  AND e.seq = r.seq AND e.status = 'WAITING'
ORDER BY r.id LIMIT $4
"""
# Served by reviews_decided.
DECIDED = f"""
SELECT {COLUMNS} {FROM}
WHERE r.workspace_id = $1 AND r.state <> 'WAITING' AND ($2 = 0 OR r.id < $2) AND ($3::bigint IS NULL OR r.flow_id = $3)
ORDER BY r.id DESC LIMIT $4
"""
ONE = f"SELECT {COLUMNS} {FROM} WHERE r.workspace_id = $1 AND r.id = $2"
COUNT = """
SELECT count(*) FROM (
    SELECT FROM reviews r JOIN enrollments e ON e.id = r.enrollment_id
    WHERE r.workspace_id = $1 AND r.state = 'WAITING' AND e.seq = r.seq AND e.status = 'WAITING' LIMIT $2
) AS waiting
"""
# The row that the wait began with stands one fence value before it; served by steps_of_enrollment.
QUESTION = """
SELECT inputs, detail FROM steps WHERE enrollment_id = $1 AND seq = $2 AND action_id = $3 ORDER BY id DESC LIMIT 1
"""
LABELS = "SELECT name, label FROM properties WHERE workspace_id = $1 AND object_type_id = $2 AND name = ANY ($3::text[])"


@dataclass(frozen=True, slots=True)
class Review:
    """A doubtful answer. `state` is OVER when its run was canceled or went on by another way.

    `record_version` stands for the record's values as they are now; `changed` names the properties that are not as
    they were when the model was asked, while the review waits.
    """

    id: int
    enrollment_id: int
    seq: int
    flow_id: int
    flow_name: str
    revision_id: int
    record_id: int
    record_name: str
    object_type_id: str
    action_id: str
    fields: tuple[ReviewField, ...]
    outputs: JsonObject
    state: State
    decided_outputs: JsonObject | None
    reason: str
    decided_by: str | None
    decided_at: datetime | None
    created_at: datetime
    changed: tuple[str, ...]
    record_version: str


@dataclass(frozen=True, slots=True)
class Change:
    """A property that is not as it was when the model was asked."""

    name: str
    label: str
    before: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """What the model was asked, what it said, the pages that it looked up, the passages that it was given, and what the record was and is."""

    prompt: str
    system: str
    answer: str
    model: str
    changes: tuple[Change, ...]
    sources: tuple[Source, ...] = ()
    knowledge: tuple[JsonObject, ...] = ()


async def waiting(
    db: Connection, workspace_id: int, *, flow_id: int | None = None, after: int = 0, limit: int = 50
) -> list[Review]:
    """The queue, oldest first, behind the review `after`."""
    return await _read(db, workspace_id, await db.fetch(WAITING, workspace_id, after, flow_id, limit))


async def decided(
    db: Connection, workspace_id: int, *, flow_id: int | None = None, before: int = 0, limit: int = 50
) -> list[Review]:
    """What was decided or is over, newest first, before the review `before` (0: from the newest)."""
    return await _read(db, workspace_id, await db.fetch(DECIDED, workspace_id, before, flow_id, limit))


async def get(db: Connection, workspace_id: int, review_id: int) -> Review:
    """One review. Raises NotFound."""
    rows = await db.fetch(ONE, workspace_id, review_id)
    if not rows:
        raise NotFound(f"There is no review {review_id}.", remedy="Look at the list of reviews.")
    [review] = await _read(db, workspace_id, rows)
    return review


async def count_waiting(db: Connection, workspace_id: int) -> Count:
    """How many reviews wait, counted within bounds."""
    return Count.of(await db.fetchval(COUNT, workspace_id, MOST_COUNTED + 1))


async def question_of(db: Connection, workspace_id: int, review: Review) -> Question:
    """The prompt and the answer behind a review, and what of the record changed since."""
    step = await db.fetchrow(QUESTION, review.enrollment_id, review.seq - 1, review.action_id)
    inputs: JsonObject = (step["inputs"] if step else None) or {}
    detail: JsonObject = (step["detail"] if step else None) or {}
    row = await db.fetchrow(ONE, workspace_id, review.id)
    labels = {
        found["name"]: found["label"]
        for found in await db.fetch(LABELS, workspace_id, review.object_type_id, list(review.changed))
    }
    seen, now = (comparable(row["seen"]), comparable(row["properties"])) if row else ({}, {})
    return Question(
        prompt=str(inputs.get("prompt") or ""),
        system=str(inputs.get("system_prompt") or ""),
        answer=str(review.outputs.get("text") or ""),
        model=str(review.outputs.get("hs_model") or ""),
        changes=tuple(
            Change(name, labels.get(name, name), seen.get(name), now.get(name)) for name in review.changed
        ),
        sources=from_json(detail.get("sources")),
        knowledge=logged_sources(detail.get("knowledge")),
    )


def comparable(values: Mapping[str, Json]) -> dict[str, str]:
    """The values of a record that somebody can change: computed ones change by themselves."""
    return {name: str(value) for name, value in values.items() if name not in COLUMN_OF and value is not None}


def changed_names(seen: Mapping[str, Json], now: Mapping[str, Json]) -> tuple[str, ...]:
    """The properties whose value is another one now."""
    before, after = comparable(seen), comparable(now)
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def version_of(values: Mapping[str, Json]) -> str:
    """A short text that is another one when any value is."""
    listed: list[Json] = [[name, value] for name, value in sorted(comparable(values).items())]
    return hashlib.sha256(dumps(listed)).hexdigest()[:16]


def field_of(row: Mapping[str, Json]) -> ReviewField:
    """A field as the row keeps it."""
    options = row.get("options")
    pairs = options if isinstance(options, list) else []
    known = {name: value for name, value in row.items() if name in ReviewField.__dataclass_fields__}
    known["options"] = tuple((str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list))  # type: ignore[assignment]
    return ReviewField(**known)  # type: ignore[arg-type]


async def _read(db: Connection, workspace_id: int, rows: list[Row]) -> list[Review]:
    names = await names_of(db, workspace_id, list({row["record_id"] for row in rows}))
    return [
        Review(
            id=row["id"],
            enrollment_id=row["enrollment_id"],
            seq=row["seq"],
            flow_id=row["flow_id"],
            flow_name=row["flow_name"],
            revision_id=row["revision_id"],
            record_id=row["record_id"],
            record_name=names.get(row["record_id"], ""),
            object_type_id=row["object_type_id"],
            action_id=row["action_id"],
            fields=tuple(field_of(field) for field in row["fields"]),
            outputs=row["outputs"],
            state=row["state"],
            decided_outputs=row["decided_outputs"],
            reason=row["reason"],
            decided_by=row["decided_by"],
            decided_at=row["decided_at"],
            created_at=row["created_at"],
            changed=changed_names(row["seen"], row["properties"]) if row["state"] == "WAITING" else (),
            record_version=version_of(row["properties"]),
        )
        for row in rows
    ]
