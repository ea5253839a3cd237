"""Doubtful answers wait for a person: approved, edited or rejected once, and never against a record that changed."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.engine.scene import (
    ME,
    answer,
    ask,
    change,
    connected,
    edit,
    enroll,
    settled,
    tickets,
    turned_on,
    value_of,
)
from tests.llm_stand_in import StandIn

from penstock.bootstrap import Penstock, work
from penstock.errors import ChangedMeanwhile, Conflict, InvalidInput, PenstockError
from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.workflows import runs
from penstock.workflows.reviews import queue
from penstock.workflows.reviews.deciding import Decision, decide
from penstock.workflows.reviews.queue import Review

URGENCY: JsonObject = {
    "name": "urgency",
    "type": "choice",
    "label": "Urgency",
    "options_from_property": "urgency",
    "review_below": 0.7,
    "fallback": "low",
}
APPROVE, REJECT = Decision("approve"), Decision("reject", reason="It is a joke.")


def said(urgency: str, confidence: float) -> str:
    return json.dumps({"urgency": urgency, "urgency_confidence": confidence})


async def asked(app: Penstock, *subjects: str, **fields: object) -> tuple[list[int], list[int]]:
    """Tickets whose urgency is asked for, with a threshold, and written; the ids of tickets and runs."""
    connection = await connected(app, "openai")
    ids = await tickets(app, *subjects)
    output = {"type": "fields", "fields": [URGENCY]}
    flow = await turned_on(
        app,
        ask("1", connection, "gpt-4.1-mini", "2", output=output, **fields),
        edit("2", "urgency", answer("1", "urgency")),
    )
    return ids, [one.enrollment_id for one in await enroll(app, flow, *ids)]


async def waiting(app: Penstock) -> list[Review]:
    async with app.pool.acquire() as db:
        return await queue.waiting(db, 1)


async def decided(app: Penstock, review_id: int, decision: Decision) -> Review:
    async with transaction(app.pool) as db:
        return await decide(app.runner, db, ME, review_id, decision)


async def count(app: Penstock, sql: str, *arguments: object) -> int:
    async with app.pool.acquire() as db:
        return int(await db.fetchval(sql, *arguments))


async def test_what_the_model_is_sure_of_goes_on_and_what_it_doubts_waits_for_a_person(
    app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda prompt: said("High", 0.95 if "Fire" in prompt else 0.4)
    async with work(app):
        [sure, doubtful], [first, second] = await asked(app, "Fire", "Smoke?")
        assert (await settled(app, first)).status == "COMPLETED"
        stands = await settled(app, second, "WAITING")
        assert (stands.wait_for, stands.wake_at) == ("review", None)
        assert (await value_of(app, sure, "urgency"), await value_of(app, doubtful, "urgency")) == (
            "high",
            None,
        )
        [review] = await waiting(app)
        [field] = review.fields
        assert (field.value, field.confidence, field.threshold, field.doubtful) == ("high", 0.4, 0.7, True)
        assert (review.record_id, review.record_name, review.changed) == (doubtful, "Smoke?", ())
        async with app.pool.acquire() as db:
            question = await queue.question_of(db, 1, review)
        assert (question.prompt, question.model) == ("How urgent? Smoke?", "gpt-4.1-mini")
        assert (await decided(app, review.id, APPROVE)).state == "APPROVED"
        assert (await settled(app, second)).status == "COMPLETED"
    assert await value_of(app, doubtful, "urgency") == "high"
    assert await waiting(app) == []
    # One call was paid for, and stands once in the figures.
    assert await count(app, "SELECT count(*) FROM llm_calls WHERE enrollment_id = $1", second) == 1
    assert await count(app, "SELECT sum(done) FROM step_tallies WHERE action_id = '1'") == 2
    assert await count(app, "SELECT sum(repeats) FROM step_tallies WHERE action_id = '1'") == 0
    assert await count(app, "SELECT sum(input_tokens) FROM step_tallies WHERE action_id = '1'") == 40


async def test_a_written_value_must_fit_and_the_history_names_who_let_it_through(
    app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _prompt: said("High", 0.1)
    async with work(app):
        [ticket], [run] = await asked(app, "Smoke?")
        await settled(app, run, "WAITING")
        [review] = await waiting(app)
        with pytest.raises(InvalidInput, match=r"values\.urgency"):
            await decided(app, review.id, Decision("approve", {"urgency": "Ablaze"}))
        with pytest.raises(InvalidInput, match=r"values\.colour"):
            await decided(app, review.id, Decision("approve", {"colour": "red"}))
        assert (await decided(app, review.id, Decision("approve", {"urgency": "Low"}))).state == "EDITED"
        await settled(app, run)
    assert await value_of(app, ticket, "urgency") == "low"
    async with app.pool.acquire() as db:
        origin = await db.fetchval(
            "SELECT source_detail FROM property_history WHERE record_id = $1 AND property = 'urgency'", ticket
        )
    assert (origin["reviewed_by"], origin["model"]) == ("test", "gpt-4.1-mini")
    assert "confidence" not in origin


@pytest.mark.parametrize(
    ("rule", "status", "value"), [("fail", "FAILED", None), ("fallback", "COMPLETED", "low")]
)
async def test_a_rejected_answer_comes_to_what_the_author_chose(
    rule: str, status: str, value: str | None, app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _prompt: said("High", 0.1)
    async with work(app):
        [ticket], [run] = await asked(app, "Smoke?", when_rejected=rule)
        await settled(app, run, "WAITING")
        [review] = await waiting(app)
        assert (await decided(app, review.id, REJECT)).state == "REJECTED"
        ended = await settled(app, run)
    assert (ended.status, await value_of(app, ticket, "urgency")) == (status, value)
    if ended.error is not None:
        assert ended.error["code"] == "REJECTED_IN_REVIEW"
        assert "It is a joke." in str(ended.error["message"])


async def test_an_answer_about_a_record_that_changed_since_is_approved_only_by_who_saw_the_change(
    app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _prompt: said("High", 0.1)
    async with work(app):
        [ticket], [run] = await asked(app, "Smoke?")
        await settled(app, run, "WAITING")
        [review] = await waiting(app)
        await change(app, ticket, subject="Only steam")
        with pytest.raises(ChangedMeanwhile, match="subject"):
            await decided(app, review.id, APPROVE)
        with pytest.raises(ChangedMeanwhile):
            await decided(app, review.id, Decision("approve", record_version=review.record_version))
        async with app.pool.acquire() as db:
            seen = await queue.get(db, 1, review.id)
            [changed] = (await queue.question_of(db, 1, seen)).changes
        assert (changed.before, changed.now) == ("Smoke?", "Only steam")
        await decided(app, review.id, Decision("approve", record_version=seen.record_version))
        assert (await settled(app, run)).status == "COMPLETED"


async def test_eight_who_approve_at_once_let_the_record_go_on_once(app: Penstock, stand_in: StandIn) -> None:
    stand_in.answer = lambda _prompt: said("High", 0.1)
    async with work(app):
        [ticket], [run] = await asked(app, "Smoke?")
        await settled(app, run, "WAITING")
        [review] = await waiting(app)
        outcomes = await asyncio.gather(
            *(decided(app, review.id, APPROVE) for _ in range(8)), return_exceptions=True
        )
        await settled(app, run)
    assert sum(not isinstance(one, BaseException) for one in outcomes) == 1
    assert {one.code for one in outcomes if isinstance(one, PenstockError)} == {"CONFLICT"}
    history = "SELECT count(*) FROM property_history WHERE record_id = $1 AND property = 'urgency'"
    assert await count(app, history, ticket) == 1


async def test_a_canceled_run_leaves_nothing_to_decide(app: Penstock, stand_in: StandIn) -> None:
    stand_in.answer = lambda _prompt: said("High", 0.1)
    async with work(app):
        _, [run, other] = await asked(app, "Smoke?", "Fire?")
        for one in (run, other):
            await settled(app, one, "WAITING")
        review, open_one = sorted(await waiting(app), key=lambda found: found.enrollment_id)
        async with transaction(app.pool) as db:
            await runs.cancel(db, 1, run, "Ann")
        with pytest.raises(Conflict, match="does not wait"):
            await decided(app, review.id, APPROVE)
        assert [found.id for found in await waiting(app)] == [open_one.id]
        async with transaction(app.pool) as db:
            await runs.cancel_all_of_flow(db, 1, open_one.flow_id, "The workflow was deleted.")
    assert await waiting(app) == []
    async with app.pool.acquire() as db:
        assert {found.id for found in await queue.decided(db, 1)} == {open_one.id, review.id}
        rows = await db.fetch("SELECT state, seen FROM reviews")
    assert [(row["state"], row["seen"]) for row in rows] == [("OVER", {})] * 2


async def test_a_decided_review_keeps_no_words_of_a_model_that_the_logs_do_not_keep(
    app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _prompt: said("high", 0.2)
    async with work(app):
        [ticket], [run] = await asked(app, "Fire")
        await settled(app, run, "WAITING")
        async with app.pool.acquire() as db:
            await db.execute("UPDATE flows SET keep_replies = 30")
        [review] = await waiting(app)
        assert review.fields[0].value == "high"
        await decided(app, review.id, APPROVE)
        await settled(app, run)
    assert await value_of(app, ticket, "urgency") == "high"
    async with app.pool.acquire() as db:
        row = await db.fetchrow("SELECT fields, outputs, decided_outputs, state FROM reviews")
    assert row is not None
    assert (row["state"], row["outputs"], row["decided_outputs"]) == ("APPROVED", {}, None)
    assert [part["value"] for part in row["fields"]] == [None]
