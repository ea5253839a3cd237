"""Work that a request begins and that goes on after its answer: imports. It ends with the server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType

import structlog

from penstock.errors import PenstockError

log = structlog.get_logger(__name__)

# Each holds a connection of the pool for as long as it runs; the others wait for their turn.
AT_ONCE = 2


class Background:
    """The running tasks of one server; leaving the `async with` cancels them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def __aenter__(self) -> Background:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def start(self, begin: Callable[[], Awaitable[object]], name: str, close: Callable[[], None]) -> None:
        """Runs `begin()` when its turn comes, and `close()` after it or when its turn never came.

        Its errors are logged; what people must see of them, it has to keep itself.
        """
        task = asyncio.create_task(self._run(begin, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: close())

    async def _run(self, begin: Callable[[], Awaitable[object]], name: str) -> None:
        try:
            async with self._turn:
                await begin()
        except PenstockError as error:
            log.warning("background work failed", work=name, cause=error.message)
        except Exception:
            log.exception("background work failed", work=name)
