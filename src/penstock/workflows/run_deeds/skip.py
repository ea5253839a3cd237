"""Runs that failed, pause or wait at a cap at a step go on behind it, as if it had put out nothing."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.errors import Conflict
from penstock.kit.database import Connection, Row
from penstock.kit.json import JsonObject
from penstock.workflows.legs.lanes import first_lane
from penstock.workflows.legs.leg import CAPPED_FOR, PAUSED_FOR, Enqueue, LegJob, LegKey
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.run_deeds.retry import flow_deleted, lock_standing, plan_of

# The name by which people choose the exit of a branch that is taken when no other is.
DEFAULT_BRANCH = ""

# Moves, logs and counts in one statement. A record is in a flow once at a time, as in `retry`.
SKIP = """
WITH moved AS (
    UPDATE enrollments e
    SET status = CASE WHEN wanted.next_action_id IS NULL THEN 'COMPLETED' ELSE 'ACTIVE' END,
        next_action_id = wanted.next_action_id, lane = wanted.lane, seq = seq + 1, attempt = 0,
        steps_taken = steps_taken + 1, wait_for = NULL, wake_at = NULL, error = NULL, arrived_at = NULL, turn = 0, updated_at = now(),
        finished_at = CASE WHEN wanted.next_action_id IS NULL THEN now() END
    FROM (
        SELECT DISTINCT ON (x.flow_id, x.record_id) x.id, x.next_action_id AS action_id, w.action_type_id,
               w.next_action_id, w.lane
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS w (id, action_type_id, next_action_id, lane)
        JOIN enrollments x ON x.id = w.id
        ORDER BY x.flow_id, x.record_id, x.id DESC
    ) AS wanted
    WHERE e.id = wanted.id AND NOT EXISTS (
        SELECT FROM enrollments o WHERE o.flow_id = e.flow_id AND o.record_id = e.record_id AND o.id <> e.id
          AND o.status IN ('ACTIVE', 'WAITING'))
    RETURNING e.id, e.workspace_id, e.flow_id, e.seq, e.status, e.lane, wanted.action_id, wanted.action_type_id
), logged AS (
    INSERT INTO steps (workspace_id, enrollment_id, flow_id, seq, action_id, action_type_id, status, started_at, error)
    SELECT workspace_id, id, flow_id, seq - 1, action_id, action_type_id, 'SKIPPED', clock_timestamp(), $5 FROM moved
), counted AS (
    INSERT INTO step_tallies (workspace_id, flow_id, day, action_id, connection_id, provider, model, latency_bucket, done,
                              failures, repeats, skipped, input_tokens, output_tokens, cost_usd, unpriced)
    SELECT workspace_id, flow_id, day_in_workspace(workspace_id, now()), action_id, 0, '', '', -1, 0, 0, 0, count(*), 0, 0, 0, 0
    FROM moved GROUP BY workspace_id, flow_id, action_id
), ended AS (
    INSERT INTO flow_tallies (workspace_id, flow_id, day, completed)
    SELECT workspace_id, flow_id, day_in_workspace(workspace_id, now()), count(*) FROM moved
    WHERE status = 'COMPLETED' GROUP BY workspace_id, flow_id
)
SELECT id, seq, lane, status FROM moved
"""


async def skip(
    db: Connection,
    enqueue: Enqueue,
    plans: PlanSource,
    workspace_id: int,
    run_id: int,
    who: str,
    branch: str | None = None,
) -> None:
    """Passes over the step at which a run failed, pauses or waits at a cap.

    Of a step with several exits `branch` names the one to take; "" is the one that is taken when no other is.
    Raises NotFound; Conflict for a run that stands still for no such reason, whose flow is deleted, whose branch is not
    chosen or does not exist (its context lists `branches`), or whose record is in the flow again.
    """
    [row] = await lock_standing(db, workspace_id, [run_id])
    way = await _way(db, plans, row, branch)
    if isinstance(way, Conflict):
        raise way
    if not await _pass_over(db, enqueue, [way], who):
        raise Conflict(
            f"The record of enrollment {run_id} is in the workflow again.",
            remedy="Wait for that run to end, or cancel it.",
        )


async def skip_what_can(
    db: Connection,
    enqueue: Enqueue,
    plans: PlanSource,
    workspace_id: int,
    run_ids: Sequence[int],
    who: str,
    branch: str | None,
) -> set[int]:
    """Passes over the step for those runs that can go on, and returns which; the others stay as they are."""
    rows = await lock_standing(db, workspace_id, run_ids)
    ways = [await _way(db, plans, row, branch) for row in rows]
    return await _pass_over(db, enqueue, [way for way in ways if not isinstance(way, Conflict)], who)


Way = tuple[int, str, str | None, str]  # run, action type of the step passed over, next action, lane


async def _way(db: Connection, plans: PlanSource, row: Row, branch: str | None) -> Way | Conflict:
    """Where a run goes when its step is passed over, or why it cannot."""
    pauses = row["status"] == "WAITING" and (row["wait_for"] or "").startswith((PAUSED_FOR, CAPPED_FOR))
    if row["status"] != "FAILED" and not pauses:
        return Conflict(
            f"Enrollment {row['id']} neither failed nor waits for a connection or a cap ({row['status']}).",
            remedy="Only the step at which a run stands still can be skipped.",
        )
    if row["flow_deleted"]:
        return flow_deleted(row)
    plan = await plan_of(db, plans, row, row["revision_id"])
    node = plan.nodes.get(row["next_action_id"] or "")
    if node is None:
        return row["id"], "", None, first_lane(None)
    if len(node.exits) > 1 or branch is not None:
        names = {DEFAULT_BRANCH if name is None else name: name for name in node.exits}
        if branch not in names:
            return Conflict(
                f"Action {node.action_id} has {len(names)} ways on, and none of them is chosen.",
                remedy=f"Send `branch` with one of: {', '.join(repr(name) for name in names)}.",
                branches="\n".join(names),
            )
        following = node.exits[names[branch]]
    else:
        following = next(iter(node.exits.values()))
    return row["id"], node.action_type_id, following, first_lane(plan.nodes.get(following or ""))


async def _pass_over(db: Connection, enqueue: Enqueue, ways: Sequence[Way], who: str) -> set[int]:
    if not ways:
        return set()
    why: JsonObject = {"code": "SKIPPED_BY_HAND", "message": f"Skipped by {who}.", "remedy": ""}
    rows = await db.fetch(SKIP, *([way[part] for way in ways] for part in range(4)), why)
    jobs = [LegJob(row["lane"], LegKey(row["id"], row["seq"])) for row in rows if row["status"] == "ACTIVE"]
    if jobs:
        await enqueue(db, jobs)
    return {row["id"] for row in rows}
