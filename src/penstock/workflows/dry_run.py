"""Tries a workflow on one record: the real model answers, and nothing is written, mailed or sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from penstock.actions.outcome import Done, Fail, Outcome, Wait
from penstock.actions.use_custom_llm import UseCustomLlmFields, prepare
from penstock.connections.connections import ProviderConnection, find, name_of
from penstock.connections.vault import Vault
from penstock.crm.computed import visible_values
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.errors import NotFound
from penstock.kit.clock import Clock
from penstock.kit.database import Pool
from penstock.kit.json import JsonObject
from penstock.llm.client import Completes, LlmClient
from penstock.workflows.knowledge.retrieving import retrieve
from penstock.workflows.legs.leg import (
    Arrival,
    Called,
    KeyedMail,
    KeyedWebhook,
    Leg,
    LegKey,
    StepRow,
    Walked,
    Workspace,
    World,
)
from penstock.workflows.legs.llm_call import Call, ask, connection_missing, terms_of
from penstock.workflows.legs.store import load_workspace
from penstock.workflows.legs.walk import step_context, walk
from penstock.workflows.limits.book import Book
from penstock.workflows.limits.outside import Paced
from penstock.workflows.plan import Plan
from penstock.workflows.spending.estimates import Estimates
from penstock.workflows.spending.outside import Capped

# How long somebody who looks on waits for the turn of a call at a busy model (seconds).
SHORT_PATIENCE = 20.0

LOAD_RECORD = """
SELECT properties, created_at, updated_at FROM records
WHERE workspace_id = $1 AND object_type_id = $2 AND id = $3 AND archived_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Trying:
    """What trying needs of its process; `estimates` learn what its calls cost, `book` what they teach of limits."""

    pool: Pool
    llm: LlmClient
    vault: Vault
    clock: Clock
    workspace_id: int
    estimates: Estimates = field(default_factory=Estimates)
    book: Book = field(default_factory=Book)

    def client_for(
        self, connection: ProviderConnection, flow_id: int, what: str, patience: float = SHORT_PATIENCE
    ) -> Completes:
        """Makes calls of a step (or `judge`) of a workflow (0: none) within pace and caps; each waits up to `patience`
        seconds for its turn.
        """
        capped = Capped(self.pool, self.llm, connection, self.estimates, flow_id, what)
        return Paced(self.pool, capped, connection, self.book, max(patience, SHORT_PATIENCE))


@dataclass(frozen=True, slots=True)
class Subject:
    """What is tried: a record's values as strings by property, as they are or as they once were."""

    record_id: int
    values: Mapping[str, str]
    schema: ObjectSchema
    workspace: Workspace


@dataclass(frozen=True, slots=True)
class Asked:
    """What an LLM step had before it: the record's values then, and the outputs of earlier steps by actionId."""

    values: Mapping[str, str]
    outputs: Mapping[str, JsonObject]


@dataclass(slots=True)
class DryRun:
    """What would have happened: the steps in order, the values before and after, and what would have gone out.

    `asked` is by the actionId of each LLM step that was reached.
    """

    status: str
    steps: list[StepRow] = field(default_factory=list)
    before: dict[str, str | None] = field(default_factory=dict)
    after: dict[str, str | None] = field(default_factory=dict)
    mails: list[KeyedMail] = field(default_factory=list)
    webhooks: list[KeyedWebhook] = field(default_factory=list)
    calls: list[Called] = field(default_factory=list)
    asked: dict[str, Asked] = field(default_factory=dict)
    error: JsonObject | None = None


async def dry_run(
    pool: Pool,
    client: LlmClient,
    vault: Vault,
    clock: Clock,
    workspace_id: int,
    plan: Plan,
    record_id: int,
    *,
    start: str | None = None,
    outputs: Mapping[str, JsonObject] | None = None,
) -> DryRun:
    """Walks `plan` with the record as it is now. Delays are passed at once, webhooks are shown instead of sent.

    `start` is the action to begin at (None: the first), `outputs` are those of actions before it, by actionId.
    LLM steps call the real model and cost what it costs. Raises NotFound when there is no such record of the
    flow's object type.
    """
    trying = Trying(pool, client, vault, clock, workspace_id)
    subject = await load_subject(trying, plan, record_id)
    return await dry_run_on(trying, plan, subject, start=start, outputs=outputs)


async def load_subject(trying: Trying, plan: Plan, record_id: int) -> Subject:
    """A record of the plan's type as it is now. Raises NotFound."""
    workspace_id = trying.workspace_id
    async with trying.pool.acquire() as db:
        row = await db.fetchrow(LOAD_RECORD, workspace_id, plan.object_type_id, record_id)
        if row is None:
            raise NotFound(
                f"There is no record {record_id} of type {plan.object_type_id}.",
                remedy="Choose a record of the workflow's type.",
            )
        schema = await load_schema(db, workspace_id, plan.object_type_id)
        workspace = await load_workspace(db, workspace_id)
    values = visible_values(record_id, row["properties"], row["created_at"], row["updated_at"])
    return Subject(record_id, values, schema, workspace)


async def dry_run_on(
    trying: Trying,
    plan: Plan,
    subject: Subject,
    *,
    start: str | None = None,
    outputs: Mapping[str, JsonObject] | None = None,
    patience: float = 0.0,
) -> DryRun:
    """As `dry_run`, with given values. A call that meets passing trouble is made again as in a run, as long as
    the waits come to no more than `patience` seconds; then it ends WAITING, with the trouble as its error.
    """
    leg = Leg(
        key=LegKey(0, 0),
        workspace_id=trying.workspace_id,
        flow_id=plan.flow_id,
        revision_id=plan.revision_id,
        record_id=subject.record_id,
        next_action_id=start or plan.start,
        attempt=0,
        steps_taken=0,
        depth=0,
        outputs=dict(outputs or {}),
        plan=plan,
        flow_enabled=True,
        flow_deleted=False,
        object_type_id=plan.object_type_id,
        values=dict(subject.values),
    )
    result = DryRun("ACTIVE")
    arrival = Arrival(leg.key)
    while result.status == "ACTIVE":
        world = World(trying.clock.now(), {trying.workspace_id: subject.workspace})
        walked = walk(leg, arrival, world, subject.schema)
        _collect(result, walked)
        leg.next_action_id, leg.outputs, leg.steps_taken, leg.attempt, leg.turn = (
            walked.next_action_id,
            walked.outputs,
            walked.steps_taken,
            walked.attempt,
            walked.turn,
        )
        arrival = Arrival(leg.key)
        if walked.status == "WAITING":
            if walked.wait_for in ("time", "webhook"):
                # Nothing is waited for; a webhook that was not sent has no reply to show to later steps.
                result.status = "ACTIVE"
                if walked.wait_for == "webhook":
                    arrival = Arrival(leg.key, Done())
            elif walked.wait_for == "retry" and walked.wake_at is not None:
                seconds = (walked.wake_at - world.now).total_seconds()
                patience -= seconds
                if patience >= 0:
                    await asyncio.sleep(seconds)
                    result.status = "ACTIVE"
        elif walked.status == "ACTIVE":
            result.asked[leg.next_action_id or ""] = Asked(dict(leg.values), dict(leg.outputs))
            outcome, called = await _ask(trying, leg, subject.schema, world, patience)
            if called is not None:
                result.calls.append(called)
            arrival = Arrival(leg.key, outcome, called)
    for name in sorted({*subject.values, *leg.values}):
        if subject.values.get(name) != leg.values.get(name):
            result.before[name], result.after[name] = subject.values.get(name), leg.values.get(name)
    return result


def _collect(result: DryRun, walked: Walked) -> None:
    result.status = walked.status
    result.error = walked.error
    result.steps += walked.steps
    result.mails += walked.mails
    result.webhooks += walked.webhooks


async def _ask(
    trying: Trying, leg: Leg, schema: ObjectSchema, world: World, patience: float
) -> tuple[Outcome, Called | None]:
    """The answer of the real model for the LLM step that the leg stands at."""
    own = cast("UseCustomLlmFields", leg.plan.nodes[leg.next_action_id or ""].fields)
    fields = own.asking(leg.turn)
    number = fields.connection_number or 0  # a step without one has failed before this
    async with trying.pool.acquire() as db:
        connection = await find(db, leg.workspace_id, number)
        if connection is None:
            return Fail(connection_missing(number, await name_of(db, leg.workspace_id, number))), None
        key = await trying.vault.open_key(db, leg.workspace_id, connection.id, "dry run")
        here = Walked(leg, "ACTIVE", leg.next_action_id, outputs=leg.outputs)
        asking = (fields, step_context(leg, here, world, schema))
        [context] = await retrieve(db, leg.workspace_id, [asking])
    terms = terms_of(trying.llm, trying.vault, connection, fields, 0, leg.next_action_id or "")
    prepared = prepare(fields, context, terms)
    if isinstance(prepared, Fail):
        return prepared, None
    secret = key.reveal() if key is not None else ""
    client = trying.client_for(connection, leg.flow_id, leg.next_action_id or "", patience)
    outcome, called = await ask(client, connection, secret, Call(leg, fields, prepared), trying.clock.now())
    return _unreviewed(outcome), called


def _unreviewed(outcome: Outcome) -> Outcome:
    """The outcome with an answer that somebody would have to look at taken as it is; the step's detail says so."""
    if not isinstance(outcome, Wait) or outcome.review is None:
        return outcome
    doubtful = [field.name for field in outcome.review.fields if field.doubtful]
    detail: JsonObject = {**(outcome.detail or {}), "would_be_reviewed": list(doubtful)}
    return Done(outputs=outcome.review.outputs, inputs=outcome.inputs, detail=detail)
