"""Commits what came of the questions of a batch: the same path as a live answer's, at the batch price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from penstock.actions.outcome import Done, Fail, Failure, Retry, Wait
from penstock.connections.connections import ProviderConnection
from penstock.kit.database import Connection
from penstock.llm.batches.client import batch_price
from penstock.llm.batches.dialect import Answered
from penstock.llm.catalog import price
from penstock.llm.client import Completes
from penstock.llm.errors import LlmError
from penstock.llm.result import Dropped, LlmResult
from penstock.workflows.batches.reading import Reading, called_for, failure_of, mend, read, standing
from penstock.workflows.batches.store import Batch, Item
from penstock.workflows.legs.leg import Arrival
from penstock.workflows.legs.llm_call import Bill, pausing
from penstock.workflows.legs.runner import STANDING, Runner
from penstock.workflows.legs.store import record_calls
from penstock.workflows.spending.reserving import settle

Drops = Mapping[int, tuple[Dropped, ...]]  # by question

TAKE_OUT = "DELETE FROM llm_batch_items WHERE batch_id = $1 AND id = ANY ($2::bigint[])"
# Of the whole batch and of each workflow in it.
COUNT = """
WITH answer AS (
    SELECT * FROM unnest($2::bigint[], $3::numeric[], $4::numeric[]) AS one (enrollment_id, cost_usd, saved_usd)
), of_flow AS (
    SELECT e.flow_id, count(*) AS answered, sum(a.cost_usd) AS cost_usd, sum(a.saved_usd) AS saved_usd
    FROM answer a JOIN enrollments e ON e.id = a.enrollment_id GROUP BY e.flow_id
), counted AS (
    UPDATE llm_batch_flows f
    SET answered = f.answered + o.answered, cost_usd = f.cost_usd + o.cost_usd, saved_usd = f.saved_usd + o.saved_usd
    FROM of_flow o WHERE f.batch_id = $1 AND f.flow_id = o.flow_id
)
UPDATE llm_batches b
SET answered = b.answered + a.answered, cost_usd = b.cost_usd + a.cost_usd, saved_usd = b.saved_usd + a.saved_usd
FROM (SELECT count(*) AS answered, sum(cost_usd) AS cost_usd, sum(saved_usd) AS saved_usd FROM answer) AS a
WHERE b.id = $1
"""
STILL_OPEN = "SELECT key FROM llm_calls WHERE key = ANY ($1::text[]) AND status = 'started'"


async def commit(
    runner: Runner,
    live: Completes,
    connection: ProviderConnection,
    secret: str,
    batch: Batch,
    answered: Sequence[tuple[Item, Answered]],
    dropped: Drops,
) -> None:
    """Commits these answers and takes their questions out, in one transaction; an answer whose run moved on is paid.

    What does not fit is asked again through `live` first, with no connection to the database held. A group that does
    not go through is committed one by one, so that one record's trouble stays its own.
    """
    async with runner.pool.acquire() as db:
        found = await standing(db, runner.plans, answered)
    readings = {
        item.id: read(
            connection, batch, found, item, one.result.of_call(batch.model, dropped.get(item.id, ()), 0)
        )
        for item, one in answered
        if one.result is not None
    }
    await mend(runner.pool, live, connection, secret, list(readings.values()))
    now = runner.clock.now()
    arrivals = [
        _arrival(connection, batch, item, readings[item.id], now)
        if one.error is None
        else _failed(connection, batch, item, one.error, now)
        for item, one in answered
    ]
    items = {item.key: item for item, _ in answered}
    saved = {item.id: _saved(connection, one.result) for item, one in answered if one.result is not None}

    async def along(db: Connection, committed: Sequence[Arrival]) -> None:
        await db.execute(TAKE_OUT, batch.id, [items[arrival.key].id for arrival in committed])
        await db.execute(
            COUNT,
            batch.id,
            [one.key.enrollment_id for one in committed],
            [Decimal((one.called.cost_usd if one.called else None) or 0) for one in committed],
            [saved.get(items[one.key].id, Decimal(0)) for one in committed],
        )
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


def _saved(connection: ProviderConnection, result: LlmResult) -> Decimal:
    """USD by which an answer was cheaper than a live one, 0 where that is not known."""
    usage = replace(result.usage, reported_usd=None)
    usual = price(connection.provider, result.model, usage, connection.workspace_id)
    paid = batch_price(connection.provider, result.model, result.usage, connection.workspace_id)
    return Decimal(0) if usual is None or paid is None else usual - paid


def _arrival(
    connection: ProviderConnection, batch: Batch, item: Item, reading: Reading, now: datetime
) -> Arrival:
    outcome, called = called_for(connection, batch, reading, now)
    if isinstance(outcome, Done | Wait | Fail):
        outcome = replace(outcome, detail={**(outcome.detail or {}), "batch_id": str(batch.id)})
    return Arrival(item.key, outcome, called, capped=item.capped)


def _failed(
    connection: ProviderConnection, batch: Batch, item: Item, error: LlmError, now: datetime
) -> Arrival:
    failure = failure_of(error)
    outcome = Retry(failure, error.retry_after) if error.retriable else Fail(failure)
    unanswered = Reading(item, batch.model, Bill(workspace_id=connection.workspace_id), outcome)
    called = called_for(connection, batch, unanswered, now)[1]
    return Arrival(item.key, pausing(connection, outcome), called, capped=item.capped)


async def _pay_strays(db: Connection, committed: Sequence[Arrival], now: datetime) -> None:
    """An answer came for a run that was canceled meanwhile: it was paid, so the ledger says so."""
    calls = {one.called.call_key: one.called for one in committed if one.called}
    rows = await db.fetch(STILL_OPEN, list(calls))
    if rows:
        await record_calls(db, [calls[row["key"]] for row in rows], now)
        await settle(db, [row["key"] for row in rows])
