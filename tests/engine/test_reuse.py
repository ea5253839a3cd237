"""Identical questions are asked once where the author allows it, and finished steps are never paid for again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from tests.engine.scene import (
    TICKETS,
    URGENCY,
    answer,
    ask,
    connected,
    edit,
    enroll,
    settled,
    tickets,
    turned_on,
    value_of,
)
from tests.llm_stand_in import StandIn, Trouble

from penstock.bootstrap import Penstock, work
from penstock.connections.connections import ProviderConnection
from penstock.crm import properties
from penstock.crm.properties import Option
from penstock.engine.lanes import enqueue
from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.workflows.legs.reuse import forget_expired
from penstock.workflows.run_deeds.retry import retry

HIGH = json.dumps({"urgency": "High"})
PROMPT = "How urgent? {{ enrolled_object.subject | fenced }}"


async def flow_of(app: Penstock, connection: ProviderConnection, **fields: object) -> int:
    await tickets(app, "One that brings the property")
    step = ask("1", connection, "gpt-4.1-mini", "2", prompt=PROMPT, **fields)
    return await turned_on(app, step, edit("2", "urgency", answer("1", "urgency")))


async def run_all(app: Penstock, flow: int, *subjects: str, ends: str = "COMPLETED") -> list[int]:
    """Enrolls a new ticket of each subject at once and waits; the runs."""
    enrolled = await enroll(app, flow, *await tickets(app, *subjects))
    for one in enrolled:
        assert (await settled(app, one.enrollment_id)).status == ends
    return [one.enrollment_id for one in enrolled]


async def details(app: Penstock, runs: list[int]) -> list[JsonObject]:
    async with app.pool.acquire() as db:
        rows = await db.fetch(
            "SELECT detail FROM steps WHERE enrollment_id = ANY ($1::bigint[]) AND action_id = '1' AND status = 'COMPLETED'"
            " ORDER BY enrollment_id",
            runs,
        )
    return [row["detail"] for row in rows]


async def test_equal_questions_are_asked_once_whether_at_once_or_later(
    app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _prompt: HIGH
    stand_in.delay = 0.2
    async with work(app):
        flow = await flow_of(app, await connected(app, "openai"), reuse_seconds=3600)
        at_once = await run_all(app, flow, "Fire", "Fire", "Fire", "Flood")
        assert len(stand_in.seen) == 2
        later = await run_all(app, flow, "Fire")
        assert len(stand_in.seen) == 2
    found = await details(app, at_once + later)
    shared = [detail for detail in found if "reused" in detail]
    assert len(shared) == 3
    for detail in shared:
        assert (detail["cost_usd"], detail["model"]) == ("0", "gpt-4.1-mini")
        assert isinstance(detail["reused"], dict)
        assert int(str(detail["reused"]["enrollment_id"])) in at_once
    async with app.pool.acquire() as db:
        assert await db.fetchval("SELECT count(*) FROM llm_calls") == 2
        assert await db.fetchval("SELECT count(*) FROM records WHERE properties ->> 'urgency' = 'high'") == 5


async def test_nothing_is_reused_unless_the_author_allows_it_or_when_it_is_too_old(
    app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _prompt: HIGH
    async with work(app):
        connection = await connected(app, "openai")
        await run_all(app, await flow_of(app, connection), "Fire", "Fire")
        assert len(stand_in.seen) == 2
        flow = await flow_of(app, connection, reuse_seconds=3600)
        await run_all(app, flow, "Fire")
        async with app.pool.acquire() as db:
            await db.execute("UPDATE llm_answers SET answered_at = answered_at - interval '2 hours'")
        await run_all(app, flow, "Fire")
        assert len(stand_in.seen) == 4
        other_words = await flow_of(app, connection, reuse_seconds=3600, system_prompt="Be strict.")
        await run_all(app, other_words, "Fire")
        assert len(stand_in.seen) == 5
    async with transaction(app.pool) as db:
        assert await db.fetchval("SELECT count(*) FROM llm_answers") == 2
        await forget_expired(db, app.clock.now() + timedelta(seconds=3601))
        assert await db.fetchval("SELECT count(*) FROM llm_answers") == 0


async def test_who_waits_for_an_answer_that_does_not_come_asks(app: Penstock, stand_in: StandIn) -> None:
    stand_in.answer = lambda _prompt: HIGH
    refused = Trouble(400, {"error": {"message": "No.", "code": "invalid_prompt", "param": "input"}})
    stand_in.trouble = lambda _seen: refused if len(stand_in.seen) == 1 else None
    stand_in.delay = 0.2
    async with work(app):
        flow = await flow_of(app, await connected(app, "openai"), reuse_seconds=3600)
        enrolled = await enroll(app, flow, *await tickets(app, "Fire", "Fire", "Fire"))
        ends = [(await settled(app, one.enrollment_id)).status for one in enrolled]
    assert sorted(ends) == ["COMPLETED", "COMPLETED", "FAILED"]
    assert len(stand_in.seen) == 2


async def test_a_retry_of_a_run_that_failed_later_pays_nothing_for_the_finished_llm_step(
    app: Penstock, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _prompt: HIGH
    async with work(app):
        connection = await connected(app, "openai")
        [ticket] = await tickets(app, "Fire")
        severity = replace(URGENCY, name="severity", label="Severity", options=(Option("low", "Low"),))
        async with transaction(app.pool) as db:
            await properties.create(db, 1, TICKETS, severity)
        flow = await turned_on(
            app,
            ask("1", connection, "gpt-4.1-mini", "2", prompt=PROMPT),
            edit("2", "severity", answer("1", "urgency")),
        )
        [run] = [one.enrollment_id for one in await enroll(app, flow, ticket)]
        assert (await settled(app, run)).next_action_id == "2"
        async with transaction(app.pool) as db:
            await properties.update(db, 1, TICKETS, replace(severity, options=URGENCY.options))
            await retry(db, enqueue, app.runner.plans, 1, [run], "same")
        assert (await settled(app, run)).status == "COMPLETED"
    assert await value_of(app, ticket, "severity") == "high"
    assert len(stand_in.seen) == 1


async def test_an_answer_is_kept_for_no_longer_than_the_logs_keep_replies(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    stand_in.answer = lambda _prompt: HIGH
    flow = await flow_of(app, connection, reuse_seconds=3600)
    async with app.pool.acquire() as db:
        await db.execute("UPDATE flows SET keep_replies = 0")
    async with work(app):
        await run_all(app, flow, "Same")
        await run_all(app, flow, "Same")
    assert len(stand_in.seen) == 2
    async with app.pool.acquire() as db:
        assert await db.fetchval("SELECT count(*) FROM llm_answers") == 0
