"""Installs the tables of DBOS beside ours, so that every process can enqueue before any worker has run."""

from __future__ import annotations

from dbos import DBOS

from penstock.engine.url import system_database_url


def install(url: str) -> None:
    """Creates or migrates the `dbos` schema of the database at `url`. Idempotent; blocking; a second or less."""
    DBOS.migrate(system_database_url(url))
