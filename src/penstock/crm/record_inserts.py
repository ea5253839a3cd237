"""New records in a few set-based statements, however many: reserve ids, claim unique values, insert, note words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from penstock.crm.schema import ObjectSchema
from penstock.crm.search_words import refresh
from penstock.crm.source import Source
from penstock.crm.unique_values import Claim, claim
from penstock.kit.database import Connection
from penstock.kit.json import dumps

RESERVE = "SELECT nextval(pg_get_serial_sequence('records', 'id')) AS id FROM generate_series(1, $1::int)"

# The record keeps the source of its creation; the first version of every value it is created with is derived from
# that (`crm.history`), so that a new record is two rows and not two rows and one for each value.
INSERT = """
WITH added AS (
    INSERT INTO records (id, workspace_id, object_type_id, properties, created_at, updated_at,
                         source_type, source_id, source_label, source_detail)
    SELECT id, $1, $2, properties::jsonb, statement_timestamp(), statement_timestamp(), $5, $6, $7, $8::jsonb
    FROM unnest($3::bigint[], $4::text[]) AS n (id, properties)
), changed AS (
    INSERT INTO changes (workspace_id, object_type_id, record_id, kind, after, source_type, source_id, depth, at)
    SELECT $1, $2, id, 'created', properties::jsonb, $5, $6, $9, statement_timestamp()
    FROM unnest($3::bigint[], $4::text[]) AS n (id, properties)
    RETURNING id
), queued AS (
    INSERT INTO change_queue (change_id) SELECT id FROM changed
)
SELECT statement_timestamp()
"""


@dataclass(frozen=True, slots=True)
class Inserted:
    """New records in the order given: their ids, the values stored, and the time of creation they share."""

    ids: list[int]
    values: list[dict[str, str]]
    created_at: datetime


async def insert_records(
    db: Connection,
    workspace_id: int,
    schema: ObjectSchema,
    inputs: Sequence[Mapping[str, str | None]],
    source: Source,
) -> Inserted:
    """Inserts records with canonical values.

    Raises Conflict when a unique value is taken, by another record or by another of `inputs`; the caller then
    rolls back.
    """
    if not inputs:
        return Inserted([], [], await db.fetchval("SELECT statement_timestamp()"))
    ids = sorted(row["id"] for row in await db.fetch(RESERVE, len(inputs)))
    stored = [_stored(schema, values) for values in inputs]
    claims = [
        Claim(name, values[name], record_id)
        for record_id, values in zip(ids, stored, strict=True)
        for name in schema.unique_properties & values.keys()
    ]
    await claim(db, workspace_id, schema.object_type.id, claims)
    created_at = await db.fetchval(
        INSERT,
        workspace_id,
        schema.object_type.id,
        ids,
        [dumps(values).decode() for values in stored],
        source.type,
        source.id,
        source.label,
        source.detail,
        source.depth,
    )
    await refresh(db, workspace_id, schema, ids)
    return Inserted(ids, stored, created_at)


def _stored(schema: ObjectSchema, values: Mapping[str, str | None]) -> dict[str, str]:
    """The values there are. A leading `;` of a multi-checkbox value adds to nothing here, so it goes."""
    stored = {name: value for name, value in values.items() if value}
    for name, value in stored.items():
        if value[0] == ";" and schema.properties[name].multiple:
            stored[name] = value[1:]
    return stored
