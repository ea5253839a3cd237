"""The database URL as DBOS's driver wants it."""

from __future__ import annotations


def system_database_url(url: str) -> str:
    """The same database for DBOS, which speaks through SQLAlchemy and psycopg 3."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url
