"""What happens to records in a running worker: triggers, waits, failures, retries, lost jobs."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.engine.scene import (
    ME,
    TICKETS,
    answer,
    ask,
    change,
    connected,
    edit,
    enroll,
    runs_of,
    settled,
    step,
    tickets,
    turned_on,
    value_of,
    when,
)
from tests.llm_stand_in import Seen, StandIn, Trouble

from penstock.bootstrap import Penstock, work
from penstock.connections.connecting import replace_key
from penstock.connections.connections import get as get_connection
from penstock.connections.connections import uninstall
from penstock.crm import properties
from penstock.crm.properties import Property
from penstock.engine.pump import wake_due
from penstock.errors import Conflict, InvalidInput
from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.workflows import flows, runs
from penstock.workflows.legs.leg import limit_for

HIGH = json.dumps({"urgency": "high"})
SEEN: JsonObject = {"type": "STATIC_VALUE", "staticValue": "seen"}


async def test_a_record_enrolls_once_even_if_the_change_is_delivered_fifty_times(app: Penstock) -> None:
    [ticket] = await tickets(app, "First")
    flow = await turned_on(app, edit("1", "content", SEEN), criteria=when("hs_ticket_priority", "HIGH"))
    await change(app, ticket, hs_ticket_priority="HIGH")
    async with app.pool.acquire() as db:
        newest = await db.fetchval("SELECT max(id) FROM changes WHERE record_id = $1", ticket)
    async with work(app) as engine:
        for _ in range(50):
            async with app.pool.acquire() as db:
                await db.execute(
                    "INSERT INTO change_queue (change_id) VALUES ($1) ON CONFLICT DO NOTHING", newest
                )
            engine.wake_triggers()
            await asyncio.sleep(0)
        for _ in range(200):
            async with app.pool.acquire() as db:
                if not await db.fetchval("SELECT count(*) FROM change_queue"):
                    break
            await asyncio.sleep(0.02)
        [run] = await runs_of(app, flow)
        assert (await settled(app, run.id)).status == "COMPLETED"
    async with app.pool.acquire() as db:
        assert (
            await db.fetchval(
                "SELECT count(*) FROM property_history WHERE record_id = $1 AND property = 'content'", ticket
            )
            == 1
        )


async def test_only_the_way_from_not_matching_to_matching_enrolls_and_only_the_first_time(
    app: Penstock,
) -> None:
    [early, late] = await tickets(app, "Early", "Late")
    await change(app, early, hs_ticket_priority="HIGH")  # before it is turned on, and read only after
    flow = await turned_on(app, edit("1", "content", SEEN), criteria=when("hs_ticket_priority", "HIGH"))
    async with work(app):
        await change(app, early, subject="Matched already")
        await change(app, late, hs_ticket_priority="LOW")
        await change(app, late, hs_ticket_priority="HIGH")
        for _ in range(200):
            if found := await runs_of(app, flow):
                break
            await asyncio.sleep(0.02)
        await settled(app, found[0].id)
        await change(app, late, hs_ticket_priority="LOW")
        await change(app, late, hs_ticket_priority="HIGH")
        await asyncio.sleep(0.5)
        assert [run.record_id for run in await runs_of(app, flow)] == [late]


async def test_a_refused_key_pauses_the_record_with_its_cause_and_a_new_key_lets_it_go_on_by_itself(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(
        app, ask("1", connection, "gpt-4.1-mini", "2"), edit("2", "urgency", answer("1", "urgency"))
    )
    stand_in.answer = lambda _prompt: HIGH
    refused: JsonObject = {"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}}
    stand_in.trouble = lambda _seen: Trouble(401, refused) if len(stand_in.seen) == 1 else None
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        paused = await settled(app, enrolled.enrollment_id, "WAITING")
        assert (paused.wait_for, paused.wake_at, paused.attempt) == (f"connection:{connection.id}", None, 0)
        assert paused.error is not None
        assert paused.error["code"] == "AUTHENTICATION"
        async with app.pool.acquire() as db:
            assert (await get_connection(db, 1, connection.id)).status == "needs_attention"
            await replace_key(
                db, app.vault, 1, ME, connection.id, key=stand_in.key, verify=app.llm.verify_key
            )
            assert (await get_connection(db, 1, connection.id)).status == "connected"
        done = await settled(app, enrolled.enrollment_id)
        assert (done.status, done.error) == ("COMPLETED", None)
    assert await value_of(app, ticket, "urgency") == "high"
    async with app.pool.acquire() as db:
        steps = await runs.get_steps(db, 1, enrolled.enrollment_id)
    assert [(step.action_id, step.status, step.attempt) for step in steps] == [
        ("1", "WAITING", 1),
        ("1", "COMPLETED", 1),
        ("2", "COMPLETED", 1),
    ]
    assert len(stand_in.seen) == 2


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (404, {"error": {"message": "The model does not exist.", "code": "model_not_found"}}, "MODEL_NOT_FOUND"),
        (400, {"error": {"message": "Your input exceeds the context window.", "code": "context_length_exceeded", "param": "input"}}, "CONTEXT_TOO_LONG"),
    ],
)  # fmt: skip
async def test_a_failure_that_will_not_pass_is_not_tried_again(
    app: Penstock, stand_in: StandIn, status: int, body: JsonObject, code: str
) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(app, ask("1", connection, "gpt-4.1-mini"))
    stand_in.trouble = lambda _seen: Trouble(status, body)
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        run = await settled(app, enrolled.enrollment_id)
    assert (run.status, run.error and run.error["code"]) == ("FAILED", code)
    assert run.error is not None
    assert run.error["remedy"]
    assert len(stand_in.seen) == 1


async def test_a_busy_provider_is_tried_again_after_the_time_it_asked_for_and_others_go_on(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    [slow, quick] = await tickets(app, "Slow", "Quick")
    flow = await turned_on(app, ask("1", connection, "gpt-4.1-mini"))
    stand_in.answer = lambda _prompt: HIGH

    def busy_once(seen: Seen) -> Trouble | None:
        first = "Slow" in seen.prompt and sum("Slow" in other.prompt for other in stand_in.seen) == 1
        return (
            Trouble(
                429, {"error": {"message": "Slow down", "code": "rate_limit_exceeded"}}, {"retry-after": "1"}
            )
            if first
            else None
        )

    stand_in.trouble = busy_once
    async with work(app):
        [one, two] = await enroll(app, flow, slow, quick)
        waiting = await settled(app, one.enrollment_id, "WAITING")
        assert waiting.wait_for == limit_for(connection.id, "gpt-4.1-mini")
        assert (await settled(app, two.enrollment_id)).status == "COMPLETED"
        done = await settled(app, one.enrollment_id)
    assert done.status == "COMPLETED"
    async with app.pool.acquire() as db:
        steps = await runs.get_steps(db, 1, one.enrollment_id)
    assert [step.status for step in steps] == ["WAITING", "COMPLETED"]
    # The call began before its answer came, so this is the shortest that the wait can have been.
    assert (steps[1].started_at - steps[0].started_at).total_seconds() >= 1.0


async def test_an_uninstalled_connection_stops_its_records_with_a_clear_cause_and_loses_nothing(
    app: Penstock,
) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(app, ask("1", connection, "gpt-4.1-mini"))
    async with transaction(app.pool) as db:
        await uninstall(db, app.vault, 1, ME, connection.id)
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        run = await settled(app, enrolled.enrollment_id, seconds=40)
    assert run.status == "FAILED"
    assert run.error is not None
    assert run.error["code"] == "CONNECTION_MISSING"
    assert run.next_action_id == "1"


async def test_one_record_that_cannot_be_written_does_not_hold_up_the_others_of_its_group(
    app: Penstock, stand_in: StandIn
) -> None:
    async with transaction(app.pool) as db:
        await properties.create(
            db,
            1,
            TICKETS,
            Property("code", "Code", "string", "text", "ticketinformation", has_unique_value=True),
        )
    connection = await connected(app, "openai")
    ids = await tickets(app, *(f"Number {n}" for n in range(10)))
    await change(app, ids[9], code="Number 3")
    flow = await turned_on(
        app,
        ask("1", connection, "gpt-4.1-mini", "2", output={"type": "text"}),
        edit("2", "code", answer("1", "text")),
    )
    stand_in.answer = lambda prompt: prompt.removeprefix("How urgent? ")
    async with work(app):
        enrolled = await enroll(app, flow, *ids[:9])
        ended = {run.record_id: run for run in [await settled(app, one.enrollment_id) for one in enrolled]}
    assert {record for record, run in ended.items() if run.status != "COMPLETED"} == {ids[3]}
    stuck = ended[ids[3]]
    assert (stuck.status, stuck.next_action_id) == ("FAILED", "2"), (
        "the answer is kept; only the write failed"
    )
    assert stuck.error is not None
    assert "code" in str(stuck.error["message"])
    assert len(stand_in.seen) == 9, "no answer was paid for twice"


async def test_a_delay_is_a_row_that_the_pump_wakes_when_it_is_due(app: Penstock) -> None:
    [ticket] = await tickets(app, "Later")
    flow = await turned_on(
        app, step("1", "0-1", {"delta": "3", "time_unit": "DAYS"}, "2"), edit("2", "content", SEEN)
    )
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        asleep = await settled(app, enrolled.enrollment_id, "WAITING")
        assert asleep.next_action_id == "2"
        async with transaction(app.pool) as db:
            assert await wake_due(db) == 0
            await db.execute("UPDATE enrollments SET wake_at = now() WHERE id = $1", enrolled.enrollment_id)
        assert (await settled(app, enrolled.enrollment_id)).status == "COMPLETED"


async def test_a_canceled_run_does_not_take_another_step(app: Penstock, stand_in: StandIn) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(
        app, ask("1", connection, "gpt-4.1-mini", "2"), edit("2", "urgency", answer("1", "urgency"))
    )
    stand_in.answer, stand_in.delay = (lambda _prompt: HIGH), 0.5
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        while not stand_in.seen:
            await asyncio.sleep(0.01)
        async with transaction(app.pool) as db:
            await runs.cancel(db, 1, enrolled.enrollment_id, "Ann")
        await asyncio.sleep(1.0)
        async with app.pool.acquire() as db:
            assert (await runs.get_run(db, 1, enrolled.enrollment_id)).status == "CANCELED"
            assert await runs.get_steps(db, 1, enrolled.enrollment_id) == []
        with pytest.raises(Conflict):
            async with transaction(app.pool) as db:
                await runs.cancel(db, 1, enrolled.enrollment_id, "Ann")
    assert await value_of(app, ticket, "urgency") is None


async def test_a_leg_whose_job_was_lost_is_found_and_run(app: Penstock) -> None:
    [ticket] = await tickets(app, "Lost")
    flow = await turned_on(app, edit("1", "content", SEEN))
    [enrolled] = await enroll(app, flow, ticket)
    async with app.pool.acquire() as db:
        await db.execute("DELETE FROM dbos.workflow_status")
        await db.execute(
            "UPDATE enrollments SET updated_at = now() - interval '1 minute' WHERE id = $1",
            enrolled.enrollment_id,
        )
    async with work(app):
        assert (await settled(app, enrolled.enrollment_id)).status == "COMPLETED"


async def test_manual_enrollment_names_what_it_cannot_take_and_enrolls_nothing_then(app: Penstock) -> None:
    [ticket] = await tickets(app, "One")
    flow = await turned_on(app, edit("1", "content", SEEN))
    with pytest.raises(InvalidInput, match="999999"):
        await enroll(app, flow, ticket, 999999)
    assert await runs_of(app, flow) == []
    first = await enroll(app, flow, ticket)
    assert len(first) == 1
    assert await enroll(app, flow, ticket) == [], "a record is in a flow at most once at a time"
    async with transaction(app.pool) as db:
        await flows.set_enabled(db, 1, flow, False)
    with pytest.raises(Conflict, match="turned off"):
        await enroll(app, flow, ticket)


async def test_a_deleted_workflow_lets_go_of_the_records_inside(app: Penstock) -> None:
    [ticket] = await tickets(app, "One")
    flow = await turned_on(
        app, step("1", "0-1", {"delta": "3", "time_unit": "DAYS"}, "2"), edit("2", "content", SEEN)
    )
    [enrolled] = await enroll(app, flow, ticket)

    async def let_go(db: object, workspace_id: int, flow_id: int) -> None:
        await runs.cancel_all_of_flow(db, workspace_id, flow_id, "The workflow was deleted.")  # type: ignore[arg-type]

    async with transaction(app.pool) as db:
        await flows.delete(db, 1, flow, let_go)
    async with app.pool.acquire() as db:
        run = await runs.get_run(db, 1, enrolled.enrollment_id)
    assert run.status == "CANCELED"
