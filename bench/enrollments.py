"""How many enrollments a second one worker takes from "enrolled" to "completed", beside a hand-written floor.

Work per enrollment: read a ticket, ask a model (a stand-in on loopback that answers at once), branch on the
answer, edit the record (with its history, change and change queue), queue an e-mail, and keep the whole log.
The floor does the same reads, calls and writes by hand: asyncio, aiohttp and SQL in batches of fifty, on the
same database, in the same run. fsync is on.

Usage: python -m bench.enrollments [--count 5000] [--changes 200] [--json]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil

from bench.floor import run_floor
from bench.flows import ANSWER_PROPERTIES, triage_flow
from penstock.accounts.actors import command_line
from penstock.bootstrap import Penstock, open_penstock
from penstock.connections.connecting import connect
from penstock.crm.properties import create as create_property
from penstock.crm.records import create_many, update
from penstock.crm.schema import load_schema
from penstock.crm.source import Source
from penstock.engine.lanes import enqueue
from penstock.kit.database import transaction
from penstock.settings import Settings
from penstock.workflows import flows
from penstock.workflows.enrollment import enroll_by_hand

TICKETS = "0-5"
TEXT = (
    "I was charged twice for the same invoice in June and again in July. I called three times, each time I was told "
    "that the second charge would be returned within five days, and it never was. Please return the money. "
) * 4


@dataclass
class Measured:
    """One side of the comparison; CPU in milliseconds per enrollment."""

    name: str
    per_second: float
    worker_cpu: float
    postgres_cpu: float


def cpu_of(processes: list[psutil.Process]) -> float:
    """User and system seconds that these processes, and children of theirs that have ended, have used so far."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def postgres_processes(home: Path) -> list[psutil.Process]:
    """The embedded server and its backends. Backends that end are counted by their parent's children times."""
    pid = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
    server = psutil.Process(pid)
    return [server, *server.children(recursive=True)]


async def value(app: Penstock, query: str, *args: object) -> int:
    """The one number that a query answers."""
    async with app.pool.acquire() as db:
        return int(await db.fetchval(query, *args))


async def make_records(app: Penstock, count: int, text: str = TEXT) -> list[int]:
    """Creates tickets with this text, and the properties that the flow writes."""
    source = Source("IMPORT", "bench", "bench")
    async with transaction(app.pool) as db:
        schema = await load_schema(db, app.workspace_id, TICKETS)
        for definition in ANSWER_PROPERTIES:
            if definition.name not in schema.properties:
                await create_property(db, app.workspace_id, TICKETS, definition)
    ids: list[int] = []
    for start in range(0, count, 1000):
        async with transaction(app.pool) as db:
            schema = await load_schema(db, app.workspace_id, TICKETS)
            values = [
                {"subject": f"Complaint {n}", "content": text} for n in range(start, min(count, start + 1000))
            ]
            ids += [record.id for record in await create_many(db, app.workspace_id, schema, values, source)]
    async with transaction(app.pool) as db:
        await db.execute("DELETE FROM change_queue")
    return ids


async def make_flow(app: Penstock, trigger: bool) -> int:
    """Connects the stand-in as OpenAI and creates the flow, turned on."""
    actor = command_line(app.workspace_id, "bench")

    async def verified(*_: object) -> None:
        return None

    name = "bench triggered" if trigger else "bench"
    async with app.pool.acquire() as db:
        connection = await connect(
            db,
            app.vault,
            app.workspace_id,
            actor,
            provider="openai",
            name=name,
            key="sk-bench-0123456789",
            base_url=None,
            verify=verified,
        )
    async with transaction(app.pool) as db:
        flow = await flows.create(
            db, app.workspace_id, "bench", triage_flow(name, connection.id, triggered=trigger)
        )
        await flows.set_enabled(db, app.workspace_id, flow.id, True)
    return flow.id


def start_worker(environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """One worker process, as a host would run it."""
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "penstock", "worker"], env=environment, stdout=out, stderr=out
        )


async def wait_for_worker(app: Penstock) -> None:
    """Returns when a worker beats and its lanes are open."""
    while not await value(app, "SELECT count(*) FROM workers WHERE heartbeat_at > now() - interval '5 s'"):
        await asyncio.sleep(0.1)
    await asyncio.sleep(2.5)


async def measure_ours(
    app: Penstock, home: Path, worker: subprocess.Popen[bytes], ids: list[int]
) -> Measured:
    """Enrolls all records at once and waits until every one of them has completed."""
    flow_id = await make_flow(app, trigger=False)
    await asyncio.sleep(2.5)  # the worker opens the new connection's lane
    process = psutil.Process(worker.pid)
    worker_before, postgres_before = cpu_of([process]), cpu_of(postgres_processes(home))
    began = time.perf_counter()
    for start in range(0, len(ids), 2000):
        async with transaction(app.pool) as db:
            await enroll_by_hand(
                db, enqueue, app.runner.plans, app.workspace_id, flow_id, ids[start : start + 2000]
            )
    left = len(ids)
    while left:
        await asyncio.sleep(0.05)
        left = await value(
            app,
            "SELECT count(*) FROM enrollments WHERE flow_id = $1 AND status IN ('ACTIVE', 'WAITING')",
            flow_id,
        )
    took = time.perf_counter() - began
    completed = await value(
        app, "SELECT count(*) FROM enrollments WHERE flow_id = $1 AND status = 'COMPLETED'", flow_id
    )
    if completed != len(ids):
        raise SystemExit(f"only {completed} of {len(ids)} enrollments completed")
    worker_cpu, postgres_cpu = (
        cpu_of([process]) - worker_before,
        cpu_of(postgres_processes(home)) - postgres_before,
    )
    return Measured("penstock", len(ids) / took, 1000 * worker_cpu / len(ids), 1000 * postgres_cpu / len(ids))


async def measure_floor(app: Penstock, home: Path, ids: list[int], stand_in: str) -> Measured:
    """The same work by hand."""
    me = psutil.Process()
    worker_before, postgres_before = cpu_of([me]), cpu_of(postgres_processes(home))
    took = await run_floor(app.database_url, ids, stand_in)
    worker_cpu, postgres_cpu = (
        cpu_of([me]) - worker_before,
        cpu_of(postgres_processes(home)) - postgres_before,
    )
    return Measured("floor", len(ids) / took, 1000 * worker_cpu / len(ids), 1000 * postgres_cpu / len(ids))


async def measure_latency(app: Penstock, ids: list[int], stand_in: str, changes: int) -> list[float]:
    """Milliseconds from the commit of a change to the request that reaches the model, one change at a time."""
    await make_flow(app, trigger=True)
    await asyncio.sleep(2.5)
    waits: list[float] = []
    source = Source("API", "bench", "bench")
    async with aiohttp.ClientSession() as http:

        async def stats() -> dict[str, float]:
            async with http.get(f"{stand_in}/stats") as reply:
                return json.loads(await reply.text())

        for record_id in ids[:changes]:
            before = (await stats())["requests"]
            async with transaction(app.pool) as db:
                schema = await load_schema(db, app.workspace_id, TICKETS)
                await update(db, app.workspace_id, schema, record_id, {"hs_ticket_priority": "HIGH"}, source)
            began = time.time()
            while (now := await stats())["requests"] == before:
                await asyncio.sleep(0.002)
                if time.time() - began > 10:
                    raise SystemExit("a change did not reach the model within 10 s")
            waits.append(1000 * (now["last_at"] - began))
            await asyncio.sleep(0.02)
    return waits


async def bench(count: int, changes: int) -> dict[str, object]:
    """Runs everything on a fresh home folder and returns the figures."""
    home = Path(tempfile.mkdtemp(prefix="penstock-bench-"))
    stand = subprocess.Popen(
        [sys.executable, "-m", "bench.stand_in"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert stand.stdout is not None
    port = int(stand.stdout.readline())
    stand_in = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "PENSTOCK_HOME": str(home),
        "PENSTOCK_OPENAI_BASE_URL": stand_in,
        "PENSTOCK_OUTBOUND_ALLOWED_HOSTS": f"127.0.0.1:{port}",
        "PENSTOCK_LOG_LEVEL": "WARNING",
    }
    try:
        async with open_penstock(Settings.from_environment(environment)) as app:
            ids = await make_records(app, count)
            worker = start_worker(environment, home / "worker.log")
            try:
                await wait_for_worker(app)
                floor_first = await measure_floor(app, home, ids, stand_in)
                ours = await measure_ours(app, home, worker, ids)
                floor_last = await measure_floor(app, home, ids, stand_in)
                waits = sorted(await measure_latency(app, ids, stand_in, changes)) if changes else []
            finally:
                worker.terminate()
                worker.wait(30)
                print((home / "worker.log").read_text()[-2000:], file=sys.stderr, end="")
    finally:
        stand.terminate()
        stand.wait(10)
        shutil.rmtree(home, ignore_errors=True)
    floor = min(floor_first, floor_last, key=lambda one: -one.per_second)
    return {
        "ours": round(ours.per_second, 1),
        "floor": round(floor.per_second, 1),
        "ratio": round(ours.per_second / floor.per_second, 3),
        "unit": "enrollments/s",
        "enrollments": count,
        "ours_worker_cpu_ms": round(ours.worker_cpu, 3),
        "ours_postgres_cpu_ms": round(ours.postgres_cpu, 3),
        "floor_worker_cpu_ms": round(floor.worker_cpu, 3),
        "floor_postgres_cpu_ms": round(floor.postgres_cpu, 3),
        "change_to_request_p50_ms": round(statistics.median(waits), 1) if waits else None,
        "change_to_request_p99_ms": round(waits[min(len(waits) - 1, int(len(waits) * 0.99))], 1)
        if waits
        else None,
    }


def main() -> None:
    """Prints a table; with --json one last line for machines."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = asyncio.run(bench(options.count, options.changes))
    print(f"{'':12}{'enrollments/s':>16}{'worker CPU ms':>16}{'PostgreSQL CPU ms':>20}")
    for name in ("ours", "floor"):
        print(
            f"{name:12}{figures[name]:>16}{figures[name + '_worker_cpu_ms']:>16}{figures[name + '_postgres_cpu_ms']:>20}"
        )
    print(f"ratio to the floor: {figures['ratio']}")
    print(
        f"change to LLM request, idle: p50 {figures['change_to_request_p50_ms']} ms, p99 {figures['change_to_request_p99_ms']} ms"
    )
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
