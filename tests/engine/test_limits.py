"""Limits in a running worker: a run that waits too long ends, a slow connection holds nobody else, and a gone one lets go."""

from __future__ import annotations

import json

from tests.engine.scene import ME, ask, connected, enroll, settled, tickets, turned_on
from tests.llm_stand_in import StandIn, Trouble

from penstock.bootstrap import Penstock, work
from penstock.connections import connections
from penstock.connections.limits import set_limits
from penstock.kit.database import transaction
from penstock.workflows.legs.leg import limit_for

MODEL = "gpt-4.1-mini"
LATER = Trouble(
    429, {"error": {"message": "Slow down.", "code": "rate_limit_exceeded"}}, {"retry-after": "900"}
)
HIGH = json.dumps({"urgency": "high"})


async def test_a_run_whose_turn_does_not_come_in_time_ends_with_that_cause_and_one_call(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    [patient] = await tickets(app, "Login fails")
    [hasty] = await tickets(app, "Fire")
    slow = await turned_on(app, ask("1", connection, MODEL))
    quick = await turned_on(app, ask("1", connection, MODEL, deadline_seconds=1))
    stand_in.trouble = lambda _seen: LATER
    async with work(app):
        [waits] = await enroll(app, slow, patient)
        waiting = await settled(app, waits.enrollment_id, "WAITING")
        [ends] = await enroll(app, quick, hasty)
        failed = await settled(app, ends.enrollment_id, "FAILED")
        assert (await settled(app, waits.enrollment_id, "WAITING")).wait_for == limit_for(
            connection.id, MODEL
        )
    assert waiting.wait_for == limit_for(connection.id, MODEL)
    assert waiting.attempt == 0, "a refusal for the rate uses up no attempt"
    assert failed.error is not None
    assert failed.error["code"] == "DEADLINE_PASSED"
    assert len(stand_in.seen) == 1, "the second run was never sent to a model that is closed"


async def test_connections_with_one_call_at_a_time_make_one_each_and_none_waits_for_the_other(
    app: Penstock, stand_in: StandIn
) -> None:
    one, other = await connected(app, "openai"), await connected(app, "anthropic")
    async with transaction(app.pool) as db:
        for connection in (one, other):
            await set_limits(db, 1, ME, connection.id, {"concurrency": 1})
    ids = await tickets(app, *(f"Ticket {n}" for n in range(12)))
    stand_in.answer = lambda _prompt: HIGH
    stand_in.delay = 0.1
    flows = [
        await turned_on(app, ask("1", one, MODEL)),
        await turned_on(app, ask("1", other, "claude-sonnet-4-5")),
    ]
    async with work(app):
        for run in [run for flow in flows for run in await enroll(app, flow, *ids)]:
            assert (await settled(app, run.enrollment_id)).status == "COMPLETED"
    assert len(stand_in.seen) == 24
    assert stand_in.most_at_once == 2


async def test_runs_that_wait_for_a_connection_that_is_uninstalled_end_with_that_cause(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai", "Our OpenAI")
    ids = await tickets(app, "Login fails", "Fire")
    flow = await turned_on(app, ask("1", connection, MODEL))
    stand_in.trouble = lambda _seen: LATER
    async with work(app):
        runs = await enroll(app, flow, *ids)
        for run in runs:
            await settled(app, run.enrollment_id, "WAITING")
        async with transaction(app.pool) as db:
            await connections.uninstall(db, app.vault, 1, ME, connection.id)
        for run in runs:
            failed = await settled(app, run.enrollment_id, "FAILED")
            assert failed.error is not None
            assert (failed.error["code"], "'Our OpenAI'" in str(failed.error["message"])) == (
                "CONNECTION_MISSING",
                True,
            )
