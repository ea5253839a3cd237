"""How long the API behind each screen takes, with a million contacts, over HTTP on loopback.

Every request of every screen (`bench/screen_cases.py` is the table) is sent again and again, one at a time and in
turns, so that a busy machine disturbs them alike; no two ask for the same page. The target is a p95 under 50 ms.
The floor is a page of fifty records by primary key through the same server, in the same run.

Usage: python -m bench.screens [--count 1000000] [--rounds 60] [--home DIR] [--json]

With --home the contacts are kept for the next run (they take some minutes); the folder is an ordinary PENSTOCK_HOME.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table

from bench.million import seed
from bench.screen_cases import CASES, COLUMNS, CONTACTS, FLOOR, V1, Case, Request, Scene
from penstock.accounts import tokens
from penstock.accounts.actors import command_line
from penstock.bootstrap import Penstock, open_penstock
from penstock.crm import records
from penstock.crm.associations import Link, associate
from penstock.crm.schema import load_schema
from penstock.crm.source import Source
from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.settings import Settings
from penstock.workflows import flows

TARGET_MS = 50.0
PORT = 18_765
SEED = 20_260_101
DEEP = 100  # pages of a hundred
VERSIONS = 200  # values written to the busy record


async def make_scene(app: Penstock, count: int) -> tuple[Scene, str]:
    """Contacts, one of them with a past, and a token to call with."""
    await seed(app, count, app.clock.now())
    actor = command_line(app.workspace_id, "bench")
    async with transaction(app.pool) as db:
        issued = await tokens.create(db, app.workspace_id, actor, name="bench", role="owner")
        first, last = await db.fetchrow(  # type: ignore[misc]
            "SELECT min(id), max(id) FROM records WHERE workspace_id = $1 AND object_type_id = '0-1'",
            app.workspace_id,
        )
    busy = (first + last) // 2
    async with transaction(app.pool) as db:
        schema = await load_schema(db, app.workspace_id, "0-1")
        for number in range(VERSIONS):
            source = Source("AUTOMATION_PLATFORM", "1", "Bench", {"flow_id": "1", "action_id": "2"})
            values = {"city": f"City {number}", "jobtitle": f"Title {number}"}
            await records.update(db, app.workspace_id, schema, busy, values, source)
        companies = await load_schema(db, app.workspace_id, "0-2")
        made = await records.create_many(
            db, app.workspace_id, companies, [{"name": f"Company {n}"} for n in range(30)], source
        )
        await associate(
            db, app.workspace_id, [Link(busy, one.id, 279, "HUBSPOT_DEFINED") for one in made], source
        )
        document: JsonObject = {
            "type": "CONTACT_FLOW", "flowType": "WORKFLOW", "name": "Bench", "objectTypeId": "0-1",
            "isEnabled": False, "actions": [],
        }  # fmt: skip
        flow = await flows.create(db, app.workspace_id, "bench", document)
        await db.execute(
            "INSERT INTO enrollments (workspace_id, flow_id, revision_id, record_id, cause, status, lane, finished_at)"
            " SELECT $1, $2, 1, $3, 'bench ' || n, 'COMPLETED', 'local', now() FROM generate_series(1, 200) n"
            " ON CONFLICT DO NOTHING",
            app.workspace_id,
            flow.id,
            busy,
        )
        await db.execute("DELETE FROM change_queue")
    return Scene(busy, first, last, flow=flow.id), issued.plain


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


class Caller:
    """Sends requests one at a time over one connection."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def __call__(self, request: Request) -> tuple[float, Any]:
        """Milliseconds until the whole answer is there, and the answer. Anything but a 2xx ends the bench."""
        while True:
            began = time.perf_counter()
            async with self._http.request(request.method, request.path, json=request.json) as reply:
                body = await reply.read()
                took = (time.perf_counter() - began) * 1000
                if reply.status == 409 and b"BEING_PREPARED" in body:
                    await asyncio.sleep(0.5)  # the order is asked for the first time: an index is being built
                    continue
                if reply.status >= 300:
                    raise SystemExit(f"{request.method} {request.path}: {reply.status} {body[:500]!r}")
                return took, json.loads(body)


async def prepare(call: Caller, scene: Scene) -> None:
    """Asks for everything once, has the indexes built that a screen in use would have, and walks to deep pages."""
    chance = random.Random(1)
    for _ in range(2):
        for case in (FLOOR, *CASES):
            if "down" not in case.name:
                await call(case.make(chance, scene))
    await _indexes(call, chance, scene)
    for name, sort in (("newest", None), ("city", {"property": "city", "direction": "ASCENDING"})):
        after = None
        for _ in range(DEEP):
            wish = {"properties": COLUMNS, "limit": 100, "sort": sort, "after": after}
            _, page = await call(Request("POST", f"{CONTACTS}/query", wish))
            after = page["paging"]["next"]["after"]
        scene.deep[name] = str(after)


async def _indexes(call: Caller, chance: random.Random, scene: Scene) -> None:
    """Waits until a filter by a rare option is answered at once: then its index is there."""
    rare = next(case for case in CASES if case.name == "filter: rare option")
    while not (await call(rare.make(chance, scene)))[1]["searchedAll"]:
        await asyncio.sleep(0.5)


async def measure(call: Caller, scene: Scene, rounds: int) -> dict[str, list[float]]:
    """Milliseconds by case, sorted."""
    chance = random.Random(SEED)
    found: dict[str, list[float]] = {_key(case): [] for case in (FLOOR, *CASES)}
    for _ in range(rounds):
        for case in (FLOOR, *CASES):
            took, _answer = await call(case.make(chance, scene))
            found[_key(case)].append(took)
    return {name: sorted(times) for name, times in found.items()}


async def bench(home: Path, count: int, rounds: int) -> dict[str, Any]:
    """Runs everything and returns the figures."""
    settings = Settings.from_environment({**os.environ, "PENSTOCK_HOME": str(home)})
    async with open_penstock(settings) as app:
        scene, token = await make_scene(app, count)
        async with (
            server(home, PORT) as address,
            aiohttp.ClientSession(address, headers={"Authorization": f"Bearer {token}"}) as http,
        ):
            call = Caller(http)
            await prepare(call, scene)
            times = await measure(call, scene, rounds)
    floor = times[_key(FLOOR)]
    cases = {
        name: {
            "p50_ms": round(at(several, 0.5), 2),
            "p95_ms": round(at(several, 0.95), 2),
            "p95_to_target": round(at(several, 0.95) / TARGET_MS, 3),
            "p50_to_floor": round(at(several, 0.5) / at(floor, 0.5), 2),
        }
        for name, several in times.items()
    }
    worst = max(cases, key=lambda name: cases[name]["p95_ms"])
    return {
        "records": count,
        "rounds": rounds,
        "target_ms": TARGET_MS,
        "cases": cases,
        "worst": worst,
        "worst_p95_to_target": cases[worst]["p95_to_target"],
    }


def at(times: list[float], share: float) -> float:
    """The value that this share of the sorted times does not exceed."""
    return times[min(len(times) - 1, int(len(times) * share))]


def _key(case: Case) -> str:
    return f"{case.screen}: {case.name}"


def show(figures: dict[str, Any]) -> None:
    """The figures as a table."""
    table = Table(title=f"API behind the screens, {figures['records']:,} contacts")
    for title in ("Request", "p50 ms", "p95 ms", "p95 / 50 ms", "p50 / floor"):
        table.add_column(title, justify="left" if title == "Request" else "right")
    for name, one in figures["cases"].items():
        late = one["p95_to_target"] > 1
        table.add_row(
            name,
            f"{one['p50_ms']:.1f}",
            f"{one['p95_ms']:.1f}",
            f"{one['p95_to_target']:.2f}",
            f"{one['p50_to_floor']:.1f}",
            style="bold red" if late else None,
        )
    Console().print(table)
    print(f"slowest: {figures['worst']}, p95 / 50 ms = {figures['worst_p95_to_target']}")


def main() -> None:
    """Prints a table; with --json one last line for machines."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    home = options.home or Path(tempfile.mkdtemp(prefix="penstock-screens-"))
    try:
        figures = asyncio.run(bench(home, options.count, options.rounds))
    finally:
        if options.home is None:
            shutil.rmtree(home, ignore_errors=True)
    show(figures)
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
