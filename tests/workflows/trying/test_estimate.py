"""What enrolling many records would cost and take, from their texts, past answers and the connection's limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.engine.scene import ask, connected, edit, tickets, turned_on
from tests.llm_stand_in import StandIn, llm_stand_in
from tests.workflows.samples.test_samples import CHANCE

from penstock.bootstrap import Penstock, open_penstock
from penstock.errors import NotFound
from penstock.kit.database import transaction
from penstock.settings import Settings
from penstock.workflows import flows
from penstock.workflows.trying.estimate import Estimate, estimate


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with llm_stand_in() as running:
        yield running


@pytest.fixture
async def app(settings: Settings, stand_in: StandIn) -> AsyncIterator[Penstock]:
    async with open_penstock(replace(settings, provider_base_urls=stand_in.base_urls())) as penstock:
        yield penstock


async def estimated(app: Penstock, flow_id: int, number: int, *record_ids: int) -> Estimate:
    async with transaction(app.pool) as db:
        document = (await flows.get(db, 1, flow_id)).read()
        return await estimate(db, 1, flow_id, document, number, app.clock.now(), CHANCE, record_ids)


async def test_the_cost_follows_texts_past_answers_and_numbers_and_asks_no_model(
    app: Penstock, stand_in: StandIn
) -> None:
    ids = await tickets(app, *("Short" for _ in range(19)), "Long " * 400)
    flow = await turned_on(app, ask("1", await connected(app, "openai"), "gpt-4.1-mini"))
    asked = len(stand_in.seen)
    new = await estimated(app, flow, 1000, *ids)
    assert (new.records, new.sample, new.calls) == (1000, 20, 1000)
    assert new.p50_usd is not None
    assert new.p95_usd is not None
    assert Decimal(0) < new.p50_usd < new.p95_usd
    assert "never ran" in new.note
    twice = await estimated(app, flow, 2000, *ids)
    assert twice.p50_usd == 2 * new.p50_usd
    async with app.pool.acquire() as db:
        await db.execute(
            "INSERT INTO steps (workspace_id, enrollment_id, flow_id, seq, action_id, action_type_id, status, started_at, detail)"
            " SELECT 1, 1, $1, 0, '1', '1-1000', 'COMPLETED', now(), $2 FROM generate_series(1, 20)",
            flow,
            {"tokens": {"output": 3000}, "latency_ms": 2000},
        )
    learned = await estimated(app, flow, 1000, *ids)
    assert learned.p50_usd is not None
    assert learned.p50_usd > 10 * new.p50_usd
    assert "so far" in learned.note
    assert len(stand_in.seen) == asked


async def test_the_time_is_what_the_limits_of_the_connection_allow(app: Penstock) -> None:
    ids = await tickets(app, "Fire")
    flow = await turned_on(app, ask("1", await connected(app, "openai"), "gpt-4.1-mini"))
    async with app.pool.acquire() as db:
        await db.execute("UPDATE connections SET concurrency = 10, requests_per_minute = 60")
    assert (await estimated(app, flow, 600, *ids)).seconds == 600
    async with app.pool.acquire() as db:
        await db.execute("UPDATE connections SET concurrency = 1, requests_per_minute = NULL")
    assert (await estimated(app, flow, 600, *ids)).seconds == 3000


async def test_a_workflow_without_a_model_costs_nothing_and_an_unknown_price_is_not_made_up(
    app: Penstock,
) -> None:
    ids = await tickets(app, "Fire")
    free = await turned_on(
        app, edit("1", "urgency", {"type": "STATIC_VALUE", "staticValue": "high"}), name="Free"
    )
    assert (await estimated(app, free, 10, *ids)).p95_usd == 0
    odd = await turned_on(app, ask("1", await connected(app, "openai"), "model-of-nobody"), name="Odd")
    found = await estimated(app, odd, 10, *ids)
    assert (found.p50_usd, found.p95_usd, found.calls) == (None, None, 10)
    with pytest.raises(NotFound):
        await estimated(app, odd, 10, 999_999)
