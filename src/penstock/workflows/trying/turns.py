"""Long trying: by one process at a time, several calls at once, no more than the connections take."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from penstock.connections import connections
from penstock.errors import Conflict
from penstock.kit.database import Connection, Pool

# Trying shares the connections with the runs that are on their way, so it takes a part of them only.
AT_ONCE = 8

TRY_LOCK = "SELECT pg_try_advisory_lock(($1::bigint << 31) + $2::bigint)"
UNLOCK = "SELECT pg_advisory_unlock(($1::bigint << 31) + $2::bigint)"

Item = TypeVar("Item")


@contextlib.asynccontextmanager
async def alone(pool: Pool, space: int, number: int, what: str) -> AsyncIterator[Connection]:
    """Holds the lock of `number` in `space`; raises Conflict when another process has it."""
    async with pool.acquire() as db:
        if not await db.fetchval(TRY_LOCK, space, number):
            raise Conflict(f"{what} is being done already.", remedy="Wait for it, or cancel it.")
        try:
            yield db
        finally:
            if not db.is_closed():
                await db.execute(UNLOCK, space, number)


async def calls_at_once(db: Connection, workspace_id: int, connection_ids: Iterable[int]) -> int:
    """How many records may be tried at once through these connections."""
    most = AT_ONCE
    for connection_id in set(connection_ids):
        found = await connections.find(db, workspace_id, connection_id)
        if found is not None:
            most = min(most, found.concurrency)
    return max(1, most)


async def in_turns(items: Sequence[Item], at_once: int, work: Callable[[Item], Awaitable[bool]]) -> None:
    """Does `work` for each item, `at_once` at a time, in order; no further one is begun after one that returns False.

    The first error ends the others and is raised.
    """
    waiting = iter(items)
    going_on = True

    async def take() -> None:
        nonlocal going_on
        while going_on and (item := next(waiting, None)) is not None:
            going_on = await work(item) and going_on

    takers = [asyncio.create_task(take()) for _ in range(min(at_once, len(items)))]
    try:
        await asyncio.gather(*takers)
    finally:
        for taker in takers:
            taker.cancel()
        await asyncio.gather(*takers, return_exceptions=True)
