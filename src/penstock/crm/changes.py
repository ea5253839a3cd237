"""The change feed: one row per record and write, taken by the workflow triggers in the order of writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from penstock.kit.database import Connection
from penstock.kit.json import Json

ChangeKind = Literal["created", "updated", "archived", "restored", "associated", "dissociated"]


@dataclass(frozen=True, slots=True)
class Change:
    """What one write did to one record.

    `before` and `after` hold the changed properties only; None is no value. For `associated` and
    `dissociated`, `after` holds `toObjectId`, `toObjectTypeId`, `category` and `typeId`. `depth` counts how
    many workflow-made changes led to this one. `closed_to` is the workflow that must not start from it.
    `chain` are those workflows, the oldest first, and `root_id` the change with which it began (None: this one).
    """

    id: int
    workspace_id: int
    object_type_id: str
    record_id: int
    kind: ChangeKind
    before: Mapping[str, Json]
    after: Mapping[str, Json]
    source_type: str
    source_id: str
    depth: int
    closed_to: int | None
    root_id: int | None
    chain: list[int]
    at: datetime


# The array makes the choice a plan step of its own: as a plain sub-select it could run more than once and take
# more rows than the limit. Locked rows belong to another reader, so they are passed over, not waited for.
TAKE = """
WITH taken AS (
    DELETE FROM change_queue
    WHERE change_id = ANY (ARRAY(
        SELECT change_id FROM change_queue ORDER BY change_id LIMIT $1 FOR UPDATE SKIP LOCKED))
    RETURNING change_id
)
SELECT c.id, c.workspace_id, c.object_type_id, c.record_id, c.kind, c.before, c.after, c.source_type, c.source_id,
       c.depth, c.closed_to, c.root_id, c.chain, c.at
FROM taken JOIN changes c ON c.id = taken.change_id
ORDER BY c.id
"""


async def take(db: Connection, limit: int) -> list[Change]:
    """Takes up to `limit` changes off the queue, in the caller's transaction.

    If that transaction is rolled back, the changes are on the queue again; nobody else sees them meanwhile.
    """
    return [Change(**row) for row in await db.fetch(TAKE, limit)]
