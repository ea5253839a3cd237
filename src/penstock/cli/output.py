"""What commands print: tables and lines for people, one JSON document for programs.

Results go to standard output; progress, notes and errors go to standard error. With `--json` standard output
is exactly one JSON document. Colour and boxes appear on a terminal only, and NO_COLOR is respected; in a pipe
a table is aligned text with nothing cut off.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import orjson
from rich.box import ROUNDED
from rich.console import Console
from rich.table import Table
from rich.text import Text

from penstock.cli.jsonable import jsonable
from penstock.cli.progress import PlainProgress, Progress, TerminalProgress

Item = TypeVar("Item")

PIPE_WIDTH = 10_000  # wide enough that nothing is folded or cut in a pipe

# Record values come from strangers: an escape sequence in one must not reach the terminal.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Column(Generic[Item]):
    """A column of a table: its title, how to get its cell from an item, and whether it is a number."""

    title: str
    cell: Callable[[Item], object]
    number: bool = False
    style: Callable[[Item], str] | None = None


class Output:
    """Where commands write. `json` is set by the `--json` option before the command begins."""

    def __init__(self) -> None:
        self.json = False

    @property
    def out(self) -> Console:
        """Standard output, looked up late so that a redirection is respected."""
        return _console(sys.stdout.isatty(), stderr=False)

    @property
    def err(self) -> Console:
        """Standard error."""
        return _console(sys.stderr.isatty(), stderr=True)

    def results(
        self,
        items: Sequence[Item],
        columns: Sequence[Column[Item]],
        *,
        title: str = "",
        empty: str = "None.",
        note: str = "",
    ) -> None:
        """A list: a table for people, `{"results": […]}` as HubSpot pages them for programs."""
        if self.json:
            self.document({"results": [jsonable(item) for item in items]})
        elif not items:
            self.line(empty)
        else:
            self.table(items, columns, title=title)
            if note:
                self.line(note)

    def table(self, items: Sequence[Item], columns: Sequence[Column[Item]], *, title: str = "") -> None:
        """A table for people."""
        console = self.out
        table = Table(
            title=title or None,
            title_justify="left",
            box=ROUNDED if console.is_terminal else None,
            pad_edge=console.is_terminal,
        )
        for column in columns:
            table.add_column(column.title, justify="right" if column.number else "left", overflow="fold")
        for item in items:
            table.add_row(
                *(Text(shown(c.cell(item)), style=c.style(item) if c.style else "") for c in columns)
            )
        _print(console, table)

    def item(self, value: object, lines: Sequence[tuple[str, object]]) -> None:
        """One thing: a label and a value a line for people, the whole of `value` for programs."""
        if self.json:
            self.document(value)
            return
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="bold", no_wrap=True)
        grid.add_column(overflow="fold")
        for label, part in lines:
            grid.add_row(label, Text(shown(part)))
        _print(self.out, grid)

    def said(self, message: str, value: object) -> None:
        """The result of doing something: a sentence for people, `value` for programs."""
        if self.json:
            self.document(value)
        else:
            self.line(message)

    def line(self, message: str, style: str = "") -> None:
        """A line of the result, for people only."""
        if not self.json:
            self.out.print(Text(_safe(message), style=style), soft_wrap=True)

    def note(self, message: str, style: str = "") -> None:
        """A remark beside the result, on standard error; silent with `--json`."""
        if not self.json:
            self.err.print(Text(_safe(message), style=style), soft_wrap=True)

    def document(self, value: object) -> None:
        """The one JSON document of a command."""
        sys.stdout.write(
            orjson.dumps(jsonable(value), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
        )

    @contextmanager
    def progress(self, what: str, unit: str) -> Iterator[Progress]:
        """Progress of long work on standard error: a bar on a terminal, a line now and then otherwise."""
        console = self.err
        if console.is_terminal and not self.json:
            with TerminalProgress(what, unit, console) as bar:
                yield bar
        else:
            plain = PlainProgress(what, unit, (lambda _: None) if self.json else self.note)
            yield plain
            plain.finish()


def shown(value: object) -> str:
    """A cell as people read it: local time without fractions, yes and no, lists joined, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(shown(part) for part in value)
    if isinstance(value, dict):
        return _safe(orjson.dumps(jsonable(value)).decode())
    return _safe(str(value))


def shortened(text: str, length: int) -> str:
    """Text on one line of at most `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def _safe(text: str) -> str:
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _print(console: Console, table: Table) -> None:
    """Prints a table; in a pipe without the spaces that fill up its last column."""
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        console.print(Text(line.rstrip()), soft_wrap=True)


def _console(terminal: bool, *, stderr: bool) -> Console:
    return Console(stderr=stderr, highlight=False, emoji=False, width=None if terminal else PIPE_WIDTH)


output = Output()
