"""Installs the tables of DBOS beside ours, so that every process can enqueue before any worker has run."""

from __future__ import annotations

from importlib.metadata import version

from penstock.engine.url import system_database_url
from penstock.kit.database import Connection

# Which release of DBOS last saw to its tables, so that a process that runs no legs need not load DBOS to know
# that they are right: loading it takes most of a second, which every command would wait.
INSTALLED = "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'dbos'"
NOTE = "COMMENT ON SCHEMA dbos IS '{release}'"


async def is_current(db: Connection) -> bool:
    """Whether the tables are those of the DBOS that is installed here."""
    return bool(await db.fetchval(INSTALLED) == _release())


async def note(db: Connection) -> None:
    """Notes that `install` has run with the DBOS that is installed here."""
    await db.execute(NOTE.format(release=_release()))


def install(url: str) -> None:
    """Creates or migrates the `dbos` schema of the database at `url`. Idempotent; blocking; a second or less."""
    from dbos import DBOS

    DBOS.migrate(system_database_url(url))


def _release() -> str:
    # Digits, letters and full stops only (PEP 440), so that it can stand in a statement that takes no parameters.
    return "DBOS " + "".join(part for part in version("dbos") if part.isalnum() or part in ".+")
