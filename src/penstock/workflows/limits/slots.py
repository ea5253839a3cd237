"""Places for calls at a time through one connection in this process: first come, first served, adjustable."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence


class Slots:
    """At most `most` are taken at a time. A smaller `most` takes hold as places are given back."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def taken(self) -> int:
        """How many places are taken."""
        return self._taken

    def resize(self, most: int) -> None:
        """Changes how many there are."""
        self._most = most
        self._hand_out()

    async def take(self, seconds: float) -> bool:
        """Takes a place, or gives up after so many seconds and returns False."""
        if self._taken < self._most and not self._waiting:
            self._taken += 1
            return True
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        timer = asyncio.get_running_loop().call_later(seconds, turn.cancel)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back()  # the place came in the moment in which the caller was cancelled
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return False
        finally:
            timer.cancel()
        return True

    def give_back(self) -> None:
        """Gives a place back."""
        self._taken -= 1
        self._hand_out()

    def _hand_out(self) -> None:
        while self._waiting and self._taken < self._most:
            turn = self._waiting.popleft()
            if not turn.done():
                self._taken += 1
                turn.set_result(None)


def share(most: int, worker_id: str, live: Sequence[str]) -> int:
    """This worker's share of `most` calls at a time among the live workers: all shares together are `most`.

    With more workers than calls at a time each still gets one, so that none starves.
    """
    workers = sorted({*live, worker_id})
    whole, rest = divmod(most, len(workers))
    return max(1, whole + (workers.index(worker_id) < rest))
