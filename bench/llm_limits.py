"""Many records against a provider with limits: how much of the allowed rate is used, and how many calls are refused.

A loopback provider enforces requests and tokens a minute with honest headers and 429s (bench/limited_provider.py).
All records are enrolled at once; nobody tells Penstock the limits. The rate is measured from the first call to
the last against what the provider allows a minute: its requests, or its tokens where calls are so large that
those bind first. The whole bucket that it begins with counts for nothing.

Usage: python -m bench.llm_limits [--records 5000] [--workers 1,2] [--shape bucket] [--json]
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
import time
from pathlib import Path

import aiohttp

from bench.enrollments import make_flow, make_records, start_worker, value, wait_for_worker
from penstock.bootstrap import Penstock, open_penstock
from penstock.engine.lanes import enqueue
from penstock.kit.database import transaction
from penstock.settings import Settings
from penstock.workflows.enrollment import enroll_by_hand

FIRST_MINUTE = 60.0


async def enroll_and_wait(app: Penstock, ids: list[int]) -> dict[str, int]:
    """Enrolls all records at once and waits until all have ended; returns how many by status."""
    flow_id = await make_flow(app, trigger=False)
    await asyncio.sleep(2.5)  # the workers open the new connection's lane
    for start in range(0, len(ids), 2000):
        async with transaction(app.pool) as db:
            await enroll_by_hand(
                db, enqueue, app.runner.plans, app.workspace_id, flow_id, ids[start : start + 2000]
            )
    shown = time.monotonic()
    while True:
        await asyncio.sleep(0.2)
        left = await value(
            app,
            "SELECT count(*) FROM enrollments WHERE flow_id = $1 AND status IN ('ACTIVE', 'WAITING')",
            flow_id,
        )
        if not left:
            break
        if time.monotonic() - shown > 30:
            shown = time.monotonic()
            print(f"  {left} of {len(ids)} left", file=sys.stderr)
    async with app.pool.acquire() as db:
        rows = await db.fetch(
            "SELECT status, count(*) AS runs FROM enrollments WHERE flow_id = $1 GROUP BY status", flow_id
        )
    return {row["status"]: row["runs"] for row in rows}


async def bench(
    records: int, workers: int, shape: str, requests: int, tokens: int, delay: float
) -> dict[str, object]:
    """One run on a fresh home folder."""
    home = Path(tempfile.mkdtemp(prefix="penstock-bench-"))
    arguments = [shape, str(requests), str(tokens), str(delay)]
    provider = subprocess.Popen(
        [sys.executable, "-m", "bench.limited_provider", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert provider.stdout is not None
    port = int(provider.stdout.readline())
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "PENSTOCK_HOME": str(home),
        "PENSTOCK_OPENAI_BASE_URL": address,
        "PENSTOCK_OUTBOUND_ALLOWED_HOSTS": f"127.0.0.1:{port}",
        "PENSTOCK_LOG_LEVEL": "WARNING",
    }
    running: list[subprocess.Popen[bytes]] = []
    try:
        async with open_penstock(Settings.from_environment(environment)) as app:
            ids = await make_records(app, records)
            running = [start_worker(environment, home / f"worker-{n}.log") for n in range(workers)]
            await wait_for_worker(app)
            try:
                statuses = await enroll_and_wait(app, ids)
                async with aiohttp.ClientSession() as http, http.get(f"{address}/stats") as reply:
                    stats = json.loads(await reply.text())
            finally:
                for worker in running:
                    worker.terminate()
                for worker in running:
                    worker.wait(30)
                for log in sorted(home.glob("worker-*.log")):
                    print(log.read_text()[-2000:], file=sys.stderr, end="")
    finally:
        provider.terminate()
        provider.wait(10)
        shutil.rmtree(home, ignore_errors=True)
    answered, refused = stats["answered"], stats["refused"]
    later = [at for at in answered if at > FIRST_MINUTE]
    later_refused = [at for at in refused if at > FIRST_MINUTE]
    tokens_each = stats["tokens"] / len(answered)
    allowed = min(float(requests), tokens / tokens_each)  # calls a minute
    return {
        "workers": workers,
        "shape": shape,
        "records": records,
        "completed": statuses.get("COMPLETED", 0),
        "not_completed": records - statuses.get("COMPLETED", 0),
        "seconds": round(answered[-1], 1),
        "tokens_each": round(tokens_each),
        "allowed_a_minute": round(allowed, 1),
        "rate_used": round(len(answered) / answered[-1] * 60 / allowed, 4),
        "rate_used_after_first_minute": round(
            len(later) / max(1.0, answered[-1] - FIRST_MINUTE) * 60 / allowed, 4
        ),
        "refused": len(refused),
        "refused_after_first_minute": len(later_refused),
        "refused_share_after_first_minute": round(
            len(later_refused) / max(1, len(later) + len(later_refused)), 5
        ),
        "most_at_once": stats["most_at_once"],
    }


def main() -> None:
    """Prints a row a run; with --json one last line for machines."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--workers", default="1,2", help="how many worker processes, one run each")
    parser.add_argument("--shape", choices=("bucket", "window"), default="bucket")
    parser.add_argument("--requests", type=int, default=600, help="a minute")
    parser.add_argument("--tokens", type=int, default=200_000, help="a minute")
    parser.add_argument("--delay", type=float, default=0.4, help="seconds a call takes")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    runs = []
    for workers in (int(each) for each in options.workers.split(",")):
        run = bench(options.records, workers, options.shape, options.requests, options.tokens, options.delay)
        runs.append(asyncio.run(run))
        print(", ".join(f"{name} {figure}" for name, figure in runs[-1].items()))
    if options.json:
        print(json.dumps(runs))


if __name__ == "__main__":
    main()
