"""The real application over real HTTP on loopback, once for all tests of this folder, with a database of its own.

The server runs in a thread with an event loop of its own, as it does in a process of its own; it has no worker,
so that what a test enrolls stays where the test put it. A token for each role is there, and a second workspace.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import threading
from collections.abc import AsyncIterator, Iterator
from typing import get_args

import aiohttp
import psycopg
import pytest
from tests.api.calling import Client, Running
from tests.api.ships import untouched_vessels, vessels
from tests.llm_stand_in import llm_stand_in

from penstock.accounts import tokens
from penstock.accounts.actors import Actor, Role
from penstock.api.server import listen, server_for
from penstock.bootstrap import open_penstock
from penstock.crm.defaults import install
from penstock.kit.database import Pool, transaction
from penstock.kit.embedded import EmbeddedServer
from penstock.settings import Settings

__all__ = ["untouched_vessels", "vessels"]

DATABASE = "penstock_api"


@pytest.fixture(scope="session")
def running(
    embedded_server: EmbeddedServer, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """The server of all tests of this folder."""
    with psycopg.connect(embedded_server.url, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {DATABASE} TEMPLATE {template_database} STRATEGY wal_log")
    url = embedded_server.url.replace("/penstock?", f"/{DATABASE}?")
    home = tmp_path_factory.mktemp("api")
    started: list[Running | BaseException] = []
    ready, stop = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        async with contextlib.AsyncExitStack() as stack, llm_stand_in() as provider:
            settings = Settings(
                home=home,
                database_url=url,
                secret_key=base64.b64encode(bytes(range(32))).decode(),
                outbound_allowed_hosts=frozenset({"127.0.0.1"}),
                provider_base_urls=provider.base_urls(),
            )
            async with open_penstock(settings) as app:
                listener = listen("127.0.0.1", 0)
                stack.callback(listener.close)
                server = server_for(app, settings)
                serving = asyncio.create_task(server.serve(sockets=[listener]))
                mine, foreign = await _issue(app.pool)
                address = f"http://127.0.0.1:{listener.getsockname()[1]}"
                started.append(Running(address, url, settings, mine, foreign, provider))
                ready.set()
                await stop.wait()
                server.should_exit = True
                await serving

    def thread() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:  # noqa: BLE001 - handed to the test that waits
            started.append(error)
            ready.set()

    worker = threading.Thread(target=thread, name="api-server")
    worker.start()
    ready.wait(60)
    first = started[0]
    if isinstance(first, BaseException):
        worker.join()
        raise first
    yield first
    loops[0].call_soon_threadsafe(stop.set)
    worker.join(30)
    with psycopg.connect(embedded_server.url, autocommit=True) as db:
        db.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


async def _issue(pool: Pool) -> tuple[dict[str, str], str]:
    async with transaction(pool) as db:
        mine = {}
        for role in get_args(Role):
            actor = Actor(1, "cli", "tests", "tests", "owner")
            issued = await tokens.create(db, 1, actor, name=f"{role} of the tests", role=role)
            mine[role] = issued.plain
        await db.execute("INSERT INTO workspaces (id, name) VALUES (2, 'Another')")
        await install(db, 2)
        other = Actor(2, "cli", "tests", "tests", "owner")
        foreign = await tokens.create(db, 2, other, name="owner of another workspace", role="owner")
    return mine, foreign.plain


@pytest.fixture
async def owner(running: Running) -> AsyncIterator[Client]:
    """Calls as the owner of workspace 1."""
    async with aiohttp.ClientSession(running.url) as session:
        yield Client(session, running.tokens["owner"])


@pytest.fixture
async def nobody(running: Running) -> AsyncIterator[Client]:
    """Calls without a token."""
    async with aiohttp.ClientSession(running.url) as session:
        yield Client(session)


@pytest.fixture
async def foreigner(running: Running) -> AsyncIterator[Client]:
    """Calls as the owner of workspace 2."""
    async with aiohttp.ClientSession(running.url) as session:
        yield Client(session, running.foreign_token)
