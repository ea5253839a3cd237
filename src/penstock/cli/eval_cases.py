"""Cases of eval sets on the command line: kept, imported, added, changed, deleted. `evals` registers them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from penstock.cli.eval_runs import SetId
from penstock.cli.output import Column, output, shortened
from penstock.cli.session import session
from penstock.errors import InvalidInput
from penstock.kit.database import transaction
from penstock.kit.json import Json
from penstock.workflows.evals import cases, sets
from penstock.workflows.evals.cases import EvalCase, NewCase
from penstock.workflows.evals.checks import Check, read_checks
from penstock.workflows.evals.csv_cases import import_cases, raw_check
from penstock.workflows.evals.keep import Kept, keep_rows
from penstock.workflows.samples import samples

LONGEST_CELL = 60  # characters of a cell in a table for people

CaseId = Annotated[int, typer.Argument(metavar="CASE", help="The case's id.")]
Expect = Annotated[
    list[str] | None,
    typer.Option(
        "--expect",
        metavar="FIELD[.KIND]=VALUE",
        help="A check, as in a column of a CSV file: product=Mortgage, summary.contains=twice; may be repeated.",
    ),
]

COLUMNS: tuple[Column[EvalCase], ...] = (
    Column("Id", lambda case: case.id, number=True),
    Column("Name", lambda case: shortened(case.name, LONGEST_CELL)),
    Column("Record", lambda case: case.record_id, number=True),
    Column("Expected", lambda case: shortened(_expected(case), 2 * LONGEST_CELL)),
)


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
    expect: Expect = None,
) -> None:
    """Keep rows of a sample as cases: accepted as they are, corrected, or with checks of your own."""
    corrections: dict[str, Json] = dict(_pairs(correct, "--correct", "urgency=high"))
    checks = _checks(expect) if expect else None
    if (corrections or checks) and len(row or ()) != 1:
        raise InvalidInput(
            "--correct and --expect say what one row should have been.", remedy="Name it with --row."
        )
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        await samples.get(db, actor.workspace_id, sample_id)
        rows = await samples.rows_of(db, actor.workspace_id, sample_id)
        wanted = row or [one.position for one in rows if one.status == "COMPLETED"]
        kept = tuple(Kept(position, corrections, checks) for position in wanted)
        added = await keep_rows(db, actor, set_id, sample_id, kept)
    output.said(f"{len(added)} cases are added to eval set {set_id}.", {"results": added})


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


async def list_cases(set_id: SetId) -> None:
    """List the cases of an eval set with what is expected."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        await sets.get(db, actor.workspace_id, set_id)
        found = await cases.list_cases(db, actor.workspace_id, set_id)
    output.results(
        found, COLUMNS, empty=f"No cases. Add some with: penstock evals keep {set_id} --sample SAMPLE"
    )


async def add_case(
    set_id: SetId,
    expect: Expect = None,
    name: Annotated[str, typer.Option("--name", help="What it is called.")] = "",
    record: Annotated[
        int | None, typer.Option("--record", metavar="RECORD", help="Begin from this record's values now.")
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option("--value", metavar="PROPERTY=VALUE", help="A value of the case; may be repeated."),
    ] = None,
) -> None:
    """Add a case: a record's values or your own, and what the step should answer."""
    values = _pairs(value, "--value", "subject=Flood")
    checks = _checks(expect)
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        if record is not None:
            values = {**await cases.values_of_record(db, actor.workspace_id, set_id, record), **values}
        [added] = await cases.add(db, actor, set_id, [NewCase(name, values, checks, {}, record)])
    output.said(f"Case {added.id} is added to eval set {set_id}: {_expected(added)}.", added)


async def change_case(
    set_id: SetId,
    case_id: CaseId,
    expect: Expect = None,
    name: Annotated[str | None, typer.Option("--name", help="What the case is called from now on.")] = None,
) -> None:
    """Give a case other checks, in place of all it has, or another name."""
    checks = _checks(expect) if expect else None
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await cases.get_case(db, actor.workspace_id, set_id, case_id)
        changed = await cases.change(
            db, actor, set_id, case_id, name=name or found.name, checks=checks or found.checks
        )
    output.said(f"Case {case_id} ({changed.name}): {_expected(changed)}.", changed)


async def delete_case(set_id: SetId, case_id: CaseId) -> None:
    """Take a case out of an eval set."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        await cases.delete_case(db, actor, set_id, case_id)
    output.said(f"Case {case_id} is deleted.", {"id": str(case_id)})


def _checks(expected: Sequence[str] | None) -> tuple[Check, ...]:
    """The checks of `--expect`, which may name a field twice with different kinds."""
    raw: list[Json] = [raw_check(*_pair(one, "--expect", "product=Mortgage")) for one in expected or ()]
    if not raw:
        raise InvalidInput("Nothing says what is expected.", remedy="Say it: --expect product=Mortgage.")
    return read_checks(raw, "--expect")


def _pairs(pairs: Sequence[str] | None, option: str, example: str) -> dict[str, str]:
    return dict(_pair(one, option, example) for one in pairs or ())


def _pair(text: str, option: str, example: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise InvalidInput(
            f"{option}: '{text[:100]}' is not NAME=VALUE.", remedy=f"Write {option} {example}."
        )
    return name.strip(), value


def _expected(case: EvalCase) -> str:
    return ", ".join(f"{one.field}: {one.expected}" for one in case.checks)
