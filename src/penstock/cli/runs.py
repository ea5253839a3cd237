"""`penstock runs`: what records went through, step by step; cancel and retry."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from penstock.actions.use_custom_llm_failure import ERROR_EXIT
from penstock.cli.command import command, group
from penstock.cli.jsonable import fields_of, jsonable
from penstock.cli.output import Column, output, shortened, shown
from penstock.cli.session import session
from penstock.engine.lanes import enqueue
from penstock.kit.database import transaction
from penstock.kit.json import Json, JsonObject
from penstock.workflows import runs
from penstock.workflows.run_deeds.retry import retry as retry_runs
from penstock.workflows.run_deeds.skip import skip as skip_step
from penstock.workflows.run_history.lists import RunFilter, find_runs
from penstock.workflows.run_history.waits import WAIT_KINDS, waits_for
from penstock.workflows.runs import EffectRow, Run, Step

app = group("Runs: one record's way through one workflow.")

Status = Literal[
    "ACTIVE", "WAITING", "PAUSED", "AT_CAP", "AWAITING_TURN", "COMPLETED", "FAILED", "CANCELED", "UNENROLLED"
]
STATUS_STYLE = {"COMPLETED": "green", "FAILED": "red", "RETRYING": "yellow", "CANCELED": "dim"}

# What happens when a wait is over; one for a turn ends with giving up.
WAKES = {"time": "Goes on", "retry": "Tries again"}

RUN_COLUMNS: tuple[Column[Run], ...] = (
    Column("Run", lambda run: run.id, number=True),
    Column("Workflow", lambda run: f"{run.flow_name} ({run.flow_id})"),
    Column("Record", lambda run: run.record_id, number=True),
    Column("Status", lambda run: run.status, style=lambda run: STATUS_STYLE.get(run.status, "")),
    Column("At", lambda run: run.next_action_id),
    Column("Enrolled", lambda run: run.enrolled_at),
    Column("Finished or due", lambda run: run.finished_at or run.wake_at),
    Column("Waits for", waits_for),
    Column("Cause", lambda run: shortened(str((run.error or {}).get("message", "")), 60)),
)


@command(app, "list")
async def list_runs(
    flow: Annotated[int | None, typer.Option("--flow", help="Only runs of this workflow.")] = None,
    record: Annotated[int | None, typer.Option("--record", help="Only runs of this record.")] = None,
    status: Annotated[
        Status | None,
        typer.Option(
            "--status",
            case_sensitive=False,
            help="Only runs with this status. Of the waiting ones PAUSED need their connection put right, AT_CAP room under "
            "a cap, AWAITING_TURN their turn within the limits.",
        ),
    ] = None,
    action: Annotated[
        str | None, typer.Option("--action", help="Only runs that stand or failed at this action.")
    ] = None,
    code: Annotated[str | None, typer.Option("--code", help="Only runs with this error code.")] = None,
    before: Annotated[
        int | None, typer.Option("--before", help="Only runs older than this one: the next page.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 50,
) -> None:
    """List runs, newest first."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        wanted = RunFilter(
            flow_id=flow,
            record_id=record,
            statuses=[status] if status and status not in WAIT_KINDS else [],
            waits=[kind for kind in WAIT_KINDS if kind == status],
            action_id=action,
            error_code=code,
        )
        found = await find_runs(db, actor.workspace_id, wanted, before=before, limit=limit)
    more = f"Older ones: --before {found[-1].id}" if len(found) == limit else ""
    output.results(found, RUN_COLUMNS, empty="No runs.", note=more)


@command(app, "show")
async def show(run_id: Annotated[int, typer.Argument(metavar="RUN", help="The run's id.")]) -> None:
    """Show one run with its steps: prompt, answer, tokens, cost, and what went out."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        run = await runs.get_run(db, actor.workspace_id, run_id)
        steps = await runs.get_steps(db, actor.workspace_id, run_id)
        effects = await runs.get_effects(db, actor.workspace_id, run_id)
    if output.json:
        output.document({**fields_of(run), "steps": jsonable(steps), "effects": jsonable(effects)})
        return
    output.item(run, _run_lines(run))
    for step in steps:
        output.line("")
        output.line(f"Action {step.action_id} ({step.action_type_id})", style="bold")
        output.item(step, _step_lines(step))
    if effects:
        output.line("")
        output.table(effects, EFFECT_COLUMNS, title="What went out")


EFFECT_COLUMNS: tuple[Column[EffectRow], ...] = (
    Column("Key", lambda effect: effect.key),
    Column("Kind", lambda effect: effect.kind),
    Column("Action", lambda effect: effect.action_id),
    Column("Status", lambda effect: effect.status),
    Column("Begun", lambda effect: effect.attempts, number=True),
    Column("First at", lambda effect: effect.created_at),
)


@command(app, "cancel")
async def cancel(run_id: Annotated[int, typer.Argument(metavar="RUN", help="The run's id.")]) -> None:
    """End a run before its next step."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        await runs.cancel(db, actor.workspace_id, run_id, actor.label)
        run = await runs.get_run(db, actor.workspace_id, run_id)
    output.said(f"Run {run_id} is canceled.", run)


@command(app, "retry")
async def retry(
    run_ids: Annotated[list[int], typer.Argument(metavar="RUN…", help="Ids of failed runs.")],
    current_revision: Annotated[
        bool, typer.Option("--current-revision", help="Go on in the workflow as it is now, not as it was.")
    ] = False,
) -> None:
    """Go on with failed runs from the step that failed; finished steps are not paid again."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        retried = await retry_runs(
            db,
            enqueue,
            penstock.runner.plans,
            actor.workspace_id,
            run_ids,
            "current" if current_revision else "same",
        )
    output.said(f"{len(retried)} on their way again.", {"retried": [str(run_id) for run_id in retried]})


@command(app, "skip")
async def skip(
    run_id: Annotated[int, typer.Argument(metavar="RUN", help="The run's id.")],
    branch: Annotated[
        str | None,
        typer.Option("--branch", help="The branch to take after a branching step; '' is the default one."),
    ] = None,
) -> None:
    """Pass over the step at which a run failed or pauses; the run goes on behind it."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        await skip_step(db, enqueue, penstock.runner.plans, actor.workspace_id, run_id, actor.label, branch)
        run = await runs.get_run(db, actor.workspace_id, run_id)
    output.said(f"Run {run_id} goes on behind the step.", run)


def _run_lines(run: Run) -> list[tuple[str, object]]:
    lines: list[tuple[str, object]] = [
        ("Run", run.id),
        ("Workflow", f"{run.flow_name} ({run.flow_id}), revision {run.revision_id}"),
        ("Record", f"{run.record_id} of type {run.object_type_id}"),
        ("Status", run.status + (f", for {waits_for(run)}" if run.wait_for else "")),
        ("Enrolled", f"{shown(run.enrolled_at)} ({run.cause})"),
        ("Finished", run.finished_at),
    ]
    if run.wake_at is not None:
        lines.insert(4, (WAKES.get(run.wait_for or "", "Gives up"), run.wake_at))
    return lines + _error_lines(run.error)


def _step_lines(step: Step) -> list[tuple[str, object]]:
    seconds = (step.finished_at - step.started_at).total_seconds()
    attempt = f", attempt {step.attempt}" if step.attempt > 1 else ""
    lines: list[tuple[str, object]] = [
        ("Status", f"{step.status}{attempt}{_went_on(step)}, {seconds:.2f} s, {shown(step.started_at)}")
    ]
    for part in (step.inputs, step.outputs, step.detail):
        lines += [
            (_title(name), value) for name, value in (part or {}).items() if value not in (None, "", [], {})
        ]
    return lines + _error_lines(step.error)


def _went_on(step: Step) -> str:
    """What a failure led to, when it did not stop the record."""
    error = step.error or {}
    if step.status == "RETRYING" and "asks_another" in error:
        return f", asked another model: {error.get('next_model', '')}"
    failed = step.status == "FAILED" and (step.detail or {}).get("branch") == ERROR_EXIT
    return ", went on by the path for failed records" if failed else ""


def _error_lines(error: JsonObject | None) -> list[tuple[str, Json]]:
    if error is None:
        return []
    return [
        ("Cause", f"{error.get('message', '')} [{error.get('code', '')}]"),
        ("Remedy", error.get("remedy")),
    ]


def _title(name: str) -> str:
    return name.removeprefix("hs_").replace("_", " ").capitalize()
