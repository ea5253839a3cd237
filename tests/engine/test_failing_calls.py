"""What becomes of a record whose call fails: other models in turn, the error path, and only then people."""

from __future__ import annotations

import json

import pytest
from tests.engine.scene import ME, answer, ask, connected, edit, enroll, settled, tickets, turned_on, value_of
from tests.llm_stand_in import GOOD_KEY, StandIn, Trouble

from penstock.bootstrap import Penstock, work
from penstock.connections.connecting import replace_key
from penstock.connections.connections import get as get_connection
from penstock.kit.json import JsonObject
from penstock.workflows import runs

HIGH = json.dumps({"urgency": "high"})
BUSY = Trouble(503, {"error": {"message": "The server is overloaded.", "code": "server_error"}})
NO_KEY = Trouble(401, {"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}})
NO_MONEY = Trouble(429, {"error": {"message": "You exceeded your quota.", "code": "insufficient_quota"}})
BAD = Trouble(400, {"error": {"message": "No such parameter.", "code": "unknown_parameter"}})


async def steps_of(app: Penstock, run_id: int) -> list[tuple[str, str]]:
    async with app.pool.acquire() as db:
        return [(step.action_id, step.status) for step in await runs.get_steps(db, 1, run_id)]


async def test_a_failed_record_takes_the_error_path_with_the_cause_in_its_tokens(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    bad, good = await tickets(app, "Bad", "Good")
    path: JsonObject = {"connection": {"edgeType": "STANDARD", "nextActionId": "3"}}
    why: JsonObject = {"type": "FIELD_DATA", "actionId": "1", "dataKey": "error_code"}
    flow = await turned_on(
        app,
        ask("1", connection, "gpt-4.1-mini", "2", error_path=path),
        edit("2", "urgency", answer("1", "urgency")),
        edit("3", "content", why),
    )
    stand_in.answer = lambda _prompt: HIGH
    stand_in.trouble = lambda seen: BAD if "Bad" in seen.prompt else None
    async with work(app):
        one, two = await enroll(app, flow, bad, good)
        failed, fine = await settled(app, one.enrollment_id), await settled(app, two.enrollment_id)
    assert (failed.status, failed.error) == ("COMPLETED", None)
    assert await steps_of(app, one.enrollment_id) == [("1", "FAILED"), ("3", "COMPLETED")]
    assert await value_of(app, bad, "content") == "INVALID_REQUEST"
    assert await value_of(app, bad, "urgency") is None
    assert fine.status == "COMPLETED"
    assert await value_of(app, good, "urgency") == "high"


async def test_an_error_path_without_steps_ends_the_run_and_nobody_is_called(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Bad")
    flow = await turned_on(app, ask("1", connection, "gpt-4.1-mini", error_path={}))
    stand_in.trouble = lambda _seen: BAD
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        assert (await settled(app, enrolled.enrollment_id)).status == "COMPLETED"


async def test_another_model_answers_when_the_first_is_overloaded_and_the_run_says_which(
    app: Penstock, stand_in: StandIn
) -> None:
    first, second = await connected(app, "openai"), await connected(app, "anthropic")
    [ticket] = await tickets(app, "Fire")
    others = [{"connection_id": str(second.id), "model": "claude-haiku-4-5"}]
    flow = await turned_on(
        app,
        ask("1", first, "gpt-4.1-mini", "2", fallbacks=others),
        edit("2", "urgency", answer("1", "urgency")),
    )
    stand_in.answer = lambda _prompt: HIGH
    stand_in.trouble = lambda seen: BUSY if seen.provider == "openai" else None
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        done = await settled(app, enrolled.enrollment_id)
    assert done.status == "COMPLETED"
    assert [seen.provider for seen in stand_in.seen] == ["openai", "anthropic"]
    assert await steps_of(app, enrolled.enrollment_id) == [
        ("1", "RETRYING"),
        ("1", "COMPLETED"),
        ("2", "COMPLETED"),
    ]
    assert "claude" in str(done.outputs["1"]["hs_model"])
    assert (done.outputs["1"]["hs_input_tokens"], done.outputs["1"]["hs_output_tokens"]) == (20, 7)
    assert await value_of(app, ticket, "urgency") == "high"


@pytest.mark.parametrize(("trouble", "cause"), [(NO_KEY, "authentication"), (NO_MONEY, "out_of_money")])
async def test_a_refusal_still_marks_the_connection_while_the_next_model_answers_its_records_and_later_ones(
    app: Penstock, stand_in: StandIn, trouble: Trouble, cause: str
) -> None:
    first, second = await connected(app, "openai"), await connected(app, "google")
    one, two = await tickets(app, "One", "Two")
    others = [{"connection_id": second.id, "model": "gemini-2.5-flash"}]
    flow = await turned_on(app, ask("1", first, "gpt-4.1-mini", fallbacks=others, fallback_on=[cause]))
    stand_in.answer = lambda _prompt: HIGH
    stand_in.trouble = lambda seen: trouble if seen.provider == "openai" else None
    async with work(app):
        [enrolled] = await enroll(app, flow, one)
        assert (await settled(app, enrolled.enrollment_id)).status == "COMPLETED"
        [enrolled] = await enroll(app, flow, two)
        assert (await settled(app, enrolled.enrollment_id)).status == "COMPLETED"
    assert [seen.provider for seen in stand_in.seen] == ["openai", "google", "google"]
    async with app.pool.acquire() as db:
        assert (await get_connection(db, 1, first.id)).status == "needs_attention"


async def test_only_the_chosen_causes_lead_to_another_model(app: Penstock, stand_in: StandIn) -> None:
    first, second = await connected(app, "openai"), await connected(app, "anthropic")
    [ticket] = await tickets(app, "Fire")
    others = [{"connection_id": str(second.id), "model": "claude-haiku-4-5"}]
    flow = await turned_on(app, ask("1", first, "gpt-4.1-mini", fallbacks=others, fallback_on=["overloaded"]))
    stand_in.trouble = lambda _seen: BAD
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        failed = await settled(app, enrolled.enrollment_id, "FAILED")
    assert failed.error is not None
    assert failed.error["code"] == "INVALID_REQUEST"
    assert [seen.provider for seen in stand_in.seen] == ["openai"]


async def test_when_all_models_fail_the_step_backs_off_and_begins_with_the_first_again(
    app: Penstock, stand_in: StandIn
) -> None:
    first, second = await connected(app, "openai"), await connected(app, "anthropic")
    [ticket] = await tickets(app, "Fire")
    others = [{"connection_id": str(second.id), "model": "claude-haiku-4-5"}]
    flow = await turned_on(app, ask("1", first, "gpt-4.1-mini", fallbacks=others))
    stand_in.answer = lambda _prompt: HIGH
    stand_in.trouble = lambda _seen: BUSY if len(stand_in.seen) <= 2 else None
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        waiting = await settled(app, enrolled.enrollment_id, "WAITING")
        assert (waiting.wait_for, waiting.attempt) == ("retry", 1)
        assert (await settled(app, enrolled.enrollment_id)).status == "COMPLETED"
    assert [seen.provider for seen in stand_in.seen] == ["openai", "anthropic", "openai"]


async def test_behind_a_busy_first_choice_a_refused_key_makes_the_step_back_off_and_not_wait_for_that_key(
    app: Penstock, stand_in: StandIn
) -> None:
    first, second = await connected(app, "openai"), await connected(app, "anthropic")
    [ticket] = await tickets(app, "Fire")
    others = [{"connection_id": str(second.id), "model": "claude-haiku-4-5"}]
    flow = await turned_on(app, ask("1", first, "gpt-4.1-mini", fallbacks=others))
    stand_in.answer = lambda _prompt: HIGH
    troubles = {"openai": BUSY, "anthropic": NO_KEY}
    stand_in.trouble = lambda seen: troubles[seen.provider] if len(stand_in.seen) <= 2 else None
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        assert (await settled(app, enrolled.enrollment_id, "WAITING")).wait_for == "retry"
        assert (await settled(app, enrolled.enrollment_id)).status == "COMPLETED"
    assert [seen.provider for seen in stand_in.seen] == ["openai", "anthropic", "openai"]


async def test_when_every_key_is_refused_the_record_waits_for_that_of_the_first_choice(
    app: Penstock, stand_in: StandIn
) -> None:
    first, second = await connected(app, "openai"), await connected(app, "anthropic")
    [ticket] = await tickets(app, "Fire")
    others = [{"connection_id": str(second.id), "model": "claude-haiku-4-5"}]
    flow = await turned_on(app, ask("1", first, "gpt-4.1-mini", fallbacks=others))
    stand_in.answer = lambda _prompt: HIGH
    stand_in.trouble = lambda _seen: NO_KEY
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        waiting = await settled(app, enrolled.enrollment_id, "WAITING")
        assert waiting.wait_for == f"connection:{first.id}"
        stand_in.trouble = lambda _seen: None
        async with app.pool.acquire() as db:
            await replace_key(db, app.vault, 1, ME, first.id, key=GOOD_KEY, verify=app.llm.verify_key)
        assert (await settled(app, enrolled.enrollment_id)).status == "COMPLETED"
