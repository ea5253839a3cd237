"""Trying a workflow on a record asks the real model and leaves no trace."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.engine.scene import ME, answer, ask, connected, edit, step, tickets, turned_on
from tests.llm_stand_in import StandIn, Trouble, llm_stand_in

from penstock.bootstrap import Penstock, open_penstock
from penstock.errors import NotFound
from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.settings import Settings
from penstock.workflows.dry_run import DryRun, dry_run
from penstock.workflows.spending.caps import list_caps, set_cap


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with llm_stand_in(answer=lambda _prompt: json.dumps({"urgency": "high"})) as running:
        yield running


@pytest.fixture
async def app(settings: Settings, stand_in: StandIn) -> AsyncIterator[Penstock]:
    async with open_penstock(replace(settings, provider_base_urls=stand_in.base_urls())) as penstock:
        yield penstock


async def tried(app: Penstock, flow_id: int, record_id: int) -> DryRun:
    async with app.pool.acquire() as db:
        plan = (await app.runner.plans.get(db, [(flow_id, 1)]))[flow_id, 1]
    return await dry_run(app.pool, app.llm, app.vault, app.clock, 1, plan, record_id)


async def rows(app: Penstock) -> dict[str, int]:
    async with app.pool.acquire() as db:
        tables = (
            "enrollments",
            "steps",
            "mails",
            "webhook_deliveries",
            "llm_calls",
            "property_history",
            "changes",
        )
        return {table: await db.fetchval(f"SELECT count(*) FROM {table}") for table in tables}  # noqa: S608


async def test_a_dry_run_shows_every_step_the_values_and_the_mail_and_writes_nothing(app: Penstock) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(
        app,
        step("1", "0-1", {"delta": "3", "time_unit": "DAYS"}, "2"),
        ask("2", connection, "gpt-4.1-mini", "3"),
        edit("3", "urgency", answer("2", "urgency"), "4"),
        step(
            "4",
            "0-8",
            {
                "user_ids": [],
                "emails": ["a@penstock.test"],
                "subject": "{{ enrolled_object.urgency }}!",
                "body": "<p>x</p>",
            },
        ),
    )
    before = await rows(app)
    result = await tried(app, flow, ticket)
    assert result.status == "COMPLETED"
    assert [row.action_id for row in result.steps] == ["1", "2", "3", "4"]
    assert (result.before, result.after) == ({"urgency": None}, {"urgency": "high"})
    assert [keyed.mail.subject for keyed in result.mails] == ["high!"]
    assert [call.input_tokens for call in result.calls] == [20]
    assert await rows(app) == before


async def test_a_dry_run_ends_at_a_failure_with_its_cause(app: Penstock, stand_in: StandIn) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(app, ask("1", connection, "gpt-4.1-mini"))
    stand_in.trouble = lambda _seen: Trouble(500, {"error": {"message": "Oops"}})
    result = await tried(app, flow, ticket)
    assert result.status == "WAITING"
    assert result.error is not None
    assert result.error["code"] == "OVERLOADED"
    with pytest.raises(NotFound):
        await tried(app, flow, 999_999)


async def test_a_dry_run_asks_the_other_models_in_turn_and_then_takes_the_path_for_failed_records(
    app: Penstock, stand_in: StandIn
) -> None:
    first, second = await connected(app, "openai"), await connected(app, "anthropic")
    [ticket] = await tickets(app, "Fire")
    why: JsonObject = {"type": "FIELD_DATA", "actionId": "1", "dataKey": "error_code"}
    flow = await turned_on(
        app,
        ask(
            "1",
            first,
            "gpt-4.1-mini",
            fallbacks=[{"connection_id": str(second.id), "model": "claude-haiku-4-5"}],
            fallback_on=["overloaded", "invalid_request"],
            error_path={"connection": {"edgeType": "STANDARD", "nextActionId": "2"}},
        ),
        edit("2", "content", why),
    )
    busy = Trouble(503, {"error": {"message": "The server is overloaded.", "code": "server_error"}})
    stand_in.trouble = lambda seen: busy if seen.provider == "openai" else None
    answered = await tried(app, flow, ticket)
    assert (answered.status, [seen.provider for seen in stand_in.seen]) == (
        "COMPLETED",
        ["openai", "anthropic"],
    )
    assert [(one.action_id, one.status) for one in answered.steps] == [("1", "RETRYING"), ("1", "COMPLETED")]

    bad = Trouble(400, {"error": {"message": "No such parameter.", "code": "unknown_parameter"}})
    stand_in.trouble = lambda _seen: bad
    failed = await tried(app, flow, ticket)
    assert (failed.status, failed.after["content"]) == ("COMPLETED", "INVALID_REQUEST")


async def test_a_dry_run_counts_under_the_caps_and_keeps_to_them(app: Penstock, stand_in: StandIn) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(app, ask("1", connection, "gpt-4.1-mini"))
    async with transaction(app.pool) as db:
        await set_cap(db, 1, ME, "connection", connection.id, "day", Decimal("0.002"))
    stand_in.tokens = lambda _seen, _answer: (1000, 1000)  # 0.002 USD
    assert (await tried(app, flow, ticket)).status == "COMPLETED"
    async with app.pool.acquire() as db:
        [cap] = await list_caps(db, 1)
    assert (cap.spent_usd, cap.reserved_usd) == (Decimal("0.002"), 0)
    refused = await tried(app, flow, ticket)
    assert refused.status == "FAILED"
    assert refused.error is not None
    assert "cap of 0.0020 USD for the connection" in str(refused.error["message"])
    assert len(stand_in.seen) == 1
