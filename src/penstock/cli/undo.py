"""`penstock undo`: take back what a workflow wrote. Without `--yes` it only shows what would change."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.bootstrap import Penstock
from penstock.cli.command import command, group
from penstock.cli.jsonable import fields_of, jsonable
from penstock.cli.output import Column, output, shortened
from penstock.cli.session import session
from penstock.crm.source import Source
from penstock.kit.database import transaction
from penstock.workflows.undos import undos, work
from penstock.workflows.undos.preview import Item, Preview, left_by, preview
from penstock.workflows.undos.selection import Selection
from penstock.workflows.undos.undos import Undo

app = group("Undo: take back what a workflow wrote, where it still stands.")

SHOWN = 50

Yes = Annotated[bool, typer.Option("--yes", help="Do it; without this it only shows what would change.")]
StartWorkflows = Annotated[
    bool,
    typer.Option("--start-workflows", help="Let other workflows start from the restored values."),
]
ActionOption = Annotated[
    str | None, typer.Option("--action", metavar="ACTION", help="Only what this action wrote.")
]
PropertyOption = Annotated[
    str | None, typer.Option("--property", metavar="PROPERTY", help="Only this property.")
]

ITEM_COLUMNS: tuple[Column[Item], ...] = (
    Column("Record", lambda item: item.record_id, number=True),
    Column("Name", lambda item: shortened(item.record_name, 40)),
    Column("Property", lambda item: item.property),
    Column("Now", lambda item: "(none)" if item.current is None else shortened(item.current, 40)),
    Column("Before", lambda item: "(none)" if item.before is None else shortened(item.before, 40)),
)
LEFT_COLUMNS: tuple[Column[Item], ...] = (
    *ITEM_COLUMNS[:4],
    Column("Why it stays", lambda item: item.message),
    Column("Written by", lambda item: item.newest_by.name),
    Column("At", lambda item: item.newest_at),
)
UNDO_COLUMNS: tuple[Column[Undo], ...] = (
    Column("Undo", lambda undo: undo.id, number=True),
    Column("Of", lambda undo: _named(undo.selection)),
    Column("State", lambda undo: undo.state),
    Column("Restored", lambda undo: undo.restored, number=True),
    Column("Left", lambda undo: undo.left_out, number=True),
    Column("By", lambda undo: undo.by.label),
    Column("At", lambda undo: undo.created_at),
)


@command(app, "value")
async def value(
    version: Annotated[
        int, typer.Argument(metavar="VERSION", help="As `penstock records history` shows it.")
    ],
    yes: Yes = False,
    start_workflows: StartWorkflows = False,
) -> None:
    """Take back one version of a value."""
    await _undo(Selection(version_id=version), yes=yes, start_workflows=start_workflows)


@command(app, "run")
async def run(
    run_id: Annotated[int, typer.Argument(metavar="RUN", help="The run's id.")],
    action: ActionOption = None,
    prop: PropertyOption = None,
    yes: Yes = False,
    start_workflows: StartWorkflows = False,
) -> None:
    """Take back what a run wrote."""
    wanted = Selection(run_id=run_id, action_id=action, property=prop)
    await _undo(wanted, yes=yes, start_workflows=start_workflows)


@command(app, "workflow")
async def workflow(
    flow: Annotated[int, typer.Argument(metavar="WORKFLOW", help="The workflow's id.")],
    action: ActionOption = None,
    revision: Annotated[
        int | None, typer.Option("--revision", metavar="REVISION", help="Only what this revision wrote.")
    ] = None,
    from_at: Annotated[
        datetime | None,
        typer.Option("--from", help="Only what was written from this moment on (local time)."),
    ] = None,
    until_at: Annotated[
        datetime | None, typer.Option("--until", help="Only what was written before this moment.")
    ] = None,
    prop: PropertyOption = None,
    yes: Yes = False,
    start_workflows: StartWorkflows = False,
) -> None:
    """Take back what a workflow wrote: all of it, a step's, a revision's, or that of a span of time."""
    wanted = Selection(
        flow_id=flow,
        action_id=action,
        revision_id=revision,
        property=prop,
        from_at=from_at.astimezone() if from_at else None,
        until_at=until_at.astimezone() if until_at else None,
    )
    await _undo(wanted, yes=yes, start_workflows=start_workflows)


@command(app, "undo")
async def undo_an_undo(
    undo_id: Annotated[int, typer.Argument(metavar="UNDO", help="The undo's id.")],
    yes: Yes = False,
    start_workflows: StartWorkflows = False,
) -> None:
    """Take back an undo: the values that it restored become what they were."""
    await _undo(Selection(undone_id=undo_id), yes=yes, start_workflows=start_workflows)


@command(app, "list")
async def list_undos(
    flow: Annotated[int | None, typer.Option("--workflow", help="Only those of this workflow.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 50,
) -> None:
    """List undos, newest first."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await undos.list_all(db, actor.workspace_id, flow_id=flow, limit=limit)
    output.results(found, UNDO_COLUMNS, empty="No undos.")


@command(app, "show")
async def show(undo_id: Annotated[int, typer.Argument(metavar="UNDO", help="The undo's id.")]) -> None:
    """Show an undo, and the values that it left as they are."""
    async with session() as (penstock, actor):
        async with transaction(penstock.pool) as db:
            undo = await undos.get(db, actor.workspace_id, undo_id)
        await _tell(penstock, actor, undo)


async def _undo(wanted: Selection, *, yes: bool, start_workflows: bool) -> None:
    async with session() as (penstock, actor):
        if not yes:
            async with transaction(penstock.pool) as db:
                plans, workspace_id = penstock.runner.plans, actor.workspace_id
                seen = await preview(db, plans, workspace_id, wanted, "RESTORE", limit=SHOWN)
                left = await preview(db, plans, workspace_id, wanted, "LEFT", limit=SHOWN)
            _show_preview(seen, left)
            return
        async with transaction(penstock.pool) as db:
            source = Source("CRM_UI", actor.id, actor.label)
            undo = await work.begin(db, actor.workspace_id, wanted, source, start_workflows=start_workflows)
            detail = {"of": _named(wanted)}
            await audit.record(db, actor, "undo.begun", "undo", undo.id, detail)
        await _tell(penstock, actor, await _finish(penstock, undo))


async def _finish(penstock: Penstock, undo: Undo) -> Undo:
    """Does what is left of an undo here and now; a worker may take part."""
    with output.progress(f"Undo {undo.id}", "records") as progress:
        while undo.state in ("WAITING", "RUNNING"):
            async with transaction(penstock.pool) as db:
                await work.advance(db, undo.id)
                undo = await undos.get(db, undo.workspace_id, undo.id)
            progress(undo.done, undo.records, f"{undo.left_out:,} left" if undo.left_out else "")
    return undo


async def _tell(penstock: Penstock, actor: Actor, undo: Undo) -> None:
    async with transaction(penstock.pool) as db:
        left, _ = await left_by(
            db, penstock.runner.plans, actor.workspace_id, undo.id, after=None, limit=SHOWN
        )
    if output.json:
        output.document({**fields_of(undo), "left": jsonable(left)})
        return
    output.line(
        f"Undo {undo.id} of {_named(undo.selection)} is {undo.state}: {undo.restored:,} values restored, "
        f"{undo.unchanged:,} as before already, {undo.left_out:,} left."
    )
    if undo.message:
        output.line(undo.message)
    if left:
        output.table(left, LEFT_COLUMNS, title="Left as they are")


def _show_preview(seen: Preview, left: Preview) -> None:
    if output.json:
        output.document({**fields_of(seen), "leftItems": jsonable(left.items)})
        return
    more = "" if seen.exact else " at least"
    output.line(f"Would restore{more} {seen.values:,} values of {seen.records:,} records.")
    if seen.items:
        output.table(seen.items, ITEM_COLUMNS)
    if left.items:
        output.line("")
        output.table(left.items, LEFT_COLUMNS, title=f"Would leave{more} {sum(seen.left.values()):,}")
    output.note("Nothing is written yet. Add --yes to do it.")


def _named(wanted: Selection) -> str:
    """What is taken back, in a few words."""
    if wanted.version_id is not None:
        return f"version {wanted.version_id}"
    words = (
        f"run {wanted.run_id}"
        if wanted.run_id is not None
        else f"undo {wanted.undone_id}"
        if wanted.undone_id is not None
        else f"workflow {wanted.flow_id}"
    )
    if wanted.revision_id is not None:
        words += f", revision {wanted.revision_id}"
    if wanted.action_id is not None:
        words += f", action {wanted.action_id}"
    if wanted.property is not None:
        words += f", {wanted.property}"
    return words
