"""`penstock flows`: workflows as HubSpot v4 flow documents; enroll records, try a workflow on one record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penstock.accounts import audit
from penstock.cli import estimates, flow_drafts, log_keeping
from penstock.cli.command import command, group
from penstock.cli.documents import read_document, write_document
from penstock.cli.dry_run import show_dry_run
from penstock.cli.output import Column, output
from penstock.cli.session import session
from penstock.engine.lanes import enqueue
from penstock.errors import InvalidFlow, InvalidInput
from penstock.kit.database import Connection, transaction
from penstock.kit.json import JsonObject
from penstock.workflows import enrolling, flows, runs
from penstock.workflows.bulk import enroll_matching
from penstock.workflows.dry_run import dry_run
from penstock.workflows.enrollment import enroll_by_hand
from penstock.workflows.evals.gate import Override
from penstock.workflows.flows import Flow

app = group("Workflows, as HubSpot v4 flow documents.")

FlowId = Annotated[int, typer.Argument(metavar="FLOW", help="The workflow's id.")]
FILE = typer.Argument(metavar="FILE", help="A flow document as JSON; - is standard input.")

COLUMNS: tuple[Column[Flow], ...] = (
    Column("Id", lambda flow: flow.id, number=True),
    Column("Name", lambda flow: flow.name),
    Column("Records", lambda flow: flow.object_type_id),
    Column("On", lambda flow: flow.is_enabled, style=lambda flow: "green" if flow.is_enabled else "dim"),
    Column("Revision", lambda flow: flow.revision_id, number=True),
    Column("Changed", lambda flow: flow.updated_at),
)


@command(app, "list")
async def list_flows(
    after: Annotated[int, typer.Option("--after", help="Only workflows after this one: the next page.")] = 0,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=flows.MAX_PAGE, help="How many.")
    ] = flows.MAX_PAGE,
) -> None:
    """List workflows."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        page = await flows.list_flows(db, actor.workspace_id, after, limit)
    if output.json:
        paging = {"paging": {"next": {"after": str(page.after)}}} if page.after is not None else {}
        output.document({"results": [flow.to_row() for flow in page.flows], **paging})
        return
    more = f"More: --after {page.after}" if page.after is not None else ""
    output.results(
        page.flows, COLUMNS, empty="No workflows. Add one with: penstock flows put FILE", note=more
    )


@command(app, "get")
async def get(
    flow_id: FlowId,
    out: Annotated[Path | None, typer.Option("--out", help="Write the document to this file.")] = None,
    draft: Annotated[bool, typer.Option("--draft", help="The draft, not what is published.")] = False,
) -> None:
    """Print a workflow's document, ready to be edited and put back."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        flow = await flows.get(db, actor.workspace_id, flow_id)
        document = await flow_drafts.document(db, flow) if draft else flow.to_json()
    if out is None:
        output.document(document)
        return
    write_document(out, document)
    which = "its draft" if draft else f"revision {flow.revision_id}"
    output.said(f"Workflow {flow_id}, {which}, is in {out}.", {"file": str(out), **flow.to_row()})


@command(app, "put")
async def put(
    file: Annotated[str, FILE],
    flow_id: Annotated[
        int | None, typer.Option("--id", help="Replace this workflow; without it a new one is created.")
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Keep it as the draft of --id; what is published stays.")
    ] = False,
    replace_draft: Annotated[
        bool,
        typer.Option("--replace-draft", help="With --draft: even over a draft saved since, which is lost."),
    ] = False,
) -> None:
    """Create a workflow from a document, or replace one. A replacement names the revisionId that it is based on.

    What is put is published at once, except with --draft; a draft may be unfinished.
    """
    document = read_document(file)
    if draft:
        await flow_drafts.put(flow_id, document, replace_draft=replace_draft)
        return
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        if flow_id is None:
            flow = await flows.create(db, actor.workspace_id, actor.label, document)
        else:
            flow = await flows.replace(db, actor.workspace_id, flow_id, actor.label, document)
        deed = "flow.created" if flow_id is None else "flow.replaced"
        detail: JsonObject = {"revisionId": str(flow.revision_id), "isEnabled": flow.is_enabled}
        await audit.record(db, actor, deed, "flow", flow.id, detail)
    state = "on" if flow.is_enabled else f"off; turn it on with: penstock flows on {flow.id}"
    output.said(
        f"Workflow {flow.id} ({flow.name}), revision {flow.revision_id}, is saved and {state}.",
        flow.to_json(),
    )


@command(app, "check")
async def check(file: Annotated[str, FILE]) -> None:
    """Say everything that is wrong with a document, without storing it. Exit status 2 when it could not be turned on."""
    document = read_document(file)
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        problems = await flows.check_flow(db, actor.workspace_id, document)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors and not output.json:
        raise InvalidFlow(
            f"{len(errors)} of {len(problems)} problems keep this workflow from being turned on.",
            problems=problems,
        )
    output.results(
        problems,
        (
            Column("", lambda problem: problem.severity),
            Column("Where", lambda problem: problem.path),
            Column("Code", lambda problem: problem.code),
            Column("What", lambda problem: problem.message),
        ),
        empty="No problems.",
    )
    if errors:
        raise typer.Exit(InvalidFlow.exit_status)


@command(app, "on")
async def turn_on(
    flow_id: FlowId,
    enroll_existing: Annotated[
        bool, typer.Option("--enroll-existing", help="Also enroll the records that meet the criteria now.")
    ] = False,
    batch: Annotated[
        bool, typer.Option("--batch", help="These at the price of the provider's batch API, within a day.")
    ] = False,
    override: Annotated[
        str | None,
        typer.Option(
            "--override", metavar="REASON", help="Turn it on in spite of evals that refuse; it is kept."
        ),
    ] = None,
) -> None:
    """Turn a workflow on."""
    if batch and not enroll_existing:
        raise InvalidInput(
            "--batch goes only with --enroll-existing.", remedy="Add it, or leave --batch out."
        )
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        overriding = None if override is None else Override(actor, override)
        flow = await flows.set_enabled(db, actor.workspace_id, flow_id, True, overriding)
        await audit.record(db, actor, "flow.turned_on", "flow", flow_id)
        begun = enrolling.Begun(0, goes_on=False)
        if enroll_existing:
            plans, now = penstock.runner.plans, penstock.clock.now()
            begun = await enrolling.begin(db, enqueue, plans, actor.workspace_id, flow_id, now, batch=batch)
    there = f" {enrolling.told(begun)}" if enroll_existing else ""
    output.said(
        f"Workflow {flow_id} is on.{there}",
        {**flow.to_row(), "enrolled": begun.enrolled, "goesOn": begun.goes_on},
    )


@command(app, "off")
async def turn_off(flow_id: FlowId) -> None:
    """Turn a workflow off."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        flow = await flows.set_enabled(db, actor.workspace_id, flow_id, False)
        await audit.record(db, actor, "flow.turned_off", "flow", flow_id)
    output.said(f"Workflow {flow_id} is off.", flow.to_row())


@command(app, "delete")
async def delete(flow_id: FlowId) -> None:
    """Delete a workflow and cancel the runs inside it."""
    canceled = 0
    async with session() as (penstock, actor), transaction(penstock.pool) as db:

        async def cancel_runs(db: Connection, workspace_id: int, deleted: int) -> None:
            nonlocal canceled
            canceled = await runs.cancel_all_of_flow(
                db, workspace_id, deleted, f"The workflow was deleted by {actor.label}."
            )

        await flows.delete(db, actor.workspace_id, flow_id, cancel_runs)
        await audit.record(db, actor, "flow.deleted", "flow", flow_id)
    output.said(
        f"Workflow {flow_id} is deleted; {canceled} runs are canceled.",
        {"id": str(flow_id), "canceled": canceled},
    )


@command(app, "enroll")
async def enroll(
    flow_id: FlowId,
    records: Annotated[
        list[int] | None, typer.Option("--record", help="A record to enroll; may be repeated.")
    ] = None,
    matching: Annotated[
        bool, typer.Option("--matching", help="All records that meet the workflow's criteria now.")
    ] = False,
    batch: Annotated[
        bool, typer.Option("--batch", help="At the price of the provider's batch API, within a day.")
    ] = False,
) -> None:
    """Put records into a workflow by hand; those inside it already are left out."""
    if bool(records) == matching:
        raise InvalidInput(
            "Nothing says which records to enroll.",
            remedy="Use --record ID (repeatable) or --matching, one of the two.",
        )
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        plans = penstock.runner.plans
        if records:
            wanted = list(dict.fromkeys(records))
            matched = len(wanted)
            enrolled = await enroll_by_hand(
                db, enqueue, plans, actor.workspace_id, flow_id, wanted, batch=batch
            )
        else:
            now = penstock.clock.now()
            matched, enrolled = await enroll_matching(
                db, enqueue, plans, actor.workspace_id, flow_id, now, batch=batch
            )
    skipped = matched - len(enrolled)
    left_out = f" {skipped} were in it already." if skipped else ""
    output.said(
        f"{len(enrolled)} records are enrolled.{left_out} Watch them with: penstock runs list --flow {flow_id}",
        {
            "enrolled": len(enrolled),
            "skipped": skipped,
            "results": [
                {"enrollmentId": str(one.enrollment_id), "recordId": str(one.record_id)} for one in enrolled
            ],
        },
    )


@command(app, "test")
async def test(
    flow_id: FlowId,
    record: Annotated[int, typer.Option("--record", help="The record to try it with.")],
) -> None:
    """Try a workflow on one record: the real model answers, and nothing is written, mailed or sent."""
    async with session() as (penstock, actor):
        async with transaction(penstock.pool) as db:
            flow = await flows.get(db, actor.workspace_id, flow_id)
            plan = (await penstock.runner.plans.get(db, [(flow.id, flow.revision_id)]))[
                flow.id, flow.revision_id
            ]
        result = await dry_run(
            penstock.pool, penstock.llm, penstock.vault, penstock.clock, actor.workspace_id, plan, record
        )
    show_dry_run(result)
    if result.status == "FAILED":
        raise typer.Exit(1)


for _name, _function in (
    ("publish", flow_drafts.publish),
    ("revisions", flow_drafts.revisions),
    ("restore", flow_drafts.restore),
    ("discard", flow_drafts.discard),
    ("diff", flow_drafts.diff),
    ("test-step", flow_drafts.try_one_step),
    ("estimate", estimates.estimate_enrollment),
    ("keep", log_keeping.keep),
):
    command(app, _name)(_function)
