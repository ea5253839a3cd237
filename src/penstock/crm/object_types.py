"""Object types: contacts, companies, deals, tickets, and those that a workspace defines for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from penstock.crm.names import check_name
from penstock.crm.type_words import refresh_type
from penstock.errors import AlreadyExists, Conflict, InvalidInput, NotFound
from penstock.kit.database import Connection, Row


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A type of records. `id` is HubSpot's objectTypeId: `0-1` for contacts, `2-7` for a custom type."""

    id: str
    name: str
    singular_label: str
    plural_label: str
    primary_display_property: str
    required_properties: tuple[str, ...] = ()
    searchable_properties: tuple[str, ...] = ()
    custom: bool = False
    created_at: datetime | None = None
    archived_at: datetime | None = None


COLUMNS = (
    "object_type_id, name, singular_label, plural_label, primary_display_property, required_properties,"
    " searchable_properties, custom, created_at, archived_at"
)

# A handful of rows per workspace, reached by the primary key's first column. HubSpot's fully qualified name is
# `p<portal id>_<name>`; the workspace stands for the portal.
RESOLVE = f"""
SELECT {COLUMNS} FROM object_types
WHERE workspace_id = $1 AND archived_at IS NULL
  AND (object_type_id = $2 OR lower($2) IN (lower(name), lower(plural_label), lower(singular_label),
       lower('p' || workspace_id || '_' || name)))
ORDER BY object_type_id = $2 DESC, lower(name) = lower($2) DESC, custom, object_type_id
LIMIT 1
"""  # noqa: S608  (only our own column list is put in)

LIST = f"SELECT {COLUMNS} FROM object_types WHERE workspace_id = $1 AND archived_at IS NULL ORDER BY custom, object_type_id"  # noqa: S608

# Numbers of custom types are never used twice, so an archived one still counts. Two at the same moment meet at
# the primary key, and the later one gets no row.
CREATE = f"""
INSERT INTO object_types (workspace_id, object_type_id, name, singular_label, plural_label, primary_display_property,
                          required_properties, searchable_properties, custom)
SELECT $1, '2-' || 1 + coalesce(max(split_part(object_type_id, '-', 2)::bigint) FILTER (WHERE custom), 0),
       $2, $3, $4, $5, $6, $7, true
FROM object_types WHERE workspace_id = $1
ON CONFLICT DO NOTHING
RETURNING {COLUMNS}
"""  # noqa: S608

UPDATE = f"""
UPDATE object_types
SET singular_label = coalesce($3, singular_label), plural_label = coalesce($4, plural_label),
    primary_display_property = coalesce($5, primary_display_property),
    required_properties = coalesce($6, required_properties),
    searchable_properties = coalesce($7, searchable_properties)
WHERE workspace_id = $1 AND object_type_id = $2 AND archived_at IS NULL
RETURNING {COLUMNS}
"""  # noqa: S608

ARCHIVE = """
UPDATE object_types SET archived_at = now()
WHERE workspace_id = $1 AND object_type_id = $2 AND custom AND archived_at IS NULL
RETURNING object_type_id
"""

HAS_RECORDS = """
SELECT EXISTS (SELECT FROM records WHERE workspace_id = $1 AND object_type_id = $2 AND archived_at IS NULL)
"""

# A version is never used twice, in this database or another, because schemas are cached by it.
BUMP = """
UPDATE object_types
SET schema_version = greatest(schema_version + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
WHERE workspace_id = $1 AND object_type_id = $2
"""


async def resolve(db: Connection, workspace_id: int, name: str) -> ObjectType:
    """The type that `name` means: its id (`0-5`), its name, a label, or `p<workspace>_<name>`, in any case.

    Raises NotFound naming the types there are.
    """
    row = await db.fetchrow(RESOLVE, workspace_id, name)
    if row is not None:
        return _read(row)
    known = ", ".join(found.name for found in await list_all(db, workspace_id))
    raise NotFound(
        f"There is no object type '{name[:100]}'.",
        remedy=f"Use one of {known}, or an objectTypeId such as 0-1.",
    )


async def list_all(db: Connection, workspace_id: int) -> list[ObjectType]:
    """All live types, HubSpot's own first."""
    return [_read(row) for row in await db.fetch(LIST, workspace_id)]


async def create(
    db: Connection,
    workspace_id: int,
    name: str,
    *,
    singular_label: str,
    plural_label: str,
    primary_display_property: str,
    required_properties: Sequence[str] = (),
    searchable_properties: Sequence[str] = (),
) -> ObjectType:
    """Defines a custom type with the next free id `2-N`. Its properties are created after it.

    Raises InvalidInput when the name is no internal name, and Conflict when it is taken.
    """
    check_name("name", name)
    for field, label in (("singular_label", singular_label), ("plural_label", plural_label)):
        if not label.strip():
            raise InvalidInput(f"The {field} is empty.", remedy="Give the object type a label.")
    row = await db.fetchrow(
        CREATE,
        workspace_id,
        name,
        singular_label,
        plural_label,
        primary_display_property,
        list(required_properties),
        list(searchable_properties),
    )
    if row is None:
        raise AlreadyExists(f"There is an object type named '{name}' already.", remedy="Choose another name.")
    return _read(row)


async def update(
    db: Connection,
    workspace_id: int,
    object_type_id: str,
    *,
    singular_label: str | None = None,
    plural_label: str | None = None,
    primary_display_property: str | None = None,
    required_properties: Sequence[str] | None = None,
    searchable_properties: Sequence[str] | None = None,
) -> ObjectType:
    """Changes what is given and leaves the rest. Raises NotFound when there is no such type."""
    row = await db.fetchrow(
        UPDATE,
        workspace_id,
        object_type_id,
        singular_label,
        plural_label,
        primary_display_property,
        None if required_properties is None else list(required_properties),
        None if searchable_properties is None else list(searchable_properties),
    )
    if row is None:
        raise NotFound(f"There is no object type {object_type_id}.", remedy="List the object types first.")
    if searchable_properties is not None:
        await refresh_type(db, workspace_id, object_type_id, searchable_properties)
    await bump_schema(db, workspace_id, object_type_id)
    return _read(row)


async def archive(db: Connection, workspace_id: int, object_type_id: str) -> None:
    """Archives a custom type without records. Raises Conflict when records are left, NotFound when no such type."""
    if await db.fetchval(HAS_RECORDS, workspace_id, object_type_id):
        raise Conflict(f"The object type {object_type_id} has records.", remedy="Archive its records first.")
    if await db.fetchval(ARCHIVE, workspace_id, object_type_id) is None:
        raise NotFound(
            f"There is no custom object type {object_type_id}.", remedy="Only custom types can be archived."
        )
    await bump_schema(db, workspace_id, object_type_id)


async def bump_schema(db: Connection, workspace_id: int, object_type_id: str) -> None:
    """Makes every process read this type's definition anew. Called with every change of a definition."""
    await db.execute(BUMP, workspace_id, object_type_id)


def _read(row: Row) -> ObjectType:
    return ObjectType(
        id=row["object_type_id"],
        name=row["name"],
        singular_label=row["singular_label"],
        plural_label=row["plural_label"],
        primary_display_property=row["primary_display_property"],
        required_properties=tuple(row["required_properties"]),
        searchable_properties=tuple(row["searchable_properties"]),
        custom=row["custom"],
        created_at=row["created_at"],
        archived_at=row["archived_at"],
    )
