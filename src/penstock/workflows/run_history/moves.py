"""Which runs moved a moment ago: what pages that are open show by themselves. Polled, so it must cost next to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.kit.database import Connection

# Reading stops here: beyond that a page reads its list anew anyway.
MOST_MOVES = 1000

# Both by primary key, from where the last look ended. Ids of transactions that commit late may be passed by; the
# reader looks back a little (see `api.live`).
STEPS_SINCE = """
SELECT id, workspace_id, flow_id, enrollment_id FROM steps WHERE id > $1 ORDER BY id DESC LIMIT $2
"""
ENROLLED_SINCE = """
SELECT id, workspace_id, flow_id FROM enrollments WHERE id > $1 ORDER BY id DESC LIMIT $2
"""
NEWEST = "SELECT (SELECT coalesce(max(id), 0) FROM steps) AS step, (SELECT coalesce(max(id), 0) FROM enrollments) AS run"
STATES = "SELECT id, seq, status FROM enrollments WHERE id = ANY ($1::bigint[])"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far was read: the newest ids of steps and runs."""

    step: int
    run: int


@dataclass(frozen=True, slots=True)
class Move:
    """A run that took a step or was enrolled. `source` is the id of the row that says so, unique with its kind."""

    source: tuple[str, int]
    workspace_id: int
    flow_id: int
    run_id: int


async def newest(db: Connection) -> Mark:
    """The mark of now."""
    row = await db.fetchrow(NEWEST)
    assert row is not None  # noqa: S101 - a SELECT of two values has one row
    return Mark(row["step"], row["run"])


async def moves_since(db: Connection, mark: Mark) -> list[Move]:
    """The newest moves after a mark, at most 1,000 steps and 1,000 enrollments."""
    steps = await db.fetch(STEPS_SINCE, mark.step, MOST_MOVES)
    enrolled = await db.fetch(ENROLLED_SINCE, mark.run, MOST_MOVES)
    return [
        *(Move(("step", r["id"]), r["workspace_id"], r["flow_id"], r["enrollment_id"]) for r in steps),
        *(Move(("run", r["id"]), r["workspace_id"], r["flow_id"], r["id"]) for r in enrolled),
    ]


async def states(db: Connection, run_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """The fence value and status of runs, by id."""
    return {row["id"]: (row["seq"], row["status"]) for row in await db.fetch(STATES, list(run_ids))}
