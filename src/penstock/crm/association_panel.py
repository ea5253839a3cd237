"""Everything that one record is associated with, by type, with names: what its page shows beside it."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.crm import object_types
from penstock.crm.association_types import AssociationType, by_id, types_between
from penstock.crm.display_names import names_of
from penstock.crm.object_types import ObjectType
from penstock.kit.database import Connection

MOST_COUNTED = 10_000
# What tells two records of one name apart.
SECONDARY = {"0-1": "email", "0-2": "domain", "0-3": "amount"}


@dataclass(frozen=True, slots=True)
class AssociatedRecord:
    """A record at the other end, and the kinds of association to it."""

    record_id: int
    name: str
    secondary: str | None
    labels: tuple[AssociationType, ...]


@dataclass(frozen=True, slots=True)
class AssociationGroup:
    """The records of one type: how many (`exact` or more), some of them, and the kinds one can choose from.

    `next_after` is the `after` of the next page, None on the last.
    """

    object_type: ObjectType
    count: int
    exact: bool
    records: tuple[AssociatedRecord, ...]
    kinds: tuple[AssociationType, ...]
    next_after: int | None


# Served by associations_of_record, one type after another; archived records are not shown.
SOME = """
SELECT a.to_record_id, array_agg(a.category ORDER BY a.type_id) AS categories,
       array_agg(a.type_id ORDER BY a.type_id) AS type_ids,
       left(min(r.properties ->> $6::text), 200) AS secondary
FROM associations a JOIN records r ON r.id = a.to_record_id AND r.archived_at IS NULL
WHERE a.workspace_id = $1 AND a.from_record_id = $2 AND a.to_object_type_id = $3 AND a.to_record_id > $4
GROUP BY a.to_record_id ORDER BY a.to_record_id LIMIT $5
"""
COUNT = """
SELECT count(*) FROM (
    SELECT DISTINCT a.to_record_id FROM associations a JOIN records r ON r.id = a.to_record_id AND r.archived_at IS NULL
    WHERE a.workspace_id = $1 AND a.from_record_id = $2 AND a.to_object_type_id = $3 LIMIT $4) AS found
"""


async def groups(
    db: Connection, workspace_id: int, object_type_id: str, record_id: int, *, limit: int = 10
) -> list[AssociationGroup]:
    """A group for every type that records of this type can be associated with, empty ones too."""
    return [
        await group(db, workspace_id, object_type_id, record_id, other, limit=limit)
        for other in await object_types.list_all(db, workspace_id)
        if types_between(object_type_id, other.id)
    ]


async def group(
    db: Connection,
    workspace_id: int,
    object_type_id: str,
    record_id: int,
    other: ObjectType,
    *,
    after: int = 0,
    limit: int = 50,
) -> AssociationGroup:
    """The records of one type behind `after`, in the order of their ids."""
    secondary = SECONDARY.get(other.id, "")
    rows = await db.fetch(SOME, workspace_id, record_id, other.id, after, limit + 1, secondary)
    count = len(rows)
    if after or count > limit:
        count = await db.fetchval(COUNT, workspace_id, record_id, other.id, MOST_COUNTED + 1)
    shown = rows[:limit]
    names = await names_of(db, workspace_id, [row["to_record_id"] for row in shown]) if shown else {}
    records = tuple(
        AssociatedRecord(
            row["to_record_id"],
            names.get(row["to_record_id"], str(row["to_record_id"])),
            row["secondary"],
            tuple(by_id(*pair) for pair in zip(row["categories"], row["type_ids"], strict=True)),
        )
        for row in shown
    )
    return AssociationGroup(
        other,
        min(count, MOST_COUNTED),
        count <= MOST_COUNTED,
        records,
        tuple(types_between(object_type_id, other.id)),
        shown[-1]["to_record_id"] if len(rows) > limit else None,
    )
