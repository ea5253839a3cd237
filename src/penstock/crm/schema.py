"""The schema of an object type: its definition and its live properties, cached in the process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from penstock.crm.object_types import ObjectType, list_all
from penstock.crm.properties import COLUMNS, Property, read
from penstock.errors import NotFound
from penstock.kit.database import Connection


@dataclass(frozen=True)
class ObjectSchema:
    """An object type with its live properties by name; `version` changes with every change of either."""

    object_type: ObjectType
    properties: Mapping[str, Property]
    version: int

    @cached_property
    def unique_properties(self) -> frozenset[str]:
        """Names of the properties whose values no two records share."""
        return frozenset(prop.name for prop in self.properties.values() if prop.has_unique_value)


# One row by primary key: what every use of a cached schema costs.
VERSIONS = """
SELECT object_type_id, schema_version FROM object_types
WHERE workspace_id = $1 AND object_type_id = ANY ($2::text[]) AND archived_at IS NULL
"""
PROPERTIES = f"""
SELECT {COLUMNS} FROM properties
WHERE workspace_id = $1 AND object_type_id = $2 AND archived_at IS NULL ORDER BY display_order, name
"""  # noqa: S608  (only our own column list is put in)

# By workspace and type. Versions are never used twice, so an entry is right as long as its version is the current one.
_cache: dict[tuple[int, str], ObjectSchema] = {}
MOST_KEPT = 10_000


async def load_schema(db: Connection, workspace_id: int, object_type_id: str) -> ObjectSchema:
    """The current schema of a type, by objectTypeId. Raises NotFound when there is no such live type."""
    return (await load_schemas(db, workspace_id, [object_type_id]))[object_type_id]


async def load_schemas(
    db: Connection, workspace_id: int, object_type_ids: Iterable[str]
) -> dict[str, ObjectSchema]:
    """The current schemas of several types. Raises NotFound naming the first that does not exist."""
    wanted = sorted(set(object_type_ids))
    versions = {
        row["object_type_id"]: row["schema_version"] for row in await db.fetch(VERSIONS, workspace_id, wanted)
    }
    missing = [type_id for type_id in wanted if type_id not in versions]
    if missing:
        raise NotFound(f"There is no object type {missing[0][:100]}.", remedy="List the object types first.")
    found: dict[str, ObjectSchema] = {}
    for type_id, version in versions.items():
        cached = _cache.get((workspace_id, type_id))
        if cached is None or cached.version != version:
            cached = await _load(db, workspace_id, type_id, version)
        found[type_id] = cached
    return found


async def _load(db: Connection, workspace_id: int, object_type_id: str, version: int) -> ObjectSchema:
    types = {found.id: found for found in await list_all(db, workspace_id)}
    rows = await db.fetch(PROPERTIES, workspace_id, object_type_id)
    schema = ObjectSchema(types[object_type_id], {row["name"]: read(row) for row in rows}, version)
    if len(_cache) >= MOST_KEPT:
        _cache.clear()
    _cache[workspace_id, object_type_id] = schema
    return schema
