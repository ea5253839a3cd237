"""Models that end, on the command line: who uses them, and another one tried in their place. `models` registers them."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.accounts.actors import Actor
from penstock.bootstrap import Penstock
from penstock.cli.connection_names import named
from penstock.cli.eval_runs import follow, percent
from penstock.cli.jsonable import fields_of, jsonable
from penstock.cli.output import Column, output
from penstock.cli.session import session
from penstock.connections import connections
from penstock.kit.database import transaction
from penstock.kit.json import Json, JsonObject
from penstock.llm.connection_models import models_of
from penstock.llm.errors import LlmError
from penstock.workflows.evals import runs
from penstock.workflows.evals.replacing import Proposal, ProposedEval, Replacement, propose
from penstock.workflows.evals.retiring import AHEAD_DAYS, RetiringUse, retiring_uses
from penstock.workflows.evals.scores import Comparison, compare

COLUMNS: tuple[Column[RetiringUse], ...] = (
    Column(
        "Ends",
        lambda use: f"{use.retires_at[:10]}{' (ended)' if use.retired else ''}",
        style=lambda use: "red" if use.retired else "yellow",
    ),
    Column("Model", lambda use: use.model),
    Column("Connection", lambda use: use.connection_name),
    Column("Workflow", lambda use: f"{use.flow_id} ({use.flow_name})"),
    Column("On", lambda use: use.flow_enabled),
    Column("In", lambda use: use.place),
    Column("Step", lambda use: use.action_id),
    Column("Eval sets", lambda use: use.eval_set_ids),
)


async def retiring(
    days: Annotated[
        int, typer.Option("--days", min=1, max=3650, help="Only models that end within so many days.")
    ] = AHEAD_DAYS,
) -> None:
    """List the steps whose model has ended or ends soon, by the providers' own lists. Exit status 1 when there are some.

    Lists older than a day are read anew.
    """
    async with session() as (penstock, actor):
        await _refresh(penstock, actor)
        async with transaction(penstock.pool) as db:
            found = await retiring_uses(db, actor.workspace_id, penstock.clock.now(), days)
    output.results(
        found,
        COLUMNS,
        empty="No step asks a model whose end is announced.",
        note="Try another one in its place with: penstock models replace OLD NEW",
    )
    if found:
        raise typer.Exit(1)


async def replace(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The model that is asked now.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The model to ask instead.")],
    connection: Annotated[
        str | None,
        typer.Option("--connection", help="Only in steps that ask through this connection (id or name)."),
    ] = None,
    flow: Annotated[
        list[int] | None, typer.Option("--flow", help="Only in this workflow; may be repeated.")
    ] = None,
) -> None:
    """Put another model into drafts, run the eval sets of the changed steps with both, and show the difference.

    Nothing is published: that is done by `penstock flows publish`. Exit status 1 when a run did not finish.
    """
    async with session() as (penstock, actor):
        async with transaction(penstock.pool) as db:
            through = None if connection is None else (await named(db, actor.workspace_id, connection)).id
            proposals = await propose(db, actor, Replacement(old, new, through), flow or ())
        compared: dict[int, tuple[ProposedEval, Comparison]] = {}
        finished = True
        for proposal in proposals:
            for one in proposal.evals:
                finished &= await _run(penstock, actor, one)
                async with transaction(penstock.pool) as db:
                    compared[one.eval_set_id] = (
                        one,
                        compare(
                            await runs.results_of(db, actor.workspace_id, one.before_run_id),
                            await runs.results_of(db, actor.workspace_id, one.after_run_id),
                        ),
                    )
    if output.json:
        output.document({"results": [_as_json(proposal, compared) for proposal in proposals]})
    else:
        for proposal in proposals:
            _show(proposal, compared, old, new)
    if not finished:
        raise typer.Exit(1)


async def _refresh(penstock: Penstock, actor: Actor) -> None:
    async with penstock.pool.acquire() as db:
        for listed in await connections.list_connections(db, actor.workspace_id):
            found = listed.connection
            try:
                await models_of(
                    db,
                    penstock.llm,
                    penstock.vault,
                    actor.workspace_id,
                    found.id,
                    penstock.clock.now(),
                    who=f"list of models for {actor.label}",
                )
            except LlmError as error:
                output.note(f"{found.name}: its list could not be read ({error.message})", style="yellow")


async def _run(penstock: Penstock, actor: Actor, one: ProposedEval) -> bool:
    """Runs what was not run yet; whether both ended well."""
    async with transaction(penstock.pool) as db:
        before = await runs.get(db, actor.workspace_id, one.before_run_id)
        after = await runs.get(db, actor.workspace_id, one.after_run_id)
    if one.before_is_new:
        before = await follow(penstock, actor, before)
    after = await follow(penstock, actor, after)
    for run in (before, after):
        if run.message:
            output.note(f"Eval run {run.id}: {run.message}", style="yellow")
    return before.state == after.state == "DONE"


def _show(
    proposal: Proposal, compared: dict[int, tuple[ProposedEval, Comparison]], old: str, new: str
) -> None:
    output.line(
        f"Workflow {proposal.flow_id} ({proposal.flow_name}): step {', '.join(proposal.action_ids)} asks {new} in the draft"
        + (", which was there already." if proposal.had_draft else ".")
    )
    output.table(
        [compared[one.eval_set_id] for one in proposal.evals],
        (
            Column("Eval set", lambda pair: pair[0].name),
            Column("Cases", lambda pair: pair[1].cases, number=True),
            Column(old, lambda pair: percent(pair[1].before.agreement), number=True),
            Column(new, lambda pair: percent(pair[1].after.agreement), number=True),
            Column("Better", lambda pair: len(pair[1].fixed), number=True),
            Column("Worse", lambda pair: len(pair[1].broken), number=True),
            Column(
                "Compare",
                lambda pair: f"penstock evals compare {pair[0].before_run_id} {pair[0].after_run_id}",
            ),
        ),
    )
    for action_id in proposal.untested:
        output.line(
            f"No eval set tests step {action_id}: sample the draft with penstock sample {proposal.flow_id}",
            style="yellow",
        )
    output.line(f"Nothing is published. To do it: penstock flows publish {proposal.flow_id}")


def _as_json(proposal: Proposal, compared: dict[int, tuple[ProposedEval, Comparison]]) -> JsonObject:
    evals: list[Json] = []
    for one in proposal.evals:
        its = compared[one.eval_set_id][1]
        evals.append(
            {
                **fields_of(one),
                "cases": its.cases,
                "before": its.before.agreement,
                "after": its.after.agreement,
                "fixed": jsonable(its.fixed),
                "broken": jsonable(its.broken),
            }
        )
    return {**fields_of(proposal), "evals": evals}
