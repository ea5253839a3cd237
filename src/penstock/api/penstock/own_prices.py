"""Prices that a workspace states itself, in place of the list's."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from penstock.accounts import audit
from penstock.api.penstock.flow_shapes import usd
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Shape, Time, Wish
from penstock.llm.batches import OFFERED
from penstock.llm.client import provider_of
from penstock.llm.own_prices import OwnPrice, list_prices, remove_price, set_price
from penstock.llm.prices import listed_price

router = APIRouter(route_class=GuardedRoute, tags=["ownPrices"])

Name = Annotated[str, Field(min_length=1, max_length=200)]
Usd = Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=14, decimal_places=8)]


class OwnPriceWish(Wish):
    """USD per million tokens. Without `cachedInputUsd` cached input costs as plain; `batchFactor` is the part of it that
    a call in a batch costs."""

    provider: Name
    model: Name
    input_usd: Usd
    output_usd: Usd
    cached_input_usd: Usd | None = None
    batch_factor: Annotated[Decimal | None, Field(gt=0, le=1)] = None


class ListedPriceShape(Shape):
    """What the list says of a model: USD per million tokens at small sizes, as decimal text; `batchFactor` is the
    provider's, null where it has no batch API."""

    input_usd: str
    cached_input_usd: str
    output_usd: str
    batch_factor: str | None


class ListedPriceAnswer(Shape):
    """The list's price of a model; null where the list does not have it."""

    listed: ListedPriceShape | None


class OwnPriceShape(Shape):
    """A stated price: USD per million tokens as decimal text; `listed` is what it stands in place of, null for a model
    that no list has."""

    provider: str
    model: str
    input_usd: str
    cached_input_usd: str | None
    output_usd: str
    batch_factor: str | None
    set_by: str
    set_at: Time
    listed: ListedPriceShape | None


class OwnPrices(Shape):
    """The stated prices, by provider and model."""

    results: list[OwnPriceShape]


@router.get("/own-prices")
async def list_own_prices(call: Caller) -> OwnPrices:
    """The prices that the workspace states itself; all others are the list's."""
    async with call.transaction() as db:
        return OwnPrices(results=[_shape(one) for one in await list_prices(db, call.workspace_id)])


@router.get("/listed-price")
async def read_listed_price(
    call: Caller,  # noqa: ARG001 - whoever may see connections; the list is the same for all
    provider: Annotated[str, Query(max_length=200)],
    model: Annotated[str, Query(max_length=200)],
) -> ListedPriceAnswer:
    """What the list says of a model, which holds unless the workspace states a price itself."""
    provider_of(provider)
    return ListedPriceAnswer(listed=_listed(provider, model))


@router.put("/own-prices")
async def set_own_price(wish: OwnPriceWish, call: Caller) -> OwnPriceShape:
    """States the price of a model. Costs from now on are worked out with it; workers follow at once."""
    provider_of(wish.provider)
    async with call.transaction() as db:
        stated = await set_price(
            db,
            OwnPrice(
                call.workspace_id,
                wish.provider,
                wish.model,
                wish.input_usd,
                wish.cached_input_usd,
                wish.output_usd,
                wish.batch_factor,
                call.actor.label,
                call.app.clock.now(),
            ),
        )
        await audit.record(db, call.actor, "price.set", "model", f"{wish.provider}/{wish.model}")
    return _shape(stated)


@router.delete("/own-prices", status_code=204)
async def remove_own_price(
    call: Caller,
    provider: Annotated[str, Query(max_length=200)],
    model: Annotated[str, Query(max_length=200)],
) -> None:
    """Goes back to the list's price of a model."""
    async with call.transaction() as db:
        await remove_price(db, call.workspace_id, provider, model)
        await audit.record(db, call.actor, "price.removed", "model", f"{provider}/{model}")


def _shape(price: OwnPrice) -> OwnPriceShape:
    return OwnPriceShape(
        provider=price.provider,
        model=price.model,
        input_usd=usd(price.input_usd) or "0",
        cached_input_usd=usd(price.cached_input_usd),
        output_usd=usd(price.output_usd) or "0",
        batch_factor=usd(price.batch_factor),
        set_by=price.set_by,
        set_at=price.set_at,
        listed=_listed(price.provider, price.model),
    )


def _listed(provider: str, model: str) -> ListedPriceShape | None:
    found = listed_price(provider, model)
    if found is None:
        return None
    offered = OFFERED.get(provider)
    return ListedPriceShape(
        input_usd=usd(found.input_usd) or "0",
        cached_input_usd=usd(found.cached_input_usd) or "0",
        output_usd=usd(found.output_usd) or "0",
        batch_factor=None if offered is None else usd(offered.price_factor),
    )
