"""Records erased for good, with their past: nothing in the CRM says any more what their values were."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.kit.database import Connection

# Locked in id order, as everywhere; archived records too.
LOCK = """
SELECT id FROM records WHERE workspace_id = $1 AND object_type_id = $2 AND id = ANY ($3::bigint[]) ORDER BY id FOR UPDATE
"""
# Each served by its index of the record.
ERASE = (
    "DELETE FROM change_queue q USING changes c WHERE q.change_id = c.id AND c.record_id = ANY ($1::bigint[])",
    "DELETE FROM changes WHERE record_id = ANY ($1::bigint[])",
    "DELETE FROM property_history WHERE record_id = ANY ($1::bigint[])",
    "DELETE FROM associations WHERE from_record_id = ANY ($1::bigint[])",
    "DELETE FROM unique_values WHERE record_id = ANY ($1::bigint[])",
    "DELETE FROM record_words WHERE record_id = ANY ($1::bigint[])",
    "DELETE FROM archived_records WHERE record_id = ANY ($1::bigint[])",
    "DELETE FROM records WHERE id = ANY ($1::bigint[])",
)
# An association is kept in both directions; this is the other one.
ERASE_OTHER_ENDS = """
DELETE FROM associations a USING associations mine
WHERE mine.from_record_id = ANY ($1::bigint[]) AND a.from_record_id = mine.to_record_id
  AND a.to_record_id = mine.from_record_id
"""


async def lock(
    db: Connection, workspace_id: int, object_type_id: str, record_ids: Sequence[int]
) -> list[int]:
    """Locks the records of this type among these for the caller's transaction, archived ones too; returns their ids."""
    return [row["id"] for row in await db.fetch(LOCK, workspace_id, object_type_id, list(record_ids))]


async def erase(db: Connection, record_ids: Sequence[int]) -> None:
    """Erases locked records with their values, history, changes and associations. No workflow hears of it."""
    ids = list(record_ids)
    await db.execute(ERASE_OTHER_ENDS, ids)
    for statement in ERASE:
        await db.execute(statement, ids)
