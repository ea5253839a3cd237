"""`penstock audit`: who did what."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.accounts import audit
from penstock.accounts.audit import AuditEntry, AuditFilter
from penstock.cli.command import command, group
from penstock.cli.output import Column, output
from penstock.cli.session import session
from penstock.kit.database import transaction

app = group("The audit log.")

COLUMNS: tuple[Column[AuditEntry], ...] = (
    Column("Entry", lambda entry: entry.id, number=True),
    Column("At", lambda entry: entry.at),
    Column("Who", lambda entry: entry.actor_label),
    Column("By", lambda entry: entry.actor_type),
    Column("From", lambda entry: entry.address),
    Column("Did", lambda entry: entry.action),
    Column("To", lambda entry: f"{entry.subject_type} {entry.subject_id}"),
    Column("Detail", lambda entry: entry.detail or None),
)


@command(app, "list")
async def list_entries(
    action: Annotated[
        str | None, typer.Option("--action", help="Only this one, such as connection.uninstalled.")
    ] = None,
    before: Annotated[int | None, typer.Option("--before", help="Entries older than this one.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 50,
) -> None:
    """List who did what, newest first."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await audit.list_entries(
            db, actor.workspace_id, AuditFilter(action=action), before=before, limit=limit
        )
    output.results(found, COLUMNS, empty="No entries.")
