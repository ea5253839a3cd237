"""The one way that property values get into records: values, history, change feed and uniqueness in one go.

Every write, of one record by a person or of a hundred by workflow legs, is the same few set-based statements in
the caller's transaction: lock, (release and claim unique values,) save.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from penstock.crm.schema import ObjectSchema
from penstock.crm.search_words import refresh
from penstock.crm.source import Source
from penstock.crm.unique_values import Claim, claim, release
from penstock.errors import NotFound
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject, dumps


@dataclass(frozen=True, slots=True)
class PropertyWrite:
    """One value for one property of one record, already normalised by `crm.values`; None clears it.

    A multi-checkbox value that starts with `;` is added to the options already chosen.
    """

    record_id: int
    property: str
    value: str | None
    source: Source


# By primary key. Locked in id order, as everywhere, so that two writers cannot wait for each other; the lock
# leaves foreign keys alone.
LOCK = """
SELECT id, properties FROM records
WHERE workspace_id = $1 AND object_type_id = $2 AND id = ANY ($3::bigint[]) AND archived_at IS NULL
ORDER BY id FOR NO KEY UPDATE
"""

# One round trip for everything that a write leaves behind. Values are flat text, so stripping nulls removes
# exactly the cleared ones. A value written and written back within a batch is in the history only. `statement_timestamp` is after the lock was got, so times follow the order of writes.
SAVE = """
WITH written AS (
    UPDATE records r
    SET properties = jsonb_strip_nulls(r.properties || w.after::jsonb), updated_at = statement_timestamp()
    FROM unnest($3::bigint[], $5::text[]) AS w (record_id, after)
    WHERE r.id = w.record_id AND r.workspace_id = $1
), history AS (
    INSERT INTO property_history (workspace_id, record_id, property, value, previous_value, at,
                                  source_type, source_id, source_label, source_detail)
    SELECT $1, record_id, property, value, previous, statement_timestamp(), source_type, source_id, source_label,
           source_detail::jsonb
    FROM unnest($9::bigint[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[])
        AS h (record_id, property, value, previous, source_type, source_id, source_label, source_detail)
), changed AS (
    INSERT INTO changes (workspace_id, object_type_id, record_id, kind, before, after, source_type, source_id, depth,
                         closed_to, root_id, chain, at)
    SELECT $1, $2, record_id, 'updated', before::jsonb, after::jsonb, source_type, source_id, depth, closed_to,
           root_id, chain::bigint[], statement_timestamp()
    FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $17::bigint[], $18::bigint[],
                $19::text[])
        AS c (record_id, before, after, source_type, source_id, depth, closed_to, root_id, chain)
    WHERE after <> '{}'
    RETURNING id, closed_to
)
INSERT INTO change_queue (change_id) SELECT id FROM changed WHERE closed_to IS DISTINCT FROM 0
"""


@dataclass(slots=True)
class _Touched:
    """A locked record and what the writes do to it."""

    record_id: int
    properties: JsonObject
    before: JsonObject = field(default_factory=dict)
    after: JsonObject = field(default_factory=dict)
    source: Source | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class _Version:
    """One row of property history to be."""

    write: PropertyWrite
    value: str | None
    previous: str | None


async def write_values(
    db: Connection, workspace_id: int, schema: ObjectSchema, writes: Sequence[PropertyWrite]
) -> int:
    """Writes values to existing records of one type, in the caller's transaction; returns how many changed.

    Several writes to the same property happen in the order given, each with its history row; a value that is
    there already is no change and leaves no trace. The locked records' rows come in the change feed once each,
    with the source of their last change and the greatest depth.

    Raises NotFound when a record does not exist (or is archived) and Conflict when a unique value is taken.
    After an error the caller rolls back.
    """
    return (await write_records(db, workspace_id, schema, writes)).values


@dataclass(frozen=True, slots=True)
class Written:
    """How many values of how many records changed."""

    values: int = 0
    records: int = 0


async def write_records(
    db: Connection, workspace_id: int, schema: ObjectSchema, writes: Sequence[PropertyWrite]
) -> Written:
    """What `write_values` does, and how many records it changed."""
    if not writes:
        return Written()
    touched = await _lock(db, workspace_id, schema, {write.record_id for write in writes})
    versions = _apply(schema, touched, writes)
    if not versions:
        return Written()
    changed = [record for record in touched.values() if record.source is not None]
    await _move_unique_values(db, workspace_id, schema, changed)
    details = {id(version.write.source): _detail(version.write.source) for version in versions}
    await db.execute(
        SAVE,
        workspace_id,
        schema.object_type.id,
        [record.record_id for record in changed],
        [dumps(record.before).decode() for record in changed],
        [dumps(record.after).decode() for record in changed],
        [record.source.type if record.source else "" for record in changed],
        [record.source.id if record.source else "" for record in changed],
        [record.depth for record in changed],
        [version.write.record_id for version in versions],
        [version.write.property for version in versions],
        [version.value for version in versions],
        [version.previous for version in versions],
        [version.write.source.type for version in versions],
        [version.write.source.id for version in versions],
        [version.write.source.label for version in versions],
        [details[id(version.write.source)] for version in versions],
        [record.source.closed_to if record.source else None for record in changed],
        [record.source.root_id if record.source else None for record in changed],
        [_chain(record.source) for record in changed],
    )
    names = {name for record in changed for name in record.after}
    await refresh(db, workspace_id, schema, [record.record_id for record in changed], names)
    return Written(len(versions), len(changed))


async def _lock(
    db: Connection, workspace_id: int, schema: ObjectSchema, record_ids: set[int]
) -> dict[int, _Touched]:
    rows = await db.fetch(LOCK, workspace_id, schema.object_type.id, sorted(record_ids))
    touched = {row["id"]: _Touched(row["id"], row["properties"]) for row in rows}
    missing = record_ids - touched.keys()
    if missing:
        raise NotFound(
            f"There is no record {min(missing)} among the {schema.object_type.plural_label.lower()}.",
            remedy="It may have been archived; list the records first.",
        )
    return touched


def _apply(
    schema: ObjectSchema, touched: Mapping[int, _Touched], writes: Iterable[PropertyWrite]
) -> list[_Version]:
    versions: list[_Version] = []
    for write in writes:
        record = touched[write.record_id]
        held = record.properties.get(write.property)
        previous = held if isinstance(held, str) else None
        value = write.value
        if value is not None and value.startswith(";") and schema.properties[write.property].multiple:
            value = added_options(previous, value)
        if value == previous:
            continue
        record.before.setdefault(write.property, previous)
        record.after[write.property] = value
        record.properties[write.property] = value
        record.source = write.source
        record.depth = max(record.depth, write.source.depth)
        versions.append(_Version(write, value, previous))
    for record in touched.values():
        for name in [name for name, value in record.after.items() if record.before[name] == value]:
            del record.before[name], record.after[name]
    return versions


def added_options(held: str | None, addition: str) -> str | None:
    """A multi-checkbox value with the options of `addition` (`;a;b`) added to those held, each once."""
    options = dict.fromkeys([*(held or "").split(";"), *addition.split(";")])
    options.pop("", None)
    return ";".join(options) or None


async def _move_unique_values(
    db: Connection, workspace_id: int, schema: ObjectSchema, changed: Iterable[_Touched]
) -> None:
    """Gives back the unique values that are given up before the new ones are taken, so that two can swap."""
    if not schema.unique_properties:
        return
    given_up: list[Claim] = []
    taken: list[Claim] = []
    for record in changed:
        for name in record.after.keys() & schema.unique_properties:
            if (old := record.before[name]) is not None:
                given_up.append(Claim(name, str(old), record.record_id))
            if (new := record.after[name]) is not None:
                taken.append(Claim(name, str(new), record.record_id))
    await release(db, workspace_id, schema.object_type.id, given_up)
    await claim(db, workspace_id, schema.object_type.id, taken)


def _chain(source: Source | None) -> str:
    """The workflows that led to a write, as PostgreSQL writes an array."""
    return "{" + ",".join(map(str, source.chain if source else ())) + "}"


def _detail(source: Source) -> str | None:
    return None if source.detail is None else dumps(source.detail).decode()
