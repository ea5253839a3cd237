"""Stops loops: a workflow is not started by a change that it led to itself, too deep down or too often (security R46).

Every change carries the workflows that it came through since somebody outside of workflows changed something. A change
by a person, an import or the API begins anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from penstock.kit.database import Connection
from penstock.settings import Settings
from penstock.workflows.enrollment import Candidate
from penstock.workflows.loops.chain import LONGEST_CHAIN

Reason = Literal["DEPTH", "RATE"]


@dataclass(frozen=True, slots=True)
class Limits:
    """A workflow of a loop starts no more when `depth` workflow-made changes lead to it, or when other workflows
    enrolled the same record in it `enrollments` times within `within`."""

    depth: int = 10
    enrollments: int = 20
    within: timedelta = timedelta(minutes=10)

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the operator set."""
        return cls(settings.loop_depth, settings.loop_enrollments, timedelta(minutes=settings.loop_minutes))


@dataclass(frozen=True, slots=True)
class Stop:
    """A record that a workflow does not take, and why."""

    candidate: Candidate
    reason: Reason


# Served by enrollments_of_record, the newest first: no more rows of a record are read than the limit asks for.
RECENT = """
SELECT wanted.id AS record_id, (SELECT count(*) FROM (
    SELECT FROM enrollments e
    WHERE e.record_id = wanted.id AND e.flow_id = $1 AND e.depth > 0 AND e.enrolled_at > now() - $3::interval
    ORDER BY e.id DESC LIMIT $4) AS recent) AS runs
FROM unnest($2::bigint[]) AS wanted (id)
"""


async def sort_out(
    db: Connection, flow_id: int, candidates: Sequence[Candidate], limits: Limits
) -> tuple[list[Candidate], list[Stop]]:
    """Who may go in, and who is stopped. One statement for all candidates that workflows brought; none for others."""
    allowed: list[Candidate] = []
    stopped: list[Stop] = []
    for one in candidates:
        if too_deep(flow_id, one, limits):
            stopped.append(Stop(one, "DEPTH"))
        else:
            allowed.append(one)
    brought = [one.record_id for one in allowed if one.depth > 0]
    if not brought:
        return allowed, stopped
    rows = await db.fetch(RECENT, flow_id, brought, limits.within, limits.enrollments)
    often = {row["record_id"] for row in rows if row["runs"] >= limits.enrollments}
    stopped += [Stop(one, "RATE") for one in allowed if one.depth > 0 and one.record_id in often]
    return [one for one in allowed if one.depth == 0 or one.record_id not in often], stopped


def too_deep(flow_id: int, candidate: Candidate, limits: Limits) -> bool:
    """Whether the candidate came through this workflow before, with as many workflow-made changes as are allowed.

    A long row of workflows that each follow from another is no loop, however deep it is.
    """
    if candidate.depth < limits.depth:
        return False
    return flow_id in candidate.chain or len(candidate.chain) >= LONGEST_CHAIN
