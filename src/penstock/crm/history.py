"""The versions of property values: who wrote what when (HubSpot's propertiesWithHistory).

`property_history` has a row for every change of a value of an existing record. The version that a record was
created with has no row: it is the oldest row's previous value, or the value of today where nothing changed, with
the time and source of the record's creation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from penstock.kit.database import Connection
from penstock.kit.json import JsonObject


@dataclass(frozen=True, slots=True)
class Version:
    """One value that a property had. `value` is None where it was cleared; `detail` is the source's own.

    `id` names the version, so that it can be taken back; the one that a record was created with has none.
    """

    value: str | None
    timestamp: datetime
    source_type: str
    source_id: str
    source_label: str
    detail: JsonObject | None
    id: int | None = None


# By primary key; and served by property_history_of_record.
CREATIONS = """
SELECT id, object_type_id, properties, created_at, archived_at, source_type, source_id, source_label, source_detail
FROM records
WHERE workspace_id = $1 AND id = ANY ($2::bigint[])
"""
VERSIONS = """
SELECT id, record_id, property, value, previous_value, at, source_type, source_id, source_label, source_detail
FROM property_history
WHERE workspace_id = $1 AND record_id = ANY ($2::bigint[]) AND ($3::text[] IS NULL OR property = ANY ($3::text[]))
ORDER BY id DESC
"""


async def versions(
    db: Connection, workspace_id: int, record_ids: Sequence[int], names: Sequence[str] | None = None
) -> dict[int, dict[str, list[Version]]]:
    """Versions by record and property, newest first, of these properties or of all that ever had a value.

    Records that do not exist are left out; properties without a version are, too.
    """
    found: dict[int, dict[str, list[Version]]] = {}
    oldest: dict[tuple[int, str], str | None] = {}
    wanted = None if names is None else list(names)
    for row in await db.fetch(VERSIONS, workspace_id, list(record_ids), wanted):
        found.setdefault(row["record_id"], {}).setdefault(row["property"], []).append(
            Version(
                row["value"],
                row["at"],
                row["source_type"],
                row["source_id"],
                row["source_label"],
                row["source_detail"],
                row["id"],
            )
        )
        oldest[row["record_id"], row["property"]] = row["previous_value"]
    result: dict[int, dict[str, list[Version]]] = {}
    for row in await db.fetch(CREATIONS, workspace_id, list(record_ids)):
        record_id, of_record = row["id"], found.get(row["id"], {})
        for name in dict.fromkeys([*of_record, *row["properties"]]) if names is None else names:
            first = oldest.get((record_id, name), None if name in of_record else row["properties"].get(name))
            if first is not None:
                of_record.setdefault(name, []).append(
                    Version(
                        first,
                        row["created_at"],
                        row["source_type"],
                        row["source_id"],
                        row["source_label"],
                        row["source_detail"],
                    )
                )
        result[record_id] = of_record
    return result
