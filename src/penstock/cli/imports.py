"""`penstock import`: a CSV file becomes records; good rows are kept, every bad row is listed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from penstock.bootstrap import Penstock
from penstock.cli.command import command, group
from penstock.cli.jsonable import fields_of, jsonable
from penstock.cli.output import Column, output, shortened
from penstock.cli.session import session
from penstock.crm import imports, object_types
from penstock.crm.imports import BadRow, Import, ImportOptions
from penstock.crm.imports.jobs import DateFormat, Operation
from penstock.errors import InvalidInput
from penstock.kit.database import transaction

app = group("Import records.")

SHOWN_ERRORS = 20
ERRORS_AT_ONCE = 1000

ERROR_COLUMNS: tuple[Column[BadRow], ...] = (
    Column("Line", lambda error: error.line, number=True),
    Column("Column", lambda error: error.column),
    Column("Code", lambda error: error.code),
    Column("What", lambda error: shortened(error.message, 120)),
)


@command(app, "import")
async def import_records(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A CSV file with a header row.", exists=True, dir_okay=False, readable=True
        ),
    ],
    object_type: Annotated[str, typer.Option("--type", help="What its rows are: tickets, contacts, 0-5 …")],
    maps: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="HEADER=PROPERTY",
            help="Where a column goes; HEADER= leaves it out. May be repeated.",
        ),
    ] = None,
    create_properties: Annotated[
        bool, typer.Option("--create-properties", help="Make a property for each column that has none.")
    ] = False,
    unique: Annotated[
        str | None,
        typer.Option(
            "--unique",
            metavar="PROPERTY",
            help="Update the record that has the row's value of this property.",
        ),
    ] = None,
    operation: Annotated[
        Operation,
        typer.Option("--operation", case_sensitive=False, help="Whether rows may create and update records."),
    ] = "UPSERT",
    dates: Annotated[
        DateFormat, typer.Option("--dates", case_sensitive=False, help="How dates are written in the file.")
    ] = "YEAR_MONTH_DAY",
    errors_to: Annotated[
        Path | None, typer.Option("--errors-to", metavar="FILE", help="Write every bad row to this CSV file.")
    ] = None,
) -> None:
    """Import a CSV file. Good rows are kept and bad rows are listed; exit status 1 when there were bad rows."""
    options = ImportOptions(read_maps(maps or ()), create_properties, unique, operation, dates)
    async with session() as (penstock, _):
        done = await run(penstock, file, object_type, options)
        bad = await _errors(penstock, done.id, errors_to)
    if output.json:
        output.document({**fields_of(done), "errors": jsonable(bad)})
    else:
        _show(done, bad, errors_to)
    if done.error_count or done.state != "DONE":
        raise typer.Exit(1)


async def run(penstock: Penstock, file: Path, object_type: str, options: ImportOptions) -> Import:
    """Imports a file with a progress bar. Raises what `crm.imports.run_import` raises."""
    with file.open("rb") as opened:
        size = opened.seek(0, io.SEEK_END)
        opened.seek(0)
        return await run_opened(penstock, opened, file.name, size, object_type, options)


async def run_opened(
    penstock: Penstock, file: BinaryIO, name: str, size: int, object_type: str, options: ImportOptions
) -> Import:
    """Imports an open file of `size` bytes with a progress bar."""
    async with transaction(penstock.pool) as db:
        found_type = await object_types.resolve(db, penstock.workspace_id, object_type)
        job = await imports.create(db, penstock.workspace_id, found_type.id, name, options, size)
    with output.progress(f"Import {name}", "rows") as progress:

        def tell(now: Import) -> None:
            # How many rows a file holds is known at its end only; until then it is guessed from the bytes read.
            total = round(now.rows_read * size / now.bytes_read) if now.bytes_read else None
            progress(now.rows_read, total, f"{now.error_count:,} bad" if now.error_count else "")

        done = await imports.run_import(penstock.pool, penstock.workspace_id, job.id, file, tell)
        progress(done.rows_read, done.rows_read, f"{done.error_count:,} bad" if done.error_count else "")
    return done


def read_maps(maps: Sequence[str]) -> dict[str, str | None]:
    """`Header=property` pairs; an empty property leaves the column out. Raises InvalidInput for anything else."""
    columns: dict[str, str | None] = {}
    for pair in maps:
        header, equals, name = pair.rpartition("=")
        if not equals or not header:
            raise InvalidInput(
                f"--map: '{pair[:100]}' is not HEADER=PROPERTY.",
                remedy='Write --map "Consumer\'s words=content".',
            )
        columns[header] = name.strip() or None
    return columns


async def _errors(penstock: Penstock, import_id: int, errors_to: Path | None) -> list[BadRow]:
    """The first bad rows; all of them go into the file, with their cells as they were."""
    async with transaction(penstock.pool) as db:
        first = await imports.errors(db, penstock.workspace_id, import_id, limit=ERRORS_AT_ONCE)
    if errors_to is not None:
        try:
            with errors_to.open("wb") as file:
                async for piece in imports.bad_rows(penstock.pool, penstock.workspace_id, import_id):
                    file.write(piece)
        except OSError as error:
            raise InvalidInput(
                f"--errors-to: {errors_to} cannot be written ({error.strerror}).",
                remedy="The import itself is done; choose another place next time.",
            ) from None
    return first


def _show(done: Import, bad: Sequence[BadRow], errors_to: Path | None) -> None:
    seconds = ((done.finished_at or done.updated_at) - done.created_at).total_seconds()
    output.line(
        f"{done.rows_read:,} rows: {done.created_count:,} created, {done.updated_count:,} updated, "
        f"{done.unchanged_count:,} unchanged, {done.error_count:,} bad "
        f"({done.rows_read / max(seconds, 0.001):,.0f} rows/s)."
    )
    if bad:
        output.table(bad[:SHOWN_ERRORS], ERROR_COLUMNS, title="Bad rows")
    if errors_to is not None:
        output.line(f"Every bad row is in {errors_to}.")
    elif done.error_count > SHOWN_ERRORS:
        output.line(f"These are the first {SHOWN_ERRORS}; --errors-to FILE writes all of them.")
