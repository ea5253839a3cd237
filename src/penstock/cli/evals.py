"""`penstock evals`: eval sets of a workflow, their cases and runs, and the gate before publishing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penstock.cli import eval_runs
from penstock.cli.command import command, group
from penstock.cli.connection_names import named
from penstock.cli.eval_runs import SetId, percent
from penstock.cli.output import Column, output, shortened
from penstock.cli.session import session
from penstock.errors import InvalidInput
from penstock.kit.database import transaction
from penstock.kit.json import Json
from penstock.workflows.editing.chosen import choose_document
from penstock.workflows.evals import cases, gate, gate_settings, sets
from penstock.workflows.evals.cases import EvalCase
from penstock.workflows.evals.csv_cases import import_cases
from penstock.workflows.evals.keep import Kept, keep_rows
from penstock.workflows.evals.sets import EvalSet, Judge
from penstock.workflows.samples import samples

app = group("Evals: what an LLM step should answer, how often it does, and publishing that waits for it.")

FlowId = Annotated[int, typer.Argument(metavar="FLOW", help="The workflow's id.")]
LONGEST_CELL = 60  # characters of a cell in a table for people

COLUMNS: tuple[Column[EvalSet], ...] = (
    Column("Id", lambda one: one.id, number=True),
    Column("Name", lambda one: one.name),
    Column("Step", lambda one: one.action_id),
    Column("Cases", lambda one: one.cases, number=True),
    Column("Gate", lambda one: f"margin {percent(one.margin)}" if one.gates else "open"),
    Column("Baseline", lambda one: one.baseline_run_id, number=True),
    Column("Judge", lambda one: one.judge_model),
)
CASE_COLUMNS: tuple[Column[EvalCase], ...] = (
    Column("Id", lambda case: case.id, number=True),
    Column("Name", lambda case: shortened(case.name, LONGEST_CELL)),
    Column("Record", lambda case: case.record_id, number=True),
    Column("Expected", lambda case: shortened(_expected(case), 2 * LONGEST_CELL)),
)


@command(app, "list")
async def list_sets(flow_id: FlowId) -> None:
    """List the eval sets of a workflow."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await sets.list_sets(db, actor.workspace_id, flow_id)
    output.results(
        found, COLUMNS, empty=f"No eval sets. Make one with: penstock evals create {flow_id} --step ACTION"
    )


@command(app, "create")
async def create(
    flow_id: FlowId,
    step: Annotated[str, typer.Option("--step", metavar="ACTION", help="The LLM step that it is for.")],
    name: Annotated[str, typer.Option("--name", help="What it is called.")] = "Evals",
    judge_connection: Annotated[
        str | None, typer.Option("--judge-connection", help="Connection (id or name) of the judge.")
    ] = None,
    judge_model: Annotated[str, typer.Option("--judge-model", help="Model of the judge.")] = "",
) -> None:
    """Make an eval set for an LLM step of a workflow."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        through = None
        if judge_connection is not None:
            through = (await named(db, actor.workspace_id, judge_connection)).id
        made = await sets.create(
            db, actor, flow_id, action_id=step, name=name, judge=Judge(through, judge_model)
        )
    output.said(
        f"Eval set {made.id} ({made.name}) is made. Fill it with: penstock evals keep {made.id} --sample SAMPLE",
        made,
    )


@command(app, "keep")
async def keep(
    set_id: SetId,
    sample_id: Annotated[int, typer.Option("--sample", metavar="SAMPLE", help="The sample to keep rows of.")],
    row: Annotated[
        list[int] | None, typer.Option("--row", help="A row of it, from 1; may be repeated. Without it: all.")
    ] = None,
    correct: Annotated[
        list[str] | None,
        typer.Option("--correct", metavar="FIELD=VALUE", help="What a field should have been; for one row."),
    ] = None,
) -> None:
    """Keep rows of a sample as cases: accepted as they are, or corrected."""
    corrections = _corrections(correct or ())
    if corrections and len(row or ()) != 1:
        raise InvalidInput("--correct says what one row should have been.", remedy="Name it with --row.")
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        await samples.get(db, actor.workspace_id, sample_id)
        rows = await samples.rows_of(db, actor.workspace_id, sample_id)
        wanted = row or [one.position for one in rows if one.status == "COMPLETED"]
        added = await keep_rows(
            db, actor, set_id, sample_id, tuple(Kept(position, corrections) for position in wanted)
        )
    output.said(f"{len(added)} cases are added to eval set {set_id}.", {"results": added})


@command(app, "import")
async def import_file(
    set_id: SetId,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True, help="A CSV file.")
    ],
) -> None:
    """Add the cases of a CSV file, all or none. Columns are properties, and expected.FIELD for what is expected."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        with file.open("rb") as opened:
            added = await import_cases(db, actor, set_id, opened)
    output.said(f"{len(added)} cases are added to eval set {set_id}.", {"results": added})


@command(app, "cases")
async def list_cases(set_id: SetId) -> None:
    """List the cases of an eval set with what is expected."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        await sets.get(db, actor.workspace_id, set_id)
        found = await cases.list_cases(db, actor.workspace_id, set_id)
    output.results(
        found, CASE_COLUMNS, empty=f"No cases. Add some with: penstock evals keep {set_id} --sample SAMPLE"
    )


@command(app, "delete-case")
async def delete_case(
    set_id: SetId, case_id: Annotated[int, typer.Argument(metavar="CASE", help="The case's id.")]
) -> None:
    """Take a case out of an eval set."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        await cases.delete_case(db, actor, set_id, case_id)
    output.said(f"Case {case_id} is deleted.", {"id": str(case_id)})


@command(app, "delete")
async def delete(set_id: SetId) -> None:
    """Delete an eval set with its cases and runs."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        await sets.delete(db, actor, set_id)
    output.said(f"Eval set {set_id} is deleted.", {"id": str(set_id)})


@command(app, "gate")
async def change_gate(
    set_id: SetId,
    off: Annotated[bool, typer.Option("--off", help="Publishing no longer waits for this set.")] = False,
    baseline: Annotated[
        int | None,
        typer.Option(
            "--baseline",
            metavar="RUN",
            help="The run to measure against; without it the newest of the live revision.",
        ),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(
            "--margin", min=0, max=1, help="How far agreement may fall below the baseline: 0.05 is 5 %."
        ),
    ] = None,
) -> None:
    """Make publishing wait for an eval set, or no longer."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await gate_settings.set_gate(
            db, actor, set_id, gates=not off, margin=margin, baseline_run_id=baseline
        )
    output.said(
        f"Publishing workflow {found.flow_id} waits for eval set {set_id}: at most {percent(found.margin)} below run "
        f"{found.baseline_run_id}."
        if found.gates
        else f"Publishing workflow {found.flow_id} no longer waits for eval set {set_id}.",
        found,
    )


@command(app, "check")
async def check(
    flow_id: FlowId,
    revision: Annotated[
        str | None,
        typer.Option("--revision", help="draft, live or a number; without it the draft where there is one."),
    ] = None,
) -> None:
    """Say whether evals let a workflow be published. Exit status 1 when they do not."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        chosen = await choose_document(db, actor.workspace_id, flow_id, revision)
        found = await gate.verdicts(db, actor.workspace_id, flow_id, chosen.document)
    output.results(
        found,
        (
            Column("Eval set", lambda one: one.name),
            Column("Step", lambda one: one.action_id),
            Column("", lambda one: one.code, style=lambda one: "green" if one.opens else "red"),
            Column("What", lambda one: f"{one.message} {one.remedy}".strip()),
        ),
        empty="No eval set gates this workflow.",
    )
    if not all(one.opens for one in found):
        raise typer.Exit(1)


def _corrections(pairs: list[str] | tuple[()]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise InvalidInput(
                f"--correct: '{pair[:100]}' is not FIELD=VALUE.", remedy="Write --correct urgency=high."
            )
        found[name.strip()] = value
    return found


def _expected(case: EvalCase) -> str:
    return ", ".join(f"{one.field}: {one.expected}" for one in case.checks)


for _name, _function in (
    ("run", eval_runs.run),
    ("runs", eval_runs.list_runs),
    ("show", eval_runs.show_run),
    ("compare", eval_runs.compare_runs),
    ("cancel", eval_runs.cancel_run),
):
    command(app, _name)(_function)
