"""`penstock caps`: what model calls may cost at most."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

import typer

from penstock.cli.command import command, group
from penstock.cli.connection_names import named
from penstock.cli.output import Column, output
from penstock.cli.session import session
from penstock.errors import InvalidInput
from penstock.kit.database import transaction
from penstock.workflows.editing.chosen import choose_document
from penstock.workflows.run_history.counts import MOST_COUNTED
from penstock.workflows.spending.caps import Cap, Period, Scope, list_caps, remove_cap, set_cap
from penstock.workflows.spending.of_flow import spending_of_flow

app = group("Caps on what model calls may cost.")

PERIODS = {"day": "a day", "month": "a month", "total": "in all"}


def whose(cap: Cap) -> str:
    """Whom a cap holds for, in words."""
    name = f"{cap.subject_name or 'unnamed'} ({cap.subject_id})"
    return {
        "workspace": "the workspace",
        "flow": f"workflow {name}",
        "connection": f"connection {name}",
        "run": f"each run of {name}",
    }[cap.scope]


def _usd(amount: Decimal) -> str:
    return f"{amount:.2f}" if amount == 0 or amount >= 1 else f"{amount.normalize():f}"


COLUMNS: tuple[Column[Cap], ...] = (
    Column("Cap", lambda cap: cap.id, number=True),
    Column("For", whose),
    Column("USD", lambda cap: _usd(cap.limit_usd), number=True),
    Column("Period", lambda cap: "" if cap.scope == "run" else PERIODS[cap.period]),
    Column("Spent", lambda cap: "" if cap.scope == "run" else f"{cap.spent_usd:.4f}", number=True),
    Column("Under way", lambda cap: "" if cap.scope == "run" else f"{cap.reserved_usd:.4f}", number=True),
    Column("Left", lambda cap: "" if cap.scope == "run" else f"{cap.left_usd:.4f}", number=True),
    Column("Alerts", lambda cap: "on" if cap.alerts else "off"),
    Column(
        "Runs waiting",
        lambda cap: f"{MOST_COUNTED:,}+" if cap.waiting_runs > MOST_COUNTED else cap.waiting_runs,
        number=True,
        style=lambda cap: "yellow" if cap.waiting_runs else "",
    ),
)


@command(app, "list")
async def list_(
    flow: Annotated[
        int | None,
        typer.Option(
            "--flow", help="Only those that hold for this workflow: its own, its connections', all."
        ),
    ] = None,
) -> None:
    """List the caps, what is spent in their period, and how many runs wait for room."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        if flow is None:
            found: Sequence[Cap] = await list_caps(db, actor.workspace_id)
        else:
            chosen = await choose_document(db, actor.workspace_id, flow, None)
            found = (await spending_of_flow(db, actor.workspace_id, flow, chosen.document)).caps
    output.results(found, COLUMNS, empty="No caps. Set one with: penstock caps set USD --per month")


@command(app, "set")
async def set_(
    usd: Annotated[str, typer.Argument(metavar="USD", help="The most that calls may cost; 0 stops them.")],
    per: Annotated[
        Literal["day", "month", "total"],
        typer.Option("--per", case_sensitive=False, help="Of a day, a month, or in all from now on."),
    ] = "month",
    flow: Annotated[int | None, typer.Option("--flow", help="For this workflow.")] = None,
    each_run_of: Annotated[
        int | None, typer.Option("--each-run-of", metavar="FLOW", help="For each run of this workflow.")
    ] = None,
    connection: Annotated[
        str | None, typer.Option("--connection", help="For this connection (its id or name).")
    ] = None,
    alerts: Annotated[
        bool | None,
        typer.Option(
            "--alerts/--no-alerts",
            help="E-mail owners and admins at 80 % and when it is reached; on unless told otherwise.",
        ),
    ] = None,
) -> None:
    """Set a cap, or change it; without --flow, --each-run-of or --connection it is the whole workspace's."""
    chosen = [one for one in (flow, each_run_of, connection) if one is not None]
    if len(chosen) > 1:
        raise InvalidInput(
            "--flow, --each-run-of and --connection name three kinds of cap.", remedy="Use one of them."
        )
    limit = _read(usd)
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        scope: Scope = "workspace"
        subject, period = 0, per
        if flow is not None:
            scope, subject = "flow", flow
        elif each_run_of is not None:
            scope, subject, period = "run", each_run_of, "total"
        elif connection is not None:
            scope, subject = "connection", (await named(db, actor.workspace_id, connection)).id
        cap = await set_cap(db, actor.workspace_id, actor, scope, subject, _period(period), limit, alerts)
    left = "" if cap.scope == "run" else f", {_usd(cap.left_usd)} left"
    words = "" if cap.scope == "run" else f" {PERIODS[cap.period]}"
    output.said(f"Cap {cap.id}: {_usd(cap.limit_usd)} USD{words} for {whose(cap)}{left}.", cap)


@command(app, "remove")
async def remove(cap: Annotated[int, typer.Argument(metavar="CAP", help="The cap's id.")]) -> None:
    """Remove a cap; runs that wait for it go on."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        await remove_cap(db, actor.workspace_id, actor, cap)
    output.said(f"Cap {cap} is removed.", {"id": str(cap), "removed": True})


def _period(written: str) -> Period:
    return "day" if written == "day" else "month" if written == "month" else "total"


def _read(written: str) -> Decimal:
    try:
        return Decimal(written.strip().removeprefix("$"))
    except InvalidOperation:
        raise InvalidInput("USD is no amount.", remedy="Use a number of US dollars, such as 2.50.") from None
