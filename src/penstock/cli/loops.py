"""`penstock loops`: workflows that start each other and were stopped; go on with them, or leave it."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.accounts import audit
from penstock.cli.command import command, group
from penstock.cli.output import Column, output
from penstock.cli.session import session
from penstock.engine.lanes import enqueue
from penstock.kit.database import transaction
from penstock.workflows.loops import stops
from penstock.workflows.loops.stops import StoppedLoop

app = group("Loops: workflows that start each other, stopped.")

LoopName = Annotated[
    str, typer.Argument(metavar="LOOP", help="As `penstock loops list` shows it, such as 3,7.")
]

COLUMNS: tuple[Column[StoppedLoop], ...] = (
    Column("Loop", lambda loop: loop.loop),
    Column("Workflows", lambda loop: " -> ".join(flow.name or str(flow.id) for flow in loop.flows)),
    Column("Stopped by", lambda loop: loop.reason),
    Column("Records", lambda loop: loop.records, number=True),
    Column("Times", lambda loop: loop.times, number=True),
    Column("Last", lambda loop: loop.last_at),
)


@command(app, "list")
async def list_loops() -> None:
    """List loops that were stopped."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await stops.stopped_loops(db, actor.workspace_id)
    output.results(found, COLUMNS, empty="No loops.")


@command(app, "continue")
async def go_on(loop: LoopName) -> None:
    """Enroll the records of a loop where they were stopped; it may be stopped again."""
    async with session() as (penstock, actor):
        enrolled, left_out, more = 0, 0, True
        while more:
            async with transaction(penstock.pool) as db:
                went = await stops.go_on(db, enqueue, penstock.runner.plans, actor.workspace_id, loop)
                await audit.record(db, actor, "loop.gone_on_with", "loop", loop, {"enrolled": went.enrolled})
            enrolled, left_out, more = enrolled + went.enrolled, left_out + went.left_out, went.more
    output.said(
        f"{enrolled} records go on, {left_out} could not.", {"enrolled": enrolled, "leftOut": left_out}
    )


@command(app, "dismiss")
async def dismiss(loop: LoopName) -> None:
    """Leave a loop stopped and say no more of it."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        records = await stops.dismiss(db, actor.workspace_id, loop)
        await audit.record(db, actor, "loop.dismissed", "loop", loop, {"records": records})
    output.said(f"{records} records stay as they are.", {"records": records})
