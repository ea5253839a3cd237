"""Keeps the lists of models fresh, so that the day on which a provider ends one is known without anybody asking."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from penstock.connections import model_lists
from penstock.connections.vault import Vault
from penstock.errors import NotFound
from penstock.kit.clock import Clock
from penstock.kit.database import Pool
from penstock.llm.client import LlmClient
from penstock.llm.connection_models import KEEP, models_of
from penstock.llm.errors import LlmError

log = structlog.get_logger(__name__)

# A provider whose list could not be read is asked again after so long.
ASK_AGAIN = timedelta(hours=1)
# One process at a time reads lists; the others find them fresh.
ONE_READS = "SELECT pg_try_advisory_lock(hashtext('penstock.model_lists'))"
DONE = "SELECT pg_advisory_unlock(hashtext('penstock.model_lists'))"


class ListKeeper:
    """Reads lists of models that are older than a day anew. One in a process."""

    def __init__(self, pool: Pool, client: LlmClient, vault: Vault, clock: Clock) -> None:
        self._pool = pool
        self._client = client
        self._vault = vault
        self._clock = clock
        self._not_before: dict[int, datetime] = {}

    async def refresh(self) -> int:
        """Reads what is due, one list after the other; returns how many were read."""
        async with self._pool.acquire() as db:
            now = self._clock.now()
            due = [
                (workspace_id, connection_id)
                for workspace_id, connection_id in await model_lists.stale(db, now - KEEP)
                if self._not_before.get(connection_id, now) <= now
            ]
            if not due or not await db.fetchval(ONE_READS):
                return 0
            try:
                return sum([await self._read(*one) for one in due])
            finally:
                await db.execute(DONE)

    async def _read(self, workspace_id: int, connection_id: int) -> bool:
        now = self._clock.now()
        try:
            async with self._pool.acquire() as db:
                await models_of(
                    db,
                    self._client,
                    self._vault,
                    workspace_id,
                    connection_id,
                    now,
                    who="daily list of models",
                )
        except (LlmError, NotFound) as error:
            self._not_before[connection_id] = now + ASK_AGAIN
            log.info("a list of models could not be read", connection=connection_id, cause=error.message)
            return False
        return True
