"""Runs enrolled with `batch` go through the provider's batch API: once each, at its price, like live ones."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest
from aiohttp import web
from tests.batch_stand_in import PROVIDERS, BatchStandIn, Kept, base_urls, batch_stand_in
from tests.engine.scene import (
    answer,
    ask,
    connected,
    edit,
    runs_of,
    settled,
    tickets,
    turned_on,
    value_of,
    when,
)
from tests.llm_stand_in import StandIn, Trouble

from penstock.accounts.actors import Actor
from penstock.bootstrap import Penstock, open_penstock, work
from penstock.engine.lanes import enqueue
from penstock.errors import Conflict, InvalidInput
from penstock.kit.database import transaction
from penstock.knowledge import documents, sets
from penstock.knowledge.reading import read_file
from penstock.llm.batches import OFFERED
from penstock.llm.catalog import price
from penstock.llm.result import Usage
from penstock.settings import Settings
from penstock.workflows import enrolling
from penstock.workflows.batches import batches
from penstock.workflows.batches.batches import BatchRow
from penstock.workflows.enrollment import enroll_by_hand
from penstock.workflows.reviews import queue
from penstock.workflows.run_deeds.retry import retry
from penstock.workflows.runs import cancel, get_steps

MODELS = {
    "openai": "gpt-4.1-mini",
    "anthropic": "claude-sonnet-4-6",
    "google": "gemini-2.5-flash",
    "xai": "grok-4.3",
    "cohere": "command-a-03-2025",
}


@pytest.fixture
def live() -> StandIn:
    return StandIn(answer=lambda _prompt: json.dumps({"urgency": "high"}))


@pytest.fixture
async def provider(live: StandIn) -> AsyncIterator[BatchStandIn]:
    async with batch_stand_in(live, answer=lambda _prompt: json.dumps({"urgency": "high"})) as running:
        yield running


@pytest.fixture
async def app(settings: Settings, provider: BatchStandIn) -> AsyncIterator[Penstock]:
    quick = replace(
        settings, provider_base_urls=base_urls(provider), batch_quiet_seconds=0.3, batch_look_seconds=0.1
    )
    async with open_penstock(quick) as penstock:
        yield penstock


async def flow_of(app: Penstock, provider: str) -> int:
    connection = await connected(app, provider)
    return await turned_on(
        app, ask("1", connection, MODELS[provider], "2"), edit("2", "urgency", answer("1", "urgency"))
    )


async def enrolled(app: Penstock, flow: int, *records: int) -> list[int]:
    async with transaction(app.pool) as db:
        found = await enroll_by_hand(db, enqueue, app.runner.plans, 1, flow, records, batch=True)
    return [one.enrollment_id for one in found]


@pytest.mark.parametrize("key", PROVIDERS)
async def test_records_go_through_one_batch_each_once_and_cost_its_price(
    app: Penstock, provider: BatchStandIn, live: StandIn, key: str
) -> None:
    records = await tickets(app, *(f"Ticket {n}" for n in range(20)))
    flow = await flow_of(app, key)
    runs = await enrolled(app, flow, *records)
    async with work(app):
        for run in runs:
            assert (await settled(app, run)).status == "COMPLETED"
    assert live.seen == []
    assert len(provider.batches) == 1
    assert set(provider.asked.values()) == {1}
    for record in records:
        assert await value_of(app, record, "urgency") == "high"
    usual = price(key, MODELS[key], Usage(*provider.tokens), 1)
    assert usual is not None
    async with app.pool.acquire() as db:
        calls = await db.fetch("SELECT status, cost_usd, attempts FROM llm_calls")
        [shown] = await batches.list_batches(db, 1, flow_id=flow)
        batch = await db.fetchrow("SELECT * FROM llm_batches")
        [step, *_] = await get_steps(db, 1, runs[0])
        assert await db.fetchval("SELECT count(*) FROM llm_batch_items") == 0
    cost = (usual * OFFERED[key].price_factor).quantize(Decimal("0.00000001"))
    assert {(row["status"], row["cost_usd"], row["attempts"]) for row in calls} == {("recorded", cost, 1)}
    assert len(calls) == 20
    assert batch is not None
    assert (batch["state"], batch["questions"], batch["answered"], batch["cost_usd"]) == (
        "done",
        20,
        20,
        cost * 20,
    )
    saved = (usual * 20 - cost * 20).quantize(Decimal("0.00000001"))
    assert abs(shown.saved_usd - saved) < Decimal("0.0000002")
    [part] = shown.flows
    assert (part.flow_id, part.questions, part.answered) == (flow, 20, 20)
    assert (part.cost_usd, part.saved_usd) == (shown.cost_usd, shown.saved_usd)
    assert step.detail is not None
    assert step.detail["batch_id"] == str(batch["id"])
    assert "Ticket 0" in str((step.inputs or {})["prompt"])


@pytest.mark.parametrize("key", PROVIDERS)
async def test_errors_inside_a_batch_end_as_live_ones_and_what_expired_is_asked_again(
    app: Penstock, provider: BatchStandIn, key: str
) -> None:
    def error(prompt: str, batch: Kept) -> int | None:
        if "refused" in prompt:
            return 400
        return 0 if "late" in prompt and batch is next(iter(provider.batches.values())) else None

    provider.error = error
    good, refused, late = await tickets(app, "good", "refused", "late")
    flow = await flow_of(app, key)
    runs = await enrolled(app, flow, good, refused, late)
    async with work(app):
        ends = [await settled(app, run) for run in runs]
    assert [run.status for run in ends] == ["COMPLETED", "FAILED", "COMPLETED"]
    assert (ends[1].error or {})["code"] == "INVALID_REQUEST"
    assert len(provider.batches) == 2
    assert sorted(provider.asked.values()) == [1, 1, 2]


async def test_a_busy_answer_in_a_batch_is_tried_again_in_the_next(
    app: Penstock, provider: BatchStandIn
) -> None:
    provider.error = lambda _prompt, batch: 503 if batch is next(iter(provider.batches.values())) else None
    [record] = await tickets(app, "busy")
    [run] = await enrolled(app, await flow_of(app, "openai"), record)
    async with work(app):
        assert (await settled(app, run)).status == "COMPLETED"
    async with app.pool.acquire() as db:
        assert [step.status for step in await get_steps(db, 1, run)] == ["RETRYING", "COMPLETED", "COMPLETED"]


async def test_a_run_canceled_while_its_question_is_away_stays_canceled_and_its_answer_is_paid(
    app: Penstock, provider: BatchStandIn
) -> None:
    let_go = False
    provider.over = lambda _batch: let_go
    stays, leaves = await tickets(app, "stays", "leaves")
    flow = await flow_of(app, "anthropic")
    runs = await enrolled(app, flow, stays, leaves)
    async with work(app):
        while not provider.batches:
            await settled(app, runs[0], "WAITING")
        async with transaction(app.pool) as db:
            await cancel(db, 1, runs[1], "Ann")
        let_go = True
        assert (await settled(app, runs[0])).status == "COMPLETED"
        assert (await settled(app, runs[1])).status == "CANCELED"
    async with app.pool.acquire() as db:
        rows = await db.fetch("SELECT status, cost_usd FROM llm_calls")
        assert await db.fetchval("SELECT count(*) FROM llm_batch_items") == 0
    assert len(rows) == 2
    assert all(row["cost_usd"] > 0 for row in rows)
    assert await value_of(app, leaves, "urgency") is None


async def test_an_uninstalled_connection_fails_the_runs_that_wait_for_its_batch(
    app: Penstock, provider: BatchStandIn
) -> None:
    provider.over = lambda _batch: False
    [record] = await tickets(app, "waits")
    [run] = await enrolled(app, await flow_of(app, "openai"), record)
    async with work(app):
        while not provider.batches:
            await settled(app, run, "WAITING")
        async with app.pool.acquire() as db:
            await db.execute("UPDATE connections SET uninstalled_at = now()")
        end = await settled(app, run)
    assert (end.status, (end.error or {})["code"]) == ("FAILED", "CONNECTION_MISSING")


async def test_a_refused_key_pauses_the_batch_and_marks_the_connection(
    app: Penstock, provider: BatchStandIn
) -> None:
    [record] = await tickets(app, "waits")
    [run] = await enrolled(app, await flow_of(app, "openai"), record)

    async def refuse(_moment: str) -> None:  # the key was good when it was connected
        raise web.HTTPUnauthorized(
            text=json.dumps({"error": {"message": "Bad key.", "code": "invalid_api_key"}})
        )

    provider.before_reply = refuse
    async with work(app):
        while True:
            async with app.pool.acquire() as db:
                if await db.fetchval("SELECT status FROM connections") == "needs_attention":
                    break
            await settled(app, run, "WAITING", "ACTIVE")
        assert (await settled(app, run, "WAITING")).wait_for is not None


async def test_records_that_are_enrolled_in_the_background_go_through_the_batch_as_well(
    app: Penstock, live: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolling, "ENROLL_AT_ONCE", 2)
    await tickets(app, *(f"Ticket {n}" for n in range(5)))
    async with transaction(app.pool) as db:  # a change would enroll them by the trigger
        await db.execute("""UPDATE records SET properties = properties || '{"urgency": "low"}'""")
        await db.execute("DELETE FROM change_queue")
    connection = await connected(app, "openai")
    step = ask("1", connection, MODELS["openai"])
    flow = await turned_on(app, step, criteria=when("urgency", "low"))
    async with transaction(app.pool) as db:
        begun = await enrolling.begin(db, enqueue, app.runner.plans, 1, flow, app.clock.now(), batch=True)
    assert begun == enrolling.Begun(2, goes_on=True)
    async with work(app):
        while len(runs := await runs_of(app, flow)) < 5:
            await settled(app, runs[0].id, "ACTIVE", "WAITING", "COMPLETED")
        for run in runs:
            assert (await settled(app, run.id)).status == "COMPLETED"
    assert live.seen == []


async def test_a_provider_without_batches_is_refused_with_its_reason(app: Penstock) -> None:
    [record] = await tickets(app, "one")
    flow = await flow_of(app, "cohere")
    with pytest.raises(InvalidInput, match="Cohere publishes no lower price"):
        await enrolled(app, flow, record)


async def test_a_step_that_searches_goes_into_batches_that_know_searches_and_pays_them_in_full(
    app: Penstock, provider: BatchStandIn
) -> None:
    openai, anthropic = await connected(app, "openai"), await connected(app, "anthropic")
    [record] = await tickets(app, "one")
    model = MODELS["anthropic"]
    asked = ask("1", openai, MODELS["openai"], "2", web_search=True)
    write = edit("2", "content", answer("1", "hs_sources"))
    with pytest.raises(InvalidInput, match="step 1 searches the web"):
        await enrolled(app, await turned_on(app, asked, write), record)
    asked = ask("1", anthropic, model, "2", web_search=True)
    [run] = await enrolled(app, await turned_on(app, asked, write), record)
    async with work(app):
        assert (await settled(app, run)).status == "COMPLETED"
    assert await value_of(app, record, "content") == "Fires: https://example.com/fires"
    tokens = price("anthropic", model, Usage(*provider.tokens), 1)
    assert tokens is not None
    async with app.pool.acquire() as db:
        cost = await db.fetchval("SELECT cost_usd FROM llm_calls")
    assert cost == tokens / 2 + Decimal("0.01")


async def test_a_canceled_batch_gives_up_what_is_not_answered_and_its_runs_can_be_retried(
    app: Penstock, provider: BatchStandIn
) -> None:
    provider.over = lambda batch: batch.canceled
    records = await tickets(app, "one", "two")
    runs = await enrolled(app, await flow_of(app, "xai"), *records)
    async with work(app):
        while not (provider.batches and next(iter(provider.batches.values())).looks):
            await settled(app, runs[0], "WAITING")
        async with transaction(app.pool) as db:
            [batch] = await batches.list_batches(db, 1)
            await batches.cancel(db, 1, batch.id)
        ends = [await settled(app, run) for run in runs]
        assert [(run.status, (run.error or {})["code"]) for run in ends] == [("FAILED", "BATCH_CANCELED")] * 2
        while (await batch_of(app)).state != "canceled":
            await settled(app, runs[0])
        provider.over = lambda _batch: True
        async with transaction(app.pool) as db:
            await retry(db, enqueue, app.runner.plans, 1, runs, "same")
        for run in runs:
            assert (await settled(app, run, "COMPLETED")).status == "COMPLETED"
    async with app.pool.acquire() as db:
        with pytest.raises(Conflict, match="is over: it is canceled"):
            await batches.cancel(db, 1, batch.id)
        assert (
            await db.fetchval("SELECT count(*) FROM llm_calls") == 2
        )  # what was not asked is not in the ledger


async def batch_of(app: Penstock) -> BatchRow:
    """The first batch."""
    async with app.pool.acquire() as db:
        return (await batches.list_batches(db, 1))[-1]


async def test_masks_come_off_the_answers_of_a_batch_and_passages_are_named(
    app: Penstock, provider: BatchStandIn
) -> None:
    provider.answer = lambda prompt: "Seen " + prompt.rsplit(" ", 1)[-1]
    connection = await connected(app, "openai")
    [record] = await tickets(app, "From anna@example.com")
    ann = Actor(1, "cli", "ann", "ann", "owner")
    async with transaction(app.pool) as db:
        rules = (await sets.create(db, ann, name="Rules", language="english")).id
        await documents.put(
            db, ann, rules, await read_file("senders.md", b"Mail from anna@example.com is urgent.")
        )
    prompt = "{{ knowledge }} {{ enrolled_object.subject }}"
    step = ask(
        "1", connection, MODELS["openai"], "2",
        output={"type": "text"}, mask=["email"], prompt=prompt, knowledge=[str(rules)],
    )  # fmt: skip
    flow = await turned_on(app, step, edit("2", "content", answer("1", "text")))
    [run] = await enrolled(app, flow, record)
    async with work(app):
        assert (await settled(app, run)).status == "COMPLETED"
    assert await value_of(app, record, "content") == "Seen anna@example.com"
    async with app.pool.acquire() as db:
        [step, *_] = await get_steps(db, 1, run)
    assert str((step.inputs or {})["prompt"]) == (
        "[1] senders.md\nMail from [EMAIL_1] is urgent. From [EMAIL_1]"
    )
    assert (step.outputs or {})["hs_knowledge_sources"] == "[1] senders.md (passage 1)"
    assert (step.outputs or {})["hs_prompt_hash"] == (step.detail or {})["prompt_hash"]


async def test_an_answer_that_does_not_fit_is_asked_for_again_live_and_a_doubtful_one_waits_for_a_person(
    app: Penstock, provider: BatchStandIn, live: StandIn
) -> None:
    def said(urgency: str, sure: float) -> str:
        return json.dumps({"urgency": urgency, "urgency_confidence": sure})

    provider.answer = lambda prompt: (
        said("None of them", 0.9) if "odd" in prompt else said("high", 0.2 if "doubtful" in prompt else 0.9)
    )
    live.answer, live.delay = (lambda _prompt: said("low", 0.9)), 60.0
    connection = await connected(app, "openai")
    good, odd, doubtful = await tickets(app, "good", "odd", "doubtful")
    urgency = {"name": "urgency", "type": "choice", "options_from_property": "urgency", "review_below": 0.5}
    step = ask(
        "1", connection, MODELS["openai"], "2", output={"type": "fields", "fields": [urgency]},
        repair_prompt="Again: {{ problem }} You said: {{ answer }}", reuse_seconds=3600,
    )  # fmt: skip
    flow = await turned_on(app, step, edit("2", "urgency", answer("1", "urgency")))
    runs = await enrolled(app, flow, good, odd, doubtful)
    async with work(app, grace_seconds=0.1):
        while not live.seen:  # the worker dies while the second question is away
            await settled(app, runs[1], "WAITING")
    live.delay = 0
    live.trouble = lambda _seen: Trouble(429, {"error": {"message": "Slow down."}}, {"retry-after": "0"}) if len(live.seen) == 2 else None  # fmt: skip
    async with app.pool.acquire() as db:  # a batch that was given back in trouble is left alone for a while
        await db.execute("UPDATE llm_batches SET next_at = now()")
    async with work(app):
        ends = [await settled(app, run, "COMPLETED") for run in runs[:2]]
        waits = await settled(app, runs[2], "WAITING")
        while waits.wait_for != "review":
            waits = await settled(app, runs[2], "WAITING")
        assert (len(live.seen), "You said" in live.seen[-1].prompt) == (3, True)
        # Equal questions, in a batch or live, are answered from before.
        for subject, batch in (("good", True), ("odd", True), ("good", False)):
            [record] = await tickets(app, subject)
            async with transaction(app.pool) as db:
                [one] = await enroll_by_hand(db, enqueue, app.runner.plans, 1, flow, [record], batch=batch)
            assert (await settled(app, one.enrollment_id)).status == "COMPLETED"
            assert await value_of(app, record, "urgency") == ("low" if subject == "odd" else "high")
        assert (len(live.seen), len(provider.batches)) == (3, 1)
    assert [await value_of(app, one, "urgency") for one in (good, odd, doubtful)] == ["high", "low", None]
    once = price("openai", MODELS["openai"], Usage(*provider.tokens), 1)
    again = price("openai", MODELS["openai"], Usage(20, 7), 1)
    assert once is not None
    assert again is not None
    cost = (once / 2 + again).quantize(Decimal("0.00000001"))
    async with app.pool.acquire() as db:
        ledger = await db.fetchrow("SELECT * FROM llm_calls WHERE enrollment_id = $1", runs[1])
        [step_of, *_] = await get_steps(db, 1, runs[1])
        [review] = await queue.waiting(db, 1)
    assert ledger is not None
    assert (ledger["status"], ledger["cost_usd"], ledger["attempts"]) == ("recorded", cost, 2)
    assert (review.enrollment_id, review.changed) == (runs[2], ())
    assert Decimal(str((step_of.detail or {})["cost_usd"])) == cost
    assert (step_of.outputs or {})["hs_input_tokens"] == provider.tokens[0] + 20
    assert [run.status for run in ends] == ["COMPLETED", "COMPLETED"]
