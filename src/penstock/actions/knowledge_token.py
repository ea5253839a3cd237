"""The token `{{ knowledge }}` of prompts: the passages that were found for the record, each under its number (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.knowledge.search import Passage

KNOWLEDGE = ("knowledge",)


def knowledge_text(passages: Sequence[Passage]) -> str:
    """The passages as they stand in a prompt: `[1] ` with document and headings, then the passage, and so on."""
    return "\n\n".join(_written(number, passage) for number, passage in enumerate(passages, 1))


def passages_within(passages: Sequence[Passage], characters: int) -> int:
    """How many of the passages begin within the first `characters` of their text."""
    start = 0
    for number, passage in enumerate(passages, 1):
        if start >= characters:
            return number - 1
        start += len(_written(number, passage)) + 2
    return len(passages)


def _written(number: int, passage: Passage) -> str:
    return f"[{number}] {passage.place}\n{passage.content}"
