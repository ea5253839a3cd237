"""Eight workers under one cap: how far the spend ends from the cap, whether anything is lost, and the rest afterwards.

Calls of about 0.01 USD against a loopback provider without limits; 400 records are enrolled at once under a cap of
1.00 USD a day. When nothing moves any more the cap is raised, and the rest must finish, each record asked once.

Usage: python -m bench.llm_caps [--workers 8] [--records 400] [--json]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from bench.enrollments import make_flow, make_records, start_worker, value, wait_for_worker
from penstock.accounts.actors import command_line
from penstock.bootstrap import Penstock, open_penstock
from penstock.engine.lanes import enqueue
from penstock.kit.database import transaction
from penstock.settings import Settings
from penstock.workflows.enrollment import enroll_by_hand
from penstock.workflows.spending.caps import Cap, list_caps, set_cap

# The provider bills gpt-4.1-mini (0.40 USD per million tokens in, 1.60 out) for texts of this size, which it
# counts at 2.7 characters a token, where Penstock expects 3.6: the estimates have something to learn.
CHARACTERS = 65_000
STANDING = "SELECT count(*) FROM enrollments WHERE status = 'ACTIVE'"
COMPLETED = "SELECT count(*) FROM enrollments WHERE status = 'COMPLETED'"
CALLS = "SELECT count(*) FROM llm_calls WHERE status = 'recorded'"


async def cap_at(app: Penstock, limit: str) -> None:
    """Sets the workspace's cap for the day."""
    async with transaction(app.pool) as db:
        actor = command_line(app.workspace_id, "bench")
        await set_cap(db, app.workspace_id, actor, "workspace", 0, "day", Decimal(limit))


async def the_cap(app: Penstock) -> Cap:
    """The cap and where it stands."""
    async with app.pool.acquire() as db:
        [cap] = await list_caps(db, app.workspace_id)
        return cap


async def settled(app: Penstock, wanted: int) -> None:
    """Waits until no run is under way and `wanted` are at rest, for a second on end."""
    quiet = 0
    while quiet < 5:
        await asyncio.sleep(0.2)
        cap = await the_cap(app)
        at_rest = cap.waiting_runs + await value(app, COMPLETED)
        quiet = quiet + 1 if at_rest == wanted and not await value(app, STANDING) else 0


async def bench(workers: int, records: int, limit: str) -> dict[str, object]:
    """One run on a fresh home folder."""
    home = Path(tempfile.mkdtemp(prefix="penstock-bench-"))
    provider = subprocess.Popen(
        [sys.executable, "-m", "bench.limited_provider", "bucket", "1000000", "100000000000", "0.3", "2.7"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert provider.stdout is not None
    port = int(provider.stdout.readline())
    environment = {
        **os.environ,
        "PENSTOCK_HOME": str(home),
        "PENSTOCK_OPENAI_BASE_URL": f"http://127.0.0.1:{port}",
        "PENSTOCK_OUTBOUND_ALLOWED_HOSTS": f"127.0.0.1:{port}",
        "PENSTOCK_LOG_LEVEL": "WARNING",
    }
    running: list[subprocess.Popen[bytes]] = []
    try:
        async with open_penstock(Settings.from_environment(environment)) as app:
            ids = await make_records(app, records, "A long complaint. " * (CHARACTERS // 18))
            running = [start_worker(environment, home / f"worker-{n}.log") for n in range(workers)]
            await wait_for_worker(app)
            try:
                flow_id = await make_flow(app, trigger=False)
                await asyncio.sleep(2.5)  # the workers open the new connection's lane
                await cap_at(app, limit)
                async with transaction(app.pool) as db:
                    await enroll_by_hand(db, enqueue, app.runner.plans, app.workspace_id, flow_id, ids)
                await settled(app, records)
                at_the_cap = await the_cap(app)
                calls_at_the_cap = await value(app, CALLS)
                await cap_at(app, "1000")
                while await value(app, COMPLETED) < records:
                    await asyncio.sleep(0.2)
                calls, after = await value(app, CALLS), await the_cap(app)
            finally:
                for worker in running:
                    worker.terminate()
                for worker in running:
                    worker.wait(30)
    finally:
        provider.terminate()
        provider.wait(10)
        shutil.rmtree(home, ignore_errors=True)
    each = after.spent_usd / calls
    return {
        "workers": workers,
        "records": records,
        "cap_usd": float(limit),
        "usd_each": round(float(each), 5),
        "spent_at_the_cap_usd": round(float(at_the_cap.spent_usd), 5),
        "calls_off_the_cap": round(float((at_the_cap.spent_usd - Decimal(limit)) / each), 2),
        "reserved_at_rest_usd": float(at_the_cap.reserved_usd),
        "waited_at_the_cap": records - calls_at_the_cap,
        "completed_after_raise": records,
        "calls": calls,
    }


def main() -> None:
    """Prints the figures; with --json one last line for machines."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--records", type=int, default=400)
    parser.add_argument("--cap", default="1.00", help="USD")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = asyncio.run(bench(options.workers, options.records, options.cap))
    print(", ".join(f"{name} {figure}" for name, figure in figures.items()))
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
