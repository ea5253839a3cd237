"""Puts a process together: settings -> database -> keyring -> clients -> runner -> engine. The only place that does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from penstock.accounts.first_start import ensure_owner
from penstock.connections.vault import Vault
from penstock.crm.defaults import install as install_defaults
from penstock.engine import schema as engine_schema
from penstock.engine.lanes import enqueue
from penstock.kit import embedded, migrate
from penstock.kit.clock import Clock, SystemClock
from penstock.kit.database import Connection, Pool, check_server, open_pool, transaction
from penstock.kit.http import HttpClient
from penstock.kit.open_files import allow_connections
from penstock.kit.sealing import Keyring
from penstock.llm import learned, own_prices
from penstock.llm.batches.client import BatchClient
from penstock.llm.client import LlmClient
from penstock.llm.learned import LearnedAt
from penstock.llm.list_keeping import ListKeeper
from penstock.llm.local.servers import LocalServers
from penstock.llm.prices import load as load_prices
from penstock.mail.sender import MailSender
from penstock.settings import Settings
from penstock.webhooks.deliveries import Delivery
from penstock.webhooks.sender import WebhookSender
from penstock.workflows.batches.work import BatchWork, Patience
from penstock.workflows.legs.committer import Committer
from penstock.workflows.legs.llm_lane import LlmLane
from penstock.workflows.legs.replies import webhook_replied
from penstock.workflows.legs.runner import Runner
from penstock.workflows.loops.guard import Limits
from penstock.workflows.spending.alerts import CapAlerts
from penstock.workflows.triggers import Triggers

if TYPE_CHECKING:
    from penstock.engine.engine import Engine

DEFAULT_WORKSPACE = 1


@dataclass(slots=True)
class Penstock:
    """Everything a process needs to serve requests or commands."""

    settings: Settings
    database_url: str
    pool: Pool
    clock: Clock
    keyring: Keyring
    vault: Vault
    http: HttpClient
    llm: LlmClient
    runner: Runner
    owner_token: str | None = field(repr=False)  # set once, at the very first start

    workspace_id: int = DEFAULT_WORKSPACE


@contextlib.asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """The URL of a migrated database: the operator's, or the embedded one for as long as this lasts."""
    if settings.database_url is not None:
        await _prepare(settings.database_url)
        yield settings.database_url
        return
    server = await asyncio.to_thread(embedded.start, settings.home)
    try:
        await _prepare(server.url)
        yield server.url
    finally:
        await asyncio.to_thread(server.stop)


async def _prepare(url: str) -> None:
    pool = await open_pool(url, min_size=1, max_size=1)
    try:
        async with pool.acquire() as db:
            await check_server(db)
            if not await migrate.is_current(db):
                await asyncio.to_thread(migrate.migrate, url)
            if not await engine_schema.is_current(db):
                await asyncio.to_thread(engine_schema.install, url)
                await engine_schema.note(db)
    finally:
        await pool.close()


@contextlib.asynccontextmanager
async def open_penstock(
    settings: Settings, *, clock: Clock | None = None, pool_size: int = 12
) -> AsyncIterator[Penstock]:
    """A process without a worker: enough for commands and requests; whatever it enqueues, a worker runs."""
    async with database(settings) as url, contextlib.AsyncExitStack() as stack:
        time = clock or SystemClock()
        pool = await open_pool(url, min_size=1, max_size=pool_size)
        stack.push_async_callback(pool.close)
        keyring = Keyring.load(settings)
        vault = Vault(keyring)
        http = HttpClient(allowed_hosts=settings.outbound_allowed_hosts)
        stack.push_async_callback(http.close)
        local = LocalServers(settings.models, settings.home / "logs")
        stack.push_async_callback(local.close)

        async def keep(fact: LearnedAt) -> None:
            async with transaction(pool) as db:
                await learned.save(db, fact)

        llm = LlmClient(http, settings, local=local, learned=keep)
        async with transaction(pool) as db:
            await install_defaults(db, DEFAULT_WORKSPACE)
            owner_token = await ensure_owner(db, DEFAULT_WORKSPACE, settings.owner_email)
            llm.remember(await learned.load(db))
            own_prices.remember(await own_prices.load(db))
        reading = asyncio.create_task(own_prices.keep_reading(pool))
        stack.callback(reading.cancel)
        runner = Runner(pool, enqueue, time)
        yield Penstock(settings, url, pool, time, keyring, vault, http, llm, runner, owner_token)


@contextlib.asynccontextmanager
async def work(app: Penstock, *, grace_seconds: float = 20.0) -> AsyncIterator[Engine]:
    """Runs a worker in this process: legs, triggers, waits, e-mails and webhooks."""
    # DBOS is loaded with the engine: most of a second that commands which run no legs need not wait.
    from penstock.engine.engine import Engine
    from penstock.engine.supervisor import new_worker_id

    allow_connections()  # each call in flight is one; `penstock doctor` says when they are few
    worker_id = new_worker_id()
    committer = Committer(app.runner)
    lane = LlmLane(app.pool, app.runner.plans, committer, app.llm, app.vault, app.clock, worker_id)
    triggers = Triggers(app.pool, enqueue, app.runner.plans, app.clock, Limits.of(app.settings))
    lists = ListKeeper(app.pool, app.llm, app.vault, app.clock)
    engine = Engine(app.database_url, app.pool, app.runner, committer, lane, triggers, lists, worker_id)

    async def on_delivered(db: Connection, delivery: Delivery) -> None:
        await webhook_replied(app.runner, db, delivery)

    mail = MailSender(app.pool, app.settings, app.clock)
    webhooks = WebhookSender(app.pool, app.http, app.vault, app.settings, app.clock, on_delivered)
    patience = Patience(app.settings.batch_quiet_seconds, look=app.settings.batch_look_seconds)
    asking = BatchClient(app.http, app.llm)
    batches = BatchWork(app.runner, enqueue, asking, app.llm, app.vault, worker_id, patience)
    alerts = CapAlerts(app.pool, app.settings.public_url)
    stop = asyncio.Event()
    await asyncio.to_thread(load_prices)
    await engine.start()
    senders = [asyncio.create_task(one.run(stop)) for one in (mail, webhooks, batches, alerts)]
    try:
        yield engine
    finally:
        stop.set()
        done, late = await asyncio.wait(senders, timeout=grace_seconds)
        for sender in late:
            sender.cancel()
        await asyncio.gather(*done, *late, return_exceptions=True)
        await engine.stop(grace_seconds)
