"""Answers of models on their way to values: what fits, what is asked again, what fails."""

from __future__ import annotations

import json
from decimal import Decimal

from tests.engine.scene import answer, ask, connected, edit, enroll, settled, tickets, turned_on, value_of
from tests.llm_stand_in import StandIn, Trouble

from penstock.bootstrap import Penstock, work
from penstock.kit.json import JsonObject
from penstock.workflows.runs import get_run

HIGH = json.dumps({"urgency": "High"})
NONE_OF_THEM = json.dumps({"urgency": "Ablaze"})


async def asked(app: Penstock, **fields: object) -> tuple[int, int]:
    """A ticket whose urgency is asked for and written; the ids of ticket and run."""
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(
        app, ask("1", connection, "gpt-4.1-mini", "2", **fields), edit("2", "urgency", answer("1", "urgency"))
    )
    [enrolled] = await enroll(app, flow, ticket)
    return ticket, enrolled.enrollment_id


async def step_of(app: Penstock, run: int) -> tuple[str, JsonObject]:
    """Status and detail of the LLM step."""
    async with app.pool.acquire() as db:
        row = await db.fetchrow(
            "SELECT status, detail FROM steps WHERE enrollment_id = $1 AND action_id = '1'", run
        )
    assert row is not None
    return row["status"], row["detail"]


async def test_an_answer_that_does_not_fit_is_asked_for_once_more_in_the_authors_words_and_both_calls_count(
    app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda prompt: HIGH if "Again" in prompt else NONE_OF_THEM
    async with work(app):
        ticket, run = await asked(app, repair_prompt="Again: {{ problem }} You said: {{ answer }}")
        await settled(app, run)
    first, second = stand_in.seen
    assert second.prompt == (
        f"{first.prompt}\n\nAgain: The field 'urgency' should be one of: Low, High. The answer has something else. "
        f"You said: {NONE_OF_THEM}"
    )
    assert await value_of(app, ticket, "urgency") == "high"
    status, detail = await step_of(app, run)
    assert status == "COMPLETED"
    assert detail["tokens"] == {"input": 40, "output": 14, "cached": 0, "cache_write": 0, "reasoning": 0}
    repair = detail["repair"]
    assert isinstance(repair, dict)
    assert repair["answer"] == NONE_OF_THEM
    assert Decimal(str(detail["cost_usd"])) == 2 * Decimal(str(repair["cost_usd"]))
    async with app.pool.acquire() as db:
        ledger = await db.fetchrow(
            "SELECT input_tokens, cost_usd FROM llm_calls WHERE enrollment_id = $1", run
        )
    assert ledger is not None
    assert (ledger["input_tokens"], str(ledger["cost_usd"])) == (40, detail["cost_usd"])


async def test_an_answer_that_never_fits_costs_two_calls_at_most_and_fails_with_both_replies_kept(
    app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda prompt: "Still no idea." if "once more" in prompt else NONE_OF_THEM
    async with work(app):
        ticket, run = await asked(app)
        failed = await settled(app, run)
    assert failed.status == "FAILED"
    assert len(stand_in.seen) == 2
    status, detail = await step_of(app, run)
    assert (status, detail["answer"]) == ("FAILED", "Still no idea.")
    assert isinstance(detail["repair"], dict)
    assert detail["repair"]["answer"] == NONE_OF_THEM
    assert await value_of(app, ticket, "urgency") is None


async def test_without_words_for_it_nothing_is_asked_again(app: Penstock, stand_in: StandIn) -> None:
    stand_in.answer = lambda _prompt: NONE_OF_THEM
    async with work(app):
        _, run = await asked(app, repair_prompt="")
        assert (await settled(app, run)).status == "FAILED"
    assert len(stand_in.seen) == 1


async def test_a_fallback_stands_in_for_an_unknown_answer_without_another_call(
    app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _prompt: NONE_OF_THEM
    choice = {"name": "urgency", "type": "choice", "options_from_property": "urgency", "fallback": "low"}
    async with work(app):
        ticket, run = await asked(app, output={"type": "fields", "fields": [choice]})
        assert (await settled(app, run)).status == "COMPLETED"
    assert len(stand_in.seen) == 1
    assert await value_of(app, ticket, "urgency") == "low"
    _, detail = await step_of(app, run)
    assert detail["fell_back"] == ["urgency"]


async def test_what_the_providers_cache_saved_stands_in_the_step(app: Penstock, stand_in: StandIn) -> None:
    stand_in.answer = lambda _prompt: HIGH
    stand_in.cached = lambda _seen: 900
    stand_in.tokens = lambda _seen, _answer: (1000, 7)
    async with work(app):
        _, run = await asked(app)
        await settled(app, run)
    _, detail = await step_of(app, run)
    tokens = detail["tokens"]
    assert isinstance(tokens, dict)
    assert (tokens["input"], tokens["cached"]) == (1000, 900)
    # gpt-4.1-mini: 0.40 USD a million plain, 0.10 from the cache.
    assert detail["saved_usd"] == "0.00027000"


async def test_a_retry_and_a_replay_ask_in_the_same_words_and_other_runs_have_another_fence(
    app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _prompt: HIGH
    busy = Trouble(503, {"error": {"message": "busy"}})
    stand_in.trouble = lambda _seen: busy if len(stand_in.seen) == 1 else None
    prompt = "How urgent? {{ enrolled_object.subject | fenced }}"
    async with work(app):
        _, run = await asked(app, prompt=prompt)
        await settled(app, run)
        stand_in.trouble = lambda _seen: None
        async with app.pool.acquire() as db:
            before = await get_run(db, 1, run)
        [another] = await enroll(app, before.flow_id, *await tickets(app, "Fire"))
        await settled(app, another.enrollment_id)
    first, again, other = (seen.prompt for seen in stand_in.seen)
    assert first == again
    assert first.startswith("How urgent? <data-")
    assert "Fire" in other
    assert other != first
