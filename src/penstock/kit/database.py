"""Connections to PostgreSQL: the pool, one transaction, and what to do when the database cannot be used.

asyncpg ships no type information, so the part of it that we use is written down here as protocols. Queries
are SQL in the open, in the module that needs them.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol
from urllib.parse import urlsplit

import asyncpg
import orjson

from penstock.errors import ConfigurationProblem, DatabaseProblem, PenstockError

OLDEST_SERVER = 15  # MERGE and UNIQUE NULLS NOT DISTINCT arrived with it.
_JSONB_VERSION = b"\x01"  # jsonb's binary form is this byte and then the JSON text (PostgreSQL, jsonb_recv).


class Row(Protocol):
    """A row of a result, by column name or position (asyncpg.Record)."""

    def __getitem__(self, key: str | int) -> Any: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Any: ...
    def get(self, key: str, default: Any = None) -> Any: ...
    def keys(self) -> Any: ...
    def values(self) -> Any: ...
    def items(self) -> Any: ...


class Cursor(Protocol):
    """What `Connection.cursor` gives: rows one after another, inside a transaction."""

    def __aiter__(self) -> AsyncIterator[Row]: ...


Listener = Callable[["Connection", int, str, str], Awaitable[None] | None]


class Connection(Protocol):
    """A connection to PostgreSQL, from the pool or on its own (asyncpg.Connection).

    Parameters are `$1`, `$2` …; json and jsonb are Python values both ways; timestamptz are aware datetimes.
    In a `jsonb[]` parameter None is SQL NULL, and asyncpg takes a list inside it for a second dimension: pass
    values that may be lists or null as `dumps(value).decode()` in a `text[]` and cast them in the statement.
    """

    async def execute(self, query: str, *args: object) -> str: ...
    async def executemany(self, command: str, args: Iterable[Sequence[object]]) -> None: ...
    async def fetch(self, query: str, *args: object) -> list[Row]: ...
    async def fetchrow(self, query: str, *args: object) -> Row | None: ...
    async def fetchval(self, query: str, *args: object, column: int = 0) -> Any: ...
    def cursor(self, query: str, *args: object, prefetch: int | None = None) -> Cursor: ...
    def transaction(
        self, *, isolation: str | None = None, readonly: bool = False, deferrable: bool = False
    ) -> AbstractAsyncContextManager[None]: ...
    async def copy_records_to_table(
        self, table_name: str, *, records: Iterable[Sequence[object]], columns: Sequence[str] | None = None
    ) -> str: ...
    def is_in_transaction(self) -> bool: ...
    def is_closed(self) -> bool: ...
    async def add_listener(self, channel: str, callback: Listener) -> None: ...
    async def remove_listener(self, channel: str, callback: Listener) -> None: ...
    def add_termination_listener(self, callback: Callable[[Connection], None]) -> None: ...
    def get_server_version(self) -> tuple[int, ...]: ...
    async def close(self) -> None: ...


class Pool(Protocol):
    """A pool of connections (asyncpg.Pool)."""

    def acquire(self, *, timeout: float | None = None) -> AbstractAsyncContextManager[Connection]: ...
    async def close(self) -> None: ...
    def terminate(self) -> None: ...
    def get_size(self) -> int: ...
    def get_idle_size(self) -> int: ...
    def get_max_size(self) -> int: ...


async def open_pool(url: str, *, min_size: int = 1, max_size: int = 10) -> Pool:
    """Opens a pool on the database at `url` (postgresql://user@host/name, or `?host=/folder` for a socket).

    Raises DatabaseProblem with a remedy when the server cannot be reached, refuses the log-in or is older
    than PostgreSQL 15, and ConfigurationProblem when `url` is no such URL.
    """
    _check_url(url)
    try:
        pool: Pool = await asyncpg.create_pool(
            url, min_size=min_size, max_size=max_size, init=_prepare, server_settings=_SESSION, timeout=30
        )
    except Exception as error:
        raise _meaning(error, url) from error
    async with transaction(pool) as db:
        old = await _too_old(db)
    if old is not None:
        await pool.close()
        raise old
    return pool


async def connect(url: str) -> Connection:
    """One connection outside of any pool, for LISTEN and for tools. Raises as `open_pool` does."""
    _check_url(url)
    try:
        db: Connection = await asyncpg.connect(url, server_settings=_SESSION, timeout=30)
        await _prepare(db)
    except Exception as error:
        raise _meaning(error, url) from error
    return db


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """One connection with one transaction: committed at the end of the block, rolled back by an exception.

    Raises DatabaseProblem when the server is gone, full or out of connections; constraint violations and
    other errors of a statement pass unchanged.
    """
    async with _acquired(pool) as db:
        try:
            async with db.transaction():
                yield db
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise _meaning(error, "") from error


@asynccontextmanager
async def _acquired(pool: Pool) -> AsyncIterator[Connection]:
    """A connection of the pool. Only errors of getting it are translated; those of the block are the block's."""
    acquiring = pool.acquire()
    try:
        db = await acquiring.__aenter__()
    except Exception as error:
        raise _meaning(error, "") from error
    try:
        yield db
    finally:
        await acquiring.__aexit__(None, None, None)


async def check_server(db: Connection) -> None:
    """Raises DatabaseProblem when the server is older than PostgreSQL 15."""
    if (old := await _too_old(db)) is not None:
        raise old


def database_problem(error: BaseException, url: str = "") -> DatabaseProblem | None:
    """The DatabaseProblem behind an error of asyncpg, psycopg or the socket, or None when it is another kind.

    The message names host and database of `url` and never the password. Codes are SQLSTATEs (PostgreSQL
    manual, appendix A). A failed psycopg log-in carries no code, so that its text is looked at instead.
    """
    where = _place(url)
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        for prefix, (message, remedy) in _MEANINGS.items():
            if state.startswith(prefix):
                return DatabaseProblem(message.format(where=where), remedy=remedy, sqlstate=state)
        return None
    text = str(error)
    for pattern, code in _TEXTS.items():
        if pattern in text:
            message, remedy = _MEANINGS[code]
            return DatabaseProblem(message.format(where=where), remedy=remedy, sqlstate=code)
    if isinstance(error, ssl.SSLError):
        return DatabaseProblem(
            f"The TLS connection to {where} failed.", remedy="Check sslmode and the server's certificate."
        )
    gone = (
        isinstance(error, asyncpg.InterfaceError) and "clos" in text
    )  # closed, closing; the rest are our mistakes
    if gone or isinstance(error, OSError) or type(error).__name__ == "OperationalError":
        message, remedy = _MEANINGS["08"]
        return DatabaseProblem(message.format(where=where), remedy=remedy, cause=type(error).__name__)
    return None


_SESSION = {
    "application_name": "penstock",
    "jit": "off",  # Our queries are short; compiling one costs more than running it.
    "timezone": "UTC",
}

_START = "Check that the server runs and that PENSTOCK_DATABASE_URL names its host and port."
_MEANINGS: dict[str, tuple[str, str]] = {
    "08": ("PostgreSQL at {where} cannot be reached.", _START),
    "28": (
        "PostgreSQL at {where} refused the user or password.",
        "Check the user and password in PENSTOCK_DATABASE_URL and the server's pg_hba.conf.",
    ),
    "3D": (
        "PostgreSQL is there, but has no database {where}.",
        "Create it (createdb) or name another one in PENSTOCK_DATABASE_URL.",
    ),
    "42501": (
        "The database user may not do this in {where}.",
        "Make the user in PENSTOCK_DATABASE_URL the owner of its database.",
    ),
    "25006": (
        "The database {where} is read-only.",
        "Name the primary server in PENSTOCK_DATABASE_URL, not a standby.",
    ),
    "53100": (
        "The disk of the database {where} is full.",
        "Free space on the disk that holds the database, then try again.",
    ),
    "53200": (
        "PostgreSQL at {where} ran out of memory.",
        "Raise max_locks_per_transaction or the server's memory, or lower the number of workers.",
    ),
    "53300": (
        "PostgreSQL at {where} has no connection left.",
        "Raise max_connections or start fewer Penstock processes.",
    ),
    "53": ("PostgreSQL at {where} ran out of a resource.", "Look into the server's log for which one."),
    "57P03": ("PostgreSQL at {where} is starting up or shutting down.", "Wait a moment and try again."),
    "57P": (
        "PostgreSQL at {where} closed the connection.",
        "It restarts or was stopped; try again when it is back.",
    ),
    "58": (
        "PostgreSQL at {where} met a system error.",
        "Look into the server's log; its disk or files may be damaged.",
    ),
    "XX": (
        "PostgreSQL at {where} met an internal error.",
        "Look into the server's log; its files may be damaged.",
    ),
}
_TEXTS: dict[str, str] = {
    "password authentication failed": "28",
    "no pg_hba.conf entry": "28",
    "no password supplied": "28",
    'role "': "28",
    "too many clients already": "53300",
    "remaining connection slots": "53300",
    "is starting up": "57P03",
    "is shutting down": "57P03",
    "No space left on device": "53100",
}


async def _prepare(db: Connection) -> None:
    """Values of json and jsonb columns are Python values, in the binary form, which saves a copy each way."""
    coder: Any = db
    await coder.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: _JSONB_VERSION + orjson.dumps(value),
        decoder=lambda data: orjson.loads(memoryview(data)[1:]),
        format="binary",
    )
    await coder.set_type_codec(
        "json", schema="pg_catalog", encoder=orjson.dumps, decoder=orjson.loads, format="binary"
    )


async def _too_old(db: Connection) -> DatabaseProblem | None:
    number = int(await db.fetchval("SELECT current_setting('server_version_num')::int"))
    if number >= OLDEST_SERVER * 10_000:
        return None
    return DatabaseProblem(
        f"The database server is PostgreSQL {number // 10_000}; Penstock needs {OLDEST_SERVER} or newer.",
        remedy="Upgrade the server, or unset PENSTOCK_DATABASE_URL to use the embedded one.",
    )


def _check_url(url: str) -> None:
    if urlsplit(url).scheme not in {"postgresql", "postgres"}:
        raise ConfigurationProblem(
            "The database URL does not start with postgresql://.",
            remedy="Set PENSTOCK_DATABASE_URL to postgresql://user:password@host:5432/name or unset it.",
        )


def _meaning(error: Exception, url: str) -> Exception:
    """The error to raise in place of `error`: unchanged when it is ours already or nothing we can explain."""
    if isinstance(error, PenstockError):
        return error
    return database_problem(error, url) or error


def _place(url: str) -> str:
    """Host and database of a URL, without user, password and options."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or "the local socket"
        return (
            f"{host}{f':{parts.port}' if parts.port else ''}{parts.path}" if url else "the configured address"
        )
    except ValueError:
        return "the configured address"
