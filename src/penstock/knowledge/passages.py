"""Cuts a document into passages: at headings, then between paragraphs, and inside one only where it is too long (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from penstock.knowledge.reading.block import Block

# About 300 tokens of English: five of them are a page and a half, and one holds a thought with what belongs to it.
MOST_CHARACTERS = 1_200
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"')\]]*\s+|\n")


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage: its text, the headings above it from the outermost in, and the page that it begins on (PDF)."""

    text: str
    headings: tuple[str, ...] = ()
    page: int | None = None


def cut(blocks: Sequence[Block], most: int = MOST_CHARACTERS) -> list[Cut]:
    """Passages of at most `most` characters, in order. Paragraphs of the same headings and page stand together."""
    passages: list[Cut] = []
    gathered: list[str] = []
    place: tuple[tuple[str, ...], int | None] = ((), None)

    def close() -> None:
        if gathered:
            passages.append(Cut("\n\n".join(gathered), *place))
            gathered.clear()

    for block in blocks:
        here = (block.headings, block.page)
        if here != place:
            close()
            place = here
        for part in _parts(block.text, most):
            if gathered and sum(len(text) + 2 for text in gathered) + len(part) > most:
                close()
            gathered.append(part)
    close()
    return passages


def _parts(text: str, most: int) -> Iterator[str]:
    """A paragraph whole, or cut after sentences and lines, and after words where a sentence alone is too long."""
    if len(text) <= most:
        yield text
        return
    start = 0
    while len(text) - start > most:
        window = text[start : start + most]
        ends = [found.end() for found in _SENTENCE_END.finditer(window)]
        end = ends[-1] if ends and ends[-1] > most // 3 else window.rfind(" ") + 1 or most
        if part := text[start : start + end].strip():
            yield part
        start += end
    if part := text[start:].strip():
        yield part
