"""Groups that properties are shown in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penstock.crm.names import check_name
from penstock.crm.object_types import bump_schema
from penstock.errors import AlreadyExists, Conflict, InvalidInput, NotFound
from penstock.kit.database import Connection, Row


@dataclass(frozen=True, slots=True)
class PropertyGroup:
    """A heading over properties of one object type."""

    name: str
    label: str
    display_order: int = -1
    archived_at: datetime | None = None


# All by the primary key (workspace_id, object_type_id, name).
LIST = """
SELECT name, label, display_order, archived_at FROM property_groups
WHERE workspace_id = $1 AND object_type_id = $2 AND archived_at IS NULL
ORDER BY display_order, name
"""
CREATE = """
INSERT INTO property_groups (workspace_id, object_type_id, name, label, display_order) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, object_type_id, name) DO UPDATE
SET label = excluded.label, display_order = excluded.display_order, archived_at = NULL
WHERE property_groups.archived_at IS NOT NULL
RETURNING name, label, display_order, archived_at
"""
UPDATE = """
UPDATE property_groups SET label = coalesce($4, label), display_order = coalesce($5, display_order)
WHERE workspace_id = $1 AND object_type_id = $2 AND name = $3 AND archived_at IS NULL
RETURNING name, label, display_order, archived_at
"""
ARCHIVE = """
UPDATE property_groups SET archived_at = now()
WHERE workspace_id = $1 AND object_type_id = $2 AND name = $3 AND archived_at IS NULL
RETURNING name
"""
USED = """
SELECT EXISTS (SELECT FROM properties
               WHERE workspace_id = $1 AND object_type_id = $2 AND group_name = $3 AND archived_at IS NULL)
"""


async def list_all(db: Connection, workspace_id: int, object_type_id: str) -> list[PropertyGroup]:
    """The live groups of a type, in display order."""
    return [_read(row) for row in await db.fetch(LIST, workspace_id, object_type_id)]


async def create(
    db: Connection, workspace_id: int, object_type_id: str, name: str, label: str, display_order: int = -1
) -> PropertyGroup:
    """Makes a group. Raises InvalidInput for a bad name or label, Conflict when the name is taken."""
    check_name("name", name)
    if not label.strip():
        raise InvalidInput("The label is empty.", remedy="Give the property group a label.")
    row = await db.fetchrow(CREATE, workspace_id, object_type_id, name, label, display_order)
    if row is None:
        raise AlreadyExists(f"There is a property group '{name}' already.", remedy="Choose another name.")
    await bump_schema(db, workspace_id, object_type_id)
    return _read(row)


async def update(
    db: Connection,
    workspace_id: int,
    object_type_id: str,
    name: str,
    *,
    label: str | None = None,
    display_order: int | None = None,
) -> PropertyGroup:
    """Changes what is given and leaves the rest. Raises NotFound."""
    row = await db.fetchrow(UPDATE, workspace_id, object_type_id, name, label, display_order)
    if row is None:
        raise _no_such(object_type_id, name)
    await bump_schema(db, workspace_id, object_type_id)
    return _read(row)


async def archive(db: Connection, workspace_id: int, object_type_id: str, name: str) -> None:
    """Removes an empty group. Raises Conflict when properties are in it, NotFound when there is none."""
    if await db.fetchval(USED, workspace_id, object_type_id, name):
        raise Conflict(
            f"The property group '{name}' has properties.", remedy="Move them to another group first."
        )
    if await db.fetchval(ARCHIVE, workspace_id, object_type_id, name) is None:
        raise _no_such(object_type_id, name)
    await bump_schema(db, workspace_id, object_type_id)


def _read(row: Row) -> PropertyGroup:
    return PropertyGroup(row["name"], row["label"], row["display_order"], row["archived_at"])


def _no_such(object_type_id: str, name: str) -> NotFound:
    return NotFound(
        f"{object_type_id} has no property group '{name[:100]}'.",
        remedy="List the groups of the object type.",
    )
