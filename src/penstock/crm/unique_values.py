"""Values of unique properties: who holds which, and the constraint that nobody else does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.errors import Conflict, Problem
from penstock.kit.database import Connection


@dataclass(frozen=True, slots=True)
class Claim:
    """A value of a unique property that a record holds or wants."""

    property: str
    value: str
    record_id: int


# All by the primary key (workspace_id, object_type_id, property, value), and in its order, so that two
# transactions that want the same values cannot wait for each other.
RELEASE = """
DELETE FROM unique_values u
USING unnest($3::text[], $4::text[], $5::bigint[]) AS old (property, value, record_id)
WHERE u.workspace_id = $1 AND u.object_type_id = $2 AND u.property = old.property AND u.value = old.value
  AND u.record_id = old.record_id
"""
CLAIM = """
INSERT INTO unique_values (workspace_id, object_type_id, property, value, record_id)
SELECT $1, $2, new.property, new.value, new.record_id
FROM unnest($3::text[], $4::text[], $5::bigint[]) AS new (property, value, record_id)
ORDER BY new.property, new.value
ON CONFLICT DO NOTHING
RETURNING property, value, record_id
"""
# The LIMIT keeps it a look into the index for each value; as a join, the planner may read the whole table.
HOLDERS = """
SELECT wanted.property, wanted.value, u.record_id
FROM unnest($3::text[], $4::text[]) AS wanted (property, value) CROSS JOIN LATERAL (
    SELECT record_id FROM unique_values
    WHERE workspace_id = $1 AND object_type_id = $2 AND property = wanted.property AND value = wanted.value LIMIT 1) AS u
"""
# Served by unique_values_of_record.
RELEASE_RECORDS = "DELETE FROM unique_values WHERE workspace_id = $1 AND record_id = ANY ($2::bigint[])"


async def claim(db: Connection, workspace_id: int, object_type_id: str, claims: Sequence[Claim]) -> None:
    """Takes values for records. Raises Conflict naming property, value and holder of every value that is taken."""
    lost = await claim_free(db, workspace_id, object_type_id, claims)
    if lost:
        held = await holders(db, workspace_id, object_type_id, [(one.property, one.value) for one in lost])
        raise taken(lost, held)


async def claim_free(
    db: Connection, workspace_id: int, object_type_id: str, claims: Sequence[Claim]
) -> list[Claim]:
    """Takes those values that are free; returns the claims to the others."""
    if not claims:
        return []
    rows = await db.fetch(
        CLAIM,
        workspace_id,
        object_type_id,
        [one.property for one in claims],
        [one.value for one in claims],
        [one.record_id for one in claims],
    )
    got = {(row["property"], row["value"], row["record_id"]) for row in rows}
    return [one for one in claims if (one.property, one.value, one.record_id) not in got]


def taken(lost: Sequence[Claim], held: dict[tuple[str, str], int]) -> Conflict:
    """The Conflict for claims that others hold: one problem for each, with the holder's record id."""
    problems = tuple(
        Problem(
            one.property,
            "DUPLICATE_UNIQUE_PROPERTY_VALUE",
            f"'{one.value[:200]}' is the {one.property} of record {held.get((one.property, one.value), 'another')}.",
        )
        for one in lost
    )
    first = lost[0]
    holder = held.get((first.property, first.value))
    return Conflict(
        f"Record {holder if holder is not None else 'another'} already has {first.property} '{first.value[:200]}'.",
        remedy="Update that record, or use another value.",
        problems=problems,
        property=first.property,
        existing_id=str(holder) if holder is not None else "",
    )


async def release(db: Connection, workspace_id: int, object_type_id: str, claims: Sequence[Claim]) -> None:
    """Gives values back that these records hold."""
    if claims:
        await db.execute(
            RELEASE,
            workspace_id,
            object_type_id,
            [one.property for one in claims],
            [one.value for one in claims],
            [one.record_id for one in claims],
        )


async def release_records(db: Connection, workspace_id: int, record_ids: Sequence[int]) -> None:
    """Gives back everything that these records hold, as when they are archived."""
    await db.execute(RELEASE_RECORDS, workspace_id, list(record_ids))


async def holders(
    db: Connection, workspace_id: int, object_type_id: str, wanted: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """Record ids by (property, value), for those of `wanted` that are held."""
    if not wanted:
        return {}
    rows = await db.fetch(
        HOLDERS, workspace_id, object_type_id, [name for name, _ in wanted], [value for _, value in wanted]
    )
    return {(row["property"], row["value"]): row["record_id"] for row in rows}
