"""SIGKILL at twenty moments spread over 200 enrollments (fault F1): nothing lost, nothing of ours written twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import sys
from collections import Counter
from pathlib import Path

import pytest
from aiohttp import web
from aiosmtpd.controller import Controller
from tests.llm_stand_in import GOOD_KEY, StandIn, llm_stand_in

from penstock.accounts.actors import command_line
from penstock.bootstrap import Penstock, open_penstock
from penstock.connections.connecting import connect
from penstock.crm import properties, records
from penstock.crm.properties import Property
from penstock.crm.schema import load_schema
from penstock.crm.source import Source
from penstock.engine.lanes import enqueue
from penstock.kit.database import Connection, transaction
from penstock.kit.json import JsonObject
from penstock.settings import Settings
from penstock.workflows import flows
from penstock.workflows.enrollment import enroll_by_hand

ENROLLMENTS = 200
KILLS = 20
TICKETS = "0-5"


class Mailbox:
    """A real SMTP server's handler that keeps the key of every message it took."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802 - aiosmtpd's name
        text = envelope.content.decode()  # type: ignore[attr-defined]
        [header] = [line for line in text.splitlines() if line.lower().startswith("message-id:")]
        self.keys[header] += 1
        return "250 OK"


class Receiver:
    """A webhook receiver that counts by webhook-id."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()

    async def take(self, request: web.Request) -> web.Response:
        self.keys[request.headers["webhook-id"]] += 1
        return web.json_response({"ok": True})


def flow_document(connection_id: int, receiver: str) -> JsonObject:
    """LLM -> branch -> edit (answer) -> edit (counter + 1) -> mail -> webhook -> edit (done)."""

    def node(action_id: str, type_id: str, fields: JsonObject, after: str | None) -> JsonObject:
        made: JsonObject = {
            "type": "SINGLE_CONNECTION",
            "actionId": action_id,
            "actionTypeId": type_id,
            "actionTypeVersion": 0,
            "fields": fields,
        }
        if after:
            made["connection"] = {"edgeType": "STANDARD", "nextActionId": after}
        return made

    prompt: JsonObject = {
        "connection_id": str(connection_id), "model": "gpt-4.1-mini", "prompt": "Sort: {{ enrolled_object.subject }}", "temperature": "0",
        "output": {"type": "fields", "fields": [{"name": "kind", "type": "text", "label": "Kind", "description": "", "required": True}]},
    }  # fmt: skip
    return {
        "type": "PLATFORM_FLOW", "objectTypeId": TICKETS, "flowType": "WORKFLOW", "name": "Sweep", "isEnabled": False,
        "startActionId": "1", "nextAvailableActionId": "8", "enrollmentCriteria": {"type": "MANUAL", "shouldReEnroll": False},
        "actions": [
            node("1", "1-1000", prompt, "2"),
            {"type": "STATIC_BRANCH", "actionId": "2", "inputValue": {"type": "FIELD_DATA", "actionId": "1", "dataKey": "kind"},
             "staticBranches": [{"branchValue": "billing", "connection": {"edgeType": "STANDARD", "nextActionId": "3"}}],
             "defaultBranchName": "Other"},
            node("3", "0-5", {"property_name": "sweep_kind", "value": {"type": "FIELD_DATA", "actionId": "1", "dataKey": "kind"}}, "4"),
            node("4", "0-5", {"property_name": "sweep_count", "value": {"type": "INCREMENT", "incrementAmount": 1}}, "5"),
            node("5", "0-8", {"user_ids": [], "emails": ["team@penstock.test"], "subject": "Sorted", "body": "<p>ok</p>"}, "6"),
            {"type": "WEBHOOK", "actionId": "6", "method": "POST", "webhookUrl": receiver, "queryParams": [],
             "connection": {"edgeType": "STANDARD", "nextActionId": "7"}},
            node("7", "0-5", {"property_name": "sweep_done", "value": {"type": "STATIC_VALUE", "staticValue": "yes"}}, None),
        ],
        "timeWindows": [], "blockedDates": [], "customProperties": {},
    }  # fmt: skip


async def prepare(app: Penstock, receiver: str) -> int:
    """The properties, the records, the connection and the flow; returns the flow's id."""
    source = Source("IMPORT", "sweep", "sweep")
    async with transaction(app.pool) as db:
        await properties.create_many(
            db,
            1,
            TICKETS,
            [
                Property("sweep_kind", "Kind", "string", "text", "ticketinformation"),
                Property("sweep_count", "Count", "number", "number", "ticketinformation"),
                Property("sweep_done", "Done", "string", "text", "ticketinformation"),
            ],
        )
        schema = await load_schema(db, 1, TICKETS)
        await records.create_many(
            db, 1, schema, [{"subject": f"Record {n}."} for n in range(ENROLLMENTS)], source
        )

    async def verified(*_: object) -> None:
        return None

    async with app.pool.acquire() as db:
        connection = await connect(
            db,
            app.vault,
            1,
            command_line(1, "test"),
            provider="openai",
            name="Sweep",
            key=GOOD_KEY,
            base_url=None,
            verify=verified,
        )
        await db.execute("UPDATE connections SET concurrency = 12 WHERE id = $1", connection.id)
    async with transaction(app.pool) as db:
        flow = await flows.create(db, 1, "test", flow_document(connection.id, receiver))
        await flows.set_enabled(db, 1, flow.id, True)
        ids = [row["id"] for row in await db.fetch("SELECT id FROM records ORDER BY id")]
        await enroll_by_hand(db, enqueue, app.runner.plans, 1, flow.id, ids)
    return flow.id


async def left(db: Connection) -> int:
    """How many enrollments are still under way."""
    return int(await db.fetchval("SELECT count(*) FROM enrollments WHERE status IN ('ACTIVE', 'WAITING')"))


async def worker(command: list[str], environment: dict[str, str], log: Path) -> asyncio.subprocess.Process:
    """Starts a worker or server process whose output goes to `log`."""
    with log.open("ab") as out:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "penstock", *command, env=environment, stdout=out, stderr=out
        )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_work_killed_at_twenty_moments_is_all_done_with_nothing_recorded_twice(
    settings: Settings, tmp_path: Path
) -> None:
    mailbox, receiver = Mailbox(), Receiver()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    smtp.start()
    site = web.AppRunner(web.Application())
    site.app.router.add_post("/hook", receiver.take)
    await site.setup()
    port = free_port()
    await web.TCPSite(site, "127.0.0.1", port).start()
    try:
        async with llm_stand_in(answer=lambda _p: json.dumps({"kind": "billing"}), delay=0.25) as stand_in:
            await sweep(
                settings, stand_in, mailbox, receiver, f"http://127.0.0.1:{port}/hook", smtp.port, tmp_path
            )
    finally:
        await site.cleanup()
        smtp.stop()


async def sweep(
    settings: Settings,
    stand_in: StandIn,
    mailbox: Mailbox,
    receiver: Receiver,
    hook: str,
    smtp_port: int,
    tmp_path: Path,
) -> None:
    """Runs the sweep and checks what is left of it."""
    home = tmp_path / "home"
    environment = {
        **os.environ,
        "PENSTOCK_HOME": str(home),
        "PENSTOCK_DATABASE_URL": settings.database_url or "",
        "PENSTOCK_SECRET_KEY": settings.secret_key or "",
        "PENSTOCK_OUTBOUND_ALLOWED_HOSTS": "127.0.0.1",
        "PENSTOCK_OPENAI_BASE_URL": stand_in.base_urls()["openai"],
        "PENSTOCK_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "PENSTOCK_PORT": str(free_port()),
    }
    log = tmp_path / "workers.log"
    chance = random.Random(7)  # noqa: S311 - the moments of the kills are to be the same every time
    async with open_penstock(Settings.from_environment(environment)) as app, app.pool.acquire() as db:
        flow_id = await prepare(app, hook)
        for kill in range(KILLS):
            process = await worker(["serve"] if kill % 2 else ["worker"], environment, log)
            before = await progress(db)
            # A fresh process begins to move records before its moment comes; the last kills may find all done.
            while await progress(db) == before and await left(db) and process.returncode is None:
                await asyncio.sleep(0.02)
            await asyncio.sleep(chance.uniform(0.0, 0.4))
            assert process.returncode is None, log.read_text()[-3000:]
            process.send_signal(signal.SIGKILL)
            await process.wait()
            # What the dead had claimed for minutes comes due now, as it would by waiting.
            await db.execute("UPDATE mails SET next_attempt_at = now() WHERE status = 'sending'")
            await db.execute("UPDATE webhook_deliveries SET next_attempt_at = now() WHERE status = 'sending'")
        process = await worker(["worker"], environment, log)
        for _ in range(1200):
            unsent = await db.fetchval("SELECT count(*) FROM mails WHERE status <> 'sent'")
            if not await left(db) and not unsent:
                break
            await asyncio.sleep(0.1)
        process.terminate()
        assert await process.wait() == 0, log.read_text()[-3000:]
        await check(db, flow_id, stand_in, mailbox, receiver)


async def progress(db: Connection) -> int:
    """A number that moves whenever an enrollment does."""
    return int(await db.fetchval("SELECT coalesce(sum(seq), 0) FROM enrollments"))


async def check(
    db: Connection, flow_id: int, stand_in: StandIn, mailbox: Mailbox, receiver: Receiver
) -> None:
    """What must hold after any number of kills; prints what happened more than once outside."""
    statuses = {
        row["status"]: row["n"]
        for row in await db.fetch("SELECT status, count(*) AS n FROM enrollments GROUP BY 1")
    }
    assert statuses == {"COMPLETED": ENROLLMENTS}
    doubled = await db.fetchval(
        "SELECT count(*) FROM (SELECT FROM steps WHERE status = 'COMPLETED' GROUP BY enrollment_id, action_id HAVING count(*) > 1) x"
    )
    assert doubled == 0, "a step is recorded as done once"
    recorded = await db.fetchval("SELECT count(*) FROM llm_calls WHERE status = 'recorded'")
    assert recorded == ENROLLMENTS, "an LLM result is recorded once"
    versions = {
        row["property"]: (row["n"], row["records"])
        for row in await db.fetch(
            "SELECT property, count(*) AS n, count(DISTINCT record_id) AS records FROM property_history"
            " WHERE source_type = 'AUTOMATION_PLATFORM' GROUP BY 1"
        )
    }
    assert versions == dict.fromkeys(("sweep_kind", "sweep_count", "sweep_done"), (ENROLLMENTS, ENROLLMENTS))
    counts = {row["c"] for row in await db.fetch("SELECT properties ->> 'sweep_count' AS c FROM records")}
    assert counts == {"1"}, "a counter is raised once"
    assert len(mailbox.keys) == ENROLLMENTS, "every e-mail went out, under one key each"
    assert len(receiver.keys) == ENROLLMENTS, "every webhook went out, under one key each"
    effects = {
        row["kind"]: (row["keys"], row["repeated"])
        for row in await db.fetch(
            "SELECT kind, count(*) AS keys, sum(attempts - 1) AS repeated FROM effects e"
            " JOIN enrollments r ON r.id = e.enrollment_id WHERE r.flow_id = $1 GROUP BY 1",
            flow_id,
        )
    }
    duplicates = {
        "llm_call": len(stand_in.seen) - len({seen.prompt for seen in stand_in.seen}),
        "email": sum(mailbox.keys.values()) - ENROLLMENTS,
        "webhook": sum(receiver.keys.values()) - ENROLLMENTS,
    }
    print(f"\n{'effect':10}{'keys':>8}{'begun again':>14}{'seen twice outside':>22}")
    for kind, (keys, repeated) in sorted(effects.items()):
        print(f"{kind:10}{keys:>8}{repeated:>14}{duplicates[kind]:>22}")
        assert repeated >= duplicates[kind], "whatever happened twice outside shows in the ledger"
