"""How one workflow does: who went in and how they came out by day, and what each of its steps took and cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.kit.database import Connection, Row
from penstock.workflows.figures.days import Span
from penstock.workflows.figures.spend import Used, used_of
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.run_history.titles import plans_of, title_of

# By the primary keys of flow_days and step_days, and what is not folded yet.
RUNS_BY_DAY = """
SELECT day, sum(enrolled)::bigint AS enrolled, sum(completed)::bigint AS completed, sum(failed)::bigint AS failed,
       sum(canceled)::bigint AS canceled, sum(unenrolled)::bigint AS unenrolled
FROM flow_figures WHERE workspace_id = $1 AND flow_id = $2 AND day BETWEEN $3 AND $4 GROUP BY day
"""
CALLS_BY_DAY = """
SELECT day, sum(done + failures + repeats)::bigint AS calls, sum(input_tokens)::bigint AS input_tokens,
       sum(output_tokens)::bigint AS output_tokens, sum(cost_usd) AS cost_usd
FROM step_figures
WHERE workspace_id = $1 AND flow_id = $2 AND day BETWEEN $3 AND $4 AND latency_bucket >= 0 GROUP BY day
"""
STEPS = """
WITH by_bucket AS (
    SELECT action_id, latency_bucket, sum(done) AS done, sum(failures) AS failed, sum(repeats) AS repeats,
           sum(skipped) AS skipped, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
           sum(cost_usd) AS cost_usd, sum(unpriced) AS unpriced
    FROM step_figures WHERE workspace_id = $1 AND flow_id = $2 AND day BETWEEN $3 AND $4
    GROUP BY action_id, latency_bucket
)
SELECT action_id, sum(done)::bigint AS done, sum(failed)::bigint AS failed, sum(skipped)::bigint AS skipped,
       (sum(done + failed + repeats) FILTER (WHERE latency_bucket >= 0))::bigint AS calls,
       (sum(failed + repeats) FILTER (WHERE latency_bucket >= 0))::bigint AS failures,
       sum(input_tokens)::bigint AS input_tokens, sum(output_tokens)::bigint AS output_tokens, sum(cost_usd) AS cost_usd,
       sum(unpriced)::bigint AS unpriced_calls,
       array_agg(latency_bucket) FILTER (WHERE latency_bucket >= 0) AS buckets,
       array_agg((done + failed + repeats)::bigint) FILTER (WHERE latency_bucket >= 0) AS in_buckets
FROM by_bucket GROUP BY action_id ORDER BY length(action_id), action_id
"""
CURRENT = "SELECT name, revision_id FROM flows WHERE workspace_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class FlowDay:
    """One day of a workflow, or all of them together with `day` None.

    A run that fails and is retried to its end counts as failed and as completed.
    """

    day: date | None
    enrolled: int = 0
    completed: int = 0
    failed: int = 0
    canceled: int = 0
    unenrolled: int = 0
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class StepFigures:
    """One action: how often it was done, failed for good or was skipped, and what its calls used.

    `title` is None for an action that the current revision does not have any more.
    """

    action_id: str
    title: str | None
    done: int
    failed: int
    skipped: int
    used: Used


@dataclass(frozen=True, slots=True)
class Performance:
    """A workflow over a span: every day of it in order, their sums, and its steps."""

    totals: FlowDay
    days: tuple[FlowDay, ...]
    steps: tuple[StepFigures, ...]


SUMMED = (
    "enrolled", "completed", "failed", "canceled", "unenrolled", "calls", "input_tokens", "output_tokens", "cost_usd",
)  # fmt: skip


async def read_performance(
    db: Connection, plans: PlanSource, workspace_id: int, flow_id: int, span: Span
) -> Performance:
    """The figures of a flow of this workspace; its existence is the caller's to check (`run_history.flow.name_of`)."""
    parameters = (workspace_id, flow_id, span.first, span.last)
    by_day: dict[date, dict[str, int | Decimal]] = {day: {} for day in span.days()}
    for query in (RUNS_BY_DAY, CALLS_BY_DAY):
        for row in await db.fetch(query, *parameters):
            by_day[row["day"]].update({name: value for name, value in row.items() if name != "day"})
    days = tuple(FlowDay(day, **figures) for day, figures in by_day.items())  # type: ignore[arg-type]
    totals = {name: sum(getattr(day, name) for day in days) for name in SUMMED}
    totals["cost_usd"] = sum((day.cost_usd for day in days), Decimal(0))
    current = await db.fetchrow(CURRENT, workspace_id, flow_id)
    key = (flow_id, current["revision_id"] if current is not None else 0)
    plan = (await plans_of(db, plans, [key])).get(key)
    steps = await db.fetch(STEPS, *parameters)
    return Performance(
        FlowDay(None, **totals),
        days,
        tuple(_step(row, title_of(plan, row["action_id"])) for row in steps),
    )


def _step(row: Row, title: str | None) -> StepFigures:
    return StepFigures(row["action_id"], title, row["done"], row["failed"], row["skipped"], used_of(row))
