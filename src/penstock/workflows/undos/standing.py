"""What stands where an undo's versions were written, and for each value whether it can go back.

A value goes back when the version that stands there is one of those that are meant: then to the value before the
oldest of them in an unbroken row. What anybody wrote since is left, and so is what cannot be written any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from penstock.crm.accepted_values import accept
from penstock.crm.schema import ObjectSchema, load_schemas
from penstock.crm.unique_values import holders
from penstock.errors import PenstockError
from penstock.kit.database import Connection, Row
from penstock.workflows.undos.selection import CHOSEN, Selection, parameters

Verdict = Literal[
    "RESTORE", "UNCHANGED", "CHANGED_SINCE", "RECORD_ARCHIVED", "PROPERTY_GONE", "DOES_NOT_FIT", "VALUE_TAKEN"
]

# All versions of the records, by property_history_of_record; the three joins are by primary key. `last_in_a_row` is
# true from the newest version of a value back for as long as every one is meant.
STANDING = f"""
WITH marked AS (
    SELECT h.id, h.record_id, h.property, {CHOSEN} AS chosen
    FROM property_history h WHERE h.workspace_id = $1 AND h.record_id = ANY ($2::bigint[])
), ordered AS (
    SELECT *, bool_and(chosen) OVER (PARTITION BY record_id, property ORDER BY id DESC) AS last_in_a_row FROM marked
), found AS (
    SELECT record_id, property, max(id) AS newest_id, max(id) FILTER (WHERE chosen) AS version_id,
           min(id) FILTER (WHERE last_in_a_row) AS oldest_id
    FROM ordered GROUP BY record_id, property HAVING bool_or(chosen)
)
SELECT f.record_id, f.property, f.newest_id, f.version_id, f.oldest_id IS NOT NULL AS still, newest.value AS newest_value,
       version.value AS written,
       CASE WHEN oldest.id IS NULL THEN version.previous_value ELSE oldest.previous_value END AS before,
       CASE WHEN version.source_type = 'AUTOMATION_PLATFORM' THEN version.source_id END AS flow_id
FROM found f JOIN property_history newest ON newest.id = f.newest_id
JOIN property_history version ON version.id = f.version_id LEFT JOIN property_history oldest ON oldest.id = f.oldest_id
ORDER BY f.record_id, f.property
"""  # noqa: S608 - a constant
# By primary key; locked in id order, as everywhere.
RECORDS = """
SELECT id, object_type_id, properties, archived_at IS NOT NULL AS archived FROM records
WHERE workspace_id = $1 AND id = ANY ($2::bigint[]) ORDER BY id
"""
LOCKED_RECORDS = RECORDS + "FOR NO KEY UPDATE"


@dataclass(frozen=True, slots=True)
class Standing:
    """One value of one record: what is there (`current`), what the workflow wrote, and what was there before.

    `version_id` is the newest version that is meant, `newest_id` the one that stands there. `flow_id` is the workflow
    whose value it was, None for a person's. `message` says why a value is left.
    """

    record_id: int
    object_type_id: str
    property: str
    current: str | None
    written: str | None
    before: str | None
    version_id: int
    newest_id: int
    flow_id: int | None
    verdict: Verdict
    message: str = ""


async def sort_out(
    db: Connection,
    workspace_id: int,
    record_ids: Sequence[int],
    selection: Selection,
    until_id: int,
    *,
    lock: bool,
) -> list[Standing]:
    """What can be done about every value of these records that is meant, by record and property.

    With `lock` the records stay as they are until the caller's transaction ends. A handful of statements, however
    many records there are.
    """
    records = {
        row["id"]: row
        for row in await db.fetch(LOCKED_RECORDS if lock else RECORDS, workspace_id, list(record_ids))
    }
    rows = await db.fetch(STANDING, workspace_id, list(record_ids), *parameters(selection, until_id))
    rows = [row for row in rows if row["record_id"] in records]
    schemas = await load_schemas(
        db, workspace_id, {records[row["record_id"]]["object_type_id"] for row in rows}
    )
    found = [_standing(row, records[row["record_id"]], schemas) for row in rows]
    return await _without_taken(db, workspace_id, schemas, found)


def _standing(row: Row, record: Row, schemas: Mapping[str, ObjectSchema]) -> Standing:
    name = row["property"]
    held = record["properties"].get(name)
    current = None if held is None else str(held)
    standing = Standing(
        record["id"],
        record["object_type_id"],
        name,
        current,
        row["written"],
        row["before"],
        row["version_id"],
        row["newest_id"],
        None if row["flow_id"] is None else int(row["flow_id"]),
        "RESTORE",
    )
    if record["archived"]:
        return replace(standing, verdict="RECORD_ARCHIVED", message="The record is archived.")
    if current == standing.before:
        return replace(standing, verdict="UNCHANGED")
    if not row["still"] or current != row["newest_value"]:
        return replace(standing, verdict="CHANGED_SINCE", message="The value was changed since.")
    schema = schemas[record["object_type_id"]]
    if name not in schema.properties:
        return replace(standing, verdict="PROPERTY_GONE", message="The property is archived.")
    try:
        accept(schema, {name: standing.before})
    except PenstockError as error:
        said = error.problems[0].message if error.problems else error.message
        return replace(standing, verdict="DOES_NOT_FIT", message=said)
    return standing


async def _without_taken(
    db: Connection, workspace_id: int, schemas: Mapping[str, ObjectSchema], found: Sequence[Standing]
) -> list[Standing]:
    """The same with VALUE_TAKEN for unique values that another record has by now, or gets in the same go."""
    wanted: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in found:
        if (value := _unique(one, schemas)) is not None:
            wanted[one.object_type_id].append((one.property, value))
    holder_of: dict[tuple[str, str, str], int] = {}
    for type_id, pairs in wanted.items():
        for (name, value), holder in (await holders(db, workspace_id, type_id, pairs)).items():
            holder_of[type_id, name, value] = holder
    result = []
    for one in found:
        if (value := _unique(one, schemas)) is None:
            result.append(one)
            continue
        holder = holder_of.setdefault((one.object_type_id, one.property, value), one.record_id)
        message = f"Record {holder} has this {one.property} by now."
        free = holder == one.record_id
        result.append(one if free else replace(one, verdict="VALUE_TAKEN", message=message))
    return result


def _unique(one: Standing, schemas: Mapping[str, ObjectSchema]) -> str | None:
    """The value that goes back, when no other record may have it."""
    is_unique = one.property in schemas[one.object_type_id].unique_properties
    return one.before if one.verdict == "RESTORE" and is_unique else None
