"""Records whose connection needs attention stand still, pay nothing, and go on once when it is put right."""

from __future__ import annotations

import json

from tests.engine.scene import ME, ask, connected, enroll, settled, tickets, turned_on
from tests.llm_stand_in import Seen, StandIn, Trouble

from penstock.bootstrap import Penstock, work
from penstock.connections import connecting, connections
from penstock.connections.connections import ProviderConnection
from penstock.connections.limits import set_limits
from penstock.engine.pump import WAKE_AT_MOST, wake_paused
from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.workflows import runs
from penstock.workflows.runs import Run

HIGH = json.dumps({"urgency": "high"})
NO_MONEY: JsonObject = {"error": {"message": "You exceeded your quota.", "code": "insufficient_quota"}}
BAD_KEY: JsonObject = {"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}}


async def paused(app: Penstock, connection: ProviderConnection, run_ids: list[int]) -> list[Run]:
    found = [await settled(app, run_id, "WAITING") for run_id in run_ids]
    assert {run.wait_for for run in found} == {f"connection:{connection.id}"}
    return found


async def put_to_the_test(app: Penstock, connection: ProviderConnection) -> None:
    async with app.pool.acquire() as db:
        await connecting.test(db, app.vault, 1, ME, connection.id, verify=app.llm.verify_key)


async def test_records_that_reach_a_connection_in_trouble_pause_without_a_call_and_all_go_on_after_a_test(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    ids = await tickets(app, *(f"Ticket {n}" for n in range(120)))
    flow = await turned_on(app, ask("1", connection, "gpt-4.1-mini"))
    stand_in.answer = lambda _prompt: HIGH
    stand_in.trouble = lambda _seen: Trouble(429, NO_MONEY)
    async with work(app):
        first = [one.enrollment_id for one in await enroll(app, flow, *ids[:5])]
        causes = [run.error for run in await paused(app, connection, first)]
        assert {error["code"] for error in causes if error} == {"OUT_OF_MONEY"}
        calls = len(stand_in.seen)
        later = [one.enrollment_id for one in await enroll(app, flow, *ids[5:])]
        [run, *_] = await paused(app, connection, later)
        assert run.error is not None
        assert run.error["code"] == "OUT_OF_MONEY", "so that other models are asked for what their step says"
        assert "out of credit" in str(run.error["message"])
        assert len(stand_in.seen) == calls, "nobody asks a provider that has refused"
        stand_in.trouble = lambda _seen: None
        await put_to_the_test(app, connection)
        for run_id in (*first, *later):
            assert (await settled(app, run_id)).status == "COMPLETED"
    assert len(stand_in.seen) == calls + len(ids), "every record is asked about once more, none twice"
    async with app.pool.acquire() as db:
        ledger = await db.fetch("SELECT status, count(*) AS calls FROM llm_calls GROUP BY 1 ORDER BY 1")
        figures = await db.fetchrow("SELECT sum(done) AS done, sum(repeats) AS refused FROM step_figures")
    assert {row["status"]: row["calls"] for row in ledger} == {"failed": calls, "recorded": len(ids)}
    assert figures is not None
    assert (figures["done"], figures["refused"]) == (len(ids), calls)


async def test_calls_behind_a_refused_one_are_not_made_and_leave_no_claim(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    async with transaction(app.pool) as db:
        await set_limits(db, 1, ME, connection.id, {"concurrency": 1})
    ids = await tickets(app, *(f"Ticket {n}" for n in range(40)))
    flow = await turned_on(app, ask("1", connection, "gpt-4.1-mini"))
    stand_in.trouble = lambda _seen: Trouble(401, BAD_KEY)
    async with work(app):
        run_ids = [one.enrollment_id for one in await enroll(app, flow, *ids)]
        await paused(app, connection, run_ids)
    assert len(stand_in.seen) == 1
    async with app.pool.acquire() as db:
        assert await db.fetchval("SELECT count(*) FROM llm_calls") == 1


async def test_a_refusal_of_a_key_that_was_replaced_meanwhile_blames_nobody_and_the_record_goes_on(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(app, ask("1", connection, "gpt-4.1-mini"))
    stand_in.answer = lambda _prompt: HIGH
    stand_in.key = "the-new-key-0123456789"
    stand_in.delay = 0.3

    def old_key(seen: Seen) -> Trouble | None:
        return None if stand_in.key in str(seen.headers) else Trouble(401, BAD_KEY)

    stand_in.trouble = old_key
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        while not stand_in.seen:
            await settled(app, enrolled.enrollment_id, "ACTIVE")
        async with app.pool.acquire() as db:
            await connecting.replace_key(
                db, app.vault, 1, ME, connection.id, key=stand_in.key, verify=app.llm.verify_key
            )
        assert (await settled(app, enrolled.enrollment_id)).status == "COMPLETED"
    async with app.pool.acquire() as db:
        assert (await connections.get(db, 1, connection.id)).status == "connected"
    assert len(stand_in.seen) == 2


async def test_uninstalling_a_connection_fails_the_records_that_pause_for_it_with_the_cause(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(app, ask("1", connection, "gpt-4.1-mini"))
    stand_in.trouble = lambda _seen: Trouble(401, BAD_KEY)
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        await paused(app, connection, [enrolled.enrollment_id])
        async with transaction(app.pool) as db:
            await connections.uninstall(db, app.vault, 1, ME, connection.id)
        failed = await settled(app, enrolled.enrollment_id, seconds=40)
    assert failed.error is not None
    assert (failed.status, failed.error["code"]) == ("FAILED", "CONNECTION_MISSING")


async def test_ten_thousand_paused_runs_wake_in_batches_each_once_and_those_of_others_sleep_on(
    app: Penstock,
) -> None:
    well, ill = await connected(app, "openai"), await connected(app, "xai")
    await tickets(app, "Fire")
    flow = await turned_on(app, ask("1", well, "gpt-4.1-mini"))
    async with app.pool.acquire() as db:
        await db.execute(
            """
            INSERT INTO enrollments (workspace_id, flow_id, revision_id, record_id, cause, status, next_action_id, lane, seq, wait_for)
            SELECT 1, $1, 1, n, 'test', 'WAITING', '1', 'llm-' || $2::bigint, 4,
                   'connection:' || CASE WHEN n <= 10000 THEN $2::bigint ELSE $3::bigint END
            FROM generate_series(1, 10010) n
            """,
            flow,
            well.id,
            ill.id,
        )
        await connections.mark_needs_attention(db, 1, ill.id, "Refused.", "")
        woken = []
        while not woken or woken[-1]:
            async with transaction(app.pool) as batch:
                woken.append(await wake_paused(batch))
        assert woken == [WAKE_AT_MOST] * 10 + [0]
        standing = await db.fetch(
            "SELECT status, seq, wait_for, count(*) AS runs FROM enrollments GROUP BY 1, 2, 3 ORDER BY 1"
        )
        assert [tuple(row) for row in standing] == [
            ("ACTIVE", 5, None, 10_000),
            ("WAITING", 4, f"connection:{ill.id}", 10),
        ]
        jobs = await db.fetchval(
            "SELECT count(*) FROM dbos.workflow_status WHERE queue_name = $1", f"llm-{well.id}"
        )
    assert jobs == 10_000 / 50


async def test_a_paused_run_can_be_canceled_and_stays_so_when_its_connection_is_well_again(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "Fire")
    flow = await turned_on(app, ask("1", connection, "gpt-4.1-mini"))
    stand_in.trouble = lambda _seen: Trouble(401, BAD_KEY)
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        await paused(app, connection, [enrolled.enrollment_id])
        async with transaction(app.pool) as db:
            await runs.cancel(db, 1, enrolled.enrollment_id, "Ann")
        await put_to_the_test(app, connection)
        async with transaction(app.pool) as db:
            assert await wake_paused(db) == 0
        run = await settled(app, enrolled.enrollment_id)
    assert (run.status, len(stand_in.seen)) == ("CANCELED", 1)
