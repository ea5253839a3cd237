"""Cases of an eval set from a CSV file: columns of inputs, and columns of what is expected.

`expected.<field>` has to be equalled; `expected.<field>.<kind>` is a check of another kind (`one_of` with values
separated by semicolons, `contains`, `matches`, `within` as `1..5`, `judge`). `name` and `record_id` are optional,
`output.<actionId>.<name>` is an output of an earlier step, any other column is a property. Empty cells ask nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from penstock.accounts.actors import Actor
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.errors import InvalidInput, NotFound, Problem
from penstock.kit import csvio
from penstock.kit.database import Connection
from penstock.kit.json import Json, JsonObject
from penstock.workflows import flows
from penstock.workflows.evals import cases, sets
from penstock.workflows.evals.cases import MOST_CASES, EvalCase, NewCase
from penstock.workflows.evals.checks import KINDS, Check, read_checks

EXPECTED = "expected."
OUTPUT = "output."
MOST_COLUMNS = 500
SHOWN_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A row of a file: the record that it names if it does, values by property, earlier outputs, and the checks."""

    line: int
    name: str
    record_id: int | None
    values: Mapping[str, str]
    outputs: Mapping[str, JsonObject]
    checks: tuple[Check, ...]


@dataclass(slots=True)
class _Reading:
    """What was read so far, and what was wrong."""

    found: list[ReadCase] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_cases(file: BinaryIO, schema: ObjectSchema) -> list[ReadCase]:
    """The cases of a file, all or none. Raises InvalidInput with the first 20 problems by line."""
    reading = _Reading()
    header: list[str] | None = None
    for row in csvio.read(file, limits=csvio.Limits(MOST_CASES + 1, MOST_COLUMNS)):
        if isinstance(row, csvio.RowError):
            reading.problems.append(Problem(f"line {row.line}", row.code, row.message))
        elif header is None:
            header = [cell.strip() for cell in row.cells]
            _check_header(header, schema, reading)
            if reading.problems:
                break
        else:
            _read_row(row, header, reading)
    if not reading.problems and not reading.found:
        reading.problems.append(
            Problem("line 1", "EMPTY_FILE", "The file has a header and no rows, or nothing.")
        )
    if reading.problems:
        shown = reading.problems[:SHOWN_PROBLEMS]
        raise InvalidInput(
            f"{shown[0].path}: {shown[0].message}",
            remedy="Correct the file; nothing of it was taken.",
            problems=shown,
        )
    return reading.found


async def import_cases(db: Connection, actor: Actor, set_id: int, file: BinaryIO) -> list[EvalCase]:
    """Adds the cases of a CSV file to a set, all or none. A row with a `record_id` begins from that record's values.

    Raises NotFound for an unknown set, InvalidInput for a file with problems.
    """
    workspace_id = actor.workspace_id
    found = await sets.get(db, workspace_id, set_id)
    type_id = (await flows.get(db, workspace_id, found.flow_id)).object_type_id
    read = read_cases(file, await load_schema(db, workspace_id, type_id))
    new: list[NewCase] = []
    for one in read:
        values: dict[str, str] = {}
        if one.record_id is not None:
            try:
                values = await cases.values_of_record(db, workspace_id, set_id, one.record_id)
            except NotFound as missing:
                at = f"line {one.line}"
                problem = Problem(at, "UNKNOWN_RECORD", missing.message)
                raise InvalidInput(f"{at}: {missing.message}", problems=[problem]) from missing
        name = one.name or f"Line {one.line}"
        new.append(NewCase(name, {**values, **one.values}, one.checks, one.outputs, one.record_id))
    return await cases.add(db, actor, set_id, new)


def _check_header(header: Sequence[str], schema: ObjectSchema, reading: _Reading) -> None:
    def wrong(code: str, message: str) -> None:
        reading.problems.append(Problem("line 1", code, message))

    for name in dict.fromkeys(one for one in header if header.count(one) > 1):
        wrong("DUPLICATE_COLUMN", f"The column '{name[:100]}' is there twice.")
    for name in header:
        if name in ("name", "record_id") or name.startswith(EXPECTED):
            continue
        if name.startswith(OUTPUT):
            if name.count(".") != 2:
                wrong("UNKNOWN_COLUMN", f"'{name[:100]}' is not output.<actionId>.<name>.")
        elif name not in schema.properties:
            plural = schema.object_type.plural_label
            wrong(
                "UNKNOWN_PROPERTY",
                f"{plural} have no property '{name[:100]}'. Name properties by their internal names.",
            )
    if not any(name.startswith(EXPECTED) for name in header):
        wrong("MISSING_COLUMN", "No column says what is expected: name one expected.<field>.")


def _read_row(row: csvio.Row, header: Sequence[str], reading: _Reading) -> None:
    cells = dict(zip(header, row.cells, strict=False))
    at = f"line {row.line}"
    outputs: dict[str, JsonObject] = {}
    values: dict[str, str] = {}
    raw: list[Json] = []
    for name, cell in cells.items():
        if not cell.strip() or name in ("name", "record_id"):
            continue
        if name.startswith(EXPECTED):
            raw.append(raw_check(name.removeprefix(EXPECTED), cell))
        elif name.startswith(OUTPUT):
            _, action_id, output = name.split(".")
            outputs.setdefault(action_id, {})[output] = cell
        else:
            values[name] = cell
    record_id = cells.get("record_id", "").strip()
    if record_id and not (record_id.isascii() and record_id.isdigit() and len(record_id) < 19):
        reading.problems.append(Problem(at, "WRONG_VALUE", "record_id is not the id of a record."))
        return
    if not raw:
        reading.problems.append(Problem(at, "MISSING_FIELD", "The row says nothing of what is expected."))
        return
    try:
        checks = read_checks(raw)
    except InvalidInput as error:
        reading.problems += [Problem(at, problem.code, problem.message) for problem in error.problems]
        return
    name = cells.get("name", "").strip()
    reading.found.append(
        ReadCase(row.line, name, int(record_id) if record_id else None, values, outputs, checks)
    )


def raw_check(column: str, cell: str) -> JsonObject:
    """A check as JSON from its name without `expected.` (`product`, `summary.contains`) and the text beside it."""
    name, _, kind = column.rpartition(".")
    if not name or kind not in KINDS:
        return {"field": column, "kind": "equals", "value": cell}
    check: JsonObject = {"field": name, "kind": kind}
    match kind:
        case "one_of":
            values: list[Json] = [part.strip() for part in cell.split(";") if part.strip()]
            return {**check, "values": values}
        case "matches":
            return {**check, "pattern": cell}
        case "judge":
            return {**check, "criterion": cell}
        case "within":
            low, _, high = cell.partition("..")
            return {**check, "low": low.strip(), "high": high.strip()}
        case _:
            return {**check, "value": cell}
