"""What actions are called where people read of runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from penstock.kit.database import Connection
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.plan import Plan

Revision = tuple[int, int]  # flow id and revision id


def title_of(plan: Plan | None, action_id: str | None) -> str | None:
    """The title of an action's kind such as 'Edit record'; its type for kinds of others; None for no action."""
    node = plan.nodes.get(action_id or "") if plan is not None else None
    if node is None:
        return None
    return node.action.title if node.action is not None else node.action_type_id


async def plans_of(
    db: Connection, plans: PlanSource, revisions: Iterable[Revision]
) -> Mapping[Revision, Plan]:
    """The plans of these revisions, from memory where they were read before."""
    return await plans.get(db, set(revisions))
