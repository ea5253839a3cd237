"""What this process learns from its calls, gathered for a moment and then told to all workers through the database."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, replace

from penstock.connections.connections import ProviderConnection
from penstock.kit.database import Pool, transaction
from penstock.llm.errors import LlmError
from penstock.llm.limit_headers import NOTHING
from penstock.llm.pacing import UNSTATED_WAIT_SECONDS, Noted, Pace
from penstock.llm.result import LlmResult
from penstock.workflows.limits.paces import note_all, now_of

Place = tuple[int, str]  # connection, model


@dataclass(slots=True)
class _Page:
    """What the calls of one model through one connection came to since the last flush."""

    connection: ProviderConnection
    noted: Noted
    since: float


class Book:
    """The notes of one process. `flush` is called every fraction of a second."""

    def __init__(self) -> None:
        self._pages: dict[Place, _Page] = {}
        self._closed: dict[Place, float] = {}
        self._kept: set[Place] = set()
        self._limited: set[Place] = set()
        self._lock = asyncio.Lock()

    def closed(self, connection_id: int, model: str) -> bool:
        """Whether the provider said a moment ago that this model takes no calls for now."""
        until = self._closed.get((connection_id, model))
        if until is None:
            return False
        if until <= time.monotonic():
            del self._closed[connection_id, model]
            return False
        return True

    def limited(self, connection_id: int, model: str) -> bool:
        """Whether this process knows of limits of this model."""
        return (connection_id, model) in self._limited

    def answered(self, connection: ProviderConnection, model: str, result: LlmResult) -> None:
        """Notes an answer: its tokens and what it states of the limits."""
        usage = result.usage
        self._add(connection, model, Noted(1, usage.input + usage.output, 1, result.stated))

    def failed(self, connection: ProviderConnection, model: str, error: LlmError) -> None:
        """Notes a failed call; one that was told to come later closes the model here at once."""
        if error.kind != "rate_limited":
            self._add(connection, model, Noted(1, stated=error.stated))
            return
        wait = error.retry_after
        self._closed[connection.id, model] = time.monotonic() + (
            UNSTATED_WAIT_SECONDS if wait is None else wait
        )
        self._add(connection, model, Noted(1, stated=error.stated, refused=1, wait=wait))

    async def flush(self, pool: Pool) -> None:
        """Tells the database; what it cannot take now is kept for the next time."""
        async with self._lock:
            pages, self._pages = self._pages, {}
            by_connection: dict[int, dict[str, _Page]] = {}
            for (connection_id, model), page in pages.items():
                if self._worth_telling(page, model):
                    by_connection.setdefault(connection_id, {})[model] = page
            try:
                while by_connection:
                    connection_id, of_models = by_connection.popitem()
                    await self._tell(pool, connection_id, of_models)
            except BaseException:
                for page_model, page in of_models.items():
                    self._add(page.connection, page_model, page.noted)
                raise

    async def _tell(self, pool: Pool, connection_id: int, pages: dict[str, _Page]) -> None:
        now = time.monotonic()
        learned = {model: replace(page.noted, seconds=now - page.since) for model, page in pages.items()}
        connection = next(iter(pages.values())).connection
        async with transaction(pool) as db:
            taught = await note_all(db, connection, learned, random.random())  # noqa: S311 - scatters waits
            database_now = await now_of(db)
        for model, pace in taught.items():
            self._kept.add((connection_id, model))
            self._learn(connection_id, model, pace, database_now)

    def _learn(self, connection_id: int, model: str, pace: Pace, now: float) -> None:
        place = (connection_id, model)
        (self._limited.add if pace.limits else self._limited.discard)(place)
        if pace.closed_until > now:
            self._closed[place] = time.monotonic() + pace.closed_until - now

    def _worth_telling(self, page: _Page, model: str) -> bool:
        """A provider that states no limits and refuses nothing is not written about."""
        connection, noted = page.connection, page.noted
        return bool(
            noted.refused
            or noted.stated != NOTHING
            or connection.requests_per_minute
            or connection.tokens_per_minute
            or (connection.id, model) in self._kept
        )

    def _add(self, connection: ProviderConnection, model: str, noted: Noted) -> None:
        page = self._pages.get((connection.id, model))
        if page is None:
            self._pages[connection.id, model] = _Page(connection, noted, time.monotonic())
            return
        before = page.noted
        page.connection = connection
        page.noted = Noted(
            before.calls + noted.calls,
            before.tokens + noted.tokens,
            before.counted + noted.counted,
            noted.stated if noted.stated != NOTHING else before.stated,
            before.refused + noted.refused,
            max((wait for wait in (before.wait, noted.wait) if wait is not None), default=None),
        )
