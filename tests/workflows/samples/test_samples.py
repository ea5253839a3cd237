"""A sample tries a workflow on several records with the real model, keeps what came of each, and changes nothing."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from tests.engine.scene import ME, answer, ask, connected, edit, step, tickets, turned_on
from tests.llm_stand_in import Seen, StandIn, Trouble, llm_stand_in

from penstock.bootstrap import Penstock, open_penstock
from penstock.connections import connections
from penstock.connections.limits import set_limits
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.settings import Settings
from penstock.workflows.dry_run import Trying
from penstock.workflows.samples import samples
from penstock.workflows.samples.begin import SampleWish, begin
from penstock.workflows.samples.run import run_sample
from penstock.workflows.samples.samples import SAMPLES, Sample, SampleRow
from penstock.workflows.samples.table import table_of

CHANCE = Random(1)  # noqa: S311 - chooses records


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    def urgency(prompt: str) -> str:
        return json.dumps({"urgency": "high" if "Fire" in prompt else "low"})

    async with llm_stand_in(answer=urgency) as running:
        yield running


@pytest.fixture
async def app(settings: Settings, stand_in: StandIn) -> AsyncIterator[Penstock]:
    async with open_penstock(replace(settings, provider_base_urls=stand_in.base_urls())) as penstock:
        yield penstock


def by_urgency(action_id: str, high: str) -> JsonObject:
    """A branch on the answer of action 1."""
    return {
        "type": "STATIC_BRANCH",
        "actionId": action_id,
        "inputValue": {"type": "FIELD_DATA", "actionId": "1", "dataKey": "urgency"},
        "staticBranches": [
            {"branchValue": "high", "connection": {"edgeType": "STANDARD", "nextActionId": high}}
        ],
        "defaultBranchName": "other",
    }


async def triage(app: Penstock) -> int:
    """A workflow that asks, writes the answer, and mails about the urgent ones."""
    connection = await connected(app, "openai")
    mail: JsonObject = {
        "user_ids": [],
        "emails": ["a@penstock.test"],
        "subject": "{{ enrolled_object.subject }}!",
        "body": "<p>x</p>",
    }
    return await turned_on(
        app,
        ask("1", connection, "gpt-4.1-mini", "2"),
        edit("2", "urgency", answer("1", "urgency"), "3"),
        by_urgency("3", "4"),
        step("4", "0-8", mail),
    )


async def sampled(app: Penstock, flow_id: int, wish: SampleWish) -> tuple[Sample, list[SampleRow]]:
    async with transaction(app.pool) as db:
        begun = await begin(db, ME, flow_id, wish, app.clock.now(), CHANCE)
    done = await run_sample(Trying(app.pool, app.llm, app.vault, app.clock, 1), begun.id)
    async with app.pool.acquire() as db:
        return done, await samples.rows_of(db, 1, done.id)


async def traces(app: Penstock) -> list[int]:
    tables = (
        "enrollments",
        "steps",
        "mails",
        "webhook_deliveries",
        "llm_calls",
        "property_history",
        "changes",
    )
    async with app.pool.acquire() as db:
        return [await db.fetchval(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608


async def test_each_record_has_its_path_its_values_before_and_after_its_mails_and_its_cost(
    app: Penstock,
) -> None:
    fire, late = await tickets(app, "Fire", "Late parcel")
    flow = await triage(app)
    before = await traces(app)
    done, rows = await sampled(app, flow, SampleWish([fire, late]))
    assert (done.state, done.total, done.done, done.failed, done.unpriced) == ("DONE", 2, 2, 0, 0)
    assert done.cost_usd == sum(row.cost_usd or Decimal(0) for row in rows) > 0
    table = table_of(rows)
    lines = [dict(zip(table.titles, line, strict=True)) for line in table.lines]
    assert [
        (one["name"], one["path"], one["1.urgency"], one["urgency after"], one["mails"]) for one in lines
    ] == [
        ("Fire", "1 > 2 > 3 (high) > 4", "high", "high", "a@penstock.test: Fire!"),
        ("Late parcel", "1 > 2 > 3", "low", "low", ""),
    ]
    assert rows[0].asked is not None
    assert rows[0].asked["1"]["values"]["subject"] == "Fire"  # type: ignore[index,call-overload]
    assert await traces(app) == before


async def test_no_more_calls_are_made_at_once_than_the_connection_takes(
    app: Penstock, stand_in: StandIn
) -> None:
    ids = await tickets(app, *(f"Ticket {number}" for number in range(6)))
    flow = await triage(app)
    stand_in.delay = 0.05
    async with app.pool.acquire() as db:
        await db.execute("UPDATE connections SET concurrency = 2")
    await sampled(app, flow, SampleWish(ids))
    assert stand_in.most_at_once == 2


async def test_calls_go_out_at_the_pace_that_the_owner_set_so_that_none_is_refused(
    app: Penstock, stand_in: StandIn
) -> None:
    ids = await tickets(app, *(f"Ticket {number}" for number in range(18)))
    flow = await triage(app)
    refused = 0
    room, since = 12.0, time.monotonic()

    def limited(_seen: Seen) -> Trouble | None:
        """A provider that takes 300 calls a minute, a dozen of them at once."""
        nonlocal refused, room, since
        now = time.monotonic()
        room, since = min(12.0, room + 5 * (now - since)), now
        if room < 1:
            refused += 1
            return Trouble(429, {"error": {"message": "Slow down.", "code": "rate_limit_exceeded"}})
        room -= 1
        return None

    stand_in.trouble = limited
    async with transaction(app.pool) as db:
        [connection] = await connections.list_connections(db, 1)
        await set_limits(db, 1, ME, connection.connection.id, {"requests_per_minute": 300})
    done, _ = await sampled(app, flow, SampleWish(ids))
    assert (done.state, done.done, done.failed, refused) == ("DONE", 18, 0, 0)


async def test_a_step_alone_ends_behind_it_and_random_records_are_of_the_type(app: Penstock) -> None:
    ids = await tickets(app, *(f"Ticket {number}" for number in range(5)))
    flow = await triage(app)
    done, rows = await sampled(app, flow, SampleWish(number=3, action_id="1"))
    assert len({row.record_id for row in rows} & set(ids)) == 3
    assert [len(row.result["steps"]) for row in rows if row.result] == [1, 1, 1]  # type: ignore[arg-type]
    assert done.action_id == "1"
    with pytest.raises(NotFound):
        await sampled(app, flow, SampleWish([999_999]))
    with pytest.raises(NotFound):
        await sampled(app, flow, SampleWish(ids, action_id="77"))
    with pytest.raises(InvalidInput):
        await sampled(app, flow, SampleWish())


async def test_a_refused_key_stops_a_sample_instead_of_failing_every_record(
    app: Penstock, stand_in: StandIn
) -> None:
    ids = await tickets(app, *(f"Ticket {number}" for number in range(20)))
    flow = await triage(app)
    refused = {"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}}
    stand_in.trouble = lambda _seen: Trouble(401, refused)
    done, _ = await sampled(app, flow, SampleWish(ids))
    assert (done.state, "key" in done.message) == ("FAILED", True)
    assert done.done < 20


async def test_a_sample_stops_where_it_has_cost_what_it_may(app: Penstock, stand_in: StandIn) -> None:
    ids = await tickets(app, *(f"Ticket {number}" for number in range(20)))
    flow = await triage(app)
    stand_in.tokens = lambda _seen, _answer: (100_000, 10)
    done, _ = await sampled(app, flow, SampleWish(ids, max_usd=Decimal("0.05")))
    assert (done.state, "0.0500" in done.message) == ("FAILED", True)
    assert done.done < 20


async def test_a_passing_trouble_is_waited_out_as_in_a_run(app: Penstock, stand_in: StandIn) -> None:
    [fire] = await tickets(app, "Fire")
    flow = await triage(app)
    busy = Trouble(
        429, {"error": {"message": "Slow down", "code": "rate_limit_exceeded"}}, {"retry-after": "0.01"}
    )
    stand_in.trouble = lambda _seen: busy if len(stand_in.seen) == 1 else None
    done, [row] = await sampled(app, flow, SampleWish([fire]))
    assert (done.failed, row.status) == (0, "COMPLETED")


async def test_a_sample_goes_on_where_its_process_ended(app: Penstock, stand_in: StandIn) -> None:
    ids = await tickets(app, *(f"Ticket {number}" for number in range(6)))
    flow = await triage(app)
    async with transaction(app.pool) as db:
        begun = await begin(db, ME, flow, SampleWish(ids), app.clock.now(), CHANCE)
    trying = Trying(app.pool, app.llm, app.vault, app.clock, 1)
    async with app.pool.acquire() as db:
        await db.execute("UPDATE connections SET concurrency = 1")
    third = asyncio.Event()
    task = asyncio.create_task(
        run_sample(trying, begun.id, lambda now: third.set() if now.done == 3 else None)
    )
    await third.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with app.pool.acquire() as db:
        assert await SAMPLES.unfinished(db) == [(1, begun.id)]
    asked = len(stand_in.seen)
    done = await run_sample(trying, begun.id)
    assert (done.state, done.done) == ("DONE", 6)
    assert len(stand_in.seen) - asked == 3
