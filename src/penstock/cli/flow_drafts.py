"""Drafts and revisions on the command line: keep, publish, list, compare, restore, try a step. `flows` registers them."""

from __future__ import annotations

from difflib import unified_diff
from itertools import islice
from typing import Annotated

import typer

from penstock.accounts import audit
from penstock.cli.dry_run import show_dry_run
from penstock.cli.eval_runs import run_missing
from penstock.cli.output import Column, output, shortened
from penstock.cli.session import session
from penstock.engine.lanes import enqueue
from penstock.errors import InvalidInput
from penstock.kit.database import Connection, transaction
from penstock.kit.json import Json, JsonObject, dumps
from penstock.workflows import enrolling, flows
from penstock.workflows.document import parse
from penstock.workflows.editing import drafts, publishing
from penstock.workflows.editing import revisions as history
from penstock.workflows.editing.differences import Differences, FieldChange, StepChange, compare
from penstock.workflows.editing.drafts import Draft
from penstock.workflows.editing.revisions import RevisionRow
from penstock.workflows.flows import Flow
from penstock.workflows.trying.step_test import Trying, try_step

FlowId = Annotated[int, typer.Argument(metavar="FLOW", help="The workflow's id.")]
DRAFT = "draft"
VERSION = "draftVersion"  # of the draft that a document was read from; `put` overwrites no other
LONGEST_VALUE = 400  # characters of a value in the text for people


async def document(db: Connection, flow: Flow) -> JsonObject:
    """The draft of a workflow with its version, ready to be edited and put back. Raises NotFound without a draft."""
    draft = await drafts.get(db, flow.workspace_id, flow.id)
    return _shown(draft)


async def put(flow_id: int | None, document: Json, *, replace_draft: bool) -> None:
    """Keeps a document as the draft, with `replace_draft` whatever draft is there.

    Raises InvalidInput without a workflow, and Conflict when the draft was saved since the document was read.
    """
    if flow_id is None:
        raise InvalidInput("--draft needs --id: a draft is one of a workflow.", remedy="Name the workflow.")
    version, base = _counted(document, VERSION), _counted(document, "revisionId")
    if isinstance(document, dict):
        document = {name: value for name, value in document.items() if name != VERSION}
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        if replace_draft:
            there = await drafts.find(db, actor.workspace_id, flow_id)
            version = there.version if there else 0
        draft = await drafts.save(
            db, actor.workspace_id, actor, flow_id, document, version=version, base_revision_id=base or None
        )
        problems = (await flows.examine_flow(db, actor.workspace_id, draft.document)).problems
    errors = sum(problem.severity == "error" for problem in problems)
    missing = f" It has {errors} errors that keep it from being published." if errors else ""
    output.said(
        f"The draft of workflow {flow_id} is kept.{missing} See it with: penstock flows diff {flow_id}",
        _shown(draft),
    )


async def discard(flow_id: FlowId) -> None:
    """Discard a workflow's draft; what is published stays."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        await drafts.discard(db, actor.workspace_id, flow_id)
        await audit.record(db, actor, "flow.draft_discarded", "flow", flow_id)
    output.said(f"Workflow {flow_id} has no draft.", {"flowId": str(flow_id)})


async def publish(
    flow_id: FlowId,
    on: Annotated[
        bool | None, typer.Option("--on/--off", help="Also turn it on or off; without it, it stays as it is.")
    ] = None,
    enroll_existing: Annotated[
        bool, typer.Option("--enroll-existing", help="Also enroll the records that meet the criteria now.")
    ] = False,
    batch: Annotated[
        bool, typer.Option("--batch", help="These at the price of the provider's batch API, within a day.")
    ] = False,
    with_evals: Annotated[
        bool, typer.Option("--run-evals", help="First run the eval sets that gate it and were not run yet.")
    ] = False,
    override: Annotated[
        str | None,
        typer.Option(
            "--override", metavar="REASON", help="Publish in spite of evals that refuse; it is kept."
        ),
    ] = None,
) -> None:
    """Make a workflow's draft its live revision. Records inside stay on the revision that they began with.

    Refused while an eval set that gates says that it got worse, or was not run.
    """
    if batch and not enroll_existing:
        raise InvalidInput(
            "--batch goes only with --enroll-existing.", remedy="Add it, or leave --batch out."
        )
    async with session() as (penstock, actor):
        async with transaction(penstock.pool) as db:
            draft = await drafts.get(db, actor.workspace_id, flow_id)
        if with_evals:
            await run_missing(penstock, actor, flow_id, draft.document)
        async with transaction(penstock.pool) as db:
            flow = await publishing.publish(
                db,
                actor.workspace_id,
                actor,
                flow_id,
                version=draft.version,
                enable=on,
                override_reason=override,
            )
            begun = enrolling.Begun(0, goes_on=False)
            if enroll_existing:
                plans, now = penstock.runner.plans, penstock.clock.now()
                begun = await enrolling.begin(
                    db, enqueue, plans, actor.workspace_id, flow_id, now, batch=batch
                )
    there = f" {enrolling.told(begun)}" if enroll_existing else ""
    output.said(
        f"Revision {flow.revision_id} of workflow {flow_id} is published and {'on' if flow.is_enabled else 'off'}.{there}",
        {**flow.to_row(), "enrolled": begun.enrolled, "goesOn": begun.goes_on},
    )


async def revisions(
    flow_id: FlowId,
    before: Annotated[
        int | None, typer.Option("--before", help="Only revisions before this one: the next page.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="How many.")] = 20,
) -> None:
    """List the published revisions of a workflow, newest first, with what each changed."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        live = (await flows.get(db, actor.workspace_id, flow_id)).revision_id
        page, following = await history.list_revisions(
            db, actor.workspace_id, flow_id, before=before, limit=limit
        )
    if output.json:
        results: list[Json] = [
            {
                "revisionId": str(row.revision.revision_id),
                "createdAt": row.revision.created_at.isoformat(),
                "createdBy": row.revision.created_by,
                "isLive": row.revision.revision_id == live,
                "changes": _summary(row),
            }
            for row in page
        ]
        paging = {"paging": {"next": {"after": str(following)}}} if following is not None else {}
        output.document({"results": results, **paging})
        return
    columns: tuple[Column[RevisionRow], ...] = (
        Column("Revision", lambda row: row.revision.revision_id, number=True),
        Column(
            "", lambda row: "live" if row.revision.revision_id == live else "", style=lambda _row: "green"
        ),
        Column("Published", lambda row: row.revision.created_at),
        Column("By", lambda row: row.revision.created_by),
        Column("Changes", _summary),
    )
    output.results(page, columns, note=f"More: --before {following}" if following is not None else "")


async def restore(
    flow_id: FlowId,
    revision_id: Annotated[int, typer.Argument(metavar="REVISION", help="The revision to take back.")],
    replace_draft: Annotated[
        bool, typer.Option("--replace-draft", help="Even when there is a draft, which is lost then.")
    ] = False,
) -> None:
    """Take a published revision back as the draft. Nothing is published by it."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        draft = await history.restore(
            db, actor.workspace_id, actor, flow_id, revision_id, replace_draft=replace_draft
        )
    output.said(
        f"Revision {revision_id} is the draft of workflow {flow_id} now. Publish it with: penstock flows publish {flow_id}",
        {"flowId": str(flow_id), "version": str(draft.version), "document": draft.document},
    )


async def diff(
    flow_id: FlowId,
    before: Annotated[
        str, typer.Argument(metavar="FROM", help="A revision, or draft; without it, the live one.")
    ] = "",
    after: Annotated[str, typer.Argument(metavar="TO", help="A revision, or draft.")] = DRAFT,
) -> None:
    """Say what changed between two revisions of a workflow, or a revision and its draft."""
    numbers = [_number("FROM", before), _number("TO", after)]
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        if before == "":
            numbers[0] = (await flows.get(db, actor.workspace_id, flow_id)).revision_id
        found = compare(
            *[await history.document_at(db, actor.workspace_id, flow_id, number) for number in numbers]
        )
    if output.json:
        output.document(found)
    elif found.none:
        output.line("They say the same.")
    else:
        _show(found)


async def try_one_step(
    flow_id: FlowId,
    action_id: Annotated[str, typer.Argument(metavar="ACTION", help="The action's id.")],
    record: Annotated[int, typer.Option("--record", help="The record to try it with.")],
    run_earlier: Annotated[
        bool, typer.Option("--run-earlier", help="Run the steps before it too, for their outputs.")
    ] = False,
) -> None:
    """Try one step of a workflow's draft, else of its live revision: nothing is written, mailed or sent."""
    async with session() as (penstock, actor):
        async with transaction(penstock.pool) as db:
            draft = await drafts.find(db, actor.workspace_id, flow_id)
            live = await flows.get(db, actor.workspace_id, flow_id)
        document = parse(draft.document) if draft is not None else live.read()
        trying = Trying(penstock.pool, penstock.llm, penstock.vault, penstock.clock, actor.workspace_id)
        result = await try_step(trying, document, flow_id, action_id, record, run_earlier=run_earlier)
    show_dry_run(result)
    if result.status == "FAILED":
        raise typer.Exit(1)


def _shown(draft: Draft) -> JsonObject:
    server = {
        "id": str(draft.flow_id),
        "revisionId": str(draft.base_revision_id),
        VERSION: str(draft.version),
    }
    return {**draft.document, **server}


def _counted(document: Json, field: str) -> int:
    """A number that the server put into a document; 0 where it has none."""
    value = str(document.get(field, 0)) if isinstance(document, dict) else "0"
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise InvalidInput(
            f"{field} {shortened(value, 40)!r} is no number.",
            remedy="Read the document again: penstock flows get --draft, or without it.",
        )
    return int(value)


def _number(name: str, text: str) -> int | None:
    if text in ("", DRAFT):
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidInput(f"{name} is neither the number of a revision nor '{DRAFT}'.", remedy="Use one.")
    return int(text)


def _summary(row: RevisionRow) -> str:
    if row.changes is None:
        return "the first revision"
    kinds = [step.change for step in row.changes.steps]
    counted = [f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)]
    return ", ".join(counted + [change.path for change in row.changes.settings]) or "nothing"


def _show(found: Differences) -> None:
    for change in found.settings:
        _show_field(change, "")
    for step in found.steps:
        output.line(f"{_title(step)}: {step.change}", style="bold")
        for change in step.fields:
            _show_field(change, "  ")


def _show_field(change: FieldChange, indent: str) -> None:
    output.line(f"{indent}{change.path}")
    if isinstance(change.before, str) and isinstance(change.after, str):
        _show_lines(change.before, change.after, indent)
        return
    if change.before is not None:
        output.line(f"{indent}  - {_value(change.before)}", style="red")
    if change.after is not None:
        output.line(f"{indent}  + {_value(change.after)}", style="green")


def _show_lines(before: str, after: str, indent: str) -> None:
    """The lines of a text that differ: prompts are long, and a change is mostly one of them."""
    lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    for line in islice(lines, 2, None):  # behind the names of the two
        if not line.startswith("@@"):
            output.line(f"{indent}  {line[0]} {line[1:]}", style="red" if line[0] == "-" else "green")


def _title(step: StepChange) -> str:
    return f"action {step.action_id} ({step.name or step.title})"


def _value(value: Json) -> str:
    return shortened(value if isinstance(value, str) else dumps(value).decode(), LONGEST_VALUE)
