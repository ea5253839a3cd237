"""Archived records brought back, with the unique values that nobody took meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from penstock.crm.schema import ObjectSchema
from penstock.crm.source import Source
from penstock.crm.unique_values import Claim, claim_free, release
from penstock.kit.database import Connection


@dataclass(slots=True)
class Restored:
    """Who is back, and for those who could not come back the reason."""

    ids: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


# By primary key, locked in id order as everywhere.
ARCHIVED = """
SELECT id, properties FROM records
WHERE workspace_id = $1 AND object_type_id = $2 AND id = ANY ($3::bigint[]) AND archived_at IS NOT NULL
ORDER BY id FOR UPDATE
"""
RESTORE = """
WITH restored AS (
    UPDATE records SET archived_at = NULL, updated_at = statement_timestamp()
    WHERE workspace_id = $1 AND object_type_id = $2 AND id = ANY ($3::bigint[])
    RETURNING id
), changed AS (
    INSERT INTO changes (workspace_id, object_type_id, record_id, kind, source_type, source_id, depth, at)
    SELECT $1, $2, id, 'restored', $4, $5, $6, statement_timestamp() FROM restored
    RETURNING id
)
INSERT INTO change_queue (change_id) SELECT id FROM changed
"""


async def restore(
    db: Connection, workspace_id: int, schema: ObjectSchema, record_ids: Sequence[int], source: Source
) -> Restored:
    """Restores the archived records among these, in the caller's transaction.

    A record whose unique value another has by now stays archived. Ids that name no archived record are passed over.
    """
    rows = await db.fetch(ARCHIVED, workspace_id, schema.object_type.id, list(record_ids))
    claims = [
        Claim(name, str(row["properties"][name]), row["id"])
        for row in rows
        for name in sorted(schema.unique_properties & row["properties"].keys())
    ]
    lost = await claim_free(db, workspace_id, schema.object_type.id, claims)
    result = Restored()
    for one in lost:
        result.refused[one.record_id] = (
            f"Another record has the {one.property} '{one.value[:200]}' by now. Change that one, then restore this."
        )
    given_back = [one for one in claims if one.record_id in result.refused and one not in lost]
    await release(db, workspace_id, schema.object_type.id, given_back)
    result.ids = [row["id"] for row in rows if row["id"] not in result.refused]
    if result.ids:
        await db.execute(
            RESTORE, workspace_id, schema.object_type.id, result.ids, source.type, source.id, source.depth
        )
    return result
