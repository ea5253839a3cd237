"""A look into a CSV file before it is imported: how it is written, what its columns hold, and where they may go."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, Literal

from penstock.crm.imports.cells import VALUE_CODES
from penstock.crm.imports.columns import new_property
from penstock.crm.imports.dates import iso_date
from penstock.crm.imports.jobs import DateFormat, ImportOptions
from penstock.crm.names import name_from_label
from penstock.crm.properties import Property
from penstock.crm.schema import ObjectSchema
from penstock.crm.values import normalise
from penstock.errors import InvalidInput, InvalidProperty
from penstock.kit import csvio
from penstock.kit.csv_format import Format, sniff

SAMPLE = 1_000  # rows looked at
SHOWN_ROWS = 20
SHOWN_SAMPLES = 5
SHOWN_PROBLEMS = 5
SHOWN_OPTIONS = 10
SHOWN_ROW_ERRORS = 20
LONGEST_CELL = 300  # characters of a cell that are shown

SuggestedBy = Literal["name", "label", "similar", "mapping"]


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that the property does not take, or a row that is none; `value` is the beginning of the cell."""

    line: int
    code: str
    message: str
    value: str = ""


@dataclass(slots=True)
class PreviewColumn:
    """A column: the property it may go into and why, the property it could become, and what is in it.

    `unknown_options` and `problems` are about the suggested property, in the rows looked at.
    """

    index: int
    header: str
    suggestion: str | None
    suggested_by: SuggestedBy | None
    new_property: Property
    filled: int = 0
    samples: list[str] = field(default_factory=list)
    unknown_options: list[str] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    problem_count: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds. `format` is the encoding and delimiter that were found out."""

    format: Format
    rows_sampled: int
    columns: list[PreviewColumn]
    rows: list[list[str]]
    row_errors: list[CellProblem]
    unique_properties: list[str]
    suggested_unique: str | None


def preview(
    file: BinaryIO,
    schema: ObjectSchema,
    date_format: DateFormat = "YEAR_MONTH_DAY",
    mapping: Mapping[str, str | None] | None = None,
) -> Preview:
    """Reads the header and the first rows of a file; blocking.

    `mapping` says for headers where they go (None: nowhere); the others are suggested by name, label, or
    likeness. Raises InvalidInput when the file has no header row, and when `mapping` names what does not exist.
    """
    found, stream = sniff(file)
    rows = csvio.read(stream, found)
    header = next(rows, None)
    if not isinstance(header, csvio.Row):
        reason = header.message if header else "It is empty."
        raise InvalidInput(
            f"The file has no header row. {reason}", remedy="Write the columns' names into its first row."
        )
    read = list(islice(rows, SAMPLE))
    good = [row for row in read if isinstance(row, csvio.Row)]
    bad = [CellProblem(row.line, row.code, row.message) for row in read if isinstance(row, csvio.RowError)]
    titles = [title.strip() for title in header.cells]
    _check_mapping(mapping or {}, titles, schema)
    columns = []
    for index, title in enumerate(titles):
        cells = [(row.line, row.cells[index]) for row in good if index < len(row.cells)]
        columns.append(_column(index, title, cells, schema, date_format, mapping or {}))
    _settle_rivals(columns)
    unique = sorted(schema.unique_properties)
    mapped = {column.suggestion for column in columns}
    return Preview(
        found,
        len(read),
        columns,
        [[cell[:LONGEST_CELL] for cell in row.cells] for row in good[:SHOWN_ROWS]],
        bad[:SHOWN_ROW_ERRORS],
        unique,
        next((name for name in unique if name in mapped), None),
    )


def _check_mapping(mapping: Mapping[str, str | None], titles: Sequence[str], schema: ObjectSchema) -> None:
    for title, name in mapping.items():
        if title.strip() not in titles:
            raise InvalidInput(f"mapping: the file has no column '{title[:100]}'.", remedy="Use its headers.")
        if name is not None and name not in schema.properties:
            raise InvalidInput(
                f"mapping: {schema.object_type.plural_label} have no property '{name[:100]}'.",
                remedy="Create it first, or map the column to another.",
            )


def _column(
    index: int,
    title: str,
    cells: Sequence[tuple[int, str]],
    schema: ObjectSchema,
    date_format: DateFormat,
    mapping: Mapping[str, str | None],
) -> PreviewColumn:
    held = [(line, cell) for line, cell in cells if cell.strip()]
    texts = [cell for _, cell in held]
    made = new_property(
        name_from_label(title or f"column_{index + 1}"),
        title,
        texts,
        ImportOptions(date_format=date_format),
        "",
    )
    name, why = _suggest(title, schema)
    if title in mapping:
        name, why = mapping[title], "mapping" if mapping[title] is not None else None
    column = PreviewColumn(index, title, name, why, made, len(held))
    column.samples = [text[:LONGEST_CELL] for text in list(dict.fromkeys(texts))[:SHOWN_SAMPLES]]
    if name is not None:
        _try_cells(column, schema.properties[name], held, date_format)
    return column


def _try_cells(
    column: PreviewColumn, prop: Property, cells: Sequence[tuple[int, str]], date_format: DateFormat
) -> None:
    """Notes which cells the property would not take."""
    unknown: dict[str, None] = {}
    for line, cell in cells:
        text = iso_date(cell, date_format) if prop.type in ("date", "datetime") else cell
        try:
            normalise(prop, text)
        except InvalidProperty as error:
            problem = error.problems[0]
            column.problem_count += 1
            if problem.code == "INVALID_OPTION":
                unknown[cell.strip()[:LONGEST_CELL]] = None
            if len(column.problems) < SHOWN_PROBLEMS:
                code = VALUE_CODES.get(problem.code, "FAILED_VALIDATION")
                column.problems.append(CellProblem(line, code, problem.message, cell.strip()[:LONGEST_CELL]))
    column.unknown_options = list(unknown)[:SHOWN_OPTIONS]


def _suggest(title: str, schema: ObjectSchema) -> tuple[str | None, SuggestedBy | None]:
    """The property of this name or label in any case, else the one whose name or label has the same letters."""
    folded = title.casefold()
    writable = {name: prop for name, prop in schema.properties.items() if not prop.read_only_value}
    if folded in writable:
        return folded, "name"
    for name, prop in writable.items():
        if prop.label.casefold() == folded:
            return name, "label"
    letters = _letters(title)
    if letters:
        for name, prop in writable.items():
            if letters in (_letters(name), _letters(prop.label)):
                return name, "similar"
        for name, prop in writable.items():
            if _stem(letters) in (_stem(_letters(name)), _stem(_letters(prop.label))):
                return name, "similar"
    return None, None


def _settle_rivals(columns: Sequence[PreviewColumn]) -> None:
    """Two columns cannot fill one property: the better suggestion stays, of equal ones the first."""
    order = {"mapping": 0, "name": 1, "label": 2, "similar": 3, None: 4}
    taken: set[str] = set()
    for column in sorted(columns, key=lambda one: (order[one.suggested_by], one.index)):
        if column.suggestion is None or column.suggested_by == "mapping":
            taken |= {column.suggestion} if column.suggestion else set()
        elif column.suggestion in taken:
            column.suggestion = column.suggested_by = None
            column.unknown_options, column.problems, column.problem_count = [], [], 0
        else:
            taken.add(column.suggestion)


def _stem(letters: str) -> str:
    """Without the word that people write or leave out: `emailaddress` is `email`."""
    for ending in ("address", "number", "name"):
        if letters.endswith(ending) and len(letters) > len(ending) + 1:
            return letters.removesuffix(ending)
    return letters


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
