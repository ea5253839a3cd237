"""The versions of a record's values for people: a page of them, and where each value of today comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from penstock.crm.computed import COLUMN_OF
from penstock.crm.history import CREATIONS
from penstock.crm.schema import ObjectSchema
from penstock.errors import NotFound
from penstock.kit.database import Connection, Row
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.record_page.sources import RawSource, ReadableSource, readable


@dataclass(frozen=True, slots=True)
class PastValue:
    """A version of a property's value. `id` None is the one that the record was created with.

    `current`: it is the value of today. `undoable`: it can be taken back by whoever may write records.
    """

    id: int | None
    property: str
    label: str
    value: str | None
    previous: str | None
    at: datetime
    source: ReadableSource
    current: bool
    undoable: bool


@dataclass(frozen=True, slots=True)
class VersionPage:
    """Versions, newest first; `next_before` is the id that the next page ends before (None: there is no more)."""

    versions: list[PastValue]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value that a property has today comes from."""

    property: str
    version_id: int | None
    at: datetime
    source: ReadableSource


SOURCE = "source_type, source_id, source_label, source_detail"
# Served by property_history_of_record, all rows of one record. Who asks for one property reads that one's only.
PAGE = f"""
SELECT id, property, value, previous_value, at, {SOURCE} FROM property_history
WHERE workspace_id = $1 AND record_id = $2 AND ($3::text[] IS NULL OR property = ANY ($3::text[])) AND id < $4
ORDER BY id DESC LIMIT $5
"""  # noqa: S608 - a constant
# One step into the same index for each property.
NEWEST = f"""
SELECT h.id, h.property, h.at, {SOURCE}
FROM unnest($3::text[]) AS name CROSS JOIN LATERAL (
    SELECT * FROM property_history
    WHERE workspace_id = $1 AND record_id = $2 AND property = name ORDER BY id DESC LIMIT 1) AS h
"""  # noqa: S608 - a constant
OLDEST = """
SELECT h.property, h.previous_value
FROM unnest($3::text[]) AS name CROSS JOIN LATERAL (
    SELECT property, previous_value FROM property_history
    WHERE workspace_id = $1 AND record_id = $2 AND property = name ORDER BY id LIMIT 1) AS h
"""
ENDLESS = 2**63 - 1


async def page(
    db: Connection,
    plans: PlanSource,
    workspace_id: int,
    schema: ObjectSchema,
    record_id: int,
    names: Sequence[str] = (),
    *,
    before: int | None = None,
    limit: int = 50,
) -> VersionPage:
    """Versions of these properties, or of all. The last page ends with the values that the record was created with,
    and may be longer by them. Raises NotFound."""
    record = await creation(db, workspace_id, schema, record_id)
    wanted = list(names) or None
    rows = await db.fetch(PAGE, workspace_id, record_id, wanted, before or ENDLESS, limit + 1)
    shown = rows[:limit]
    first: dict[str, str] = {}
    if len(rows) <= limit:
        first = await _created_with(db, workspace_id, schema, record, wanted)
    newest = await _newest(db, workspace_id, record_id, sorted({row["property"] for row in shown}))
    found = await readable(db, plans, workspace_id, [*map(raw_source, shown), raw_source(record)])
    versions = [
        _version(schema, record, row, newest, source) for row, source in zip(shown, found[:-1], strict=True)
    ]
    touched = newest.keys() | (
        (await _newest(db, workspace_id, record_id, sorted(first))).keys() if first else set()
    )
    versions += [
        PastValue(
            None,
            name,
            _label(schema, name),
            value,
            None,
            record["created_at"],
            found[-1],
            name not in touched,
            False,
        )
        for name, value in first.items()
    ]
    return VersionPage(versions, shown[-1]["id"] if len(rows) > limit else None)


async def get(
    db: Connection,
    plans: PlanSource,
    workspace_id: int,
    schema: ObjectSchema,
    record_id: int,
    version_id: int,
) -> PastValue:
    """One version. Raises NotFound."""
    found = await page(db, plans, workspace_id, schema, record_id, before=version_id + 1, limit=1)
    if not found.versions or found.versions[0].id != version_id:
        raise NotFound(f"Record {record_id} has no version {version_id}.", remedy="Read its history again.")
    return found.versions[0]


async def origins(
    db: Connection, plans: PlanSource, workspace_id: int, schema: ObjectSchema, record_id: int
) -> list[Origin]:
    """Where every value of today comes from, in the order of the properties' names. Raises NotFound."""
    record = await creation(db, workspace_id, schema, record_id)
    names = sorted(name for name in record["properties"] if name in schema.properties)
    newest = await _newest(db, workspace_id, record_id, names)
    rows = [newest.get(name, record) for name in names]
    found = await readable(db, plans, workspace_id, [raw_source(row) for row in rows])
    return [
        Origin(
            name,
            row["id"] if name in newest else None,
            row["at"] if name in newest else record["created_at"],
            source,
        )
        for name, row, source in zip(names, rows, found, strict=True)
    ]


async def creation(db: Connection, workspace_id: int, schema: ObjectSchema, record_id: int) -> Row:
    """The row of a record with the source of its creation. Raises NotFound when it is none of this type."""
    rows = [
        row
        for row in await db.fetch(CREATIONS, workspace_id, [record_id])
        if row["object_type_id"] == schema.object_type.id
    ]
    if not rows:
        raise NotFound(f"There is no record {record_id} of this type.", remedy="It may have been archived.")
    return rows[0]


def raw_source(row: Row) -> RawSource:
    """The source columns of a row."""
    return RawSource(row["source_type"], row["source_id"], row["source_label"], row["source_detail"])


async def _created_with(
    db: Connection, workspace_id: int, schema: ObjectSchema, record: Row, names: list[str] | None
) -> dict[str, str]:
    """The values that a record was created with: the oldest version's previous one, or today's where none changed."""
    asked = sorted(schema.properties) if names is None else names
    oldest = {
        row["property"]: row["previous_value"]
        for row in await db.fetch(
            OLDEST, workspace_id, record["id"], [n for n in asked if n not in COLUMN_OF]
        )
    }
    values = {name: oldest[name] if name in oldest else record["properties"].get(name) for name in asked}
    return {name: value for name, value in values.items() if value is not None}


async def _newest(
    db: Connection, workspace_id: int, record_id: int, names: Sequence[str]
) -> Mapping[str, Row]:
    rows = await db.fetch(NEWEST, workspace_id, record_id, list(names)) if names else []
    return {row["property"]: row for row in rows}


def _version(
    schema: ObjectSchema, record: Row, row: Row, newest: Mapping[str, Row], source: ReadableSource
) -> PastValue:
    name = row["property"]
    current = newest[name]["id"] == row["id"] and record["properties"].get(name) == row["value"]
    prop = schema.properties.get(name)
    undoable = current and prop is not None and not prop.read_only_value and record["archived_at"] is None
    return PastValue(
        row["id"],
        name,
        _label(schema, name),
        row["value"],
        row["previous_value"],
        row["at"],
        source,
        current,
        undoable,
    )


def _label(schema: ObjectSchema, name: str) -> str:
    prop = schema.properties.get(name)
    return prop.label if prop is not None else name
