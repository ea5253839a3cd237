"""Puts records into flows: by hand, in bulk, or because a trigger fired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.actions.use_custom_llm import UseCustomLlmFields
from penstock.errors import Conflict, InvalidInput, NotFound
from penstock.kit.database import Connection
from penstock.kit.ids import new_uuid
from penstock.llm.batches import NOT_OFFERED, OFFERED
from penstock.llm.web_search import not_in_batches
from penstock.workflows.legs.lanes import connection_of, first_lane
from penstock.workflows.legs.leg import Enqueue, LegJob, LegKey
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.plan import Plan

# Served by the two unique indexes of enrollments: the same cause enrolls once, and a record is in a flow at
# most once at a time. Whatever violates either is left out, so delivering a change fifty times is harmless.
ENROLL = """
WITH went AS (
INSERT INTO enrollments (workspace_id, flow_id, revision_id, record_id, cause, depth, root_id, chain, status,
                         next_action_id, lane, batch)
SELECT $1, $2, $3, r.id, wanted.cause, wanted.depth, wanted.root_id, wanted.chain::bigint[], 'ACTIVE', $4, $5, $12
FROM unnest($6::bigint[], $7::text[], $8::int[], $10::bigint[], $11::text[])
    AS wanted (record_id, cause, depth, root_id, chain)
JOIN records r ON r.id = wanted.record_id AND r.workspace_id = $1 AND r.archived_at IS NULL
WHERE NOT $9::bool OR NOT EXISTS (SELECT FROM enrollments e WHERE e.flow_id = $2 AND e.record_id = r.id)
ON CONFLICT DO NOTHING
RETURNING id, record_id, seq
), counted AS (
INSERT INTO flow_tallies (workspace_id, flow_id, day, enrolled)
SELECT $1, $2, day_in_workspace($1, now()), count(*) FROM went HAVING count(*) > 0
)
SELECT id, record_id, seq FROM went
"""

CURRENT_FLOW = """
SELECT id, name, revision_id, is_enabled, object_type_id FROM flows
WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL
"""

MATCHING_TYPE = """
SELECT id FROM records WHERE workspace_id = $1 AND object_type_id = $2 AND id = ANY ($3::bigint[]) AND archived_at IS NULL
"""


PROVIDERS_OF = "SELECT id, provider FROM connections WHERE workspace_id = $1 AND id = ANY ($2::bigint[])"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record about to be enrolled. `cause` is unique per flow and record; `depth` counts workflow-made changes.

    `chain` are the workflows that led here, the oldest first, and `root_id` the change with which it began.
    """

    record_id: int
    cause: str
    depth: int = 0
    chain: tuple[int, ...] = ()
    root_id: int | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A record that was enrolled now."""

    enrollment_id: int
    record_id: int
    job: LegJob


async def enroll(
    db: Connection,
    enqueue: Enqueue,
    workspace_id: int,
    plan: Plan,
    candidates: Sequence[Candidate],
    *,
    first_time_only: bool,
    batch: bool = False,
) -> list[Enrolled]:
    """Enrolls candidates and enqueues their first legs in the caller's transaction; returns those that went in.

    Left out are records that are in the flow now, causes that enrolled before, deleted records, and with
    `first_time_only` (HubSpot's default for triggers) records that ever were in the flow. With `batch` their LLM steps
    go through the provider's batch API.
    """
    if not candidates:
        return []
    lane = first_lane(plan.nodes.get(plan.start or ""))
    rows = await db.fetch(
        ENROLL,
        workspace_id,
        plan.flow_id,
        plan.revision_id,
        plan.start,
        lane,
        [candidate.record_id for candidate in candidates],
        [candidate.cause for candidate in candidates],
        [candidate.depth for candidate in candidates],
        first_time_only,
        [candidate.root_id for candidate in candidates],
        ["{" + ",".join(map(str, candidate.chain)) + "}" for candidate in candidates],
        batch,
    )
    enrolled = [
        Enrolled(row["id"], row["record_id"], LegJob(lane, LegKey(row["id"], row["seq"]))) for row in rows
    ]
    if enrolled:
        await enqueue(db, [one.job for one in enrolled])
    return enrolled


async def enroll_by_hand(
    db: Connection,
    enqueue: Enqueue,
    plans: PlanSource,
    workspace_id: int,
    flow_id: int,
    record_ids: Sequence[int],
    *,
    batch: bool = False,
) -> list[Enrolled]:
    """Enrolls chosen records, whatever the triggers say (HubSpot: manual enrollment ignores triggers).

    A record may go through again, but never twice at the same time: those in the flow now are left out.

    Raises NotFound for an unknown flow, InvalidInput naming the records that do not exist or are of another
    object type or a flow whose steps know no batches, Conflict when the flow is off.
    """
    flow = await db.fetchrow(CURRENT_FLOW, workspace_id, flow_id)
    if flow is None:
        raise NotFound(f"There is no workflow {flow_id}.", remedy="List them with GET /automation/v4/flows.")
    if not flow["is_enabled"]:
        raise Conflict(f"Workflow {flow_id} is turned off.", remedy="Turn it on, then enroll the records.")
    there = {
        row["id"]
        for row in await db.fetch(MATCHING_TYPE, workspace_id, flow["object_type_id"], list(record_ids))
    }
    absent = [str(record_id) for record_id in record_ids if record_id not in there]
    if absent:
        named = ", ".join(absent[:10]) + (" …" if len(absent) > 10 else "")
        raise InvalidInput(
            f"recordIds: {len(absent)} of {len(record_ids)} are no records of type {flow['object_type_id']}: {named}.",
            remedy="Leave them out; nothing was enrolled.",
        )
    plan = (await plans.get(db, [(flow_id, flow["revision_id"])]))[flow_id, flow["revision_id"]]
    if batch:
        await check_batches(db, workspace_id, plan)
    cause = f"manual:{new_uuid()}"
    return await enroll(
        db,
        enqueue,
        workspace_id,
        plan,
        [Candidate(record_id, cause) for record_id in record_ids],
        first_time_only=False,
        batch=batch,
    )


async def check_batches(db: Connection, workspace_id: int, plan: Plan) -> None:
    """Raises InvalidInput when no step of the flow calls a model through a provider with a batch API, or when one
    searches the web through a provider whose batches do not."""
    ids = [connection for node in plan.nodes.values() if (connection := connection_of(node)) is not None]
    provider_of = {row["id"]: row["provider"] for row in await db.fetch(PROVIDERS_OF, workspace_id, ids)}
    for node in plan.nodes.values():
        if isinstance(node.fields, UseCustomLlmFields) and node.fields.search is not None:
            reason = not_in_batches(provider_of.get(connection_of(node) or 0, ""))
            if reason is not None:
                raise InvalidInput(
                    f"batch: step {node.action_id} searches the web. {reason}",
                    remedy="Enroll the records without a batch, or turn web search off in the step.",
                )
    providers = set(provider_of.values())
    if providers & OFFERED.keys():
        return
    why = " ".join(NOT_OFFERED[provider] for provider in sorted(providers) if provider in NOT_OFFERED)
    raise InvalidInput(
        f"batch: no step of this workflow goes through a batch API. {why or 'It has no Use a custom LLM step.'}",
        remedy="Enroll the records without a batch.",
    )
