"""Legs that wait without a step of theirs being done: for their turn at a provider, or for room under a cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.kit.database import Connection
from penstock.kit.json import JsonObject, dumps
from penstock.workflows.legs.leg import LegKey

# Fenced, so a leg that moved on meanwhile is left alone. A deadline wakes the run even if its turn never comes;
# without one it waits as long as it takes, and its time at the step begins anew.
PARK = """
UPDATE enrollments e
SET status = 'WAITING', wait_for = p.wait_for, seq = e.seq + 1, permit_at = NULL, updated_at = now(),
    error = coalesce(p.error::jsonb, e.error),
    arrived_at = CASE WHEN p.deadline IS NOT NULL THEN coalesce(e.arrived_at, now()) END,
    wake_at = coalesce(e.arrived_at, now()) + make_interval(secs => p.deadline)
FROM unnest($1::bigint[], $2::int[], $3::text[], $4::float8[], $5::text[]) AS p (id, seq, wait_for, deadline, error)
WHERE e.id = p.id AND e.seq = p.seq AND e.status = 'ACTIVE'
"""


@dataclass(frozen=True, slots=True)
class Parked:
    """A leg that is to wait for `wait_for`, at most `deadline` seconds after it came to its step (None: for ever)."""

    key: LegKey
    wait_for: str
    deadline: float | None
    error: JsonObject | None = None


async def park(db: Connection, legs: Sequence[Parked]) -> None:
    """Has legs wait; what has moved on meanwhile is left alone."""
    if not legs:
        return
    legs = sorted(legs, key=lambda leg: leg.key.enrollment_id)
    await db.execute(
        PARK,
        [leg.key.enrollment_id for leg in legs],
        [leg.key.seq for leg in legs],
        [leg.wait_for for leg in legs],
        [leg.deadline for leg in legs],
        [None if leg.error is None else dumps(leg.error).decode() for leg in legs],
    )
