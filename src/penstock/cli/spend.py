"""`penstock spend`: what model calls used, and what the month will have cost."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from penstock.cli.command import command, group
from penstock.cli.jsonable import jsonable
from penstock.cli.output import Column, output
from penstock.cli.session import session
from penstock.errors import InvalidInput
from penstock.kit.database import transaction
from penstock.workflows.figures.days import span_of
from penstock.workflows.figures.forecast import Forecast
from penstock.workflows.figures.spend import COLUMNS as COLUMNS_OF
from penstock.workflows.figures.spend import GroupBy, SpendFilter, SpendRow, read_spend

app = group("What model calls used.")

DAY = ["%Y-%m-%d"]


def _what(row: SpendRow) -> str:
    parts = (
        row.day.isoformat() if row.day else None,
        f"{row.flow_name} ({row.flow_id})" if row.flow_id else None,
        f"{row.provider} {row.model}" if row.model else None,
        row.connection_name or (f"connection {row.connection_id}" if row.connection_id else None),
    )
    return ", ".join(part for part in parts if part) or "all"


COLUMNS: tuple[Column[SpendRow], ...] = (
    Column("What", _what),
    Column("Calls", lambda row: row.used.calls, number=True),
    Column("Failed", lambda row: row.used.failures, number=True),
    Column("Tokens in", lambda row: row.used.input_tokens, number=True),
    Column("Tokens out", lambda row: row.used.output_tokens, number=True),
    Column("USD", lambda row: f"{row.used.cost_usd:.4f}", number=True),
    Column("p50 ms", lambda row: row.used.p50_ms and round(row.used.p50_ms), number=True),
    Column("p95 ms", lambda row: row.used.p95_ms and round(row.used.p95_ms), number=True),
)


@command(app, "spend")
async def spend(
    by: Annotated[
        str,
        typer.Option("--by", help="What to group by: day, flow, model, connection, or several with commas."),
    ] = "model",
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=DAY, help="The first day; default: 30 days up to --to."),
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=DAY, help="The last day, counted in; default: today.")
    ] = None,
    flow: Annotated[int | None, typer.Option("--flow", help="Only calls of this workflow.")] = None,
) -> None:
    """Show calls, tokens, USD and latency by day, workflow, model or connection, and a forecast for the month."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        span = await span_of(db, actor.workspace_id, penstock.clock.now(), _day(first), _day(last))
        found = await read_spend(db, actor.workspace_id, span, _groups(by), SpendFilter(flow_id=flow))
    if output.json:
        output.document(
            {
                "first": jsonable(span.first),
                "last": jsonable(span.last),
                "timeZone": span.time_zone,
                "totals": jsonable(found.totals),
                "rows": jsonable(found.rows),
                "forecast": jsonable(found.forecast),
            }
        )
        return
    total = SpendRow(found.totals)
    title = f"{span.first} to {span.last}, days of {span.time_zone}"
    output.results([*found.rows, total], COLUMNS, title=title, note=_ahead(found.forecast))


def _groups(by: str) -> list[GroupBy]:
    groups: list[GroupBy] = []
    for part in by.split(","):
        name = part.strip()
        if name not in COLUMNS_OF:
            raise InvalidInput(f"--by has '{name}'.", remedy=f"Use one of {', '.join(COLUMNS_OF)}.")
        groups.append(name)
    return groups


def _ahead(ahead: Forecast) -> str:
    so_far = f"{ahead.month}: {ahead.spent_usd:.2f} USD so far"
    if ahead.forecast_usd is None:
        return f"{so_far}."
    return f"{so_far}, about {ahead.forecast_usd:.2f} USD by its end (mean of the last {ahead.days} complete days)."


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
