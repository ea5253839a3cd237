"""Commits what came of the questions of a batch: the same path as a live answer's, at the batch price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from penstock.actions.outcome import Done, Fail, Failure, Outcome, Retry, Wait
from penstock.actions.use_custom_llm import Prepared, UseCustomLlmFields, finish
from penstock.connections.connections import ProviderConnection
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.kit.database import Connection
from penstock.llm.batches.client import batch_price
from penstock.llm.batches.dialect import Answered
from penstock.llm.errors import LlmError
from penstock.llm.result import Dropped, LlmResult
from penstock.workflows.batches.store import Batch, Item
from penstock.workflows.legs.leg import Arrival, Called, Leg
from penstock.workflows.legs.llm_call import pausing
from penstock.workflows.legs.runner import STANDING, Runner
from penstock.workflows.legs.store import load, record_calls
from penstock.workflows.spending.reserving import settle

Drops = Mapping[int, tuple[Dropped, ...]]  # by question

TAKE_OUT = "DELETE FROM llm_batch_items WHERE batch_id = $1 AND id = ANY ($2::bigint[])"
COUNT = "UPDATE llm_batches SET answered = answered + $2, cost_usd = cost_usd + $3 WHERE id = $1"
STILL_OPEN = "SELECT key FROM llm_calls WHERE key = ANY ($1::text[]) AND status = 'started'"
NOTHING_LEFT = Failure(
    "STEP_CRASHED", "The step is not in its workflow any more.", "Retry on the new revision."
)


async def commit(
    runner: Runner,
    connection: ProviderConnection,
    batch: Batch,
    answered: Sequence[tuple[Item, Answered]],
    dropped: Drops,
) -> None:
    """Commits these answers and takes their questions out, in one transaction; an answer whose run moved on is paid.

    A group that does not go through is committed one by one, so that one record's trouble stays its own.
    """
    async with runner.pool.acquire() as db:
        arrivals = await _arrivals(db, runner, connection, batch, answered, dropped)
    items = {item.key: item for item, _ in answered}

    async def along(db: Connection, committed: Sequence[Arrival]) -> None:
        await db.execute(TAKE_OUT, batch.id, [items[arrival.key].id for arrival in committed])
        usd = sum(float(one.called.cost_usd or 0) for one in committed if one.called)
        await db.execute(COUNT, batch.id, len(committed), f"{usd:.8f}")
        await _pay_strays(db, committed, runner.clock.now())

    await runner.commit(arrivals, STANDING["reply"], along)


async def fail(
    runner: Runner,
    connection: ProviderConnection,
    batch: Batch,
    items: Sequence[Item],
    why: Failure,
) -> None:
    """Fails the steps of these questions, none of which was asked."""
    arrivals = [
        Arrival(item.key, pausing(connection, Fail(why)), unmade=item.call_key, capped=item.capped)
        for item in items
    ]
    by_key = {item.key: item.id for item in items}

    async def along(db: Connection, committed: Sequence[Arrival]) -> None:
        await db.execute(TAKE_OUT, batch.id, [by_key[arrival.key] for arrival in committed])

    await runner.commit(arrivals, STANDING["reply"], along)


async def _arrivals(
    db: Connection,
    runner: Runner,
    connection: ProviderConnection,
    batch: Batch,
    answered: Sequence[tuple[Item, Answered]],
    dropped: Drops,
) -> list[Arrival]:
    legs = {
        leg.key: leg
        for leg in await load(db, runner.plans, [item.key for item, _ in answered], ("WAITING",), lock=False)
    }
    types = {(leg.workspace_id, leg.object_type_id) for leg in legs.values()}
    schemas = {key: await load_schema(db, *key) for key in sorted(types)}
    arrivals = []
    for item, one in answered:
        leg = legs.get(item.key)
        called = _called(connection, batch, item, runner)
        if one.result is None:
            assert one.error is not None  # noqa: S101 - what was not asked does not come here
            arrivals.append(
                Arrival(item.key, pausing(connection, _failed(one.error)), called, capped=item.capped)
            )
            continue
        result = one.result.of_call(batch.model, dropped.get(item.id, ()), 0)
        cost = batch_price(connection.provider, result.model, result.usage, connection.workspace_id)
        called = replace(
            called,
            model=result.model,
            input_tokens=result.usage.input,
            output_tokens=result.usage.output,
            cost_usd=None if cost is None else f"{cost:.8f}",
        )
        outcome: Outcome = Fail(NOTHING_LEFT)
        if leg is not None:
            schema = schemas[leg.workspace_id, leg.object_type_id]
            outcome = _finished(item, result, fields_of(leg), schema)
        if isinstance(outcome, Done | Wait | Fail):
            detail = {
                **(outcome.detail or {}),
                "provider": connection.provider,
                "connection_id": str(connection.id),
                "cost_usd": called.cost_usd,
                "batch_id": str(batch.id),
            }
            outcome = replace(outcome, detail=detail)
        called = replace(called, succeeded=isinstance(outcome, Done | Wait))
        arrivals.append(Arrival(item.key, outcome, called, capped=item.capped))
    return arrivals


def fields_of(leg: Leg) -> UseCustomLlmFields | None:
    """The fields of the LLM step at which a leg stands."""
    node = leg.plan.nodes.get(leg.next_action_id or "")
    if node is None or not isinstance(node.fields, UseCustomLlmFields):
        return None
    return node.fields.asking(leg.turn)


def _finished(
    item: Item, result: LlmResult, fields: UseCustomLlmFields | None, schema: ObjectSchema
) -> Done | Wait | Fail:
    """What the answer comes to, read by the step's fields and with the options that a property has now."""
    if fields is None:
        return Fail(NOTHING_LEFT)
    declared = fields.declared_for(schema)
    if isinstance(declared, Failure):
        return Fail(declared)
    prepared = Prepared(
        fields.connection_number or 0,
        item.request,
        declared.fields,
        item.prompt_hash or fields.prompt_hash,
        item.warnings,
        item.nonce,
        item.cuts,
        item.originals,
        item.sources,
    )
    outcome = finish(fields, prepared, result)
    if isinstance(outcome, Wait) and outcome.review is not None:
        # What the model was asked about is the record as it was then, not as it is when the answer comes.
        outcome = replace(outcome, review=replace(outcome.review, seen=item.seen))
    return outcome


def failure_of(error: LlmError) -> Failure:
    """The failure that an error of a call, or of its batch, is to a step."""
    return Failure(error.kind.upper(), error.message, error.remedy)


def _failed(error: LlmError) -> Outcome:
    return Retry(failure_of(error), error.retry_after) if error.retriable else Fail(failure_of(error))


def _called(connection: ProviderConnection, batch: Batch, item: Item, runner: Runner) -> Called:
    now = runner.clock.now()
    began = batch.submitted_at or now
    return Called(
        call_key=item.call_key,
        started_at=began,
        provider=connection.provider,
        model=batch.model,
        input_tokens=None,
        output_tokens=None,
        cost_usd=None,
        succeeded=False,
        connection_id=connection.id,
        seconds=max(0.0, (now - began).total_seconds()),
    )


async def _pay_strays(db: Connection, committed: Sequence[Arrival], now: datetime) -> None:
    """An answer came for a run that was canceled meanwhile: it was paid, so the ledger says so."""
    calls = {one.called.call_key: one.called for one in committed if one.called}
    rows = await db.fetch(STILL_OPEN, list(calls))
    if rows:
        await record_calls(db, [calls[row["key"]] for row in rows], now)
        await settle(db, [row["key"] for row in rows])
