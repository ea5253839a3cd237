"""The rows of the paces: read, locked, booked and taught. Times are seconds since 1970 by the database's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass

from penstock.connections.connections import ProviderConnection
from penstock.kit.database import Connection, Row
from penstock.llm.pacing import Noted, Pace, grant, note

OWNERS = ""  # the model under which the owner's limits of a connection are kept

NOW = "SELECT extract(epoch FROM clock_timestamp())::float8"
COLUMNS = (
    "requests, tokens, request_clock, token_clock, tokens_each, closed_until, slowed, slowed_at, guessed"
)
# In order of their key, as everywhere, so that two workers cannot wait for each other.
LOCK = f"""
SELECT model, {COLUMNS} FROM llm_paces WHERE connection_id = $1 AND model = ANY ($2::text[]) ORDER BY model
FOR NO KEY UPDATE
"""  # noqa: S608 - a constant
READ = f"SELECT model, {COLUMNS} FROM llm_paces WHERE connection_id = $1"  # noqa: S608 - a constant
SAVE = f"""
INSERT INTO llm_paces (connection_id, model, {COLUMNS})
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (connection_id, model) DO UPDATE
SET requests = excluded.requests, tokens = excluded.tokens, request_clock = excluded.request_clock,
    token_clock = excluded.token_clock, tokens_each = excluded.tokens_each, closed_until = excluded.closed_until,
    slowed = excluded.slowed, slowed_at = excluded.slowed_at, guessed = excluded.guessed
"""  # noqa: S608 - a constant
ENSURE = """
INSERT INTO llm_paces (connection_id, model, tokens_each) SELECT $1, name, $3 FROM unnest($2::text[]) AS named (name)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Permits:
    """When calls may go out (seconds since 1970, by the database's clock, at which it was `now`).

    `booked` is False while no limit is known: then they go at once, and nothing was written.
    """

    now: float
    times: tuple[float, ...]
    booked: bool


async def now_of(db: Connection) -> float:
    """The database's time, in seconds since 1970."""
    now: float = await db.fetchval(NOW)
    return now


async def read(db: Connection, connection: ProviderConnection) -> dict[str, Pace]:
    """The paces of a connection by model, unlocked, the owner's limits under OWNERS."""
    rows = await db.fetch(READ, connection.id)
    return _with_owner(connection, {row["model"]: _pace(row) for row in rows})


async def permits(db: Connection, connection: ProviderConnection, model: str, most: int) -> Permits:
    """Books up to `most` calls of a model, as many as may go out soon; the caller's transaction must commit them.

    A connection for which no limit is known lets all through at once and writes nothing.
    """
    names = [model]
    if _has_owner_limits(connection):
        names = [OWNERS, model]
        # A row that is not there yet locks nobody out: of calls that come at once, all would be the first. It is made
        # before anything is locked, or two could wait for each other.
        await db.execute(ENSURE, connection.id, [OWNERS], Pace().tokens_each)
    known = {row["model"]: _pace(row) for row in await db.fetch(LOCK, connection.id, names)}
    known = _with_owner(connection, known)
    now = await now_of(db)
    bound = {name: pace for name, pace in known.items() if pace.limits or pace.closed_until > now}
    if not bound:
        return Permits(now, (now,) * most, booked=False)
    times, booked = grant(list(bound.values()), now, most)
    if times:
        for name, pace in zip(bound, booked, strict=True):
            await _save(db, connection.id, name, pace)
    return Permits(now, tuple(times), booked=True)


async def note_all(
    db: Connection, connection: ProviderConnection, learned: Mapping[str, Noted], spread: float
) -> dict[str, Pace]:
    """Teaches the paces of a connection what its calls by model came to; returns them as they are now."""
    names = sorted({*learned, *([OWNERS] if _has_owner_limits(connection) else [])})
    await db.execute(ENSURE, connection.id, names, Pace().tokens_each)
    known = {row["model"]: _pace(row) for row in await db.fetch(LOCK, connection.id, names)}
    known = _with_owner(connection, known)
    now = await now_of(db)
    taught: dict[str, Pace] = {}
    for name in names:
        if name == OWNERS:
            tokens = sum(one.tokens for one in learned.values())
            counted = sum(one.counted for one in learned.values())
            noted = Noted(tokens=tokens, counted=counted)
        else:
            noted = learned[name]
        taught[name] = note(known[name], noted, now, spread)
        await _save(db, connection.id, name, taught[name])
    return taught


def _has_owner_limits(connection: ProviderConnection) -> bool:
    return connection.requests_per_minute is not None or connection.tokens_per_minute is not None


def _with_owner(connection: ProviderConnection, known: dict[str, Pace]) -> dict[str, Pace]:
    """The owner's limits come from the connection; only their clocks are kept in the row."""
    known = {name: pace for name, pace in known.items() if name != OWNERS} | {
        name: Pace(
            connection.requests_per_minute,
            connection.tokens_per_minute,
            pace.request_clock,
            pace.token_clock,
            pace.tokens_each,
        )
        for name, pace in known.items()
        if name == OWNERS
    }
    if _has_owner_limits(connection) and OWNERS not in known:
        known[OWNERS] = Pace(connection.requests_per_minute, connection.tokens_per_minute)
    return known


async def _save(db: Connection, connection_id: int, model: str, pace: Pace) -> None:
    await db.execute(SAVE, connection_id, model, *astuple(pace))


def _pace(row: Row) -> Pace:
    return Pace(*list(row.values())[1:])
