"""Loads legs and writes what walking them came to: set-based statements, a handful per group of legs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from penstock.accounts.users import directory
from penstock.actions.action import UTC_ZONE
from penstock.actions.use_custom_llm import USE_CUSTOM_LLM
from penstock.crm.computed import visible_values
from penstock.crm.records import PropertyWrite, write_values
from penstock.crm.schema import ObjectSchema
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.mail.outbox import MailToQueue
from penstock.mail.outbox import queue_many as queue_mails
from penstock.webhooks.deliveries import WebhookToQueue
from penstock.webhooks.deliveries import queue_many as queue_webhooks
from penstock.workflows.document import parse
from penstock.workflows.figures.tally import tally
from penstock.workflows.keeping.keeping import Keeping
from penstock.workflows.keeping.withheld import Logged, without
from penstock.workflows.legs.jsonb import encode
from penstock.workflows.legs.leg import Arrival, Called, Leg, LegKey, StepRow, Walked, Workspace
from penstock.workflows.legs.reuse import keep_answers
from penstock.workflows.plan import Plan
from penstock.workflows.plan import compile as compile_plan
from penstock.workflows.reviews.opening import open_reviews
from penstock.workflows.spending.reserving import settle

# By primary key; the fence is in the join, so a job whose leg has moved on loads nothing. The lock is taken
# in id order, as everywhere, so that two groups cannot wait for each other.
LOAD_LEGS = """
SELECT e.id, e.seq, e.workspace_id, e.flow_id, e.revision_id, e.record_id, e.next_action_id, e.attempt,
       e.steps_taken, e.depth, e.root_id, e.chain, e.outputs, e.arrived_at, e.turn, e.batch,
       extract(epoch FROM e.permit_at - clock_timestamp())::float8 AS permit_in, f.is_enabled, f.deleted_at IS NOT NULL AS flow_deleted,
       f.keep_prompts, f.keep_replies, f.keep_outputs
FROM unnest($1::bigint[], $2::int[]) AS job (id, seq)
JOIN enrollments e ON e.id = job.id AND e.seq = job.seq AND e.status = ANY ($3::text[])
JOIN flows f ON f.id = e.flow_id
ORDER BY e.id
"""
LOCK_LEGS = LOAD_LEGS + "FOR NO KEY UPDATE OF e"

LOAD_RECORDS = """
SELECT id, object_type_id, properties, created_at, updated_at, archived_at IS NOT NULL AS archived
FROM records WHERE id = ANY ($1::bigint[]) ORDER BY id
"""
LOCK_RECORDS = LOAD_RECORDS + "FOR NO KEY UPDATE"

INSERT_STEPS = """
INSERT INTO steps (workspace_id, enrollment_id, flow_id, seq, action_id, action_type_id, status, attempt, started_at,
                   inputs, outputs, detail, error)
SELECT workspace_id, enrollment_id, flow_id, seq, action_id, action_type_id, status, attempt, started_at,
       inputs::jsonb, outputs::jsonb, detail::jsonb, error::jsonb
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::int[], $5::text[], $6::text[], $7::text[], $8::int[],
            $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::text[])
    AS step (workspace_id, enrollment_id, flow_id, seq, action_id, action_type_id, status, attempt, started_at,
             inputs, outputs, detail, error)
"""

# What a run wrote carries the database's time of the statement before this one: its end comes after that.
MOVE_ENROLLMENTS = """
UPDATE enrollments e
SET status = m.status, next_action_id = m.next_action_id, lane = m.lane, seq = e.seq + 1, attempt = m.attempt,
    steps_taken = m.steps_taken, wait_for = m.wait_for, wake_at = m.wake_at, outputs = m.outputs::jsonb,
    error = m.error::jsonb, arrived_at = m.arrived_at, turn = m.turn, permit_at = NULL, updated_at = $12::timestamptz,
    finished_at = CASE WHEN m.status IN ('COMPLETED', 'CANCELED', 'UNENROLLED')
                       THEN greatest($12::timestamptz, statement_timestamp()) END
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::text[], $8::timestamptz[],
            $9::text[], $10::text[], $11::int[], $13::timestamptz[], $14::smallint[])
    AS m (id, status, next_action_id, lane, attempt, steps_taken, wait_for, wake_at, outputs, error, seq, arrived_at, turn)
WHERE e.id = m.id AND e.seq = m.seq
"""

RECORD_CALLS = """
UPDATE llm_calls c
SET status = CASE WHEN r.succeeded THEN 'recorded' ELSE 'failed' END, recorded_at = $7::timestamptz, provider = r.provider,
    model = r.model, input_tokens = r.input_tokens, output_tokens = r.output_tokens, cost_usd = r.cost_usd::numeric
FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::text[], $8::bool[])
    AS r (key, provider, model, input_tokens, output_tokens, cost_usd, succeeded)
WHERE c.key = r.key
"""


# Claims of calls that were then not made: the ledger shows only what may have reached a provider.
FORGET_UNMADE = "DELETE FROM llm_calls WHERE key = ANY ($1::text[]) AND status = 'started' AND attempts = 1"


class PlanSource:
    """Compiled plans by flow and revision; revisions are immutable, so a plan is compiled once per process."""

    LOAD = """
    SELECT r.flow_id, r.revision_id, f.name, r.document
    FROM unnest($1::bigint[], $2::bigint[]) AS wanted (flow_id, revision_id)
    JOIN flow_revisions r USING (flow_id, revision_id) JOIN flows f ON f.id = r.flow_id
    """
    MOST_KEPT = 1000

    def __init__(self) -> None:
        self._plans: dict[tuple[int, int], Plan] = {}

    async def get(self, db: Connection, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Plan]:
        """The plans of these (flow_id, revision_id) pairs; pairs that do not exist are left out."""
        keys = set(wanted)
        missing = [key for key in keys if key not in self._plans]
        if missing:
            if len(self._plans) + len(missing) > self.MOST_KEPT:
                self._plans.clear()
            for row in await db.fetch(self.LOAD, [key[0] for key in missing], [key[1] for key in missing]):
                plan = compile_plan(parse(row["document"]), row["flow_id"], row["name"], row["revision_id"])
                self._plans[row["flow_id"], row["revision_id"]] = plan
        return {key: self._plans[key] for key in keys if key in self._plans}


async def load(
    db: Connection, plans: PlanSource, keys: Sequence[LegKey], statuses: Sequence[str], *, lock: bool
) -> list[Leg]:
    """The legs among `keys` that still stand where the job says, with their records.

    With `lock` the enrollments and records stay locked until the caller's transaction ends, so that what the
    steps read is what their writes build on (no lost increment).
    """
    rows = await db.fetch(
        LOCK_LEGS if lock else LOAD_LEGS,
        [key.enrollment_id for key in keys],
        [key.seq for key in keys],
        list(statuses),
    )
    if not rows:
        return []
    record_ids = sorted({row["record_id"] for row in rows})
    records = {row["id"]: row for row in await db.fetch(LOCK_RECORDS if lock else LOAD_RECORDS, record_ids)}
    compiled = await plans.get(db, ((row["flow_id"], row["revision_id"]) for row in rows))
    legs = []
    for row in rows:
        record = records[row["record_id"]]
        legs.append(
            Leg(
                key=LegKey(row["id"], row["seq"]),
                workspace_id=row["workspace_id"],
                flow_id=row["flow_id"],
                revision_id=row["revision_id"],
                record_id=row["record_id"],
                next_action_id=row["next_action_id"],
                attempt=row["attempt"],
                steps_taken=row["steps_taken"],
                depth=row["depth"],
                chain=tuple(row["chain"]),
                keeping=Keeping(row["keep_prompts"], row["keep_replies"], row["keep_outputs"]),
                root_id=row["root_id"],
                outputs=row["outputs"],
                arrived_at=row["arrived_at"],
                turn=row["turn"],
                permit_in=row["permit_in"],
                batch=row["batch"],
                plan=compiled[row["flow_id"], row["revision_id"]],
                flow_enabled=row["is_enabled"],
                flow_deleted=row["flow_deleted"],
                object_type_id=record["object_type_id"],
                record_archived=record["archived"],
                values=visible_values(
                    row["record_id"], record["properties"], record["created_at"], record["updated_at"]
                ),
            )
        )
    return legs


async def load_workspace(db: Connection, workspace_id: int) -> Workspace:
    """The time zone and the address book of a workspace; an unknown zone counts as UTC."""
    name = await db.fetchval("SELECT time_zone FROM workspaces WHERE id = $1", workspace_id)
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        zone = UTC_ZONE
    return Workspace(zone, await directory(db, workspace_id))


async def save(
    db: Connection,
    walks: Sequence[Walked],
    arrivals: dict[LegKey, Arrival],
    schemas: dict[tuple[int, str], ObjectSchema],
    now: datetime,
) -> None:
    """Writes everything the walks want written; the caller's transaction makes it one commit."""
    await _save_values(db, walks, schemas)
    await _save_steps(db, walks)
    await _save_effects(db, walks)
    await open_reviews(db, walks)
    await tally(db, walks, arrivals, now)
    await db.execute(
        MOVE_ENROLLMENTS,
        [w.leg.key.enrollment_id for w in walks],
        [w.status for w in walks],
        [w.next_action_id for w in walks],
        [w.lane for w in walks],
        [w.attempt for w in walks],
        [w.steps_taken for w in walks],
        [w.wait_for for w in walks],
        [w.wake_at for w in walks],
        [encode(_outputs_after(w)) for w in walks],
        [encode(w.error) for w in walks],
        [w.leg.key.seq for w in walks],
        now,
        [w.arrived_at for w in walks],
        [w.turn for w in walks],
    )
    await record_calls(db, [called for w in walks if (called := arrivals[w.leg.key].called) is not None], now)
    if capped := [_call_of(arrival) for w in walks if (arrival := arrivals[w.leg.key]).capped]:
        await settle(db, capped)
    answers = [called.answer if (called := arrivals[w.leg.key].called) else None for w in walks]
    await keep_answers(db, walks, answers, now)
    if unmade := [key for w in walks if (key := arrivals[w.leg.key].unmade) is not None]:
        await db.execute(FORGET_UNMADE, unmade)


async def record_calls(db: Connection, calls: Sequence[Called], now: datetime) -> None:
    """Writes into the ledger what these calls came to."""
    if not calls:
        return
    await db.execute(
        RECORD_CALLS,
        [call.call_key for call in calls],
        [call.provider for call in calls],
        [call.model for call in calls],
        [call.input_tokens for call in calls],
        [call.output_tokens for call in calls],
        [call.cost_usd for call in calls],
        now,
        [call.succeeded for call in calls],
    )


def _call_of(arrival: Arrival) -> str:
    return arrival.called.call_key if arrival.called is not None else arrival.unmade or ""


def _kept(leg: Leg, step: StepRow) -> StepRow:
    """The row of a step without what its workflow does not keep at all."""
    if not leg.keeping.never or step.action_type_id != USE_CUSTOM_LLM.type_id:
        return step
    left = without(Logged(step.inputs, step.outputs, step.detail), leg.keeping.never)
    return replace(step, inputs=left.inputs, outputs=left.outputs, detail=left.detail)


def _outputs_after(walked: Walked) -> JsonObject:
    """What a run has for its next steps: nothing once it has ended, where what models said is not kept for ever."""
    ended = walked.status in ("COMPLETED", "CANCELED", "UNENROLLED")
    return {} if ended and walked.leg.keeping.forgets else cast("JsonObject", walked.outputs)


async def _save_values(
    db: Connection, walks: Sequence[Walked], schemas: dict[tuple[int, str], ObjectSchema]
) -> None:
    by_type: dict[tuple[int, str], list[PropertyWrite]] = defaultdict(list)
    for walked in walks:
        if walked.property_writes:
            by_type[walked.leg.workspace_id, walked.leg.object_type_id].extend(walked.property_writes)
    for (workspace_id, object_type_id), writes in sorted(by_type.items()):
        await write_values(db, workspace_id, schemas[workspace_id, object_type_id], writes)


async def _save_steps(db: Connection, walks: Sequence[Walked]) -> None:
    rows = [(walked.leg, _kept(walked.leg, step)) for walked in walks for step in walked.steps]
    if not rows:
        return
    await db.execute(
        INSERT_STEPS,
        [leg.workspace_id for leg, _ in rows],
        [leg.key.enrollment_id for leg, _ in rows],
        [leg.flow_id for leg, _ in rows],
        [leg.key.seq for leg, _ in rows],
        [step.action_id for _, step in rows],
        [step.action_type_id for _, step in rows],
        [step.status for _, step in rows],
        [step.attempt for _, step in rows],
        [step.started_at for _, step in rows],
        [encode(step.inputs) for _, step in rows],
        [encode(step.outputs) for _, step in rows],
        [encode(step.detail) for _, step in rows],
        [encode(step.error) for _, step in rows],
    )


async def _save_effects(db: Connection, walks: Sequence[Walked]) -> None:
    mails = [
        MailToQueue(
            workspace_id=walked.leg.workspace_id,
            key=keyed.key,
            enrollment_id=walked.leg.key.enrollment_id,
            action_id=keyed.action_id,
            recipients=keyed.mail.recipients,
            subject=keyed.mail.subject,
            html=keyed.mail.html,
            text=keyed.mail.text,
        )
        for walked in walks
        for keyed in walked.mails
    ]
    if mails:
        await queue_mails(db, mails)
    webhooks = [
        WebhookToQueue(
            workspace_id=walked.leg.workspace_id,
            key=keyed.key,
            enrollment_id=walked.leg.key.enrollment_id,
            seq=keyed.seq,
            action_id=keyed.action_id,
            method=keyed.webhook.method,
            url=keyed.webhook.url,
            headers=dict(keyed.webhook.headers),
            body=keyed.webhook.body,
            secret_name=keyed.webhook.secret_name,
            secret_location=keyed.webhook.secret_location,
            secret_header=keyed.webhook.secret_header,
        )
        for walked in walks
        for keyed in walked.webhooks
    ]
    if webhooks:
        await queue_webhooks(db, webhooks)
