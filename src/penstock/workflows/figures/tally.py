"""Counts what a commit of runs came to and appends it to the tallies, in the same transaction.

Tallies are appended, never updated: two commits of one workflow must not wait for each other on a counter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from penstock.kit.database import Connection
from penstock.workflows.figures.latency import NO_CALL, bucket_of
from penstock.workflows.legs.leg import Arrival, Called, LegKey, StepRow, Walked

TALLY_STEPS = """
INSERT INTO step_tallies (workspace_id, flow_id, day, action_id, connection_id, provider, model, latency_bucket, done,
                          failures, repeats, skipped, input_tokens, output_tokens, cost_usd, unpriced)
SELECT workspace_id, flow_id, day_in_workspace(workspace_id, $1), action_id, connection_id, provider, model,
       latency_bucket, done, failures, repeats, skipped, input_tokens, output_tokens, cost_usd::numeric, unpriced
FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::smallint[], $9::int[],
            $10::int[], $11::int[], $12::int[], $13::bigint[], $14::bigint[], $15::text[], $16::int[])
    AS tally (workspace_id, flow_id, action_id, connection_id, provider, model, latency_bucket, done, failures, repeats,
              skipped, input_tokens, output_tokens, cost_usd, unpriced)
"""
TALLY_ENDS = """
INSERT INTO flow_tallies (workspace_id, flow_id, day, completed, failed, canceled, unenrolled)
SELECT workspace_id, flow_id, day_in_workspace(workspace_id, $1), completed, failed, canceled, unenrolled
FROM unnest($2::bigint[], $3::bigint[], $4::int[], $5::int[], $6::int[], $7::int[])
    AS tally (workspace_id, flow_id, completed, failed, canceled, unenrolled)
"""
ENDS = ("COMPLETED", "FAILED", "CANCELED", "UNENROLLED")
# The column that a step's status counts in; a WAITING step counts only when a call was made and refused.
COLUMNS = {
    "COMPLETED": "done",
    "FAILED": "failures",
    "RETRYING": "repeats",
    "WAITING": "repeats",
    "SKIPPED": "skipped",
}


class StepKind(NamedTuple):
    """What is counted together; a tuple, because one is made and looked up for every step that is committed.

    Without a call: connection 0, no provider, no model, bucket NO_CALL.
    """

    workspace_id: int
    flow_id: int
    action_id: str
    connection_id: int = 0
    provider: str = ""
    model: str = ""
    latency_bucket: int = NO_CALL


@dataclass(slots=True)
class StepTally:
    """How often each column counted, and what the calls used; `unpriced` are answers whose price is not known."""

    columns: Counter[str] = field(default_factory=Counter)
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: Decimal = Decimal(0)
    unpriced: int = 0

    def add(self, status: str, called: Called | None) -> None:
        """Counts one step."""
        if status != "WAITING" or called is None or not called.succeeded:
            # An answer that waits for its review is counted when that is over; its money is spent now.
            self.columns[COLUMNS[status]] += 1
        if called is None:
            return
        self.input_tokens += called.input_tokens or 0
        self.output_tokens += called.output_tokens or 0
        self.cost_usd += Decimal(called.cost_usd or 0)
        self.unpriced += called.input_tokens is not None and called.cost_usd is None


async def tally(
    db: Connection, walks: Sequence[Walked], arrivals: Mapping[LegKey, Arrival], now: datetime
) -> None:
    """Appends what these walks came to at `now`, in the caller's transaction."""
    steps: dict[StepKind, StepTally] = {}
    ends: dict[tuple[int, int], Counter[str]] = {}
    for walked in walks:
        if walked.status in ENDS:
            key = (walked.leg.workspace_id, walked.leg.flow_id)
            ends.setdefault(key, Counter())[walked.status] += 1
        called = arrivals[walked.leg.key].called
        for step in walked.steps:
            if step.status != "WAITING" or called is not None:
                steps.setdefault(_kind(walked, step, called), StepTally()).add(step.status, called)
            called = None  # The call belongs to the first step of the walk.
    if steps:
        await _append_steps(db, steps, now)
    if ends:
        await db.execute(
            TALLY_ENDS,
            now,
            [workspace_id for workspace_id, _ in ends],
            [flow_id for _, flow_id in ends],
            *([counts[status] for counts in ends.values()] for status in ENDS),
        )


def _kind(walked: Walked, step: StepRow, called: Called | None) -> StepKind:
    leg = walked.leg
    if called is None:
        return StepKind(leg.workspace_id, leg.flow_id, step.action_id)
    return StepKind(
        leg.workspace_id,
        leg.flow_id,
        step.action_id,
        called.connection_id,
        called.provider,
        called.model,
        bucket_of(called.seconds),
    )


async def _append_steps(db: Connection, steps: Mapping[StepKind, StepTally], now: datetime) -> None:
    tallies = steps.values()
    await db.execute(
        TALLY_STEPS,
        now,
        [kind.workspace_id for kind in steps],
        [kind.flow_id for kind in steps],
        [kind.action_id for kind in steps],
        [kind.connection_id for kind in steps],
        [kind.provider for kind in steps],
        [kind.model for kind in steps],
        [kind.latency_bucket for kind in steps],
        *([one.columns[name] for one in tallies] for name in ("done", "failures", "repeats", "skipped")),
        [one.input_tokens for one in tallies],
        [one.output_tokens for one in tallies],
        [str(one.cost_usd) for one in tallies],
        [one.unpriced for one in tallies],
    )
