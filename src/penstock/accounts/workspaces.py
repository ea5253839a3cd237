"""The workspace itself: what it is called and which clock it goes by."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.errors import NotFound
from penstock.kit.database import Connection

GET = "SELECT id, name, time_zone FROM workspaces WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace. `time_zone` is an IANA name such as Europe/Copenhagen."""

    id: int
    name: str
    time_zone: str


async def workspace_of(db: Connection, workspace_id: int) -> Workspace:
    """The workspace with this id. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id)
    if row is None:
        raise NotFound(f"There is no workspace {workspace_id}.", remedy="Look at the id.")
    return Workspace(**dict(row.items()))
