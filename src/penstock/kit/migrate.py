"""Brings a database to the newest tables: Alembic, run from the program, one process at a time."""

from __future__ import annotations

from pathlib import Path

import penstock
from penstock.errors import DatabaseProblem
from penstock.kit.database import Connection, database_problem

# Any number that nothing else on the server locks; it spells "penstock" cut to 63 bits.
MIGRATION_LOCK = int.from_bytes(b"penstock") >> 1
MIGRATIONS = Path(penstock.__file__).parent / "migrations"

APPLIED = "SELECT version_num FROM alembic_version"
HAS_VERSION = "SELECT to_regclass('alembic_version') IS NOT NULL"


async def is_current(db: Connection, scripts: Path = MIGRATIONS) -> bool:
    """Whether the newest migration has run, found out without loading Alembic, which takes most of a second.

    Migrations are numbered in their file names, and the number is the revision.
    """
    newest = max(script.name[:4] for script in (scripts / "versions").glob("[0-9]*.py"))
    return bool(await db.fetchval(HAS_VERSION)) and await db.fetchval(APPLIED) == newest


def migrate(url: str, scripts: Path = MIGRATIONS) -> None:
    """Runs every migration that the database at `url` has not seen; blocking, a second on an empty database.

    Processes that start together wait for each other on an advisory lock. PostgreSQL changes tables inside
    transactions, so that a killed migration leaves nothing behind and the next start runs it again. Raises
    DatabaseProblem when the database cannot be used or was written by a newer Penstock.
    """
    # Loaded here, because a database that is up to date needs none of it; see `is_current`.
    import sqlalchemy
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import NullPool

    engine = sqlalchemy.create_engine(_driver_url(url), poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    try:
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
            connection.commit()  # The lock belongs to the session and outlives this transaction.
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except DBAPIError as error:
        problem = database_problem(error.orig or error, url)
        if problem is None:
            raise
        raise problem from error
    except CommandError as error:
        if "Can't locate revision" not in str(error):
            raise
        raise DatabaseProblem(
            "The database was written by a newer Penstock than this one.",
            remedy="Install the newer version again, or restore a backup made by this one.",
        ) from error


def _driver_url(url: str) -> str:
    """The URL for SQLAlchemy with psycopg 3."""
    return "postgresql+psycopg://" + url.split("://", 1)[1] if "://" in url else url
