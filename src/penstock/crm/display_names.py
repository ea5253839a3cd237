"""What people call a record: the value of its type's primary display property."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from penstock.crm.object_types import ObjectType
from penstock.crm.records import Record
from penstock.kit.database import Connection

LONGEST = 200  # characters

# By primary key, archived ones too: links to them still have a name.
NAMES = """
SELECT r.id, r.object_type_id, t.singular_label, left(r.properties ->> t.primary_display_property, $3) AS name,
       left(concat_ws(' ', r.properties ->> 'firstname', r.properties ->> 'lastname'), $3) AS person
FROM records r JOIN object_types t ON t.workspace_id = r.workspace_id AND t.object_type_id = r.object_type_id
WHERE r.workspace_id = $1 AND r.id = ANY ($2::bigint[])
"""
CONTACTS = "0-1"
# The same rule for lists that join records as `r` and their types as `t`; NULL when nothing names the record.
JOINED_NAME = f"""left(coalesce(
    CASE WHEN r.object_type_id = '{CONTACTS}'
         THEN nullif(concat_ws(' ', r.properties ->> 'firstname', r.properties ->> 'lastname'), '') END,
    r.properties ->> t.primary_display_property), {LONGEST})"""


def name_of(object_type: ObjectType, record: Record) -> str:
    """The name of one record."""
    values = record.properties
    person = " ".join(part for name in ("firstname", "lastname") if (part := values.get(name)))
    return _chosen(
        object_type.id,
        object_type.singular_label,
        record.id,
        values.get(object_type.primary_display_property),
        person,
    )[:LONGEST]


async def names_of(db: Connection, workspace_id: int, record_ids: Sequence[int]) -> Mapping[int, str]:
    """The names of records of any types, by id. Those that do not exist are left out."""
    rows = await db.fetch(NAMES, workspace_id, list(record_ids), LONGEST)
    return {
        row["id"]: _chosen(
            row["object_type_id"], row["singular_label"], row["id"], row["name"], row["person"]
        )
        for row in rows
    }


def _chosen(type_id: str, label: str, record_id: int, name: str | None, person: str) -> str:
    """A contact goes by first and last name where there are any, else by the primary display property (an address)."""
    return (person if type_id == CONTACTS else "") or name or f"{label} {record_id}"
