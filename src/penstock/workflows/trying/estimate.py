"""What enrolling many records would cost and how long it would take, before it is done. No model is asked; it is free."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random
from statistics import median

from penstock.actions.action import Effect
from penstock.actions.outcome import Fail
from penstock.actions.use_custom_llm import UseCustomLlmFields, prepare
from penstock.connections import connections
from penstock.connections.connections import ProviderConnection
from penstock.crm.schema import load_schema
from penstock.errors import InvalidInput
from penstock.kit.database import Connection
from penstock.llm.batches import OFFERED
from penstock.llm.batches.client import batch_price
from penstock.llm.catalog import price
from penstock.llm.prompt import request_tokens
from penstock.llm.result import Usage
from penstock.workflows.document import FlowDocument
from penstock.workflows.knowledge.retrieving import retrieve
from penstock.workflows.legs.store import load_workspace
from penstock.workflows.plan import compile as compile_plan
from penstock.workflows.samples import choose
from penstock.workflows.spending.estimates import TOKENS_OF_A_SEARCH
from penstock.workflows.trying.preview import ASSUMED_OUTPUT_TOKENS, context_for, load_sample

RECORDS = 50  # that an estimate is made from
PAST_CALLS = 200
# Of a step that never ran: how long an answer takes, in seconds, and how many tokens a long one has.
ASSUMED_SECONDS = 5.0
ASSUMED_LONG_ANSWER = 500
ASSUMED_SEARCHES = 1.0  # of a step that may search; the dear estimate takes as many as it may make

# Served by steps_of_flow.
PAST = """
SELECT (detail -> 'tokens' ->> 'output')::int AS output, (detail ->> 'searches')::int AS searches,
       (detail ->> 'latency_ms')::float8 / 1000 AS seconds
FROM steps WHERE workspace_id = $1 AND flow_id = $2 AND action_id = $3 AND status = 'COMPLETED'
  AND detail -> 'tokens' ->> 'output' IS NOT NULL
ORDER BY id DESC LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """For `records` records, from the texts of `sample` of them: `calls` model calls with `input_tokens` in all.

    `p50_usd` takes every record as the middle one of the sample with usual answers, `p95_usd` as one of the dearest with
    long answers; None where a price is not known. `seconds` is how long the limits of the connections make it take at
    least. `note` says what is assumed, `has_batches` whether a step could go
    through a batch API.
    """

    records: int
    sample: int
    calls: int
    input_tokens: int
    p50_usd: Decimal | None
    p95_usd: Decimal | None
    seconds: float
    note: str
    has_batches: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    """An LLM step with what its calls came to before: tokens of usual and long answers, web searches, and seconds."""

    action_id: str
    fields: UseCustomLlmFields
    connection: ProviderConnection | None
    usual: int
    long: int
    seconds: float
    known: bool
    searches: float = 0.0

    @property
    def has_batches(self) -> bool:
        """Whether its provider answers many calls together at a lower price."""
        return self.connection is not None and self.connection.provider in OFFERED


async def estimate(
    db: Connection,
    workspace_id: int,
    flow_id: int,
    document: FlowDocument,
    records: int,
    now: datetime,
    chance: Random,
    record_ids: Sequence[int] = (),
    *,
    batch: bool = False,
) -> Estimate:
    """About what sending `records` records through a document costs: from `record_ids`, else records at random.

    With `batch` steps whose provider has a batch API cost its price and keep to no limits. All LLM steps are counted, also those that stand on different paths; outputs of earlier steps count as empty.
    Raises InvalidInput when there is no record to make it from, NotFound for one that is not there.
    """
    plan = compile_plan(document, flow_id, "", 0)
    steps = [
        await _step(db, workspace_id, flow_id, action_id, node.fields)
        for action_id, node in plan.nodes.items()
        if node.effect is Effect.LLM and isinstance(node.fields, UseCustomLlmFields)
    ]
    if not steps or records == 0:
        note = "No step asks a model." if not steps else "No record would come in."
        return Estimate(records, 0, 0, 0, Decimal(0), Decimal(0), 0.0, note)
    if record_ids:
        wanted = list(record_ids)
        ids = chance.sample(wanted, min(len(wanted), RECORDS))
    else:
        ids = await choose.at_random(db, workspace_id, plan, RECORDS, now, chance)
    schema = await load_schema(db, workspace_id, plan.object_type_id)
    workspace = await load_workspace(db, workspace_id)
    sizes: list[list[int]] = []
    for record_id in ids:
        sample = await load_sample(db, workspace_id, plan, record_id, {})
        context = context_for(plan, workspace_id, sample, schema, workspace, now)
        asking = [(step.fields, context) for step in steps]
        contexts = await retrieve(db, workspace_id, asking)
        prepared = [prepare(step.fields, one) for step, one in zip(steps, contexts, strict=True)]
        sizes.append([0 if isinstance(one, Fail) else request_tokens(one.request) for one in prepared])
    if not sizes:
        raise InvalidInput("There is no record to make an estimate from.", remedy="Import or create some.")
    usual = [_cost(steps, row, long=False, batch=batch) for row in sizes]
    dear = [_cost(steps, row, long=True, batch=batch) for row in sizes]
    tokens = round(sum(map(sum, sizes)) / len(sizes) * records)
    return Estimate(
        records,
        len(sizes),
        records * len(steps),
        tokens,
        _times(_at(usual, 0.5), records),
        _times(_at(dear, 0.95), records),
        _seconds(steps, sizes, records, batch=batch),
        _note(steps, batch=batch),
        any(step.has_batches for step in steps),
    )


async def _step(
    db: Connection, workspace_id: int, flow_id: int, action_id: str, fields: UseCustomLlmFields
) -> _Step:
    number = fields.connection_number
    connection = None if number is None else await connections.find(db, workspace_id, number)
    past = await db.fetch(PAST, workspace_id, flow_id, action_id, PAST_CALLS)
    most = fields.max_output_tokens
    if past:
        answers = sorted(row["output"] for row in past)
        seconds = [row["seconds"] for row in past if row["seconds"] is not None]
        usual, long = round(median(answers)), answers[_index(len(answers), 0.95)]
        took = float(median(seconds)) if seconds else ASSUMED_SECONDS
    else:
        usual, long, took = ASSUMED_OUTPUT_TOKENS, ASSUMED_LONG_ANSWER, ASSUMED_SECONDS
    if most is not None:
        usual, long = min(usual, most), min(long, most)
    made = [row["searches"] for row in past if row["searches"] is not None]
    searches = 0.0
    if fields.search is not None:
        searches = float(median(made)) if made else ASSUMED_SEARCHES
    return _Step(action_id, fields, connection, usual, long, took, bool(past), searches)


def _cost(steps: Sequence[_Step], sizes: Sequence[int], *, long: bool, batch: bool) -> Decimal | None:
    total = Decimal(0)
    for step, size in zip(steps, sizes, strict=True):
        if step.connection is None:
            return None
        answer = step.long if long else step.usual
        search = step.fields.search
        searches = math.ceil(step.searches) if search is None or not long else search.most
        usage = Usage(input=size + searches * TOKENS_OF_A_SEARCH, output=answer, searches=searches)
        connection = step.connection
        paid = batch_price if batch and step.has_batches else price
        one = paid(connection.provider, step.fields.model.strip(), usage, connection.workspace_id)
        if one is None:
            return None
        total += one
    return total


def _seconds(steps: Sequence[_Step], sizes: Sequence[Sequence[int]], records: int, *, batch: bool) -> float:
    """The longest that the limits of a connection make it take: calls at a time, requests and tokens a minute."""
    slowest = 0.0
    for connection_id in {step.connection.id for step in steps if step.connection is not None}:
        through = [
            (index, step)
            for index, step in enumerate(steps)
            if step.connection is not None
            and step.connection.id == connection_id
            and not (batch and step.has_batches)
        ]
        if not through:
            continue
        connection = through[0][1].connection
        assert connection is not None  # noqa: S101 - chosen by it
        busy = records * sum(step.seconds for _, step in through) / connection.concurrency
        slowest = max(slowest, busy, max(step.seconds for _, step in through))
        if connection.requests_per_minute:
            slowest = max(slowest, 60 * records * len(through) / connection.requests_per_minute)
        if connection.tokens_per_minute:
            read = sum(row[index] for row in sizes for index, _ in through) / len(sizes)
            tokens = records * (read + sum(step.usual for _, step in through))
            slowest = max(slowest, 60 * tokens / connection.tokens_per_minute)
    return slowest


def _at(costs: Sequence[Decimal | None], share: float) -> Decimal | None:
    known = sorted(cost for cost in costs if cost is not None)
    return known[_index(len(known), share)] if len(known) == len(costs) else None


def _index(length: int, share: float) -> int:
    return max(0, math.ceil(share * length) - 1)


def _times(cost: Decimal | None, records: int) -> Decimal | None:
    return None if cost is None else cost * records


def _note(steps: Sequence[_Step], *, batch: bool) -> str:
    within = " A batch is answered within a day." if batch and any(step.has_batches for step in steps) else ""
    new = [step.action_id for step in steps if not step.known]
    if not new:
        return f"Answers are taken to be as long as those so far.{within}"
    return (
        f"Step {', '.join(new)} never ran: its answers are taken to have {ASSUMED_OUTPUT_TOKENS} tokens, long ones "
        f"{ASSUMED_LONG_ANSWER}, without reasoning.{within}"
    )
