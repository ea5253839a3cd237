"""Fixtures for all tests: a real PostgreSQL, a fresh migrated database for each test, no way off this machine."""

from __future__ import annotations

import base64
import importlib
import importlib.util
import ipaddress
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from tests.e2e import chromium

from penstock.kit.database import Connection, Pool, open_pool
from penstock.kit.embedded import EmbeddedServer, start
from penstock.kit.migrate import migrate
from penstock.settings import Settings

# Tests make thousands of small commits that nobody needs after a power cut.
FAST_AND_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}
TEMPLATE = "penstock_template"

# Property tests must not fail because the machine was busy.
hypothesis_settings.register_profile("penstock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("penstock")


def _refuse_other_machines(event: str, arguments: tuple[object, ...]) -> None:
    """Sockets of tests reach this machine only (audit events of the socket module)."""
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            raise AssertionError(f"A test tried to connect to {address!r}; tests reach loopback only.")
    elif event == "socket.getaddrinfo" and not _is_loopback(str(arguments[0] or "localhost")):
        raise socket.gaierror(socket.EAI_NONAME, "Tests do not ask name servers.")


def _is_loopback(host: str) -> bool:
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


sys.addaudithook(_refuse_other_machines)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Under pytest-xdist the long tests come first, so that at the end none is left that keeps one process alone."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("slow", "browser")])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says loudly that browser tests did not run; a skip alone is a letter in a row of dots.

    Here and not in tests/e2e, whose conftest.py only the processes of pytest-xdist read when they run the tests.
    """
    if any(chromium.MISSING in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.section("browser tests", sep="!", red=True, bold=True)
        terminalreporter.line(chromium.MISSING)


def database_named(server: EmbeddedServer, name: str) -> str:
    """The URL of another database on the same server."""
    return server.url.replace("/penstock?", f"/{name}?")


@contextmanager
def folder_for_a_server() -> Iterator[Path]:
    """A folder that PostgreSQL's user can pass into when we are root; removed at the end.

    pytest's own folders will not do: each pytest session that starts takes others' rights to them away.
    """
    folder = Path(tempfile.mkdtemp(prefix="penstock-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server_home() -> Iterator[Path]:
    """A home for an embedded server of a test's own."""
    with folder_for_a_server() as home:
        yield home


@pytest.fixture(scope="session")
def embedded_server() -> Iterator[EmbeddedServer]:
    """One server for the session (one for each worker under pytest-xdist)."""
    with folder_for_a_server() as home:
        server = start(home, extra_settings=FAST_AND_FORGETFUL)
        yield server
        server.stop()


@pytest.fixture(scope="session")
def template_database(embedded_server: EmbeddedServer) -> str:
    """The name of a migrated database with DBOS's tables, to be copied for each test."""
    with psycopg.connect(embedded_server.url, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
    url = database_named(embedded_server, TEMPLATE)
    migrate(url)
    if importlib.util.find_spec("penstock.engine.schema") is not None:
        importlib.import_module("penstock.engine.schema").install(url)
    return TEMPLATE


@pytest.fixture
def database_url(embedded_server: EmbeddedServer, template_database: str) -> Iterator[str]:
    """A fresh migrated database that holds workspace 1 and nothing else."""
    with psycopg.connect(embedded_server.url, autocommit=True) as db:
        db.execute("DROP DATABASE IF EXISTS penstock_test WITH (FORCE)")
        db.execute(f"CREATE DATABASE penstock_test TEMPLATE {template_database} STRATEGY wal_log")
        yield database_named(embedded_server, "penstock_test")
        db.execute("DROP DATABASE penstock_test WITH (FORCE)")


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """A pool on the fresh database."""
    pool = await open_pool(database_url, min_size=1, max_size=10)
    yield pool
    await pool.close()


@pytest.fixture
async def db(pool: Pool) -> AsyncIterator[Connection]:
    """A connection to the fresh database, outside of any transaction."""
    async with pool.acquire() as connection:
        yield connection


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings with a home of their own, the fresh database, and leave to call servers on loopback."""
    return Settings(
        home=tmp_path / "home",
        database_url=database_url,
        public_url="http://127.0.0.1:8765",
        secret_key=base64.b64encode(bytes(range(32))).decode(),
        outbound_allowed_hosts=frozenset({"127.0.0.1", "localhost"}),
    )
