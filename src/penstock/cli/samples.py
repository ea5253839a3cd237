"""`penstock sample`: a workflow on several records before it is turned on; `penstock samples`: what came of them."""

from __future__ import annotations

import asyncio
from decimal import Decimal, InvalidOperation
from pathlib import Path
from random import Random, SystemRandom
from typing import Annotated

import typer

from penstock.accounts.actors import Actor
from penstock.bootstrap import Penstock
from penstock.cli.command import command, group
from penstock.cli.documents import read_document
from penstock.cli.jsonable import fields_of
from penstock.cli.output import Column, output, shortened
from penstock.cli.progress import Progress
from penstock.cli.session import session
from penstock.errors import InvalidInput
from penstock.kit import csvio
from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.workflows.dry_run import Trying
from penstock.workflows.samples import samples
from penstock.workflows.samples.begin import SampleWish, begin
from penstock.workflows.samples.run import run_sample
from penstock.workflows.samples.samples import Sample, SampleRow
from penstock.workflows.samples.table import path_of, table_of

sample_app = group("Try a workflow on several records.")
app = group("Samples: workflows tried on several records.")

DEFAULT_RECORDS = 10
LONGEST_CELL = 60  # characters of a cell in the table for people

FlowId = Annotated[int, typer.Argument(metavar="FLOW", help="The workflow's id.")]
SampleId = Annotated[int, typer.Argument(metavar="SAMPLE", help="The sample's id.")]
CsvFile = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Write the rows to this CSV file.")
]

COLUMNS: tuple[Column[Sample], ...] = (
    Column("Id", lambda sample: sample.id, number=True),
    Column("Of", lambda sample: "draft" if sample.revision_id is None else f"revision {sample.revision_id}"),
    Column("Step", lambda sample: sample.action_id or "all"),
    Column("State", lambda sample: sample.state),
    Column("Records", lambda sample: f"{sample.done} of {sample.total}", number=True),
    Column("Failed", lambda sample: sample.failed, number=True),
    Column("USD", lambda sample: f"{sample.cost_usd:.4f}", number=True),
    Column("By", lambda sample: sample.created_by),
    Column("Begun", lambda sample: sample.created_at),
)


@command(sample_app, "sample")
async def sample(
    flow_id: FlowId,
    number: Annotated[
        int | None,
        typer.Option(
            "--number", "-n", min=1, max=samples.MOST_RECORDS, help="So many records at random (default 10)."
        ),
    ] = None,
    records: Annotated[
        list[int] | None, typer.Option("--record", help="A record to try; may be repeated.")
    ] = None,
    revision: Annotated[
        str | None,
        typer.Option("--revision", help="draft, live or a number; without it the draft where there is one."),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option("--file", metavar="FILE", help="Try this document instead; - is standard input."),
    ] = None,
    step: Annotated[
        str | None, typer.Option("--step", metavar="ACTION", help="Stop behind this action.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="The same number chooses the same records.")
    ] = None,
    max_usd: Annotated[
        str | None, typer.Option("--max-usd", metavar="USD", help="Stop when the calls have cost this much.")
    ] = None,
    csv_file: CsvFile = None,
) -> None:
    """Try a workflow on several records: the real model answers, nothing is written, mailed or sent.

    Shows a line a record: its path, the answers, each property before and after, mails, cost, seconds. Exit status 1
    when a record failed.
    """
    document = None if file is None else _object(read_document(file))
    wish = SampleWish(
        records or (),
        None if records else number or DEFAULT_RECORDS,
        document,
        revision,
        step,
        money(max_usd),
    )
    if records and number is not None:
        raise InvalidInput("--number and --record say two things.", remedy="Use one of the two.")
    chance = SystemRandom() if seed is None else Random(seed)  # noqa: S311 - chooses records
    async with session() as (penstock, actor):
        async with transaction(penstock.pool) as db:
            begun = await begin(db, actor, flow_id, wish, penstock.clock.now(), chance)
        done = await _run(penstock, actor, begun)
        async with transaction(penstock.pool) as db:
            rows = await samples.rows_of(db, actor.workspace_id, done.id)
    show(done, rows, csv_file)
    if done.failed or done.state != "DONE":
        raise typer.Exit(1)


@command(app, "list")
async def list_samples(flow_id: FlowId) -> None:
    """List the samples of a workflow, newest first."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await samples.list_samples(db, actor.workspace_id, flow_id, limit=100)
    output.results(found, COLUMNS, empty=f"No samples. Make one with: penstock sample {flow_id}")


@command(app, "show")
async def show_sample(sample_id: SampleId, csv_file: CsvFile = None) -> None:
    """Show what came of a sample, also while it goes on."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await samples.get(db, actor.workspace_id, sample_id)
        rows = await samples.rows_of(db, actor.workspace_id, sample_id)
    show(found, rows, csv_file)


@command(app, "cancel")
async def cancel(sample_id: SampleId) -> None:
    """Stop a sample."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await samples.cancel(db, actor.workspace_id, sample_id, actor.label)
    output.said(f"Sample {sample_id} is canceled after {found.done} of {found.total} records.", found)


async def _run(penstock: Penstock, actor: Actor, begun: Sample) -> Sample:
    """Does a sample with a progress bar; an interrupted one is canceled, so that no server goes on with it."""
    trying = Trying(penstock.pool, penstock.llm, penstock.vault, penstock.clock, actor.workspace_id)
    with output.progress(f"Sample {begun.id}", "records") as progress:
        try:
            done = await run_sample(trying, begun.id, lambda now: _tell(progress, now))
            _tell(progress, done)
        except asyncio.CancelledError:
            async with transaction(penstock.pool) as db:
                await samples.cancel(db, actor.workspace_id, begun.id, actor.label)
            raise
    return done


def _tell(progress: Progress, now: Sample) -> None:
    progress(now.done, now.total, f"{now.failed} failed" if now.failed else "")


def show(found: Sample, rows: list[SampleRow], csv_file: Path | None) -> None:
    """Prints a sample: a table of its records and what it cost."""
    table = table_of(rows)
    if csv_file is not None:
        _write(csv_file, b"".join(csvio.write([table.titles, *table.lines])))
    if output.json:
        output.document({**fields_of(found), "results": [_as_json(row) for row in rows]})
        return
    columns = tuple(
        _column(index, title) for index, title in enumerate(table.titles) if _holds(table.lines, index)
    )
    output.table(table.lines, columns)
    cost = f"{found.cost_usd:.6f}".rstrip("0").rstrip(".")
    unpriced = f", {found.unpriced} records of unknown price" if found.unpriced else ""
    output.line(
        f"Sample {found.id}: {found.done} of {found.total} records, {found.failed} failed, {cost} USD{unpriced}. "
        "Nothing was written or sent."
    )
    if found.message:
        output.line(found.message, style="yellow")
    if csv_file is not None:
        output.line(f"The rows are in {csv_file}.")


def money(text: str | None) -> Decimal | None:
    """USD as typed; raises InvalidInput for anything but a positive amount."""
    if text is None:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or amount <= 0:
        raise InvalidInput(
            f"'{text[:40]}' is no amount of US dollars above 0.", remedy="Write for example 0.50."
        )
    return amount


def _as_json(row: SampleRow) -> JsonObject:
    return {
        "position": row.position,
        "recordId": str(row.record_id),
        "recordName": row.record_name,
        "path": path_of(row),
        "result": row.result,
    }


def _object(document: object) -> JsonObject:
    if not isinstance(document, dict):
        raise InvalidInput("The file holds no JSON object.", remedy="Give a workflow's document.")
    return document


def _holds(lines: tuple[tuple[str, ...], ...], index: int) -> bool:
    return any(line[index] for line in lines)


def _column(index: int, title: str) -> Column[tuple[str, ...]]:
    return Column(title, lambda line: shortened(line[index], LONGEST_CELL))


def _write(place: Path, data: bytes) -> None:
    try:
        place.write_bytes(data)
    except OSError as error:
        raise InvalidInput(
            f"{place} cannot be written ({error.strerror}).", remedy="Choose another place."
        ) from None
