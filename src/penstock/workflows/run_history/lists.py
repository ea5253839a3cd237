"""Lists of runs, newest first, with the filters of the screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from penstock.kit.database import Connection
from penstock.workflows.run_history.spans import first_id_after, first_id_from
from penstock.workflows.run_history.standing import Standing, standing_groups
from penstock.workflows.run_history.waits import WAIT_KINDS, WaitKind
from penstock.workflows.runs import RUN_COLUMNS, RUN_TABLES, Run

RunStatus = Literal["ACTIVE", "WAITING", "COMPLETED", "FAILED", "CANCELED", "UNENROLLED"]
EVERY_STATUS: tuple[RunStatus, ...] = ("ACTIVE", "WAITING", "COMPLETED", "FAILED", "CANCELED", "UNENROLLED")
STANDING_STATUSES = frozenset({"ACTIVE", "WAITING", "FAILED"})
LARGEST_ID = 2**63 - 1

# Each reads at most a page from each of its arms, in the order of an index that holds just that arm:
# enrollments_of_flow_by_status with an arm for each status,
BY_STATUS = """
SELECT arm.id FROM unnest($6::text[]) AS wanted (status) CROSS JOIN LATERAL (
    SELECT e.id FROM enrollments e
    WHERE e.flow_id = $7 AND e.status = wanted.status AND e.id >= $1 AND e.id < $2
      AND e.enrolled_at >= $3 AND e.enrolled_at < $4
    ORDER BY e.id DESC LIMIT $5
) AS arm
"""
# enrollments_standing with an arm for each action, status and error code,
BY_STANDING = """
SELECT arm.id FROM unnest($6::text[], $7::text[], $8::text[]) AS wanted (status, action_id, error_code)
CROSS JOIN LATERAL (
    SELECT e.id FROM enrollments e
    WHERE e.flow_id = $9 AND e.next_action_id = wanted.action_id AND e.status = wanted.status
      AND e.status IN ('ACTIVE', 'WAITING', 'FAILED') AND e.error_code = wanted.error_code
      AND e.id >= $1 AND e.id < $2 AND e.enrolled_at >= $3 AND e.enrolled_at < $4
    ORDER BY e.id DESC LIMIT $5
) AS arm
"""
# enrollments_paused_of_flow, enrollments_capped_of_flow, enrollments_limited_of_flow,
KEPT_WAITING = """
SELECT e.id FROM enrollments e
WHERE e.flow_id = $6 AND e.status = 'WAITING' AND e.wait_for LIKE '{prefix}%'
  AND e.id >= $1 AND e.id < $2 AND e.enrolled_at >= $3 AND e.enrolled_at < $4
  AND ($7::text IS NULL OR e.next_action_id = $7) AND ($8::text IS NULL OR e.error_code = $8)
ORDER BY e.id DESC LIMIT $5
"""
KEPT_WAITING_OF_WORKSPACE = """
SELECT e.id FROM enrollments e
WHERE e.workspace_id = $6 AND e.status = 'WAITING' AND e.wait_for LIKE '{prefix}%'
  AND e.id >= $1 AND e.id < $2 AND e.enrolled_at >= $3 AND e.enrolled_at < $4
  AND ($7::text IS NULL OR e.next_action_id = $7) AND ($8::text IS NULL OR e.error_code = $8)
ORDER BY e.id DESC LIMIT $5
"""
# enrollments_of_record, of which there are few; or, for a workspace, the primary key (failed: enrollments_failed).
OF_RECORD = """
SELECT e.id FROM enrollments e
WHERE e.record_id = $6 AND e.workspace_id = $7 AND e.id >= $1 AND e.id < $2
  AND e.enrolled_at >= $3 AND e.enrolled_at < $4
  AND (e.status = ANY ($8::text[]) OR (e.status = 'WAITING' AND e.wait_for LIKE ANY ($12::text[])))
  AND ($9::bigint IS NULL OR e.flow_id = $9) AND ($10::text IS NULL OR e.next_action_id = $10)
  AND ($11::text IS NULL OR e.error_code = $11)
ORDER BY e.id DESC LIMIT $5
"""
OF_WORKSPACE = """
SELECT arm.id FROM unnest($6::text[]) AS wanted (status) CROSS JOIN LATERAL (
    SELECT e.id FROM enrollments e
    WHERE e.workspace_id = $7 AND e.status = wanted.status AND e.id >= $1 AND e.id < $2
      AND e.enrolled_at >= $3 AND e.enrolled_at < $4
      AND ($8::text IS NULL OR e.next_action_id = $8) AND ($9::text IS NULL OR e.error_code = $9)
    ORDER BY e.id DESC LIMIT $5
) AS arm
"""
ALL_OF_WORKSPACE = """
SELECT e.id FROM enrollments e
WHERE e.workspace_id = $6 AND e.id >= $1 AND e.id < $2 AND e.enrolled_at >= $3 AND e.enrolled_at < $4
  AND ($7::text IS NULL OR e.next_action_id = $7) AND ($8::text IS NULL OR e.error_code = $8)
ORDER BY e.id DESC LIMIT $5
"""
READ = f"""
SELECT {RUN_COLUMNS} FROM (SELECT id FROM ({{chosen}}) AS arms ORDER BY id DESC LIMIT $5) AS chosen JOIN enrollments e ON e.id = chosen.id
{RUN_TABLES} ORDER BY e.id DESC
"""  # noqa: S608 - of constants

IS_OURS = "SELECT EXISTS (SELECT FROM flows WHERE workspace_id = $1 AND id = $2)"
LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
FAR_AHEAD = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs; what is None or empty does not count.

    `waits` adds runs that wait for such a thing to those of `statuses`. `action_id` is where a run stands or
    failed. `enrolled_from` counts in, `enrolled_to` does not.
    """

    flow_id: int | None = None
    record_id: int | None = None
    statuses: Sequence[str] = ()
    waits: Sequence[WaitKind] = ()
    action_id: str | None = None
    error_code: str | None = None
    enrolled_from: datetime | None = None
    enrolled_to: datetime | None = None


async def find_runs(
    db: Connection, workspace_id: int, wanted: RunFilter, *, before: int | None = None, limit: int = 100
) -> list[Run]:
    """Up to `limit` runs, newest first, older than the run `before`; of an unknown flow there are none."""
    if wanted.flow_id is not None and not await db.fetchval(IS_OURS, workspace_id, wanted.flow_id):
        return []
    low, high = 0, before or LARGEST_ID
    if wanted.enrolled_from is not None:
        low = await first_id_from(db, wanted.enrolled_from)
    if wanted.enrolled_to is not None:
        high = min(high, await first_id_after(db, wanted.enrolled_to))
    span = (low, high, wanted.enrolled_from or LONG_AGO, wanted.enrolled_to or FAR_AHEAD, limit)
    runs: dict[int, Run] = {}
    for chosen, parameters in await _queries(db, workspace_id, wanted):
        for row in await db.fetch(READ.format(chosen=chosen), *span, *parameters):
            runs[row["id"]] = Run(**dict(row))
    return sorted(runs.values(), key=lambda run: run.id, reverse=True)[:limit]


async def _queries(
    db: Connection, workspace_id: int, wanted: RunFilter
) -> list[tuple[str, tuple[object, ...]]]:
    """The queries whose union is the list: one, or further ones for runs that are kept waiting."""
    action, code = wanted.action_id, wanted.error_code
    statuses = list(wanted.statuses) or ([] if wanted.waits else list(EVERY_STATUS))
    if wanted.record_id is not None:
        patterns = [f"{WAIT_KINDS[kind]}%" for kind in wanted.waits]
        parameters = (wanted.record_id, workspace_id, statuses, wanted.flow_id, action, code, patterns)
        return [(OF_RECORD, parameters)]
    queries: list[tuple[str, tuple[object, ...]]] = []
    prefixes = [] if "WAITING" in statuses else [WAIT_KINDS[kind] for kind in wanted.waits]
    if wanted.flow_id is None:
        if set(statuses) == set(EVERY_STATUS):
            return [(ALL_OF_WORKSPACE, (workspace_id, action, code))]
        kept = [KEPT_WAITING_OF_WORKSPACE.format(prefix=prefix) for prefix in prefixes]
        queries += [(query, (workspace_id, action, code)) for query in kept]
        return [*queries, (OF_WORKSPACE, (statuses, workspace_id, action, code))]
    kept = [KEPT_WAITING.format(prefix=prefix) for prefix in prefixes]
    queries += [(query, (wanted.flow_id, action, code)) for query in kept]
    if action is None and code is None:
        queries.append((BY_STATUS, (statuses, wanted.flow_id)))
    else:
        groups = await standing_groups(
            db,
            wanted.flow_id,
            statuses=[status for status in statuses if status in STANDING_STATUSES],
            action_id=action,
            error_code=code,
        )
        queries.append(_of_groups(wanted.flow_id, groups if STANDING_STATUSES & {*statuses} else []))
    return queries


def _of_groups(flow_id: int, groups: Sequence[Standing]) -> tuple[str, tuple[object, ...]]:
    return BY_STANDING, (
        [group.status for group in groups],
        [group.action_id for group in groups],
        [group.error_code for group in groups],
        flow_id,
    )
