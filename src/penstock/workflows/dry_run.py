"""Tries a workflow on one record: the real model answers, and nothing is written, mailed or sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from penstock.actions.outcome import Done, Fail, Outcome
from penstock.actions.use_custom_llm import UseCustomLlmFields, prepare
from penstock.connections.connections import find, name_of
from penstock.connections.vault import Vault
from penstock.crm.computed import visible_values
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.errors import NotFound
from penstock.kit.clock import Clock
from penstock.kit.database import Pool
from penstock.kit.json import JsonObject
from penstock.llm.client import LlmClient
from penstock.workflows.legs.leg import (
    Arrival,
    Called,
    KeyedMail,
    KeyedWebhook,
    Leg,
    LegKey,
    StepRow,
    Walked,
    World,
)
from penstock.workflows.legs.llm_call import Call, ask, connection_missing
from penstock.workflows.legs.store import load_workspace
from penstock.workflows.legs.walk import step_context, walk
from penstock.workflows.plan import Plan

LOAD_RECORD = """
SELECT properties, created_at, updated_at FROM records
WHERE workspace_id = $1 AND object_type_id = $2 AND id = $3 AND archived_at IS NULL
"""


@dataclass(slots=True)
class DryRun:
    """What would have happened: the steps in order, the values before and after, and what would have gone out."""

    status: str
    steps: list[StepRow] = field(default_factory=list)
    before: dict[str, str | None] = field(default_factory=dict)
    after: dict[str, str | None] = field(default_factory=dict)
    mails: list[KeyedMail] = field(default_factory=list)
    webhooks: list[KeyedWebhook] = field(default_factory=list)
    calls: list[Called] = field(default_factory=list)
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
    async with pool.acquire() as db:
        row = await db.fetchrow(LOAD_RECORD, workspace_id, plan.object_type_id, record_id)
        if row is None:
            raise NotFound(
                f"There is no record {record_id} of type {plan.object_type_id}.",
                remedy="Choose a record of the workflow's type.",
            )
        schema = await load_schema(db, workspace_id, plan.object_type_id)
        workspace = await load_workspace(db, workspace_id)
    values = visible_values(record_id, row["properties"], row["created_at"], row["updated_at"])
    at_first = dict(values)
    leg = Leg(
        key=LegKey(0, 0),
        workspace_id=workspace_id,
        flow_id=plan.flow_id,
        revision_id=plan.revision_id,
        record_id=record_id,
        next_action_id=start or plan.start,
        attempt=0,
        steps_taken=0,
        depth=0,
        outputs=dict(outputs or {}),
        plan=plan,
        flow_enabled=True,
        flow_deleted=False,
        object_type_id=plan.object_type_id,
        values=values,
    )
    result = DryRun("ACTIVE")
    arrival = Arrival(leg.key)
    while result.status == "ACTIVE":
        world = World(clock.now(), {workspace_id: workspace})
        walked = walk(leg, arrival, world, schema)
        _collect(result, walked)
        leg.next_action_id, leg.outputs, leg.steps_taken = (
            walked.next_action_id,
            walked.outputs,
            walked.steps_taken,
        )
        arrival = Arrival(leg.key)
        if walked.status == "WAITING" and walked.wait_for in ("time", "webhook"):
            # Nothing is waited for; a webhook that was not sent has no reply to show to later steps.
            result.status = "ACTIVE"
            if walked.wait_for == "webhook":
                arrival = Arrival(leg.key, Done())
        elif walked.status == "ACTIVE":
            outcome, called = await _ask(pool, client, vault, clock, leg, schema, world)
            if called is not None:
                result.calls.append(called)
            arrival = Arrival(leg.key, outcome, called)
    for name in sorted({*at_first, *values}):
        if at_first.get(name) != values.get(name):
            result.before[name], result.after[name] = at_first.get(name), values.get(name)
    return result


def _collect(result: DryRun, walked: Walked) -> None:
    result.status = walked.status
    result.error = walked.error
    result.steps += walked.steps
    result.mails += walked.mails
    result.webhooks += walked.webhooks


async def _ask(
    pool: Pool, client: LlmClient, vault: Vault, clock: Clock, leg: Leg, schema: ObjectSchema, world: World
) -> tuple[Outcome, Called | None]:
    """The answer of the real model for the LLM step that the leg stands at."""
    fields = cast("UseCustomLlmFields", leg.plan.nodes[leg.next_action_id or ""].fields)
    prepared = prepare(
        fields,
        step_context(leg, Walked(leg, "ACTIVE", leg.next_action_id, outputs=leg.outputs), world, schema),
    )
    if isinstance(prepared, Fail):
        return prepared, None
    async with pool.acquire() as db:
        connection = await find(db, leg.workspace_id, prepared.connection_id)
        if connection is None:
            name = await name_of(db, leg.workspace_id, prepared.connection_id)
            return Fail(connection_missing(prepared.connection_id, name)), None
        key = await vault.open_key(db, leg.workspace_id, connection.id, "dry run")
    secret = key.reveal() if key is not None else ""
    return await ask(client, connection, secret, Call(leg, fields, prepared), clock.now())
