"""Which records a sample takes: some of those that a workflow's filter means, chosen at random, or those named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

from penstock.crm import filters
from penstock.crm.schema import load_schema
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection
from penstock.workflows.plan import Plan

CANDIDATES = 2_000  # records that a random choice is made from, behind a random one of all

# Served by records_by_type, from a random id on.
BOUNDS = """
SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM records
WHERE workspace_id = $1 AND object_type_id = $2 AND archived_at IS NULL
"""
FROM_ID = """
SELECT r.id FROM records r
WHERE r.workspace_id = $1 AND r.object_type_id = $2 AND r.archived_at IS NULL AND r.id >= $3 AND r.id <= $4
  AND ({predicate})
ORDER BY r.id LIMIT $5
"""
THERE = """
SELECT id FROM records WHERE workspace_id = $1 AND object_type_id = $2 AND archived_at IS NULL AND id = ANY ($3)
"""


async def named(db: Connection, workspace_id: int, plan: Plan, record_ids: Sequence[int]) -> list[int]:
    """The records named, in their order. Raises NotFound for one that is no live record of the plan's type."""
    rows = await db.fetch(THERE, workspace_id, plan.object_type_id, list(record_ids))
    there = {row["id"] for row in rows}
    for record_id in record_ids:
        if record_id not in there:
            raise NotFound(
                f"There is no record {record_id} of type {plan.object_type_id}.",
                remedy="Choose records of the workflow's type.",
            )
    return list(dict.fromkeys(record_ids))


async def at_random(
    db: Connection, workspace_id: int, plan: Plan, number: int, now: datetime, chance: Random
) -> list[int]:
    """Up to `number` records at random: of those that meet the workflow's filter criteria now, else of all of its type.

    Raises InvalidInput when there is none.
    """
    schema = await load_schema(db, workspace_id, plan.object_type_id)
    wanted = plan.criteria.filter
    predicate: str = "true"
    parameters: list[object] = []
    usable = not plan.criteria.unsupported and not plan.criteria.events
    if wanted is not None and usable and not filters.check(wanted, schema):
        found = filters.predicate(wanted, schema, now, first_parameter=6)
        predicate, parameters = found.sql, found.params
    bounds = await db.fetchrow(BOUNDS, workspace_id, plan.object_type_id)
    low, high = (0, 0) if bounds is None else (bounds[0], bounds[1])
    begin = chance.randint(low, high)
    query = FROM_ID.format(predicate=predicate)
    place = (workspace_id, plan.object_type_id)
    ids = [row["id"] for row in await db.fetch(query, *place, begin, high, CANDIDATES, *parameters)]
    if len(ids) < CANDIDATES and begin > low:
        rest = CANDIDATES - len(ids)
        ids += [row["id"] for row in await db.fetch(query, *place, low, begin - 1, rest, *parameters)]
    if not ids:
        raise InvalidInput(
            "There is no record to try the workflow on.",
            remedy="Import or create records of its type, or loosen its enrollment criteria.",
        )
    return sorted(chance.sample(ids, min(number, len(ids))))
