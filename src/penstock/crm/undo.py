"""Taking back one value: what stood there before it is written again, as a new version that says so."""

from __future__ import annotations

from dataclasses import replace

from penstock.crm.accepted_values import accept
from penstock.crm.record_writes import LOCK, PropertyWrite, write_values
from penstock.crm.schema import ObjectSchema
from penstock.crm.source import Source
from penstock.errors import ChangedMeanwhile, NotFound
from penstock.kit.database import Connection

# By primary key.
VERSION = """
SELECT id, property, value, previous_value, CASE WHEN source_type = 'AUTOMATION_PLATFORM' THEN source_id END AS flow_id
FROM property_history
WHERE workspace_id = $1 AND record_id = $2 AND id = $3
"""
# Served by property_history_of_record.
NEWEST = """
SELECT id FROM property_history WHERE workspace_id = $1 AND record_id = $2 AND property = $3 ORDER BY id DESC LIMIT 1
"""


async def undo(
    db: Connection, workspace_id: int, schema: ObjectSchema, record_id: int, version_id: int, source: Source
) -> int:
    """Writes the value before a version again, from `source`; returns the id of the new version.

    It is a change like any other: workflows may react to it, but for the one whose value it was, and it can be taken
    back as well. Raises NotFound when there is no such record or version, Conflict when the value is another by now or the one before is unique and
    taken, and InvalidProperty when the value before does not fit the property any more.
    """
    locked = await db.fetch(LOCK, workspace_id, schema.object_type.id, [record_id])
    version = await db.fetchrow(VERSION, workspace_id, record_id, version_id)
    if not locked or version is None:
        raise NotFound(
            f"Record {record_id} has no version {version_id}.", remedy="Read the history of the record again."
        )
    name = version["property"]
    newest = await db.fetchval(NEWEST, workspace_id, record_id, name)
    current = locked[0]["properties"].get(name)
    if newest != version_id or current != version["value"]:
        raise ChangedMeanwhile(
            f"'{name}' was changed after this version, so the version cannot be taken back.",
            remedy="Look at the newest versions, and set the value that you want.",
            property=name,
            currentValue="" if current is None else str(current),
        )
    accepted = accept(schema, {name: version["previous_value"]})
    detail = {**(source.detail or {}), "undo_of": str(version_id)}
    flow_id = None if version["flow_id"] is None else int(version["flow_id"])
    write = PropertyWrite(record_id, name, accepted[name], replace(source, detail=detail, closed_to=flow_id))
    await write_values(db, workspace_id, schema, [write])
    made: int = await db.fetchval(NEWEST, workspace_id, record_id, name)
    return made
