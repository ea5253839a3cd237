"""Spending caps that are reached, with the runs that wait for room under them."""

from __future__ import annotations

from decimal import Decimal

from penstock.kit.database import Connection, Row
from penstock.workflows.attention.causes import cause_of
from penstock.workflows.attention.failed import SAMPLES, samples_of
from penstock.workflows.attention.group import Group, Remedy, Sample
from penstock.workflows.run_history.counts import MOST_COUNTED, Count
from penstock.workflows.spending.caps import Cap, list_caps

CODE = "CAP_REACHED"
WAITS = "These records wait at the step, without a call, and go on by themselves when there is room under the cap again."
# Served by enrollments_capped: the newest runs of each cap, and the oldest.
WAITING = """
SELECT wanted.cap_id, newest.ids, last.updated_at AS newest_at, last.error,
       (SELECT e.updated_at FROM enrollments e WHERE e.status = 'WAITING' AND e.wait_for LIKE 'cap:%'
        AND e.wait_for = 'cap:' || wanted.cap_id ORDER BY e.id LIMIT 1) AS oldest_at
FROM unnest($1::bigint[]) AS wanted (cap_id)
CROSS JOIN LATERAL (
    SELECT array_agg(id ORDER BY id DESC) AS ids FROM (
        SELECT e.id FROM enrollments e WHERE e.status = 'WAITING' AND e.wait_for LIKE 'cap:%'
        AND e.wait_for = 'cap:' || wanted.cap_id ORDER BY e.id DESC LIMIT $2
    ) AS some_ids
) AS newest
JOIN enrollments last ON last.id = newest.ids[1]
"""


async def cap_groups(db: Connection, workspace_id: int) -> list[Group]:
    """A group for each cap that runs wait for."""
    caps = {cap.id: cap for cap in await list_caps(db, workspace_id) if cap.waiting_runs}
    if not caps:
        return []
    rows = await db.fetch(WAITING, list(caps), SAMPLES)
    samples = await samples_of(db, [run_id for row in rows for run_id in row["ids"]])
    return [_group(caps[row["cap_id"]], row, tuple(samples[run_id] for run_id in row["ids"])) for row in rows]


def _group(cap: Cap, row: Row, samples: tuple[Sample, ...]) -> Group:
    cause = cause_of(CODE)
    error = row["error"] or {}
    of_flow = cap.scope in ("flow", "run")
    return Group(
        key=f"cap:{cap.id}",
        kind="cap_reached",
        code=CODE,
        title=cause.title,
        meaning=WAITS,
        message=str(error.get("message", "")) or f"The cap is {_usd(cap.limit_usd)} USD.",
        remedy=str(error.get("remedy", "")),
        count=Count.of(min(cap.waiting_runs, MOST_COUNTED + 1)),
        newest_at=row["newest_at"],
        oldest_at=row["oldest_at"],
        samples=samples,
        remedies=(Remedy("raise_cap", cap_id=cap.id), Remedy("remove_cap", cap_id=cap.id)),
        flow_id=cap.subject_id if of_flow else None,
        flow_name=cap.subject_name if of_flow else None,
        connection_id=cap.subject_id if cap.scope == "connection" else None,
        connection_name=cap.subject_name if cap.scope == "connection" else None,
    )


def _usd(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
