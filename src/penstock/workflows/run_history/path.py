"""The way that a run took through its workflow, from the rows of its action log. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.workflows.plan import Plan
from penstock.workflows.runs import Run, Step


@dataclass(frozen=True, slots=True)
class PathPart:
    """One stop: the action, the exit it was left by, and the action after it.

    `branch` is the name of a branch's exit; None stands for the only exit or the one taken when no other is.
    `next_action_id` is None at the end of the workflow, and while the run stands at the action (`left` False).
    """

    action_id: str
    branch: str | None
    next_action_id: str | None
    left: bool


def path_of(run: Run, steps: Sequence[Step], plan: Plan | None) -> list[PathPart]:
    """The stops of a run in order; attempts and waits at one action are one stop."""
    stops: list[list[Step]] = []
    arrived = True
    for step in steps:
        if arrived or stops[-1][0].action_id != step.action_id:
            stops.append([])
        stops[-1].append(step)
        arrived = step.status in ("COMPLETED", "SKIPPED") or "branch" in (step.detail or {})
    parts = []
    for position, stop in enumerate(stops):
        action_id = stop[0].action_id
        last = position == len(stops) - 1
        following = run.next_action_id if last else stops[position + 1][0].action_id
        left = not last or stop[-1].status in ("COMPLETED", "SKIPPED") or following != action_id
        parts.append(PathPart(action_id, _branch(stop, following, plan), following if left else None, left))
    return parts


def _branch(stop: Sequence[Step], following: str | None, plan: Plan | None) -> str | None:
    """The exit as the step noted it; else the only one that leads where the run went."""
    for step in reversed(stop):
        if step.detail is not None and "branch" in step.detail:
            branch = step.detail["branch"]
            return None if branch is None else str(branch)
    node = plan.nodes.get(stop[0].action_id) if plan is not None else None
    names = [name for name, target in node.exits.items() if target == following] if node is not None else []
    return names[0] if len(names) == 1 else None
