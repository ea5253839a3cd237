"""Loops that were stopped: which workflows, which records, and going on with them or leaving it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from penstock.crm.display_names import names_of
from penstock.errors import Conflict, InvalidInput
from penstock.kit.database import Connection, Row
from penstock.workflows.enrollment import Candidate, enroll
from penstock.workflows.legs.leg import Enqueue
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.loops.chain import loop_of, name_of_loop
from penstock.workflows.loops.guard import Reason, Stop

AT_ONCE = 1000
MOST_LOOPS = 50
SAMPLES = 3

# One row for each record and workflow while it is open.
NOTE = """
INSERT INTO stopped_loops (workspace_id, flow_id, record_id, loop, chain, root_id, reason)
SELECT $1, $2, s.record_id, s.loop, s.chain::bigint[], s.root_id, s.reason
FROM unnest($3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[]) AS s (record_id, loop, chain, root_id, reason)
ON CONFLICT (flow_id, record_id) WHERE state = 'OPEN'
DO UPDATE SET times = stopped_loops.times + 1, last_at = now(), loop = excluded.loop, chain = excluded.chain,
    root_id = excluded.root_id, reason = excluded.reason
"""
# Served by stopped_loops_open; a loop holds few records, and a workspace few loops.
GROUPS = """
SELECT loop, count(*) AS records, sum(times) AS times, min(first_at) AS first_at, max(last_at) AS last_at,
       (array_agg(id ORDER BY last_at DESC))[1:3] AS newest, (array_agg(reason ORDER BY last_at DESC))[1] AS reason,
       (array_agg(flow_id ORDER BY last_at DESC))[1] AS flow_id,
       (array_agg(array_to_string(chain, ',') ORDER BY last_at DESC))[1] AS chain
FROM stopped_loops WHERE workspace_id = $1 AND state = 'OPEN' GROUP BY loop ORDER BY max(last_at) DESC LIMIT $2
"""
LIST = """
SELECT id, flow_id, record_id, loop, chain, reason, times, first_at, last_at FROM stopped_loops
WHERE workspace_id = $1 AND state = 'OPEN' AND ($2::text IS NULL OR loop = $2) AND id > $3 ORDER BY id LIMIT $4
"""
TAKE = """
SELECT id, flow_id, record_id FROM stopped_loops
WHERE workspace_id = $1 AND state = 'OPEN' AND loop = $2 ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED
"""
SETTLE = "UPDATE stopped_loops SET state = $2, settled_at = now() WHERE id = ANY ($1::bigint[])"
DISMISS = """
WITH settled AS (
    UPDATE stopped_loops SET state = 'DISMISSED', settled_at = now()
    WHERE workspace_id = $1 AND state = 'OPEN' AND loop = $2 RETURNING 1
)
SELECT count(*) FROM settled
"""
FLOW_NAMES = "SELECT id, name FROM flows WHERE workspace_id = $1 AND id = ANY ($2::bigint[])"
LIVE_FLOWS = """
SELECT id, revision_id FROM flows
WHERE workspace_id = $1 AND id = ANY ($2::bigint[]) AND is_enabled AND deleted_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class FlowName:
    """A workflow by its name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class StoppedLoop:
    """A loop that was stopped for `records` records, `times` times in all. `flows` start each other in this order,
    the last one the first again. `loop` names it."""

    loop: str
    flows: tuple[FlowName, ...]
    reason: Reason
    records: int
    times: int
    first_at: datetime
    last_at: datetime
    newest: tuple[StoppedRecord, ...]


@dataclass(frozen=True, slots=True)
class StoppedRecord:
    """A record that a workflow did not take. `chain` are the workflows that led there, the oldest first."""

    id: int
    flow_id: int
    record_id: int
    record_name: str
    loop: str
    chain: tuple[int, ...]
    reason: Reason
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class WentOn:
    """How many records were enrolled, how many could not be, and whether there are more."""

    enrolled: int
    left_out: int
    more: bool


async def note(db: Connection, workspace_id: int, flow_id: int, stopped: Sequence[Stop]) -> None:
    """Keeps who was stopped before which workflow, in the caller's transaction."""
    if not stopped:
        return
    chains = [one.candidate.chain for one in stopped]
    await db.execute(
        NOTE,
        workspace_id,
        flow_id,
        [one.candidate.record_id for one in stopped],
        [name_of_loop(loop_of(flow_id, chain)) for chain in chains],
        ["{" + ",".join(map(str, chain)) + "}" for chain in chains],
        [one.candidate.root_id for one in stopped],
        [one.reason for one in stopped],
    )


async def stopped_loops(db: Connection, workspace_id: int) -> list[StoppedLoop]:
    """The loops that are stopped now, the newest first, at most 50."""
    rows = await db.fetch(GROUPS, workspace_id, MOST_LOOPS)
    if not rows:
        return []
    in_order = {row["loop"]: _in_order(row["loop"], row["flow_id"], row["chain"]) for row in rows}
    names = await _names(db, workspace_id, {flow for flows in in_order.values() for flow in flows})
    newest = [one for row in rows for one in row["newest"]]
    records = {one.id: one for one in await _records(db, workspace_id, newest)}
    return [
        StoppedLoop(
            row["loop"],
            tuple(FlowName(flow, names.get(flow, "")) for flow in in_order[row["loop"]]),
            row["reason"],
            row["records"],
            row["times"],
            row["first_at"],
            row["last_at"],
            tuple(records[one] for one in row["newest"] if one in records),
        )
        for row in rows
    ]


async def list_all(
    db: Connection, workspace_id: int, loop: str | None, *, after: int | None, limit: int
) -> list[StoppedRecord]:
    """The records that are stopped now, of one loop or of all, in the order in which they were."""
    rows = await db.fetch(LIST, workspace_id, loop, after or 0, limit)
    return await _as_records(db, workspace_id, rows)


async def go_on(db: Connection, enqueue: Enqueue, plans: PlanSource, workspace_id: int, loop: str) -> WentOn:
    """Enrolls up to 1,000 records that were stopped in the workflows that did not take them; what led there is forgotten,
    so that the loop goes on for as long as before.

    Left out are records that are gone or in the workflow now, and those of workflows that are off. Raises Conflict
    when nothing of the loop is stopped.
    """
    rows = await db.fetch(TAKE, workspace_id, _checked(loop), AT_ONCE)
    if not rows:
        raise _nothing()
    by_flow: dict[int, list[Candidate]] = defaultdict(list)
    for row in rows:
        by_flow[row["flow_id"]].append(Candidate(row["record_id"], f"loop:{row['id']}"))
    live = await db.fetch(LIVE_FLOWS, workspace_id, list(by_flow))
    compiled = await plans.get(db, ((row["id"], row["revision_id"]) for row in live))
    enrolled = 0
    for (flow_id, _), plan in sorted(compiled.items()):
        enrolled += len(
            await enroll(db, enqueue, workspace_id, plan, by_flow[flow_id], first_time_only=False)
        )
    await db.execute(SETTLE, [row["id"] for row in rows], "WENT_ON")
    return WentOn(enrolled, len(rows) - enrolled, len(rows) == AT_ONCE)


async def dismiss(db: Connection, workspace_id: int, loop: str) -> int:
    """Leaves a loop stopped and says no more of it; returns of how many records. Raises as `go_on` does."""
    records: int = await db.fetchval(DISMISS, workspace_id, _checked(loop))
    if not records:
        raise _nothing()
    return records


def _checked(loop: str) -> str:
    if not all(part.isascii() and part.isdigit() for part in loop.split(",")):
        raise InvalidInput("loop is not the name of a loop.", remedy="Use one such as 3,7 from the list.")
    return loop


def _nothing() -> Conflict:
    return Conflict(
        "No record of this loop is stopped (any more).", remedy="Look again under Needs attention."
    )


def _in_order(loop: str, flow_id: int, chain: str) -> list[int]:
    known = [int(part) for part in chain.split(",") if part]
    flows = loop_of(flow_id, known)
    return flows if name_of_loop(flows) == loop else [int(part) for part in loop.split(",")]


async def _names(db: Connection, workspace_id: int, flow_ids: set[int]) -> Mapping[int, str]:
    return {row["id"]: row["name"] for row in await db.fetch(FLOW_NAMES, workspace_id, sorted(flow_ids))}


async def _records(db: Connection, workspace_id: int, stop_ids: Sequence[int]) -> list[StoppedRecord]:
    rows = await db.fetch(
        LIST.replace("id > $3", "id = ANY ($3::bigint[])"), workspace_id, None, list(stop_ids), len(stop_ids)
    )
    return await _as_records(db, workspace_id, rows)


async def _as_records(db: Connection, workspace_id: int, rows: Sequence[Row]) -> list[StoppedRecord]:
    names = await names_of(db, workspace_id, [row["record_id"] for row in rows])
    return [
        StoppedRecord(
            row["id"],
            row["flow_id"],
            row["record_id"],
            names.get(row["record_id"], str(row["record_id"])),
            row["loop"],
            tuple(row["chain"]),
            row["reason"],
            row["times"],
            row["first_at"],
            row["last_at"],
        )
        for row in rows
    ]
