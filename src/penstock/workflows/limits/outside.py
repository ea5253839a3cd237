"""Calls outside of runs (tests of a step, samples, evals, judges) go out at the same pace as those of runs."""

from __future__ import annotations

import asyncio
import random
import time

from penstock.connections.connections import ProviderConnection
from penstock.kit.database import Pool, transaction
from penstock.llm.client import Completes
from penstock.llm.errors import LlmError
from penstock.llm.request import LlmRequest
from penstock.llm.result import LlmResult
from penstock.workflows.limits.book import Book
from penstock.workflows.limits.listening import Listening
from penstock.workflows.limits.paces import permits

# Permits are given a few seconds ahead; whoever finds none looks again after so many seconds, and some by chance.
LOOK_AGAIN_SECONDS = 0.4


class Paced:
    """Makes calls through one connection, each when its turn has come; what they teach goes into `book`.

    Nobody holds a connection to the database while it waits. After `patience` seconds without a turn the call fails as
    one that the provider refused for its rate.
    """

    def __init__(
        self, pool: Pool, client: Completes, connection: ProviderConnection, book: Book, patience: float
    ) -> None:
        self._pool = pool
        self._client = Listening(client, book, connection)
        self._connection = connection
        self._book = book
        self._patience = patience

    async def complete(self, provider: str, key: str, base_url: str | None, request: LlmRequest) -> LlmResult:
        """Asks the model once. Raises LlmError, of kind rate_limited when its turn did not come."""
        await self._turn(request.model)
        try:
            return await self._client.complete(provider, key, base_url, request)
        finally:
            await self._book.flush(self._pool)

    async def _turn(self, model: str) -> None:
        until = time.monotonic() + self._patience
        while True:
            async with transaction(self._pool) as db:
                given = await permits(db, self._connection, model, 1)
            if given.times:
                await asyncio.sleep(max(0.0, given.times[0] - given.now))
                return
            if time.monotonic() >= until:
                raise LlmError(
                    "rate_limited",
                    f"The turn of this call did not come within {self._patience:.0f} seconds.",
                    retriable=True,
                    remedy="Try again when fewer runs wait for the model, or raise the connection's limits.",
                )
            await asyncio.sleep(LOOK_AGAIN_SECONDS * (1 + random.random()))  # noqa: S311 - scatters
