"""The limits of a connection: what its owner set, what its provider stated, and who waits for a turn."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from penstock.api.penstock.run_shapes import CountShape
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import PathId, Shape, Time
from penstock.workflows.limits.standing import standing

router = APIRouter(route_class=GuardedRoute, tags=["connections"])


class ModelLimitsShape(Shape):
    """A model's limits a minute, null where none is known.

    `source` says whether the provider named them or they are a `guess` after a refusal. `slowedTo` is the share of
    the limits used now (1 is all), `closedUntil` when a provider that said "later" takes calls again.
    `callsPerMinute` is what goes out at most within these and the owner's limits, at `tokensPerCall` tokens on
    average. `waiting` runs wait for their turn.
    """

    model: str
    requests_per_minute: float | None
    tokens_per_minute: float | None
    source: Literal["provider", "guess"] | None
    tokens_per_call: float
    calls_per_minute: float | None
    slowed_to: float
    closed_until: Time | None
    waiting: CountShape


class LimitsShape(Shape):
    """The owner's limits, of all workers together: `concurrency` calls at a time, null a minute for none; the models called."""

    concurrency: int
    requests_per_minute: int | None
    tokens_per_minute: int | None
    models: list[ModelLimitsShape]


@router.get("/connections/{connectionId}/limits")
async def read_limits(connectionId: PathId, call: Caller) -> LimitsShape:  # noqa: N803
    """How a connection stands with its limits now."""
    async with call.transaction() as db:
        found = await standing(db, call.workspace_id, connectionId)
    return LimitsShape(
        concurrency=found.limits.concurrency,
        requests_per_minute=found.limits.requests_per_minute,
        tokens_per_minute=found.limits.tokens_per_minute,
        models=[ModelLimitsShape.model_validate(one) for one in found.models],
    )
