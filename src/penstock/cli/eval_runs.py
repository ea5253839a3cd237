"""Runs of eval sets on the command line: run with progress, show, compare. `evals` registers them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from penstock.accounts.actors import Actor
from penstock.bootstrap import Penstock
from penstock.cli.connection_names import named
from penstock.cli.jsonable import fields_of, jsonable
from penstock.cli.output import Column, output, shortened
from penstock.cli.session import session
from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.workflows.dry_run import Trying
from penstock.workflows.evals import gate, runs
from penstock.workflows.evals.run import begin, run_evals
from penstock.workflows.evals.runs import EvalRow, EvalRun
from penstock.workflows.evals.scores import ChangedCase, Confusion, Score, compare, confusions, score

SetId = Annotated[int, typer.Argument(metavar="SET", help="The eval set's id.")]
RunId = Annotated[int, typer.Argument(metavar="RUN", help="The eval run's id.")]
LONGEST_CELL = 60  # characters of a cell in a table for people

RUN_COLUMNS: tuple[Column[tuple[EvalRun, Score]], ...] = (
    Column("Id", lambda pair: pair[0].id, number=True),
    Column("Of", lambda pair: _of(pair[0])),
    Column("Model", lambda pair: pair[0].model),
    Column("State", lambda pair: pair[0].state),
    Column("Cases", lambda pair: f"{pair[0].done} of {pair[0].total}", number=True),
    Column("Agreement", lambda pair: percent(pair[1].agreement), number=True),
    Column("USD", lambda pair: f"{pair[0].cost_usd:.4f}", number=True),
    Column("By", lambda pair: pair[0].created_by),
    Column("Begun", lambda pair: pair[0].created_at),
)
CHANGED: tuple[Column[ChangedCase], ...] = (
    Column("Case", lambda one: shortened(one.name, LONGEST_CELL)),
    Column("Field", lambda one: one.field),
    Column("Expected", lambda one: shortened(one.expected, LONGEST_CELL)),
    Column("Before", lambda one: shortened(one.before, LONGEST_CELL)),
    Column("After", lambda one: shortened(one.after, LONGEST_CELL)),
)

WRONG: tuple[Column[ChangedCase], ...] = (
    *CHANGED[:3],
    Column("Got", lambda one: shortened(one.after, LONGEST_CELL)),
    Column("Why", lambda one: shortened(one.before, LONGEST_CELL)),
)


async def run(
    set_id: SetId,
    revision: Annotated[
        str | None,
        typer.Option("--revision", help="draft, live or a number; without it the draft where there is one."),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="Ask this model instead of the step's own.")
    ] = None,
    connection: Annotated[
        str | None,
        typer.Option("--connection", help="Ask through this connection (id or name) instead."),
    ] = None,
) -> None:
    """Ask the step for each case and compare the answers. Exit status 1 when the run did not finish.

    Shows agreement by field, a confusion table for each field with few values, what was wrong, and the cost.
    """
    async with session() as (penstock, actor):
        async with transaction(penstock.pool) as db:
            through = None if connection is None else (await named(db, actor.workspace_id, connection)).id
            begun = await begin(db, actor, set_id, revision=revision, connection_id=through, model=model)
        done = await follow(penstock, actor, begun)
        rows = await _rows(penstock, actor, done.id)
    show(done, rows)
    if done.state != "DONE":
        raise typer.Exit(1)


async def list_runs(set_id: SetId) -> None:
    """List the runs of an eval set, newest first."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await runs.list_runs(db, actor.workspace_id, set_id, limit=100)
        pairs = [(one, await runs.score_of(db, actor.workspace_id, one.id)) for one in found]
    if output.json:
        output.document({"results": [{**_as_json(one), "score": _score_json(its)} for one, its in pairs]})
        return
    output.results(pairs, RUN_COLUMNS, empty=f"No runs. Make one with: penstock evals run {set_id}")


async def show_run(run_id: RunId) -> None:
    """Show what came of a run, also while it goes on."""
    async with session() as (penstock, actor):
        async with transaction(penstock.pool) as db:
            found = await runs.get(db, actor.workspace_id, run_id)
        rows = await _rows(penstock, actor, run_id)
    show(found, rows)


async def compare_runs(
    before: Annotated[int, typer.Argument(metavar="BEFORE", help="The run to compare with.")],
    after: Annotated[int, typer.Argument(metavar="AFTER", help="The run that is looked at.")],
) -> None:
    """Put two runs beside each other: two revisions, or two models. Only cases that both have with the same checks count."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        for run_id in (before, after):
            await runs.get(db, actor.workspace_id, run_id)
        compared = compare(
            await runs.results_of(db, actor.workspace_id, before),
            await runs.results_of(db, actor.workspace_id, after),
        )
    if output.json:
        output.document(
            {
                "cases": compared.cases,
                "before": _score_json(compared.before),
                "after": _score_json(compared.after),
                "fixed": jsonable(compared.fixed),
                "broken": jsonable(compared.broken),
            }
        )
        return
    names = [name for name in compared.after.fields if name in compared.before.fields]
    lines = [
        ("all checks", compared.before.agreement, compared.after.agreement),
        *(
            (name, compared.before.fields[name].agreement, compared.after.fields[name].agreement)
            for name in names
        ),
    ]
    output.line(f"Agreement on {compared.cases} cases")
    output.table(
        lines,
        (
            Column("Field", lambda line: line[0]),
            Column(f"Run {before}", lambda line: percent(line[1]), number=True),
            Column(f"Run {after}", lambda line: percent(line[2]), number=True),
            Column("Change", lambda line: f"{100 * (line[2] - line[1]):+.1f}", number=True),
        ),
    )
    for title, changed in (("Better", compared.fixed), ("Worse", compared.broken)):
        if changed:
            output.line(f"{title}: {len(changed)}")
            output.table(changed, CHANGED)


async def cancel_run(run_id: RunId) -> None:
    """Stop a run."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await runs.cancel(db, actor.workspace_id, run_id, actor.label)
    output.said(f"Eval run {run_id} is canceled after {found.done} of {found.total} cases.", _as_json(found))


async def follow(penstock: Penstock, actor: Actor, begun: EvalRun) -> EvalRun:
    """Does a run with a progress bar; an interrupted one is canceled, so that no server goes on with it."""
    trying = Trying(penstock.pool, penstock.llm, penstock.vault, penstock.clock, actor.workspace_id)
    with output.progress(f"Eval run {begun.id}", "cases") as progress:
        try:
            done = await run_evals(trying, begun.id, lambda now: progress(now.done, now.total))
            progress(done.done, done.total)
        except asyncio.CancelledError:
            async with transaction(penstock.pool) as db:
                await runs.cancel(db, actor.workspace_id, begun.id, actor.label)
            raise
    return done


async def run_missing(penstock: Penstock, actor: Actor, flow_id: int, document: JsonObject) -> None:
    """Runs the gating sets of a workflow that were not run on this document."""
    async with transaction(penstock.pool) as db:
        missing = [
            one.eval_set_id
            for one in await gate.verdicts(db, actor.workspace_id, flow_id, document)
            if one.code == "NOT_RUN"
        ]
    for set_id in missing:
        async with transaction(penstock.pool) as db:
            begun = await begin(db, actor, set_id, document=document)
        done = await follow(penstock, actor, begun)
        rows = await _rows(penstock, actor, done.id)
        its = score(runs.results(rows))
        output.note(
            f"Eval set {set_id}: agreement {percent(its.agreement)} in run {done.id}. {done.message}".rstrip()
        )


def show(found: EvalRun, rows: Sequence[EvalRow]) -> None:
    """Prints a run: agreement, confusion, what was wrong."""
    results = runs.results(rows)
    its, tables = score(results), confusions(results)
    if output.json:
        output.document(
            {
                **_as_json(found),
                "score": _score_json(its),
                "confusions": jsonable(tables),
                "results": [_row_json(row) for row in rows],
            }
        )
        return
    lines = [("all checks", its.checks), *its.fields.items(), ("whole cases", its.cases)]
    output.line(f"Run {found.id} of {_of(found)}, {found.model}")
    output.table(
        lines,
        (
            Column("Field", lambda line: line[0]),
            Column("Agreement", lambda line: percent(line[1].agreement), number=True),
            Column("Checks", lambda line: f"{line[1].passed} of {line[1].total}", number=True),
        ),
    )
    for table in tables:
        _show_confusion(table)
    wrong = [
        ChangedCase(result.case_id, result.name, verdict.field, verdict.expected, verdict.note, verdict.got)
        for result in results
        for verdict in result.verdicts
        if not verdict.passed
    ]
    if wrong:
        output.line(f"Not as expected: {len(wrong)}")
        output.table(wrong, WRONG)
    cost = f"{found.cost_usd:.6f}".rstrip("0").rstrip(".")
    unpriced = f", {found.unpriced} cases of unknown price" if found.unpriced else ""
    output.line(
        f"Agreement {percent(its.agreement)}: {its.checks.passed} of {its.checks.total} checks in "
        f"{found.done} of {found.total} cases, {cost} USD{unpriced}."
    )
    if found.message:
        output.line(found.message, style="yellow")


def percent(share: float) -> str:
    """`92.5 %`."""
    return f"{100 * share:.1f} %"


def _show_confusion(table: Confusion) -> None:
    lines = list(zip(table.expected, table.counts, strict=True))
    columns: list[Column[tuple[str, tuple[int, ...]]]] = [Column("Expected", lambda line: line[0])]
    columns += [_count_column(index, name) for index, name in enumerate(table.got)]
    output.line(f"{table.field}: expected against what came")
    output.table(lines, columns)


def _count_column(index: int, name: str) -> Column[tuple[str, tuple[int, ...]]]:
    return Column(shortened(name, 24), lambda line: line[1][index] or "", number=True)


def _of(found: EvalRun) -> str:
    return "a draft" if found.revision_id is None else f"revision {found.revision_id}"


async def _rows(penstock: Penstock, actor: Actor, run_id: int) -> list[EvalRow]:
    async with transaction(penstock.pool) as db:
        return await runs.rows_of(db, actor.workspace_id, run_id)


def _as_json(found: EvalRun) -> JsonObject:
    shown = fields_of(found)
    del shown["document"]
    return shown


def _row_json(row: EvalRow) -> JsonObject:
    return {
        "caseId": str(row.case_id),
        "caseName": row.case_name,
        "passed": None if row.status is None else row.result().passed,
        "verdicts": [*(row.verdicts or [])],
        "outputs": row.outputs,
        "error": row.error,
        "costUsd": None if row.cost_usd is None else str(row.cost_usd),
        "seconds": row.seconds,
    }


def _score_json(its: Score) -> JsonObject:
    return {
        "agreement": its.agreement,
        "checks": its.checks.to_json(),
        "cases": its.cases.to_json(),
        "fields": {name: share.to_json() for name, share in its.fields.items()},
    }
