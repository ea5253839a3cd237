"""Caps on what model calls may cost: of the workspace, a workflow, a connection, or each run of a workflow."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from penstock.api.penstock.run_shapes import CountShape, Usd
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, PathId, Shape, Time, Wish
from penstock.workflows.editing.chosen import choose_document
from penstock.workflows.run_history.counts import Count
from penstock.workflows.spending.caps import Cap, get_cap, list_caps, remove_cap, set_cap
from penstock.workflows.spending.of_flow import spending_of_flow

router = APIRouter(route_class=GuardedRoute, tags=["spend caps"])

Limit = Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=14, decimal_places=8)]
"""US dollars as a number or decimal text, from 0 (no calls at all) to 1,000,000."""


class CapShape(Shape):
    """A cap and where it stands in its period. `subjectId` is the workflow or connection, null for the workspace.

    `reservedUsd` is what calls under way may still cost. A cap of scope `run` holds for each run by itself, so it
    has nothing spent of its own. `waiting` runs stand still until there is room. With `alerts` owners and admins get an
    e-mail when 80 % are used and when it is reached, each once in a period.
    """

    id: Id
    scope: Literal["workspace", "flow", "connection", "run"]
    subject_id: Id | None
    subject_name: str | None
    period: Literal["day", "month", "total"]
    limit_usd: Usd
    spent_usd: Usd
    reserved_usd: Usd
    left_usd: Usd
    waiting: CountShape
    alerts: bool
    created_at: Time
    updated_at: Time


class CapsShape(Shape):
    """All caps in the order in which they were set."""

    results: list[CapShape]


class AtCapShape(Shape):
    """What an LLM step does at a cap. `wait`: its records stand still until there is room; `fail`: the step fails, and they
    go on by its path for failed records where it has one."""

    action_id: str
    when_cap_reached: Literal["wait", "fail"]
    has_error_path: bool


class FlowSpendingShape(Shape):
    """USD that calls of a workflow cost today and this month (in the workspace's time zone), the caps that hold for it, the
    one with least left first, and its LLM steps."""

    today_usd: Usd
    month_usd: Usd
    caps: list[CapShape]
    steps: list[AtCapShape]


class CapWish(Wish):
    """A cap to set; one of the same scope, subject and period is changed.

    `day` and `month` are those of the workspace's time zone and count what was spent before; `total` counts from
    now on. Scope `run` takes the period `total`. `subjectId` is left out for the workspace.
    """

    scope: Literal["workspace", "flow", "connection", "run"]
    subject_id: Id | None = None
    period: Literal["day", "month", "total"]
    limit_usd: Limit
    alerts: bool | None = None


class CapChange(Wish):
    """Another limit for a cap, or whether it is alerted of; what is left out stays."""

    limit_usd: Limit | None = None
    alerts: bool | None = None


@router.get("/spend-caps")
async def list_spend_caps(call: Caller) -> CapsShape:
    """All caps of the workspace."""
    async with call.transaction() as db:
        found = await list_caps(db, call.workspace_id)
    return CapsShape(results=[_shape(cap) for cap in found])


@router.get("/flows/{flowId}/spending")
async def read_flow_spending(
    flowId: PathId,  # noqa: N803
    call: Caller,
    revision: Annotated[
        str | None,
        Query(description="`draft`, `live` or a number; without it the draft where there is one."),
    ] = None,
) -> FlowSpendingShape:
    """What a workflow spends, which caps hold for it (its own, its connections', the workspace's), and what happens there."""
    async with call.transaction() as db:
        chosen = await choose_document(db, call.workspace_id, flowId, revision)
        found = await spending_of_flow(db, call.workspace_id, flowId, chosen.document)
    return FlowSpendingShape(
        today_usd=found.today_usd,
        month_usd=found.month_usd,
        caps=[_shape(cap) for cap in found.caps],
        steps=[AtCapShape.model_validate(step) for step in found.steps],
    )


@router.post("/spend-caps")
async def set_spend_cap(wish: CapWish, call: Caller) -> CapShape:
    """Sets a cap, or changes the one that there is; runs that wait for it try again at once."""
    async with call.transaction() as db:
        cap = await set_cap(
            db,
            call.workspace_id,
            call.actor,
            wish.scope,
            wish.subject_id or 0,
            wish.period,
            wish.limit_usd,
            wish.alerts,
        )
    return _shape(cap)


@router.get("/spend-caps/{capId}")
async def read_spend_cap(capId: PathId, call: Caller) -> CapShape:  # noqa: N803
    """One cap."""
    async with call.transaction() as db:
        cap = await get_cap(db, call.workspace_id, capId)
    return _shape(cap)


@router.patch("/spend-caps/{capId}")
async def change_spend_cap(capId: PathId, wish: CapChange, call: Caller) -> CapShape:  # noqa: N803
    """Gives a cap another limit, or other alerts; runs that wait for it try again at once."""
    async with call.transaction() as db:
        cap = await get_cap(db, call.workspace_id, capId)
        limit = cap.limit_usd if wish.limit_usd is None else wish.limit_usd
        cap = await set_cap(
            db, call.workspace_id, call.actor, cap.scope, cap.subject_id, cap.period, limit, wish.alerts
        )
    return _shape(cap)


@router.delete("/spend-caps/{capId}", status_code=204)
async def remove_spend_cap(capId: PathId, call: Caller) -> None:  # noqa: N803
    """Removes a cap; runs that wait for it go on."""
    async with call.transaction() as db:
        await remove_cap(db, call.workspace_id, call.actor, capId)


def _shape(cap: Cap) -> CapShape:
    return CapShape(
        id=cap.id,
        scope=cap.scope,
        subject_id=cap.subject_id or None,
        subject_name=cap.subject_name,
        period=cap.period,
        limit_usd=cap.limit_usd,
        spent_usd=cap.spent_usd,
        reserved_usd=cap.reserved_usd,
        left_usd=cap.left_usd,
        alerts=cap.alerts,
        waiting=CountShape.model_validate(Count.of(cap.waiting_runs)),
        created_at=cap.created_at,
        updated_at=cap.updated_at,
    )
