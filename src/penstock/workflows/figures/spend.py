"""What model calls used: by day, workflow, model and connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from penstock.errors import InvalidInput
from penstock.kit.database import Connection, Row
from penstock.workflows.figures.days import Span
from penstock.workflows.figures.forecast import COMPLETE_DAYS, Forecast, forecast
from penstock.workflows.figures.latency import percentile

GroupBy = Literal["day", "flow", "model", "connection"]
MOST_ROWS = 5000

COLUMNS: dict[GroupBy, tuple[str, ...]] = {
    "day": ("day",),
    "flow": ("flow_id",),
    "model": ("provider", "model"),
    "connection": ("connection_id",),
}
# Served by the primary key of call_days; where workflows are told apart by that of step_days or step_days_with_calls;
# and what is not folded yet. The figures of a group are added up by bucket first, so that its percentiles need one pass.
READ = """
WITH by_bucket AS (
    SELECT {columns} latency_bucket, sum(done + failures + repeats) AS calls, sum(failures + repeats) AS failures,
           sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens, sum(cost_usd) AS cost_usd,
           sum(unpriced) AS unpriced
    FROM {figures}
    WHERE workspace_id = $1 AND day BETWEEN $2 AND $3 AND latency_bucket >= 0
      AND ($4::bigint IS NULL OR {flow} = $4) AND ($5::bigint IS NULL OR connection_id = $5)
      AND ($6::text IS NULL OR model = $6)
    GROUP BY {columns} latency_bucket
)
SELECT {columns} sum(calls)::bigint AS calls, sum(failures)::bigint AS failures, sum(input_tokens)::bigint AS input_tokens,
       sum(output_tokens)::bigint AS output_tokens, sum(cost_usd) AS cost_usd, sum(unpriced)::bigint AS unpriced_calls,
       array_agg(latency_bucket) AS buckets, array_agg(calls::bigint) AS in_buckets
FROM by_bucket {group} ORDER BY {order} LIMIT $7
"""
FLOW_NAMES = "SELECT id, name FROM flows WHERE workspace_id = $1 AND id = ANY ($2::bigint[])"
CONNECTION_NAMES = "SELECT id, name FROM connections WHERE workspace_id = $1 AND id = ANY ($2::bigint[])"
# By the primary key of call_days.
BY_DAY = """
SELECT day, sum(cost_usd) AS usd FROM call_figures WHERE workspace_id = $1 AND day BETWEEN $2 AND $3 GROUP BY day
"""
FIRST_DAY = """
SELECT least((SELECT min(day) FROM call_days WHERE workspace_id = $1),
             (SELECT min(day) FROM step_tallies WHERE workspace_id = $1 AND latency_bucket >= 0))
"""


@dataclass(frozen=True, slots=True)
class Used:
    """What calls used. `failures` came to nothing, whether or not they were made again; `unpriced_calls` are not in
    `cost_usd`, because no price of their model is known. Percentiles are in milliseconds, None without calls.
    """

    calls: int
    failures: int
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal
    unpriced_calls: int
    p50_ms: float | None
    p95_ms: float | None


@dataclass(frozen=True, slots=True)
class SpendRow:
    """A group; what it is not grouped by is None. A connection's name outlives the connection."""

    used: Used
    day: date | None = None
    flow_id: int | None = None
    flow_name: str | None = None
    provider: str | None = None
    model: str | None = None
    connection_id: int | None = None
    connection_name: str | None = None


@dataclass(frozen=True, slots=True)
class SpendFilter:
    """Calls of one flow, connection or model; None is all."""

    flow_id: int | None = None
    connection_id: int | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Spend:
    """The whole, its groups (days in order, else the dearest first), and how the month will end."""

    totals: Used
    rows: tuple[SpendRow, ...]
    forecast: Forecast


async def read_spend(
    db: Connection, workspace_id: int, span: Span, group_by: Sequence[GroupBy], wanted: SpendFilter
) -> Spend:
    """What was used within a span. Raises InvalidInput when there are more than 5,000 groups."""
    totals = await _read(db, workspace_id, span, (), wanted)
    rows = await _read(db, workspace_id, span, group_by, wanted) if group_by else []
    if len(rows) > MOST_ROWS:
        raise InvalidInput(
            f"groupBy makes more than {MOST_ROWS} groups of these days.",
            remedy="Choose fewer days, or group by less.",
        )
    flows = await _names(db, FLOW_NAMES, workspace_id, [row.get("flow_id") for row in rows])
    connections = await _names(db, CONNECTION_NAMES, workspace_id, [row.get("connection_id") for row in rows])
    return Spend(
        used_of(totals[0]),
        tuple(
            SpendRow(
                used_of(row),
                day=row.get("day"),
                flow_id=row.get("flow_id"),
                flow_name=flows.get(row.get("flow_id")),
                provider=row.get("provider"),
                model=row.get("model"),
                connection_id=row.get("connection_id"),
                connection_name=connections.get(row.get("connection_id")),
            )
            for row in rows
        ),
        await read_forecast(db, workspace_id, span.today),
    )


async def read_forecast(db: Connection, workspace_id: int, today: date) -> Forecast:
    """The forecast for the month of `today` over all calls of the workspace."""
    first = min(today.replace(day=1), today - timedelta(days=COMPLETE_DAYS))
    rows = await db.fetch(BY_DAY, workspace_id, first, today)
    return forecast(
        today, {row["day"]: row["usd"] for row in rows}, await db.fetchval(FIRST_DAY, workspace_id)
    )


def used_of(row: Row) -> Used:
    """The figures of a row of `READ`; of no calls at all when it has none."""
    pairs = zip(row["buckets"] or (), row["in_buckets"] or (), strict=True)
    buckets: dict[int, int] = {}
    for bucket, calls in pairs:
        buckets[bucket] = buckets.get(bucket, 0) + calls
    return Used(
        row["calls"] or 0,
        row["failures"] or 0,
        row["input_tokens"] or 0,
        row["output_tokens"] or 0,
        row["cost_usd"] or Decimal(0),
        row["unpriced_calls"] or 0,
        percentile(buckets, 0.5),
        percentile(buckets, 0.95),
    )


async def _read(
    db: Connection, workspace_id: int, span: Span, group_by: Sequence[GroupBy], wanted: SpendFilter
) -> list[Row]:
    columns = [column for group in dict.fromkeys(group_by) for column in COLUMNS[group]]
    names = ", ".join(columns)
    by_flow = "flow" in group_by or wanted.flow_id is not None
    query = READ.format(
        figures="step_figures" if by_flow else "call_figures",
        flow="flow_id" if by_flow else "0",
        columns=f"{names}," if names else "",
        group=f"GROUP BY {names}" if names else "",
        order="day, cost_usd DESC" if "day" in columns else "cost_usd DESC NULLS LAST, calls DESC",
    )
    filters = (wanted.flow_id, wanted.connection_id, wanted.model)
    return await db.fetch(query, workspace_id, span.first, span.last, *filters, MOST_ROWS + 1)


async def _names(
    db: Connection, query: str, workspace_id: int, ids: Sequence[int | None]
) -> dict[int | None, str]:
    wanted = sorted({one for one in ids if one})
    return {row["id"]: row["name"] for row in await db.fetch(query, workspace_id, wanted)} if wanted else {}
