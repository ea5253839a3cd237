"""`penstock attention`: what stands still or went wrong, by cause, across workflows."""

from __future__ import annotations

from penstock.cli.command import command, group
from penstock.cli.output import Column, output, shortened
from penstock.cli.session import session
from penstock.kit.database import transaction
from penstock.workflows.attention.attention import read_attention
from penstock.workflows.attention.group import Group

app = group("What needs attention.")

COLUMNS: tuple[Column[Group], ...] = (
    Column("What", lambda group: group.title, style=lambda _: "red"),
    Column("Runs", lambda group: f"{group.count.count}{'' if group.count.exact else '+'}", number=True),
    Column("Workflow", lambda group: f"{group.flow_name} ({group.flow_id})" if group.flow_id else None),
    Column("Action", lambda group: group.action_id),
    Column("Connection", lambda group: group.connection_name),
    Column("Last", lambda group: group.newest_at),
    Column("Cause", lambda group: shortened(group.message, 60)),
    Column("Remedy", lambda group: shortened(group.remedy, 60)),
)


@command(app, "attention")
async def attention() -> None:
    """Show what needs attention: failed and paused runs by cause, connections, e-mails, imports, models that end."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        groups = await read_attention(db, penstock.runner.plans, actor.workspace_id, penstock.clock.now())
    output.results(groups, COLUMNS, empty="Nothing needs attention.")
