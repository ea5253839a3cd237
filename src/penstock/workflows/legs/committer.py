"""Gathers outcomes as they come in and commits them in groups, never waiting for the slowest call."""

from __future__ import annotations

import asyncio
import contextlib

import structlog

from penstock.workflows.legs.leg import Arrival
from penstock.workflows.legs.runner import Runner

log = structlog.get_logger(__name__)

# The first outcome of a group waits this long for company (seconds): shorter than anyone notices, long
# enough that a thousand answers a second share a few dozen commits.
GATHER_SECONDS = 0.01
MOST_PER_GROUP = 100
GROUPS_AT_ONCE = 2


class Committer:
    """Commits arrivals in groups. `submit` returns a future that is done when its arrival is committed."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._arrived = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Starts committing; must be called in the event loop that submits."""
        self._tasks = [
            asyncio.create_task(self._commit_groups(), name=f"committer-{n}") for n in range(GROUPS_AT_ONCE)
        ]

    async def stop(self) -> None:
        """Stops; arrivals not yet committed are lost to this process and come again through recovery."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for _, done in self._waiting:
            done.cancel()
        self._waiting.clear()

    def submit(self, arrival: Arrival) -> asyncio.Future[None]:
        """Hands over one outcome; await the result to know it is committed."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, done))
        self._arrived.set()
        return done

    async def _commit_groups(self) -> None:
        while True:
            await self._arrived.wait()
            if len(self._waiting) < MOST_PER_GROUP:
                await asyncio.sleep(GATHER_SECONDS)
            group, self._waiting = self._waiting[:MOST_PER_GROUP], self._waiting[MOST_PER_GROUP:]
            if not self._waiting:
                self._arrived.clear()
            if group:
                await self._commit(group)

    async def _commit(self, group: list[tuple[Arrival, asyncio.Future[None]]]) -> None:
        try:
            await self._runner.commit([arrival for arrival, _ in group])
        except asyncio.CancelledError:
            raise
        except Exception as trouble:  # noqa: BLE001 - handed to whoever waits; the job then fails and is run again
            for _, done in group:
                if not done.done():
                    done.set_exception(trouble)
            return
        for _, done in group:
            if not done.done():
                done.set_result(None)
