"""Needs attention: causes across workflows, the runs behind them, and what to do about each."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from penstock.api.penstock.run_shapes import CountShape
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, Shape, Time
from penstock.workflows.attention.attention import count_attention, read_attention
from penstock.workflows.attention.causes import RemedyKind
from penstock.workflows.attention.group import Kind

router = APIRouter(route_class=GuardedRoute, tags=["attention"])


class SampleShape(Shape):
    """One of the things behind a group: a run with its record, an e-mail or an import."""

    id: Id
    at: Time
    record_id: Id | None
    record_name: str | None


class RemedyShape(Shape):
    """A deed that helps, with what it is done to.

    `retry_group`, `skip_group` and `cancel_group` are operations on runs (`POST /penstock/v1/run-operations`)
    with the workflow, action and error code given here; `replace_model` is `POST /penstock/v1/model-replacements` with
    the model of the group; `go_on_with_loop` and `dismiss_loop` are `POST
    /penstock/v1/stopped-loops/continuations` and `/dismissals` with `loop`; `raise_cap` and
    `remove_cap` are `PATCH` and `DELETE /penstock/v1/spend-caps/{capId}`; `set_price` is `PUT /penstock/v1/own-prices`. `objectType` is what an import brought in.
    """

    kind: RemedyKind
    flow_id: Id | None
    action_id: str | None
    error_code: str | None
    connection_id: Id | None
    object_type: str | None
    loop: str | None
    cap_id: Id | None


class AttentionFlowShape(Shape):
    """A workflow that a group is about."""

    id: Id
    name: str


class AttentionGroupShape(Shape):
    """A cause. `key` is stable while it lasts; `message` and `remedy` are those of its newest run. `flows` are the
    workflows of a loop, in the order in which they start each other."""

    key: str
    kind: Kind
    code: str
    title: str
    meaning: str
    message: str
    remedy: str
    count: CountShape
    newest_at: Time | None
    oldest_at: Time | None
    samples: list[SampleShape]
    remedies: list[RemedyShape]
    flow_id: Id | None
    flow_name: str | None
    action_id: str | None
    action_title: str | None
    connection_id: Id | None
    connection_name: str | None
    model: str | None
    flows: list[AttentionFlowShape]


class AttentionShape(Shape):
    """Everything that needs attention, most pressing first, as of `checkedAt`."""

    groups: list[AttentionGroupShape]
    checked_at: Time


class AttentionCountShape(Shape):
    """Runs that failed or pause, connections in trouble, loops that were stopped; `level` is the worst of them."""

    runs: CountShape
    connections: int
    loops: int
    level: Literal["none", "some"]


@router.get("/attention")
async def read(call: Caller) -> AttentionShape:
    """What needs attention across workflows, grouped by cause."""
    now = call.app.clock.now()
    async with call.transaction() as db:
        groups = await read_attention(db, call.app.runner.plans, call.workspace_id, now)
    return AttentionShape(
        groups=[AttentionGroupShape.model_validate(group) for group in groups], checked_at=now
    )


@router.get("/attention/count")
async def count(call: Caller) -> AttentionCountShape:
    """How much needs attention, for the badge of the navigation."""
    async with call.transaction() as db:
        found = await count_attention(db, call.workspace_id)
    return AttentionCountShape(
        runs=CountShape.model_validate(found.runs),
        connections=found.connections,
        loops=found.loops,
        level="some" if found.runs.count or found.connections or found.loops else "none",
    )
