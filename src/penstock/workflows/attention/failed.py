"""Failed runs across workflows, grouped by error code, workflow and action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from penstock.crm.display_names import JOINED_NAME
from penstock.kit.database import Connection, Row
from penstock.kit.json import JsonObject
from penstock.workflows.attention.causes import cause_of
from penstock.workflows.attention.group import Group, Remedy, Sample
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.run_history.counts import MOST_COUNTED, Count
from penstock.workflows.run_history.titles import plans_of, title_of

MOST_GROUPS = 200
# All groups together count this many runs at most, so that many groups cost no more than a few.
COUNTED_TOGETHER = 200_000
SAMPLES = 3

# Hops through enrollments_standing from one group of a flow to the next, as in `run_history.standing`, for all
# flows of the workspace at once.
GROUPS = """
WITH RECURSIVE standing AS (
    SELECT f.id AS flow_id, first.* FROM flows f CROSS JOIN LATERAL (
        SELECT e.next_action_id, e.status, e.error_code FROM enrollments e
        WHERE e.flow_id = f.id AND e.status IN ('ACTIVE', 'WAITING', 'FAILED')
        ORDER BY e.next_action_id, e.status, e.error_code LIMIT 1
    ) AS first
    WHERE f.workspace_id = $1 AND f.deleted_at IS NULL
    UNION ALL
    SELECT s.flow_id, further.* FROM standing s CROSS JOIN LATERAL (
        SELECT e.next_action_id, e.status, e.error_code FROM enrollments e
        WHERE e.flow_id = s.flow_id AND e.status IN ('ACTIVE', 'WAITING', 'FAILED')
          AND (e.next_action_id, e.status, e.error_code) > (s.next_action_id, s.status, s.error_code)
        ORDER BY e.next_action_id, e.status, e.error_code LIMIT 1
    ) AS further
)
SELECT flow_id, next_action_id AS action_id, error_code FROM standing
WHERE status = 'FAILED' AND next_action_id IS NOT NULL LIMIT $2
"""
# All by enrollments_standing; the newest and oldest rows are read for their times.
DETAILS = """
SELECT wanted.*, f.name AS flow_name, counted.runs, newest.ids, last.updated_at AS newest_at, last.error, last.revision_id,
       (SELECT e.updated_at FROM enrollments e
        WHERE e.flow_id = wanted.flow_id AND e.next_action_id = wanted.action_id AND e.status = 'FAILED'
          AND e.status IN ('ACTIVE', 'WAITING', 'FAILED') AND e.error_code = wanted.error_code
        ORDER BY e.id LIMIT 1) AS oldest_at
FROM unnest($1::bigint[], $2::text[], $3::text[]) AS wanted (flow_id, action_id, error_code)
JOIN flows f ON f.id = wanted.flow_id
CROSS JOIN LATERAL (
    SELECT count(*) AS runs FROM (
        SELECT FROM enrollments e
        WHERE e.flow_id = wanted.flow_id AND e.next_action_id = wanted.action_id AND e.status = 'FAILED'
          AND e.status IN ('ACTIVE', 'WAITING', 'FAILED') AND e.error_code = wanted.error_code LIMIT $4
    ) AS some_runs
) AS counted
CROSS JOIN LATERAL (
    SELECT array_agg(id ORDER BY id DESC) AS ids FROM (
        SELECT e.id FROM enrollments e
        WHERE e.flow_id = wanted.flow_id AND e.next_action_id = wanted.action_id AND e.status = 'FAILED'
          AND e.status IN ('ACTIVE', 'WAITING', 'FAILED') AND e.error_code = wanted.error_code
        ORDER BY e.id DESC LIMIT $5
    ) AS some_ids
) AS newest
JOIN enrollments last ON last.id = newest.ids[1]
"""
# By primary key.
SAMPLE_RUNS = f"""
SELECT e.id, e.updated_at, e.record_id, {JOINED_NAME} AS record_name
FROM enrollments e LEFT JOIN records r ON r.id = e.record_id
LEFT JOIN object_types t ON t.workspace_id = e.workspace_id AND t.object_type_id = r.object_type_id
WHERE e.id = ANY ($1::bigint[]) ORDER BY e.id DESC
"""  # noqa: S608 - a constant


async def failed_groups(db: Connection, plans: PlanSource, workspace_id: int) -> list[Group]:
    """The groups of failed runs of flows that are not deleted, at most 200."""
    found = await db.fetch(GROUPS, workspace_id, MOST_GROUPS)
    if not found:
        return []
    most = min(MOST_COUNTED, COUNTED_TOGETHER // len(found))
    rows = await db.fetch(
        DETAILS,
        [row["flow_id"] for row in found],
        [row["action_id"] for row in found],
        [row["error_code"] for row in found],
        most + 1,
        SAMPLES,
    )
    samples = await samples_of(db, [run_id for row in rows for run_id in row["ids"]])
    revisions = await plans_of(db, plans, {(row["flow_id"], row["revision_id"]) for row in rows})
    return [
        _group(
            row,
            most,
            samples,
            title_of(revisions.get((row["flow_id"], row["revision_id"])), row["action_id"]),
        )
        for row in rows
    ]


async def samples_of(db: Connection, run_ids: Sequence[int]) -> dict[int, Sample]:
    """Runs as samples by their ids."""
    return {
        row["id"]: Sample(row["id"], row["updated_at"], row["record_id"], row["record_name"])
        for row in await db.fetch(SAMPLE_RUNS, list(run_ids))
    }


def _group(row: Row, most: int, samples: Mapping[int, Sample], title: str | None) -> Group:
    cause = cause_of(row["error_code"])
    error: JsonObject = row["error"] or {}
    about = {"flow_id": row["flow_id"], "action_id": row["action_id"], "error_code": row["error_code"]}
    return Group(
        key=f"failed:{row['flow_id']}:{row['action_id']}:{row['error_code']}",
        kind="failed_runs",
        code=row["error_code"],
        title=cause.title,
        meaning=cause.meaning,
        message=str(error.get("message", "")),
        remedy=str(error.get("remedy", "")),
        count=Count(min(row["runs"], most), exact=row["runs"] <= most),
        newest_at=row["newest_at"],
        oldest_at=row["oldest_at"],
        samples=tuple(samples[run_id] for run_id in row["ids"]),
        remedies=tuple(Remedy(kind, **about) for kind in cause.remedies),
        flow_id=row["flow_id"],
        flow_name=row["flow_name"],
        action_id=row["action_id"],
        action_title=title,
    )
