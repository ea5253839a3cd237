"""What the benches of screens look at: a million contacts, one of them with a past, a million runs, and a server."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench.million import seed
from bench.million_runs import seed_runs
from bench.screen_case import V1, Scene
from penstock.accounts import sessions, tokens, users
from penstock.accounts.actors import command_line
from penstock.accounts.first_start import first_owner
from penstock.bootstrap import Penstock
from penstock.crm import records
from penstock.crm.associations import Link, associate
from penstock.crm.schema import load_schema
from penstock.crm.source import Source
from penstock.kit.database import Connection, transaction
from penstock.workflows import flows
from penstock.workflows.editing import drafts

VERSIONS = 200  # values written to the busy record

# Runs of the busy record: of all flows, one each.
BUSY = """
INSERT INTO enrollments (workspace_id, flow_id, revision_id, record_id, cause, status, lane, finished_at)
SELECT $1, f.id, f.revision_id, $2, 'bench ' || n, 'COMPLETED', 'local', now()
FROM flows f, generate_series(1, 4) n WHERE f.workspace_id = $1
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Entry:
    """The scene, and what opens it: a bearer token for programs and a session cookie for browsers."""

    scene: Scene
    token: str
    cookie: str


async def make_scene(app: Penstock, count: int) -> Entry:
    """Fills the home of `app` with what is missing in it. Takes minutes the first time."""
    workspace = app.workspace_id
    await seed(app, count, app.clock.now())
    async with app.pool.acquire() as db:
        first, last = await db.fetchrow(  # type: ignore[misc]
            "SELECT min(id), max(id) FROM records WHERE workspace_id = $1 AND object_type_id = '0-1'",
            workspace,
        )
    runs = await seed_runs(app, count, first)
    busy = (first + last) // 2
    async with transaction(app.pool) as db:
        await _give_a_past(db, workspace, busy)
        await db.execute("DELETE FROM change_queue")
        await drafts.discard(db, workspace, runs.flow)
        document = (await flows.get(db, workspace, runs.flow)).to_json()
        actor = command_line(workspace, "bench")
        issued = await tokens.create(db, workspace, actor, name="bench", role="owner")
        owner = await first_owner(db, workspace)
        await users.describe(db, workspace, owner.id, first_name="Bench", last_name="Owner")
        session = await sessions.start(db, workspace, owner.id, at=app.clock.now())
    return Entry(Scene(busy, first, last, runs.flow, runs.run, document), issued.plain, session.cookie)


async def _give_a_past(db: Connection, workspace: int, busy: int) -> None:
    schema = await load_schema(db, workspace, "0-1")
    source = Source("AUTOMATION_PLATFORM", "1", "Bench", {"flow_id": "1", "action_id": "2"})
    for number in range(VERSIONS):
        values = {"city": f"City {number}", "jobtitle": f"Title {number}"}
        await records.update(db, workspace, schema, busy, values, source)
    companies = await load_schema(db, workspace, "0-2")
    made = await records.create_many(
        db, workspace, companies, [{"name": f"Company {n}"} for n in range(30)], source
    )
    await associate(db, workspace, [Link(busy, one.id, 279, "HUBSPOT_DEFINED") for one in made], source)
    await db.execute(BUSY, workspace, busy)


@asynccontextmanager
async def server(home: Path, port: int) -> AsyncIterator[str]:
    """`penstock serve` on this home, without a worker; gives its address once it answers."""
    environment = {
        **os.environ,
        "PENSTOCK_HOME": str(home),
        "PENSTOCK_PORT": str(port),
        "PENSTOCK_WORKERS_IN_SERVE": "0",
        "PENSTOCK_LOG_LEVEL": "WARNING",
    }
    address = f"http://127.0.0.1:{port}"
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "penstock", "serve"], env=environment, stdout=log, stderr=log
        )
    try:
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(f"{address}{V1}/health") as reply:
                        await reply.read()
                        break
                except aiohttp.ClientError:
                    if process.poll() is not None:
                        raise SystemExit((home / "serve.log").read_text()[-2000:]) from None
                    await asyncio.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(30)
