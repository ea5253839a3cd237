"""What the answers of a batch come to: read as live ones are, and asked again live, once, where they do not fit."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from penstock.actions.outcome import Fail, Failure, Outcome, Retry
from penstock.actions.use_custom_llm import Prepared, UseCustomLlmFields, finish, repair
from penstock.connections.connections import ProviderConnection
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.kit.database import Connection, Pool, transaction
from penstock.llm.batches.client import batch_price
from penstock.llm.batches.dialect import Answered
from penstock.llm.client import Completes
from penstock.llm.errors import LlmError
from penstock.llm.request import LlmRequest
from penstock.llm.result import LlmResult
from penstock.workflows.batches.store import Batch, Item
from penstock.workflows.legs.backoff import spread_of, wait_before
from penstock.workflows.legs.leg import Called, Leg, LegKey
from penstock.workflows.legs.llm_call import Bill, Call, ask_again, concluded
from penstock.workflows.legs.reuse import key_of
from penstock.workflows.legs.store import PlanSource, load

log = structlog.get_logger(__name__)

REPAIRS_AT_ONCE = 8  # live calls of one group of answers
# A provider that is busy for a moment is asked again here: else the step would begin anew, and pay its answer twice.
REPAIR_ATTEMPTS = 3
LONGEST_REPAIR_WAIT_SECONDS = 30.0

# Before the calls are made: a question found marked already was perhaps asked again before a crash, and is counted.
BEGIN_REPAIRS = """
WITH again AS (
    SELECT call_key FROM llm_batch_items WHERE id = ANY ($1::bigint[]) AND prepared ? 'repairing'
), counted AS (
    UPDATE llm_calls c SET attempts = attempts + 1 FROM again WHERE c.key = again.call_key AND c.status = 'started'
)
UPDATE llm_batch_items SET prepared = prepared || '{"repairing": true}' WHERE id = ANY ($1::bigint[])
"""
NOTHING_LEFT = Failure(
    "STEP_CRASHED", "The step is not in its workflow any more.", "Retry on the new revision."
)


@dataclass(frozen=True, slots=True)
class Standing:
    """The runs that wait for the answers of a group, and the schemas of their records."""

    legs: Mapping[LegKey, Leg]
    schemas: Mapping[tuple[int, str], ObjectSchema]


@dataclass(slots=True)
class Reading:
    """One answer being read: what it costs and comes to so far, and the request that would mend it.

    Without `call` nobody waits for it any more.
    """

    item: Item
    model: str
    bill: Bill
    outcome: Outcome
    call: Call | None = None
    again: LlmRequest | None = None


async def standing(db: Connection, plans: PlanSource, answered: Sequence[tuple[Item, Answered]]) -> Standing:
    """Loads the runs of these answers; those that moved on are left out."""
    legs = await load(db, plans, [item.key for item, _ in answered], ("WAITING",), lock=False)
    types = sorted({(leg.workspace_id, leg.object_type_id) for leg in legs})
    return Standing({leg.key: leg for leg in legs}, {key: await load_schema(db, *key) for key in types})


def read(
    connection: ProviderConnection, batch: Batch, found: Standing, item: Item, result: LlmResult
) -> Reading:
    """What an answer comes to, by the step's fields and with the options that a property has now."""
    reading = Reading(item, batch.model, Bill(workspace_id=connection.workspace_id), Fail(NOTHING_LEFT))
    reading.bill.add(connection.provider, result, batch_price)
    leg = found.legs.get(item.key)
    fields = fields_of(leg) if leg is not None else None
    if leg is None or fields is None:
        return reading
    declared = fields.declared_for(found.schemas[leg.workspace_id, leg.object_type_id])
    if isinstance(declared, Failure):
        reading.outcome = Fail(declared)
        return reading
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
    reading.call = Call(leg, fields, prepared, key_of(connection.id, fields, prepared))
    reading.outcome = finish(fields, prepared, result)
    if isinstance(reading.outcome, Fail):
        reading.again = repair(fields, prepared, result, reading.outcome)
    return reading


async def mend(
    pool: Pool, client: Completes, connection: ProviderConnection, secret: str, readings: Sequence[Reading]
) -> None:
    """Asks again for the answers that did not fit and whose author wants that: live, at the live price.

    A failure of such a call that does not pass within three attempts has the step tried again, as in a live call.
    """
    wanting = [reading for reading in readings if reading.again is not None]
    if not wanting:
        return
    async with transaction(pool) as db:
        await db.execute(BEGIN_REPAIRS, [reading.item.id for reading in wanting])
    places = asyncio.Semaphore(REPAIRS_AT_ONCE)

    async def one(reading: Reading) -> None:
        async with places:
            await _mend(client, connection, secret, reading)

    async with asyncio.TaskGroup() as group:
        for reading in wanting:
            group.create_task(one(reading))


async def _mend(client: Completes, connection: ProviderConnection, secret: str, reading: Reading) -> None:
    call, outcome, again = reading.call, reading.outcome, reading.again
    if call is None or again is None or not isinstance(outcome, Fail):
        return
    for attempt in range(1, REPAIR_ATTEMPTS + 1):
        try:
            reading.outcome = await ask_again(client, connection, secret, call, reading.bill, outcome, again)
            return
        except LlmError as error:
            seconds = wait_before(attempt, error.retry_after, spread_of(call.leg.step_key))
            if attempt == REPAIR_ATTEMPTS or seconds > LONGEST_REPAIR_WAIT_SECONDS:
                reading.outcome = Retry(failure_of(error), error.retry_after)
                return
        except Exception:
            # A surprise in one call must not take the batch along (R59): the first answer's failure stands.
            log.exception("repair call crashed", enrollment=call.leg.key.enrollment_id)
            return
        await asyncio.sleep(seconds)


def called_for(
    connection: ProviderConnection, batch: Batch, reading: Reading, now: datetime
) -> tuple[Outcome, Called]:
    """The outcome with what it cost, and the call for the ledger."""
    began = batch.submitted_at or now
    seconds = max(0.0, (now - began).total_seconds())
    if reading.call is None:
        bill = reading.bill
        called = Called(
            call_key=reading.item.call_key,
            started_at=began,
            provider=connection.provider,
            model=bill.model or reading.model,
            input_tokens=bill.usage.input if bill.answers else None,
            output_tokens=bill.usage.output if bill.answers else None,
            cost_usd=bill.usd,
            succeeded=False,
            connection_id=connection.id,
            seconds=seconds,
            searches=bill.usage.searches,
        )
        return reading.outcome, called
    return concluded(
        connection, reading.call, reading.outcome, reading.bill, began, seconds, reading.item.seen
    )


def fields_of(leg: Leg) -> UseCustomLlmFields | None:
    """The fields of the LLM step at which a leg stands."""
    node = leg.plan.nodes.get(leg.next_action_id or "")
    if node is None or not isinstance(node.fields, UseCustomLlmFields):
        return None
    return node.fields.asking(leg.turn)


def failure_of(error: LlmError) -> Failure:
    """The failure that an error of a call, or of its batch, is to a step."""
    return Failure(error.kind.upper(), error.message, error.remedy)
