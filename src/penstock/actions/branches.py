"""What branching actions share: the names of their exits, and the edges that stand inside their nodes."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class BranchModel(BaseModel):
    """A part of a branch node; unknown keys are kept."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=to_camel, populate_by_name=True)


class Edge(BranchModel):
    """A connection to the next action; GOTO is drawn as a jump and means the same to the runner."""

    edge_type: str = "STANDARD"
    next_action_id: str


def exit_names(names: Iterable[str | None]) -> list[str]:
    """One name per branch, in order: the branch's own, or `#<position>` when that is missing or taken."""
    taken: set[str] = set()
    result: list[str] = []
    for position, name in enumerate(names, start=1):
        chosen = name if name and name not in taken else f"#{position}"
        while chosen in taken:
            chosen += "#"
        taken.add(chosen)
        result.append(chosen)
    return result
