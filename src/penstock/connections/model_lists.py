"""The models of a connection as the provider listed them last, so that forms need not ask each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from penstock.kit.database import Connection
from penstock.kit.json import JsonObject

# The join keeps another workspace's connection out of reach.
SAVE = """
INSERT INTO model_lists (connection_id, models)
SELECT id, $3 FROM connections WHERE workspace_id = $1 AND id = $2 AND uninstalled_at IS NULL
ON CONFLICT (connection_id) DO UPDATE SET models = excluded.models, fetched_at = now()
"""
LOAD = """
SELECT m.models, m.fetched_at FROM model_lists m JOIN connections c ON c.id = m.connection_id
WHERE c.workspace_id = $1 AND c.id = $2 AND c.uninstalled_at IS NULL
"""

# Connections whose list is missing or was read before $1, the oldest first. A key that was refused is not tried again
# without anybody asking for it, and the models of this machine are those of its folder.
STALE = """
SELECT c.workspace_id, c.id FROM connections c LEFT JOIN model_lists m ON m.connection_id = c.id
WHERE c.uninstalled_at IS NULL AND c.status = 'connected' AND c.provider <> 'local'
  AND (m.fetched_at IS NULL OR m.fetched_at < $1)
ORDER BY m.fetched_at NULLS FIRST, c.id
"""


@dataclass(frozen=True, slots=True)
class ModelList:
    """What the provider listed, as JSON objects in the shape that was saved, and when."""

    models: list[JsonObject]
    fetched_at: datetime


async def save(db: Connection, workspace_id: int, connection_id: int, models: Sequence[JsonObject]) -> None:
    """Keeps a list in place of the one before; for a connection that is gone it does nothing."""
    await db.execute(SAVE, workspace_id, connection_id, list(models))


async def load(db: Connection, workspace_id: int, connection_id: int) -> ModelList | None:
    """The kept list, or None when none was kept (or the key or address changed since)."""
    row = await db.fetchrow(LOAD, workspace_id, connection_id)
    return None if row is None else ModelList(row["models"], row["fetched_at"])


async def stale(db: Connection, before: datetime) -> list[tuple[int, int]]:
    """Workspace and id of the connections of all workspaces whose list is older than `before`, the oldest first."""
    return [(row["workspace_id"], row["id"]) for row in await db.fetch(STALE, before)]
