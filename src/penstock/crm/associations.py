"""Associations between records: both directions are stored, and both records get a row in the change feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.crm.association_types import PRIMARY_OWNER_FIRST, AssociationType, by_id, default_type
from penstock.crm.source import Source
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection


@dataclass(frozen=True, slots=True)
class NewAssociation:
    """An association that a record is created with."""

    to_record_id: int
    type_id: int
    category: str = "HUBSPOT_DEFINED"


@dataclass(frozen=True, slots=True)
class Link:
    """One direction of an association between two records."""

    from_record_id: int
    to_record_id: int
    type_id: int
    category: str = "HUBSPOT_DEFINED"


@dataclass(frozen=True, slots=True)
class Associated:
    """A record at the other end, with all kinds of associations to it."""

    to_record_id: int
    types: tuple[AssociationType, ...]


TYPES_OF = """
SELECT id, object_type_id FROM records WHERE workspace_id = $1 AND id = ANY ($2::bigint[]) AND archived_at IS NULL
"""

# Inserted in key order, so that two transactions that associate the same records cannot wait for each other.
ADD = """
WITH added AS (
    INSERT INTO associations (workspace_id, from_record_id, to_record_id, from_object_type_id, to_object_type_id,
                              category, type_id)
    SELECT $1, l.* FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::int[])
        AS l (from_record_id, to_record_id, from_type, to_type, category, type_id)
    ORDER BY from_record_id, to_record_id, category, type_id
    ON CONFLICT DO NOTHING
    RETURNING *
), changed AS (
    INSERT INTO changes (workspace_id, object_type_id, record_id, kind, after, source_type, source_id, depth)
    SELECT $1, from_object_type_id, from_record_id, 'associated',
           jsonb_build_object('toObjectId', to_record_id::text, 'toObjectTypeId', to_object_type_id,
                              'category', category, 'typeId', type_id), $8, $9, $10
    FROM added ORDER BY from_record_id, to_record_id
    RETURNING id
)
INSERT INTO change_queue (change_id) SELECT id FROM changed
"""
REMOVE = """
WITH removed AS (
    DELETE FROM associations a
    USING unnest($2::bigint[], $3::bigint[], $4::text[], $5::int[]) AS l (from_record_id, to_record_id, category, type_id)
    WHERE a.workspace_id = $1 AND a.from_record_id = l.from_record_id AND a.to_record_id = l.to_record_id
      AND (l.type_id IS NULL OR (a.category = l.category AND a.type_id = l.type_id))
    RETURNING a.*
), changed AS (
    INSERT INTO changes (workspace_id, object_type_id, record_id, kind, after, source_type, source_id, depth)
    SELECT $1, from_object_type_id, from_record_id, 'dissociated',
           jsonb_build_object('toObjectId', to_record_id::text, 'toObjectTypeId', to_object_type_id,
                              'category', category, 'typeId', type_id), $6, $7, $8
    FROM removed ORDER BY from_record_id, to_record_id
    RETURNING id
)
INSERT INTO change_queue (change_id) SELECT id FROM changed
"""
# Served by associations_of_record.
OTHER_PRIMARIES = """
SELECT a.from_record_id, a.to_record_id, a.type_id
FROM unnest($2::bigint[], $3::bigint[], $4::int[]) AS l (from_record_id, to_record_id, type_id)
JOIN associations a ON a.from_record_id = l.from_record_id AND a.to_record_id <> l.to_record_id
     AND a.type_id = l.type_id AND a.category = 'HUBSPOT_DEFINED'
WHERE a.workspace_id = $1
"""
# Served by associations_of_record; archived records are not shown.
LIST = """
SELECT a.from_record_id, a.to_record_id, array_agg(a.category ORDER BY a.type_id) AS categories,
       array_agg(a.type_id ORDER BY a.type_id) AS type_ids
FROM associations a JOIN records r ON r.id = a.to_record_id AND r.archived_at IS NULL
WHERE a.workspace_id = $1 AND a.from_record_id = ANY ($2::bigint[]) AND a.to_object_type_id = $3
  AND a.to_record_id > $4
GROUP BY a.from_record_id, a.to_record_id
ORDER BY a.from_record_id, a.to_record_id
LIMIT $5
"""


async def associate(db: Connection, workspace_id: int, links: Sequence[Link], source: Source) -> None:
    """Makes associations in both directions; those that exist stay.

    A primary company takes the place of the one before and is associated without a label as well, as in HubSpot.
    Raises NotFound when a record or association type does not exist, and InvalidInput when the type is for
    records of other types.
    """
    if not links:
        return
    wanted = sorted({link.from_record_id for link in links} | {link.to_record_id for link in links})
    types = {row["id"]: row["object_type_id"] for row in await db.fetch(TYPES_OF, workspace_id, wanted)}
    rows: dict[Link, AssociationType] = {}
    for link in links:
        for record_id in (link.from_record_id, link.to_record_id):
            if record_id not in types:
                raise NotFound(
                    f"There is no record {record_id} to associate.", remedy="It may have been archived."
                )
        kind = by_id(link.category, link.type_id)
        _check(link, kind, types)
        _both_ways(rows, link, kind)
        if kind.label == "Primary":
            plain = default_type(kind.from_object_type_id, kind.to_object_type_id)
            _both_ways(rows, Link(link.from_record_id, link.to_record_id, plain.type_id), plain)
    await _give_up_primaries(db, workspace_id, list(rows), source)
    await db.execute(
        ADD,
        workspace_id,
        [link.from_record_id for link in rows],
        [link.to_record_id for link in rows],
        [kind.from_object_type_id for kind in rows.values()],
        [kind.to_object_type_id for kind in rows.values()],
        [link.category for link in rows],
        [link.type_id for link in rows],
        source.type,
        source.id,
        source.depth,
    )


async def dissociate(
    db: Connection,
    workspace_id: int,
    from_record_id: int,
    to_record_id: int,
    source: Source,
    types: Sequence[AssociationType] | None = None,
) -> None:
    """Removes these kinds of associations between two records (None: all), in both directions."""
    if types is None:
        ends = ([from_record_id, to_record_id], [to_record_id, from_record_id], [None, None], [None, None])
        await db.execute(REMOVE, workspace_id, *ends, source.type, source.id, source.depth)
        return
    links: dict[Link, AssociationType] = {}
    for kind in types:
        _both_ways(links, Link(from_record_id, to_record_id, kind.type_id, kind.category), kind)
    await _remove(db, workspace_id, list(links), source)


async def list_associated(
    db: Connection,
    workspace_id: int,
    from_record_ids: Sequence[int],
    to_object_type_id: str,
    *,
    after: int = 0,
    limit: int = 500,
) -> dict[int, list[Associated]]:
    """The live records of one type that these records are associated with, by record and in id order.

    `after` and `limit` page through those of a single record.
    """
    found: dict[int, list[Associated]] = {record_id: [] for record_id in from_record_ids}
    for row in await db.fetch(LIST, workspace_id, list(from_record_ids), to_object_type_id, after, limit):
        kinds = tuple(by_id(*pair) for pair in zip(row["categories"], row["type_ids"], strict=True))
        found[row["from_record_id"]].append(Associated(row["to_record_id"], kinds))
    return found


def _check(link: Link, kind: AssociationType, types: dict[int, str]) -> None:
    ends = (types[link.from_record_id], types[link.to_record_id])
    if ends != (kind.from_object_type_id, kind.to_object_type_id):
        raise InvalidInput(
            f"Association type {link.type_id} goes from {kind.from_object_type_id} to {kind.to_object_type_id}, "
            f"and these records are of types {ends[0]} and {ends[1]}.",
            remedy=f"Use {default_type(*ends).type_id}, or list the association labels of the two types.",
        )
    if link.from_record_id == link.to_record_id:
        raise InvalidInput("A record cannot be associated with itself.", remedy="Choose another record.")


def _both_ways(rows: dict[Link, AssociationType], link: Link, kind: AssociationType) -> None:
    rows[link] = kind
    back = by_id(kind.category, kind.inverse_id)
    rows[Link(link.to_record_id, link.from_record_id, back.type_id, back.category)] = back


async def _give_up_primaries(
    db: Connection, workspace_id: int, links: Sequence[Link], source: Source
) -> None:
    primary = [link for link in links if link.type_id in PRIMARY_OWNER_FIRST]
    if not primary:
        return
    rows = await db.fetch(
        OTHER_PRIMARIES,
        workspace_id,
        [link.from_record_id for link in primary],
        [link.to_record_id for link in primary],
        [link.type_id for link in primary],
    )
    old: dict[Link, AssociationType] = {}
    for row in rows:
        kind = by_id("HUBSPOT_DEFINED", row["type_id"])
        _both_ways(old, Link(row["from_record_id"], row["to_record_id"], row["type_id"]), kind)
    await _remove(db, workspace_id, list(old), source)


async def _remove(db: Connection, workspace_id: int, links: Sequence[Link], source: Source) -> None:
    if links:
        await db.execute(
            REMOVE,
            workspace_id,
            [link.from_record_id for link in links],
            [link.to_record_id for link in links],
            [link.category for link in links],
            [link.type_id for link in links],
            source.type,
            source.id,
            source.depth,
        )
