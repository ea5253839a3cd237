"""Caps on spending in running workers: never passed, nothing lost, and on again when there is room."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal

import pytest
from tests.engine.scene import ME, answer, ask, connected, edit, enroll, runs_of, settled, tickets, turned_on
from tests.engine.test_two_workers import beat
from tests.llm_stand_in import StandIn

from penstock.bootstrap import Penstock, work
from penstock.connections.connections import ProviderConnection
from penstock.engine.chores import recount_reserved
from penstock.kit.database import transaction
from penstock.mail.outbox import list_mails
from penstock.workflows import runs
from penstock.workflows.legs.committer import Committer
from penstock.workflows.legs.leg import LegKey, cap_for
from penstock.workflows.legs.llm_lane import LlmLane
from penstock.workflows.spending.caps import Cap, Period, Scope, list_caps, remove_cap, set_cap
from penstock.workflows.spending.reserving import Wish, reserve

WORKERS = 8
# gpt-4.1: 2 USD per million tokens in, 8 out.
CALL_USD = Decimal("0.01")
TOKENS = (3000, 500)
PROMPT = "A long complaint. " * 600 + "{{ enrolled_object.subject }}"


async def capped(
    app: Penstock, limit: str, scope: Scope = "workspace", subject: int = 0, period: Period = "day"
) -> Cap:
    async with transaction(app.pool) as db:
        return await set_cap(db, 1, ME, scope, subject, period, Decimal(limit))


async def spent(app: Penstock) -> Decimal:
    async with app.pool.acquire() as db:
        total: Decimal = await db.fetchval("SELECT sum(cost_usd) FROM llm_calls")
        return total


async def costly_flow(
    app: Penstock, stand_in: StandIn, connection: ProviderConnection, **fields: object
) -> int:
    stand_in.answer = lambda _prompt: json.dumps({"urgency": "high"})
    stand_in.tokens = lambda _seen, _answer: TOKENS
    asked = ask("1", connection, "gpt-4.1", "2", prompt=PROMPT, max_output_tokens=500, **fields)
    return await turned_on(app, asked, edit("2", "urgency", answer("1", "urgency")))


async def test_eight_workers_stop_at_the_cap_within_a_call_each_and_the_rest_goes_on_when_it_is_raised(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    made = await tickets(app, *(f"Ticket {n}" for n in range(160)))
    flow = await costly_flow(app, stand_in, connection)
    stand_in.delay = 0.05
    cap = await capped(app, "1.00")
    enrolled = await enroll(app, flow, *made)
    keys = [LegKey(one.enrollment_id, 0) for one in enrolled]
    committer = Committer(app.runner)
    committer.start()
    lanes = [
        LlmLane(app.pool, app.runner.plans, committer, app.llm, app.vault, app.clock, f"worker-{n}")
        for n in range(WORKERS)
    ]
    try:
        for n in range(WORKERS):
            await beat(app, f"worker-{n}", -3600)  # alive for as long as the test takes
        # Every worker gets every leg, in portions: whoever claims first makes the call.
        for start in range(0, len(keys), 20):
            portion = keys[start : start + 20]
            await asyncio.gather(*(lane.run(connection.id, portion) for lane in lanes))
    finally:
        await committer.stop()
    total = await spent(app)
    assert abs(total - Decimal("1.00")) <= CALL_USD * WORKERS
    assert len(stand_in.seen) == total / CALL_USD
    async with app.pool.acquire() as db:
        [standing] = await list_caps(db, 1)
        await db.execute("DELETE FROM workers")
    assert standing.spent_usd == total
    assert standing.reserved_usd == 0
    assert standing.waiting_runs == 160 - len(stand_in.seen)
    held = next(run for run in await runs_of(app, flow) if run.wait_for == cap_for(cap.id))
    assert held.status == "WAITING"
    assert held.error is not None
    assert held.error["code"] == "CAP_REACHED"
    await capped(app, "10")
    async with work(app):
        for one in enrolled:
            assert (await settled(app, one.enrollment_id)).status == "COMPLETED"
    assert len(stand_in.seen) == 160, "no record was asked about twice"
    assert await spent(app) == 160 * CALL_USD


async def test_the_author_may_have_the_step_fail_at_the_cap_instead_and_whoever_may_raise_it_is_told(
    app: Penstock, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("penstock.workflows.spending.alerts.LOOK_SECONDS", 0.05)
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await costly_flow(app, stand_in, connection, when_cap_reached="fail")
    await capped(app, "0.005", "flow", flow, "total")
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        failed = await settled(app, enrolled.enrollment_id, "FAILED")
        async with asyncio.timeout(20), app.pool.acquire() as db:
            while not (mails := await list_mails(db, 1)):
                await asyncio.sleep(0.05)
    assert mails[0].subject.startswith("Spending cap reached: 0.0050 USD for the workflow")
    assert failed.error is not None
    assert failed.error["code"] == "CAP_REACHED"
    assert stand_in.seen == []
    async with app.pool.acquire() as db:
        assert await db.fetchval("SELECT count(*) FROM llm_calls") == 0, "the ledger has only calls made"


async def test_a_cap_has_room_for_every_search_that_a_call_may_make(app: Penstock, stand_in: StandIn) -> None:
    connection = await connected(app, "openai")
    records = await tickets(app, "Fire", "Fire")
    stand_in.pages = [("https://example.com/fires", "Fires"), ("javascript:alert(1)", "Win")]
    flow = await costly_flow(app, stand_in, connection, web_search=True, max_searches=5, reuse_seconds=3600)
    # The call comes to 0.01 for its tokens and 0.01 for one search; five are reserved.
    await capped(app, "0.05")
    async with work(app):
        [first] = await enroll(app, flow, records[0])
        assert (await settled(app, first.enrollment_id, "WAITING")).wait_for is not None
        assert stand_in.seen == []
        await capped(app, "0.20")
        for ticket in records:
            await enroll(app, flow, ticket)
        for run in await runs_of(app, flow):
            assert (await settled(app, run.id)).status == "COMPLETED"
    assert await spent(app) == CALL_USD + Decimal("0.01")
    async with app.pool.acquire() as db:
        [cap] = await list_caps(db, 1)
        rows = await db.fetch(
            "SELECT outputs, detail FROM steps WHERE action_id = '1' AND status = 'COMPLETED' ORDER BY id"
        )
    assert (cap.spent_usd, cap.reserved_usd) == (await spent(app), 0)
    made, reused = rows
    assert (made["detail"]["searches"], made["outputs"]["hs_searches"]) == (1, 1)
    assert (reused["detail"]["searches"], "reused" in reused["detail"]) == (0, True)
    for row in rows:
        assert row["detail"]["sources"] == [{"url": "https://example.com/fires", "title": "Fires"}]
        assert row["outputs"]["hs_source_urls"] == ["https://example.com/fires"]
        assert row["outputs"]["hs_sources"] == "Fires: https://example.com/fires"


async def test_a_cap_on_each_run_counts_what_that_run_spent_also_before_a_retry(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    stand_in.answer = lambda _prompt: json.dumps({"urgency": "high"})
    stand_in.tokens = lambda _seen, _answer: TOKENS
    one, two = await tickets(app, "One", "Two")
    first = ask("1", connection, "gpt-4.1", "2", prompt=PROMPT, max_output_tokens=500)
    second = ask("2", connection, "gpt-4.1", prompt=PROMPT, max_output_tokens=500)
    flow = await turned_on(app, first, second)
    cap = await capped(app, "0.015", "run", flow, "total")
    async with work(app):
        enrolled = await enroll(app, flow, one, two)
        for each in enrolled:
            waiting = await settled(app, each.enrollment_id, "WAITING")
            assert (waiting.wait_for, waiting.next_action_id) == (cap_for(cap.id), "2")
        assert len(stand_in.seen) == 2
        async with transaction(app.pool) as db:
            await remove_cap(db, 1, ME, cap.id)
        for each in enrolled:
            assert (await settled(app, each.enrollment_id)).status == "COMPLETED"
    assert len(stand_in.seen) == 4


async def test_a_model_without_a_known_price_is_not_called_under_a_cap(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(app, ask("1", connection, "gpt-of-tomorrow"))
    await capped(app, "1", "connection", connection.id, "month")
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        failed = await settled(app, enrolled.enrollment_id, "FAILED")
    assert failed.error is not None
    assert failed.error["code"] == "PRICE_UNKNOWN"
    assert stand_in.seen == []


async def test_what_a_canceled_run_had_reserved_is_free_again(app: Penstock, stand_in: StandIn) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await costly_flow(app, stand_in, connection)
    stand_in.delay = 5.0
    await capped(app, "1.00")
    async with work(app) as engine:
        [enrolled] = await enroll(app, flow, ticket)
        while not stand_in.seen:
            await asyncio.sleep(0.02)
        async with app.pool.acquire() as db:
            assert (await list_caps(db, 1))[0].reserved_usd > 0
        async with transaction(app.pool) as db:
            await runs.cancel(db, 1, enrolled.enrollment_id, "Ann")
        await engine.stop(grace_seconds=0)
    await recount_reserved(app.pool)
    async with app.pool.acquire() as db:
        assert (await list_caps(db, 1))[0].reserved_usd == 0


async def test_a_cap_holds_what_its_calls_hold_to_the_last_digit(app: Penstock) -> None:
    cap = await capped(app, "1.00")
    wishes = [Wish(f"{n}.0.1", n, 1, lambda: Decimal("0.000000015")) for n in range(3)]
    async with transaction(app.pool) as db:
        reserved = await reserve(db, 1, 1, wishes)
    assert reserved.caps == {wish.key: (cap.id,) for wish in wishes}
    async with app.pool.acquire() as db:
        [held] = await list_caps(db, 1)
    assert held.reserved_usd == 3 * Decimal("0.00000002")
