"""`penstock batches`: LLM steps of backfills at the batch price of their provider."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.accounts import audit
from penstock.cli.command import command, group
from penstock.cli.output import Column, output, shortened
from penstock.cli.session import session
from penstock.kit.database import transaction
from penstock.workflows.batches import batches
from penstock.workflows.batches.batches import BatchRow

app = group("Batches: LLM steps of backfills at the batch price of their provider.")

BatchId = Annotated[int, typer.Argument(metavar="BATCH", help="The batch's id.")]
STATE_STYLE = {"done": "green", "failed": "red", "canceled": ""}

COLUMNS: tuple[Column[BatchRow], ...] = (
    Column("Batch", lambda batch: batch.id, number=True),
    Column("Connection", lambda batch: batch.connection_name),
    Column("Model", lambda batch: batch.model),
    Column("State", lambda batch: batch.state, style=lambda batch: STATE_STYLE.get(batch.state, "yellow")),
    Column("Questions", lambda batch: batch.questions, number=True),
    Column("Answered", lambda batch: batch.answered, number=True),
    Column("USD", lambda batch: f"{batch.cost_usd:.4f}", number=True),
    Column("Saved", lambda batch: f"{batch.saved_usd:.4f}", number=True),
    Column("Submitted", lambda batch: batch.submitted_at),
    Column("Ended", lambda batch: batch.ended_at),
    Column("Last trouble", lambda batch: shortened(batch.message, 60)),
)


@command(app, "list")
async def list_batches(
    flow: Annotated[
        int | None, typer.Option("--flow", help="Only batches with questions of this workflow.")
    ] = None,
    before: Annotated[
        int | None, typer.Option("--before", help="Only batches older than this one: the next page.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 50,
) -> None:
    """List batches, newest first, and how many questions wait for one."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await batches.list_batches(db, actor.workspace_id, flow_id=flow, before=before, limit=limit)
        waiting = await batches.waiting(db, actor.workspace_id, flow)
    notes = [f"{waiting} questions wait for a batch."] if waiting else []
    if len(found) == limit:
        notes.append(f"Older ones: --before {found[-1].id}")
    output.results(found, COLUMNS, empty="No batches.", note=" ".join(notes))


@command(app, "show")
async def show(batch_id: BatchId) -> None:
    """Show one batch."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await batches.get(db, actor.workspace_id, batch_id)
    output.item(
        found,
        [
            (
                "Batch",
                f"{found.id}, at {found.connection_name} ({found.provider}): {found.remote_id or 'not there yet'}",
            ),
            ("Model", found.model),
            (
                "State",
                found.state + (", to be canceled" if found.cancel_asked and not found.ended_at else ""),
            ),
            ("Questions", f"{found.answered} of {found.questions} answered"),
            ("Cost", f"{found.cost_usd:.4f} USD; {found.saved_usd:.4f} USD saved"),
            *(
                (
                    f"Workflow {part.flow_id}",
                    f"{part.flow_name}: {part.answered} of {part.questions} answered, {part.cost_usd:.4f} USD",
                )
                for part in found.flows
            ),
            ("Submitted", found.submitted_at),
            ("Ended", found.ended_at),
            ("Last trouble", found.message),
        ],
    )


@command(app, "cancel")
async def cancel(batch_id: BatchId) -> None:
    """End a batch: what is answered already is taken, the other runs fail and can be retried."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await batches.cancel(db, actor.workspace_id, batch_id)
        await audit.record(db, actor, "batch.canceled", "batch", batch_id)
    output.said(f"Batch {batch_id} is being canceled.", found)
