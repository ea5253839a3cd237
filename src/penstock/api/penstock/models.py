"""The models of a connection, with what each accepts and costs."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import PathId, Shape, Time
from penstock.llm.connection_models import models_of

router = APIRouter(route_class=GuardedRoute, tags=["models"])


class RangeShape(Shape):
    """The temperatures that a model takes."""

    low: float
    high: float


class ModelShape(Shape):
    """A model. `temperature` null means that it refuses one, and `temperatureNote` says why or when.

    `temperatureNeedsReasoningOff`: it takes one only while it does not reason, which it does unasked where
    `reasonsByDefault` is true. `search`: it can search the web; `structuredSearch`: and enforces declared outputs
    meanwhile. `effortNote`, `structuredNote` and `searchNote` say why a setting is not there.
    Sizes are tokens, prices US dollars per million tokens; null where unknown.
    """

    id: str
    label: str
    context_tokens: int | None
    max_output_tokens: int | None
    temperature: RangeShape | None
    temperature_note: str
    temperature_needs_reasoning_off: bool
    efforts: list[Literal["none", "low", "medium", "high"]]
    effort_note: str
    reasons_by_default: bool
    structured: bool
    structured_note: str
    search: bool
    search_note: str
    structured_search: bool
    retires_at: str | None
    input_usd_per_mtok: float | None
    output_usd_per_mtok: float | None
    known: bool


class Models(Shape):
    """The models of a connection and when the provider listed them."""

    results: list[ModelShape]
    fetched_at: Time


@router.get("/connections/{connectionId}/models")
async def list_models(
    connectionId: PathId,  # noqa: N803
    call: Caller,
    refresh: Annotated[
        bool, Query(description="Ask the provider now instead of using the list of the last 24 hours.")
    ] = False,
) -> Models:
    """Lists the models that the connection's key can use."""
    async with call.connection() as db:
        found = await models_of(
            db,
            call.app.llm,
            call.app.vault,
            call.workspace_id,
            connectionId,
            call.app.clock.now(),
            who=f"list of models for {call.actor.label}",
            refresh=refresh,
        )
    return Models(
        results=[ModelShape.model_validate(model) for model in found.models], fetched_at=found.fetched_at
    )
