"""CSV in and out as streams (RFC 4180 and what spreadsheets make of it).

Reading never stops at a broken row: it yields a RowError in its place and goes on with the next line. Memory
stays constant however long the file or a line is. Writing makes cells harmless that a spreadsheet would run.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from penstock.kit.csv_format import Format, rejoin, sniff

LONGEST_CELL = 131_072  # characters; csv.field_size_limit's own default
LONGEST_LINE = 4 * 1024 * 1024  # characters
LONGEST_ROW = 16 * 1024 * 1024  # characters over all its lines
CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold. Rows beyond the last are not read; wider ones are errors."""

    rows: int = 10_000_000
    columns: int = 2_000


@dataclass(slots=True)
class Row:
    """A row: the line of the file it begins on (from 1) and its cells as text."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that could not be read: where it begins, a code in capitals and a sentence for people."""

    line: int
    code: str
    message: str


def read(file: BinaryIO, format: Format | None = None, limits: Limits = Limits()) -> Iterator[Row | RowError]:  # noqa: A002
    """The rows of a CSV file, header row included and blank lines left out, in order.

    Encoding and delimiter are found out from the first 64 KB unless `format` says them. The file is read
    from where it stands and need not be seekable.
    """
    known, stream = (format, file) if format else sniff(file)
    # Bytes that do not fit the encoding become lone surrogates, which `_flaw` reports line by line.
    # A file cut in the middle of a UTF-16 character ends in bytes that surrogateescape cannot carry.
    broken = "replace" if known.encoding.startswith("utf-16") else "surrogateescape"
    text = io.TextIOWrapper(rejoin(stream), known.encoding, errors=broken, newline="")
    try:
        yield from _rows(_Lines(text), known.delimiter, limits)
    finally:
        text.detach()  # The caller's file stays open.


def write(rows: Iterable[Sequence[str | None]], delimiter: str = ",") -> Iterator[bytes]:
    """Encodes rows as UTF-8 CSV in pieces of about 64 KB; None is an empty cell, formulas are made text."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow(["" if cell is None else harmless(cell) for cell in row])
        if buffer.tell() >= CHUNK:
            yield buffer.getvalue().encode(errors="replace")
            buffer.seek(0)
            buffer.truncate()
    if buffer.tell():
        yield buffer.getvalue().encode(errors="replace")


_FORMULA = re.compile(r"[=+\-@\t\r\n\x00＝＋－＠]")  # noqa: RUF001 - spreadsheets take the wide forms too
_NUMBER = re.compile(r"[+\-]?[0-9][0-9 .,]*\Z")


def harmless(cell: str) -> str:
    """The cell with `'` before it when a spreadsheet would take it for a formula (OWASP ASVS 5.0, 1.2.10).

    Plain numbers and phone numbers keep their sign: -5 and +49 30 123 cannot run anything.
    """
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell


class _RowTooLong(csv.Error):
    """A row has more characters than `LONGEST_ROW`."""


class _Lines:
    """Gives csv.reader its lines, remembers those of the current row, and can give them again."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._readline = text.readline
        self._again: list[str] = []
        self._size = 0
        self.taken: list[str] = []  # lines of the row being read
        self.before = 0  # lines before that row
        self.ended_inside = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._readline(LONGEST_LINE)
        if not line:
            self.ended_inside = bool(self.taken)
            raise StopIteration
        self.taken.append(line)
        self._size += len(line)
        if len(line) >= LONGEST_LINE:
            self._skip_rest_of_line(line)
        if self._size > LONGEST_ROW:
            raise _RowTooLong
        return line

    def next_row(self) -> None:
        """Forgets the row that was read."""
        self.before += len(self.taken)
        self._size = 0
        self.taken.clear()

    def only_first(self) -> None:
        """Keeps the first line of the row that was read, to be reported, and gives the others again."""
        self._again.extend(reversed(self.taken[1:]))
        del self.taken[1:]
        self.ended_inside = False

    def _skip_rest_of_line(self, line: str) -> None:
        while line and line[-1] not in "\r\n":
            line = self._readline(LONGEST_LINE)


def _rows(lines: _Lines, delimiter: str, limits: Limits) -> Iterator[Row | RowError]:
    reader = csv.reader(lines, delimiter=delimiter)
    count = 0
    while True:
        cells, error = _next_row(reader, lines)
        if cells is None:
            return
        if error is not None:
            reader = csv.reader(lines, delimiter=delimiter)
        error = error or _flaw(lines, cells, limits)
        start = lines.before + 1
        if error is not None:
            yield RowError(start, *error)
        elif cells:
            count += 1
            if count > limits.rows:
                message = f"The file has more than {limits.rows:,} rows; the rest is not read."
                yield RowError(start, "TOO_MANY_ROWS", message)
                return
            yield Row(start, cells)
        lines.next_row()


def _next_row(reader: Iterator[list[str]], lines: _Lines) -> tuple[list[str] | None, tuple[str, str] | None]:
    """The cells of the next row, None at the end; or code and sentence when no end of the row was found.

    Then its first line is the error and the others are read again. (A row of endless quoted cells is dropped
    as a whole: reading its lines again and again would take quadratic time.)
    """
    try:
        cells = next(reader, None)
    except _RowTooLong:
        return [], ("ROW_TOO_LONG", f"The row is longer than {LONGEST_ROW:,} characters.")
    except csv.Error:
        lines.only_first()
        if len(lines.taken[0]) >= LONGEST_LINE:
            return [], _flaw(lines, [], Limits())
        return [], (
            "CELL_TOO_LONG",
            f"A cell is longer than {LONGEST_CELL:,} characters, or a quote is never closed.",
        )
    if lines.ended_inside:
        lines.only_first()
        return [], ("UNCLOSED_QUOTE", 'A cell begins with " and never ends.')
    return cells, None


_UNDECODED = re.compile("[\udc80-\udcff]")


def _flaw(lines: _Lines, cells: list[str], limits: Limits) -> tuple[str, str] | None:
    """What is wrong with a row whose end is known, as code and sentence."""
    if len(cells) > limits.columns:
        return "TOO_MANY_COLUMNS", f"The row has {len(cells):,} cells; {limits.columns:,} are allowed."
    for line in lines.taken:
        if len(line) >= LONGEST_LINE:
            return "LINE_TOO_LONG", f"The line is longer than {LONGEST_LINE:,} characters."
        if "\0" in line:
            return "NUL_CHARACTER", "The row holds a NUL character, which is not text."
        if not line.isascii() and _UNDECODED.search(line):
            return "WRONG_ENCODING", "The row holds bytes that do not fit the file's encoding."
    return None
