"""Progress of long work: a bar on a terminal, a line every few seconds anywhere else."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from rich import progress as rich_progress
from rich.console import Console
from rich.text import Text

LINE_EVERY_SECONDS = 5.0
SAME_LINE_EVERY_SECONDS = 60.0  # while nothing changes


class Progress(Protocol):
    """Told how far the work is: `done` of `total` units (total None: unknown) and a word on what is going on."""

    def __call__(self, done: int, total: int | None, detail: str = "") -> None: ...


class TerminalProgress:
    """A bar with the count, the rate and the time left."""

    def __init__(self, what: str, unit: str, console: Console) -> None:
        self._bar = rich_progress.Progress(
            rich_progress.TextColumn("{task.description}"),
            rich_progress.BarColumn(bar_width=30),
            rich_progress.TaskProgressColumn(),
            _Rate(unit),
            rich_progress.TimeRemainingColumn(compact=True),
            rich_progress.TextColumn("{task.fields[detail]}", markup=False),
            console=console,
        )
        self._task = self._bar.add_task(what, total=None, detail="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, done: int, total: int | None, detail: str = "") -> None:
        self._bar.update(self._task, completed=done, total=total, detail=detail)


class _Rate(rich_progress.ProgressColumn):
    """Units per second, and how many there are."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self.unit = unit

    def render(self, task: rich_progress.Task) -> Text:
        """The text of this column."""
        speed = task.finished_speed or task.speed or 0.0
        if self.unit == "bytes":
            return Text(f"{task.completed / 1e6:,.1f} MB, {speed / 1e6:,.1f} MB/s")
        count = f"{task.completed:,.0f} {self.unit}"
        return Text(f"{count}, {speed:,.0f}/s" if speed >= 1 else count)


class PlainProgress:
    """A line every few seconds, and one at the end."""

    def __init__(self, what: str, unit: str, write: Callable[[str], None]) -> None:
        self._what = what
        self._unit = unit
        self._write = write
        self._began = self._written = time.monotonic()
        self._last: tuple[int, int | None, str] = (0, None, "")
        self._shown: tuple[int, int | None, str] = self._last

    def __call__(self, done: int, total: int | None, detail: str = "") -> None:
        changed = (done, total, detail) != self._shown
        self._last = (done, total, detail)
        if time.monotonic() - self._written >= (LINE_EVERY_SECONDS if changed else SAME_LINE_EVERY_SECONDS):
            self._line()

    def finish(self) -> None:
        """Writes the last line."""
        self._line()

    def _line(self) -> None:
        self._written, self._shown = time.monotonic(), self._last
        done, total, detail = self._last
        seconds = max(time.monotonic() - self._began, 1e-6)
        if self._unit == "bytes":
            count = f"{done / 1e6:,.1f}{f' of {total / 1e6:,.1f}' if total else ''} MB"
        else:
            count = f"{done:,}{f' of {total:,}' if total else ''} {self._unit}"
        self._write(f"{self._what}: {count}, {seconds:,.1f} s{f', {detail}' if detail else ''}")
