"""What every kind of document is read into: pieces of text in order, each under its headings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list or table. `headings` are those above it from the outermost in, `page` counts from 1 (PDF)."""

    text: str
    headings: tuple[str, ...] = ()
    page: int | None = None


class Outline:
    """The headings above the place that is being read."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []

    def enter(self, level: int, heading: str) -> None:
        """A heading of this level (1 is the outermost) ends those of its own level and below."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        if heading := " ".join(heading.split()):
            self._open.append((level, heading[:200]))

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings from the outermost in."""
        return tuple(heading for _, heading in self._open)
