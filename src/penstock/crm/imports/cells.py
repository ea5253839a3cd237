"""From the cells of a row to canonical values, or to the errors of the row, in HubSpot's words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.crm.imports.columns import Column
from penstock.crm.imports.dates import iso_date
from penstock.crm.imports.jobs import BadRow, DateFormat
from penstock.crm.values import normalise
from penstock.errors import InvalidProperty
from penstock.kit.csvio import Row, RowError

# From the codes of `crm.values` and `kit.csvio` to HubSpot's import error types (crm/v3/imports, errorType).
VALUE_CODES = {
    "INVALID_OPTION": "INVALID_ENUMERATION_OPTION",
    "AMBIGUOUS_OPTION": "AMBIGUOUS_ENUMERATION_OPTION",
    "INVALID_NUMBER": "COULD_NOT_PARSE_NUMBER",
    "INVALID_DATE": "COULD_NOT_PARSE_DATE",
    "INVALID_EMAIL": "INVALID_EMAIL",
    "VALUE_TOO_LONG": "COLUMN_TOO_LARGE",
}
ROW_CODES = {
    "CELL_TOO_LONG": "COLUMN_TOO_LARGE",
    "LINE_TOO_LONG": "ROW_DATA_TOO_LARGE",
    "ROW_TOO_LONG": "ROW_DATA_TOO_LARGE",
    "TOO_MANY_COLUMNS": "INCORRECT_NUMBER_OF_COLUMNS",
    "TOO_MANY_ROWS": "LIMIT_EXCEEDED",
}


@dataclass(slots=True)
class GoodRow:
    """A row whose cells all fit: its line, its values by property, and its cells. Empty cells say nothing."""

    line: int
    values: dict[str, str | None]
    cells: Sequence[str] = ()


@dataclass(slots=True)
class ParsedRows:
    """A batch of rows read: the good ones, the errors of the others, and how many rows there were."""

    good: list[GoodRow]
    errors: list[BadRow]
    rows: int = 0
    bad_rows: int = 0

    def add(
        self, row: Row | RowError, columns: Sequence[Column], width: int, date_format: DateFormat
    ) -> None:
        """Reads one row of a file whose header has `width` cells."""
        self.rows += 1
        found = _row_error(row, width)
        values: dict[str, str | None] = {}
        if found is None and isinstance(row, Row):
            bad = len(self.errors)
            self._read(row, columns, date_format, values)
            if len(self.errors) == bad:
                self.good.append(GoodRow(row.line, values, row.cells))
                return
        elif found is not None:
            self.errors.append(found)
        self.bad_rows += 1

    def _read(
        self, row: Row, columns: Sequence[Column], date_format: DateFormat, values: dict[str, str | None]
    ) -> None:
        for column in columns:
            cell = row.cells[column.index] if column.index < len(row.cells) else ""
            if not cell or cell.isspace():
                continue
            prop = column.property
            if prop.type in ("date", "datetime"):
                cell = iso_date(cell, date_format)
            try:
                values[prop.name] = normalise(prop, cell)
            except InvalidProperty as error:
                code = VALUE_CODES.get(error.problems[0].code, "FAILED_VALIDATION")
                self.errors.append(
                    BadRow(row.line, column.header, code, error.problems[0].message, cells=row.cells)
                )


def _row_error(row: Row | RowError, width: int) -> BadRow | None:
    if isinstance(row, RowError):
        return BadRow(row.line, "", ROW_CODES.get(row.code, "COULD_NOT_PARSE_ROW"), row.message)
    count = len(row.cells)
    if count == width or (count > width and not any(row.cells[width:])):
        return None
    message = f"The row has {count} cells and the header {width}. Quote cells that hold the delimiter or a line break."
    return BadRow(row.line, "", "INCORRECT_NUMBER_OF_COLUMNS", message, cells=row.cells)
