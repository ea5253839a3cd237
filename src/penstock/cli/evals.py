"""`penstock evals`: eval sets of a workflow and the gate before publishing; `eval_cases` and `eval_runs` have the rest."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.cli import eval_cases, eval_runs
from penstock.cli.command import command, group
from penstock.cli.connection_names import named
from penstock.cli.eval_runs import SetId, percent
from penstock.cli.output import Column, output
from penstock.cli.session import session
from penstock.kit.database import transaction
from penstock.workflows.editing.chosen import choose_document
from penstock.workflows.evals import gate, gate_settings, sets
from penstock.workflows.evals.sets import EvalSet, Judge

app = group("Evals: what an LLM step should answer, how often it does, and publishing that waits for it.")

FlowId = Annotated[int, typer.Argument(metavar="FLOW", help="The workflow's id.")]

COLUMNS: tuple[Column[EvalSet], ...] = (
    Column("Id", lambda one: one.id, number=True),
    Column("Name", lambda one: one.name),
    Column("Step", lambda one: one.action_id),
    Column("Cases", lambda one: one.cases, number=True),
    Column("Gate", lambda one: f"margin {percent(one.margin)}" if one.gates else "open"),
    Column("Baseline", lambda one: one.baseline_run_id, number=True),
    Column("Judge", lambda one: one.judge_model),
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


@command(app, "change")
async def change(
    set_id: SetId,
    name: Annotated[str | None, typer.Option("--name", help="What it is called from now on.")] = None,
    judge_connection: Annotated[
        str | None, typer.Option("--judge-connection", help="Connection (id or name) of the judge.")
    ] = None,
    judge_model: Annotated[str | None, typer.Option("--judge-model", help="Model of the judge.")] = None,
    no_judge: Annotated[bool, typer.Option("--no-judge", help="Take the judge away.")] = False,
) -> None:
    """Give an eval set another name or judge. Runs by another judge no longer open its gate."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await sets.get(db, actor.workspace_id, set_id)
        through = found.judge_connection_id
        if judge_connection is not None:
            through = (await named(db, actor.workspace_id, judge_connection)).id
        judge = Judge() if no_judge else Judge(through, judge_model or found.judge_model)
        changed = await sets.update(db, actor, set_id, name=name or found.name, judge=judge)
    by = f"judged by {changed.judge_model}" if changed.judge_model else "without a judge"
    output.said(f"Eval set {set_id} is {changed.name}, {by}.", changed)


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


for _name, _function in (
    ("keep", eval_cases.keep),
    ("import", eval_cases.import_file),
    ("cases", eval_cases.list_cases),
    ("add-case", eval_cases.add_case),
    ("change-case", eval_cases.change_case),
    ("delete-case", eval_cases.delete_case),
    ("run", eval_runs.run),
    ("runs", eval_runs.list_runs),
    ("show", eval_runs.show_run),
    ("compare", eval_runs.compare_runs),
    ("cancel", eval_runs.cancel_run),
):
    command(app, _name)(_function)
