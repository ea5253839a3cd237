"""The workflow whose runs are read, deleted or not: its history outlives it."""

from __future__ import annotations

from penstock.errors import NotFound
from penstock.kit.database import Connection

NAME = "SELECT name FROM flows WHERE workspace_id = $1 AND id = $2"


async def name_of(db: Connection, workspace_id: int, flow_id: int) -> str:
    """The name of a flow of this workspace, also of a deleted one. Raises NotFound."""
    name: str | None = await db.fetchval(NAME, workspace_id, flow_id)
    if name is None:
        raise NotFound(f"There is no workflow {flow_id}.", remedy="List them with GET /automation/v4/flows.")
    return name
