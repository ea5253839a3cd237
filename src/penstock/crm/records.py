"""Records: create, read, update, upsert and archive, always in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from penstock.crm.accepted_values import accept, check_required
from penstock.crm.associations import Link, NewAssociation, associate
from penstock.crm.computed import COLUMN_OF, returned_values
from penstock.crm.record_inserts import Inserted, insert_records
from penstock.crm.record_writes import PropertyWrite, write_values
from penstock.crm.schema import ObjectSchema
from penstock.crm.source import Source
from penstock.crm.unique_values import holders, release_records
from penstock.crm.values import normalise
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection, Row
from penstock.kit.json import Json

__all__ = [
    "PropertyWrite",
    "Record",
    "RecordPage",
    "archive",
    "create",
    "create_many",
    "find_by_unique",
    "get",
    "get_many",
    "page",
    "read",
    "update",
    "upsert",
    "write_values",
]


@dataclass(frozen=True, slots=True)
class Record:
    """A record as the API shows it: `properties` holds the values there are, the computed ones among them."""

    id: int
    object_type_id: str
    properties: Mapping[str, str]
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of records; `next_after` is the `after` of the next page, None on the last."""

    records: list[Record]
    next_after: int | None


COLUMNS = "id, object_type_id, properties, created_at, updated_at, archived_at"

# By primary key.
GET = f"""
SELECT {COLUMNS} FROM records
WHERE workspace_id = $1 AND object_type_id = $2 AND id = ANY ($3::bigint[]) AND (archived_at IS NOT NULL) = $4
"""  # noqa: S608  (only our own column list is put in)
# In id order, served by records_by_type.
PAGE = f"""
SELECT {COLUMNS} FROM records
WHERE workspace_id = $1 AND object_type_id = $2 AND archived_at IS NULL AND id > $3 ORDER BY id LIMIT $4
"""  # noqa: S608
ARCHIVE = """
WITH archived AS (
    UPDATE records SET archived_at = statement_timestamp(), updated_at = statement_timestamp()
    WHERE id IN (SELECT id FROM records
                 WHERE workspace_id = $1 AND object_type_id = $2 AND id = ANY ($3::bigint[]) AND archived_at IS NULL
                 ORDER BY id FOR UPDATE)
    RETURNING id
), changed AS (
    INSERT INTO changes (workspace_id, object_type_id, record_id, kind, source_type, source_id, depth, at)
    SELECT $1, $2, id, 'archived', $4, $5, $6, statement_timestamp() FROM archived
    RETURNING id, record_id
), queued AS (
    INSERT INTO change_queue (change_id) SELECT id FROM changed
)
SELECT record_id FROM changed
"""


async def create(
    db: Connection,
    workspace_id: int,
    schema: ObjectSchema,
    values: Mapping[str, Json],
    source: Source,
    associations: Sequence[NewAssociation] = (),
) -> Record:
    """Creates one record from values as callers send them, associated with others.

    Raises InvalidProperty with a problem for every property that does not fit, Conflict when a unique value is
    taken and NotFound when an associated record does not exist; the caller then rolls back.
    """
    accepted = accept(schema, values)
    check_required(schema, accepted)
    made = _created(schema, await insert_records(db, workspace_id, schema, [accepted], source))[0]
    if associations:
        links = [Link(made.id, to.to_record_id, to.type_id, to.category) for to in associations]
        await associate(db, workspace_id, links, source)
    return made


async def create_many(
    db: Connection,
    workspace_id: int,
    schema: ObjectSchema,
    inputs: Sequence[Mapping[str, Json]],
    source: Source,
) -> list[Record]:
    """Creates records in a few statements, in the order given. Raises as `create` does; then none is created."""
    accepted = []
    for index, values in enumerate(inputs):
        accepted.append(accept(schema, values, f"inputs[{index}].properties."))
        check_required(schema, accepted[-1], f"inputs[{index}].properties.")
    return _created(schema, await insert_records(db, workspace_id, schema, accepted, source))


async def get(
    db: Connection, workspace_id: int, object_type_id: str, record_id: int, *, archived: bool = False
) -> Record:
    """One record. Raises NotFound when there is none of this type with this id."""
    rows = await db.fetch(GET, workspace_id, object_type_id, [record_id], archived)
    if not rows:
        raise _no_such(record_id)
    return read(rows[0])


async def get_many(
    db: Connection,
    workspace_id: int,
    object_type_id: str,
    record_ids: Sequence[int],
    *,
    archived: bool = False,
) -> list[Record]:
    """The records among these ids, in the order of the ids; those that do not exist are left out."""
    rows = await db.fetch(GET, workspace_id, object_type_id, list(record_ids), archived)
    found = {row["id"]: read(row) for row in rows}
    return [found[record_id] for record_id in dict.fromkeys(record_ids) if record_id in found]


async def page(
    db: Connection, workspace_id: int, object_type_id: str, *, after: int | None = None, limit: int = 100
) -> RecordPage:
    """Up to `limit` live records in id order whose id is greater than `after`."""
    rows = await db.fetch(PAGE, workspace_id, object_type_id, after or 0, limit + 1)
    records = [read(row) for row in rows[:limit]]
    return RecordPage(records, records[-1].id if len(rows) > limit else None)


async def update(
    db: Connection,
    workspace_id: int,
    schema: ObjectSchema,
    record_id: int,
    values: Mapping[str, Json],
    source: Source,
) -> Record:
    """Changes the properties given (None or "" clears one) and returns the record. Raises as `create` does."""
    accepted = accept(schema, values)
    writes = [PropertyWrite(record_id, name, value, source) for name, value in accepted.items()]
    await write_values(db, workspace_id, schema, writes)
    return await get(db, workspace_id, schema.object_type.id, record_id)


async def find_by_unique(
    db: Connection, workspace_id: int, schema: ObjectSchema, name: str, value: Json
) -> Record | None:
    """The record that has this value of a unique property, or None.

    Raises InvalidInput when the property is not unique, and InvalidProperty when the value cannot be one of it.
    `hs_object_id` counts as unique.
    """
    if name == "hs_object_id":
        found = await get_many(db, workspace_id, schema.object_type.id, [_record_id(value)])
        return found[0] if found else None
    if name not in schema.unique_properties:
        unique = ", ".join(sorted(schema.unique_properties | {"hs_object_id"}))
        raise InvalidInput(f"'{name[:100]}' is not a unique property.", remedy=f"Use one of {unique}.")
    text = normalise(schema.properties[name], value)
    if text is None:
        return None
    held = await holders(db, workspace_id, schema.object_type.id, [(name, text)])
    record_id = held.get((name, text))
    return None if record_id is None else await get(db, workspace_id, schema.object_type.id, record_id)


async def upsert(
    db: Connection,
    workspace_id: int,
    schema: ObjectSchema,
    id_property: str,
    id_value: Json,
    values: Mapping[str, Json],
    source: Source,
) -> tuple[Record, bool]:
    """Updates the record that has `id_value`, or creates it; returns it and whether it is new.

    Raises as `find_by_unique`, `create` and `update` do.
    """
    found = await find_by_unique(db, workspace_id, schema, id_property, id_value)
    if found is not None:
        return await update(db, workspace_id, schema, found.id, values, source), False
    if id_property in COLUMN_OF:
        raise _no_such(_record_id(id_value))
    return await create(db, workspace_id, schema, {id_property: id_value, **values}, source), True


async def archive(
    db: Connection, workspace_id: int, object_type_id: str, record_ids: Sequence[int], source: Source
) -> int:
    """Archives the live records among these and frees their unique values; returns how many there were.

    Ids that name nothing are passed over, as HubSpot's delete answers 204 for them.
    """
    rows = await db.fetch(
        ARCHIVE, workspace_id, object_type_id, list(record_ids), source.type, source.id, source.depth
    )
    await release_records(db, workspace_id, [row["record_id"] for row in rows])
    return len(rows)


def read(row: Row) -> Record:
    """A row of COLUMNS as a Record."""
    values = returned_values(
        row["object_type_id"], row["id"], row["properties"], row["created_at"], row["updated_at"]
    )
    return Record(
        row["id"], row["object_type_id"], values, row["created_at"], row["updated_at"], row["archived_at"]
    )


def _created(schema: ObjectSchema, made: Inserted) -> list[Record]:
    type_id, at = schema.object_type.id, made.created_at
    return [
        Record(record_id, type_id, returned_values(type_id, record_id, values, at, at), at, at)
        for record_id, values in zip(made.ids, made.values, strict=True)
    ]


def _record_id(value: Json) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise InvalidInput("hs_object_id is not a record id.", remedy="Use the digits of a record's id.")
    return int(text)


def _no_such(record_id: int) -> NotFound:
    return NotFound(f"There is no record {record_id} of this type.", remedy="It may have been archived.")
