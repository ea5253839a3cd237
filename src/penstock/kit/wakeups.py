"""Sleeping until there is something to do: a notification on a channel, a task to end, or a while gone by."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg
import structlog

from penstock.errors import DatabaseProblem
from penstock.kit.database import Connection, Pool

log = structlog.get_logger(__name__)

LISTEN_AGAIN_SECONDS = 1.0
DATABASE_AWAY = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, DatabaseProblem, OSError)


class Wakeups:
    """An alarm that a channel, the stop signal or anybody with `wake` sets off.

    `forget` comes before the look for work and `sleep` after it: what happened in between ends the sleep at
    once. A notification that got lost (the connection broke) costs one sleep and never the work.
    """

    def __init__(self, stop: asyncio.Event) -> None:
        self._alarm = asyncio.Event()
        self._stop = stop

    def wake(self) -> None:
        """Ends the sleep, or the next one."""
        self._alarm.set()

    def forget(self) -> None:
        """Takes back earlier alarms; the work they told of is about to be looked for."""
        if not self._stop.is_set():
            self._alarm.clear()

    async def sleep(self, seconds: float) -> None:
        """Returns at an alarm, and at the latest after `seconds`."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._alarm.wait(), seconds)


@contextlib.asynccontextmanager
async def wakeups(pool: Pool, channel: str, stop: asyncio.Event) -> AsyncIterator[Wakeups]:
    """Listens on a channel (LISTEN/NOTIFY) for as long as the block lasts; holds one connection of the pool."""
    alarm = Wakeups(stop)
    tasks = [
        asyncio.create_task(_listen(pool, channel, alarm)),
        asyncio.create_task(_wait_for_stop(stop, alarm)),
    ]
    try:
        yield alarm
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _wait_for_stop(stop: asyncio.Event, alarm: Wakeups) -> None:
    await stop.wait()
    alarm.wake()


async def _listen(pool: Pool, channel: str, alarm: Wakeups) -> None:
    def on_notify(*_: object) -> None:
        alarm.wake()

    while True:
        try:
            async with pool.acquire() as db:
                await db.add_listener(channel, on_notify)
                try:
                    await _until_closed(db)
                finally:
                    await db.remove_listener(channel, on_notify)
        except DATABASE_AWAY as trouble:
            log.info("listening again", channel=channel, cause=type(trouble).__name__)
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)


async def _until_closed(db: Connection) -> None:
    closed = asyncio.Event()
    db.add_termination_listener(lambda _: closed.set())
    if not db.is_closed():  # It may have broken before anybody listened for that.
        await closed.wait()
