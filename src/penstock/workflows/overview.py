"""The list of workflows as people want it: what is on, what came in, what failed, what it cost, who changed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from penstock.kit.database import Connection, Row
from penstock.workflows.run_history.counts import Count

State = Literal["on", "off", "draft"]

MOST_COUNTED = 1_000

# Last changed first; a draft counts as a change. A workspace has hundreds of workflows: they are found by
# flows_of_workspace, and the conditions on name, state and folder are looked at row by row.
PAGE = """
SELECT f.id, f.name, r.document ->> 'description' AS description, f.object_type_id, f.is_enabled, f.folder,
       f.revision_id, d.flow_id IS NOT NULL AS has_draft, greatest(f.updated_at, d.saved_at) AS updated_at,
       CASE WHEN d.saved_at > f.updated_at THEN d.saved_by ELSE r.created_by END AS updated_by,
       jsonb_path_query_array(coalesce(d.document, r.document), '$.actions[*].fields.**{0 to 2}.connection_id') AS connection_ids
FROM flows f
JOIN flow_revisions r ON r.flow_id = f.id AND r.revision_id = f.revision_id
LEFT JOIN flow_drafts d ON d.flow_id = f.id
WHERE f.workspace_id = $1 AND f.deleted_at IS NULL
  AND ($2 = '' OR strpos(fold(f.name), fold($2)) > 0)
  AND ($3::text IS NULL OR f.folder = $3)
  AND CASE $4 WHEN 'on' THEN f.is_enabled WHEN 'off' THEN NOT f.is_enabled WHEN 'draft' THEN d.flow_id IS NOT NULL ELSE true END
  AND ($5::timestamptz IS NULL OR (greatest(f.updated_at, d.saved_at), f.id) < ($5, $6::bigint))
ORDER BY greatest(f.updated_at, d.saved_at) DESC, f.id DESC LIMIT $7
"""
FOLDERS = """
SELECT DISTINCT folder FROM flows WHERE workspace_id = $1 AND deleted_at IS NULL AND folder <> '' ORDER BY folder
"""
# Index-only scans of enrollments_of_flow_by_status, enrollments_capped_of_flow and enrollments_limited_of_flow; they end
# early.
STANDING = """
SELECT f.id,
    (SELECT count(*) FROM (SELECT FROM enrollments e WHERE e.flow_id = f.id AND e.status = 'ACTIVE' LIMIT $2) AS a) AS moving,
    (SELECT count(*) FROM (SELECT FROM enrollments e WHERE e.flow_id = f.id AND e.status = 'WAITING' LIMIT $2) AS w) AS waiting,
    (SELECT count(*) FROM (SELECT FROM enrollments e WHERE e.flow_id = f.id AND e.status = 'FAILED' LIMIT $2) AS x) AS failed,
    (SELECT count(*) FROM (SELECT FROM enrollments e WHERE e.flow_id = f.id AND e.status = 'WAITING'
                           AND e.wait_for LIKE 'cap:%' LIMIT $2) AS c) AS at_cap,
    (SELECT count(*) FROM (SELECT FROM enrollments e WHERE e.flow_id = f.id AND e.status = 'WAITING'
                           AND e.wait_for LIKE 'limit:%' LIMIT $2) AS t) AS awaiting_turn
FROM unnest($1::bigint[]) AS f (id)
"""
ENROLLED = """
SELECT flow_id, sum(enrolled)::bigint AS enrolled FROM flow_figures
WHERE workspace_id = $1 AND flow_id = ANY ($2::bigint[]) AND day >= day_in_workspace($1, $3) GROUP BY flow_id
"""
SPENT = """
SELECT flow_id, sum(cost_usd) AS usd FROM step_figures
WHERE workspace_id = $1 AND flow_id = ANY ($2::bigint[]) AND day >= day_in_workspace($1, $3) AND latency_bucket >= 0
GROUP BY flow_id
"""
PROVIDERS = "SELECT id, provider FROM connections WHERE workspace_id = $1"


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A workflow in the list. `active` are the runs inside it; counts end at 1,000; money is USD of 30 days.

    `at_cap` and `awaiting_turn` are those of `active` that wait for room under a cap or for their turn at a connection.
    """

    id: int
    name: str
    description: str
    object_type_id: str
    is_enabled: bool
    has_draft: bool
    revision_id: int
    folder: str
    updated_at: datetime
    updated_by: str
    enrolled_30_days: int
    active: Count
    at_cap: Count
    awaiting_turn: Count
    failed: Count
    spend_30_days_usd: Decimal
    providers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which row the next page begins."""

    updated_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A page of the list with the names of all folders; `next` is None on the last page."""

    rows: tuple[OverviewRow, ...]
    folders: tuple[str, ...]
    next: Place | None


async def overview(
    db: Connection,
    workspace_id: int,
    now: datetime,
    *,
    search: str = "",
    state: State | None = None,
    folder: str | None = None,
    after: Place | None = None,
    limit: int = 50,
) -> Overview:
    """Workflows whose name holds `search`, last changed first. `folder` "" asks for those in no folder."""
    behind = (after.updated_at, after.id) if after else (None, None)
    found = await db.fetch(PAGE, workspace_id, search.strip(), folder, state, *behind, limit + 1)
    rows = found[:limit]
    ids = [row["id"] for row in rows]
    since = now - timedelta(days=30)
    standing = {row["id"]: row for row in await db.fetch(STANDING, ids, MOST_COUNTED + 1)}
    enrolled = {row["flow_id"]: row["enrolled"] for row in await db.fetch(ENROLLED, workspace_id, ids, since)}
    spent = {row["flow_id"]: row["usd"] for row in await db.fetch(SPENT, workspace_id, ids, since)}
    providers = {str(row["id"]): row["provider"] for row in await db.fetch(PROVIDERS, workspace_id)}
    folders = tuple(row["folder"] for row in await db.fetch(FOLDERS, workspace_id))
    page = tuple(_row(row, standing[row["id"]], enrolled, spent, providers) for row in rows)
    last = Place(page[-1].updated_at, page[-1].id) if len(found) > limit else None
    return Overview(page, folders, last)


def _row(
    row: Row,
    standing: Row,
    enrolled: Mapping[int, int],
    spent: Mapping[int, Decimal],
    providers: Mapping[str, str],
) -> OverviewRow:
    asked: Sequence[object] = row["connection_ids"]
    return OverviewRow(
        id=row["id"],
        name=row["name"],
        description=row["description"] or "",
        object_type_id=row["object_type_id"],
        is_enabled=row["is_enabled"],
        has_draft=row["has_draft"],
        revision_id=row["revision_id"],
        folder=row["folder"],
        updated_at=row["updated_at"],
        updated_by=row["updated_by"],
        enrolled_30_days=enrolled.get(row["id"], 0),
        active=_bounded(standing["moving"] + standing["waiting"]),
        at_cap=_bounded(standing["at_cap"]),
        awaiting_turn=_bounded(standing["awaiting_turn"]),
        failed=_bounded(standing["failed"]),
        spend_30_days_usd=spent.get(row["id"], Decimal(0)),
        providers=tuple(dict.fromkeys(providers[str(one)] for one in asked if str(one) in providers)),
    )


def _bounded(counted: int) -> Count:
    return Count(min(counted, MOST_COUNTED), counted <= MOST_COUNTED)
