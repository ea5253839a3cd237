"""SIGKILL at each stage of a batch of 2,000 records, at each provider: every record is done once, and paid once."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
from tests.batch_stand_in import PROVIDERS, BatchStandIn, base_urls, batch_stand_in, never
from tests.engine.scene import answer, ask, connected, edit, tickets, turned_on
from tests.engine.test_batches import MODELS
from tests.faults.test_kill_sweep import free_port, left, worker
from tests.llm_stand_in import StandIn

from penstock.bootstrap import Penstock, open_penstock
from penstock.engine.lanes import enqueue
from penstock.kit.database import Connection, transaction
from penstock.llm.batches import OFFERED
from penstock.llm.catalog import price
from penstock.llm.result import Usage
from penstock.settings import Settings
from penstock.workflows.enrollment import enroll_by_hand

RECORDS = 2_000
# While questions gather; after the upload or the empty batch; when the batch is submitted and its reply is not there
# yet; while it is looked at; with half of its answers read.
STAGES = {
    "openai": ("gathering", "begun", "submitted", "looked", "answers"),
    "anthropic": ("gathering", "submitted", "looked", "answers"),
    "google": ("gathering", "submitted", "looked"),
    "xai": ("gathering", "begun", "submitted", "looked", "answers"),
}


@dataclass
class Moments:
    """Stops the first call that comes to a moment, for ever, and says that it is there."""

    stopped: set[str] = field(default_factory=set)
    wanted: str = ""
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, moment: str) -> None:
        if moment == self.wanted and moment not in self.stopped:
            self.stopped.add(moment)
            self.reached.set()
            await never(moment)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("key", PROVIDERS)
async def test_a_batch_killed_at_each_stage_is_done_once_at_its_price(
    settings: Settings, tmp_path: Path, key: str
) -> None:
    live, moments = StandIn(), Moments()
    async with batch_stand_in(
        live, answer=lambda _prompt: json.dumps({"urgency": "high"}), before_reply=moments
    ) as provider:
        environment = {
            **os.environ,
            "PENSTOCK_HOME": str(tmp_path / "home"),
            "PENSTOCK_DATABASE_URL": settings.database_url or "",
            "PENSTOCK_SECRET_KEY": settings.secret_key or "",
            "PENSTOCK_OUTBOUND_ALLOWED_HOSTS": "127.0.0.1",
            "PENSTOCK_PORT": str(free_port()),
            "PENSTOCK_BATCH_QUIET_SECONDS": "1",
            "PENSTOCK_BATCH_LOOK_SECONDS": "0.2",
            **{f"PENSTOCK_{name.upper()}_BASE_URL": url for name, url in base_urls(provider).items()},
        }
        log = tmp_path / "workers.log"
        async with open_penstock(Settings.from_environment(environment)) as app:
            await enrolled(app, key)
            async with app.pool.acquire() as db:
                for stage in STAGES[key]:
                    await killed_at(stage, moments, db, environment, log)
                process = await worker(["worker"], environment, log)
                while await left(db) and process.returncode is None:
                    await asyncio.sleep(0.1)
                process.terminate()
                assert await process.wait() == 0, log.read_text()[-3000:]
                await check(db, provider, live, key)


async def enrolled(app: Penstock, key: str) -> None:
    """The records, the workflow and the runs, which wait for a worker."""
    records = await tickets(app, *(f"Ticket {n}." for n in range(RECORDS)))
    connection = await connected(app, key)
    step = ask("1", connection, MODELS[key], "2")
    flow = await turned_on(app, step, edit("2", "urgency", answer("1", "urgency")))
    async with transaction(app.pool) as db:
        await enroll_by_hand(db, enqueue, app.runner.plans, 1, flow, records, batch=True)


async def killed_at(
    stage: str, moments: Moments, db: Connection, environment: dict[str, str], log: Path
) -> None:
    """A worker that gets as far as this stage."""
    moments.wanted = stage
    moments.reached.clear()
    process = await worker(["worker"], environment, log)
    if stage == "gathering":
        while (
            not await db.fetchval("SELECT EXISTS (SELECT FROM llm_batch_items)")
            and process.returncode is None
        ):
            await asyncio.sleep(0.01)
    else:
        await moments.reached.wait()
    assert process.returncode is None, log.read_text()[-3000:]
    process.send_signal(signal.SIGKILL)
    await process.wait()


async def check(db: Connection, provider: BatchStandIn, live: StandIn, key: str) -> None:
    """What must hold after all kills."""
    statuses = {
        row["status"]: row["n"]
        for row in await db.fetch("SELECT status, count(*) AS n FROM enrollments GROUP BY 1")
    }
    assert statuses == {"COMPLETED": RECORDS}
    assert len(provider.asked) == RECORDS
    assert set(provider.asked.values()) == {1}, "no question was asked, and billed, twice"
    assert live.seen == [], "nothing was asked at the full price"
    done = await db.fetchval("SELECT count(*) FROM steps WHERE status = 'COMPLETED' AND action_id = '1'")
    versions = await db.fetchval(
        "SELECT count(*) FROM property_history WHERE source_type = 'AUTOMATION_PLATFORM'"
    )
    assert (done, versions) == (RECORDS, RECORDS), "each answer was recorded and written once"
    usual = price(key, MODELS[key], Usage(*provider.tokens), 1)
    assert usual is not None
    each = (usual * OFFERED[key].price_factor).quantize(Decimal("0.00000001"))
    calls = await db.fetchrow(
        "SELECT count(*) AS n, sum(cost_usd) AS usd, bool_and(status = 'recorded' AND attempts = 1) AS once FROM llm_calls"
    )
    assert calls is not None
    assert (calls["n"], calls["usd"], calls["once"]) == (RECORDS, each * RECORDS, True)
    states = {row["state"] for row in await db.fetch("SELECT state FROM llm_batches")}
    assert states == {"done"}
    assert await db.fetchval("SELECT sum(answered) FROM llm_batches") == RECORDS
    assert await db.fetchval("SELECT sum(cost_usd) FROM llm_batches") == each * RECORDS
