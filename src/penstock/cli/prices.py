"""`penstock prices`: prices that the workspace states itself, in place of the list's."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

import typer

from penstock.accounts import audit
from penstock.cli.command import command, group
from penstock.cli.output import Column, output
from penstock.cli.session import session
from penstock.errors import InvalidInput
from penstock.kit.database import transaction
from penstock.llm.client import provider_of
from penstock.llm.own_prices import OwnPrice, list_prices, remove_price, set_price
from penstock.llm.prices import listed_price

app = group("Prices that you state yourself, in place of the list's (US dollars per million tokens).")

Provider = Annotated[str, typer.Argument(metavar="PROVIDER", help="openai, anthropic, compatible, local …")]
Model = Annotated[str, typer.Argument(metavar="MODEL", help="The model's id.")]

COLUMNS: tuple[Column[OwnPrice], ...] = (
    Column("Provider", lambda one: one.provider),
    Column("Model", lambda one: one.model),
    Column("$/M in", lambda one: f"{one.input_usd:f}", number=True),
    Column(
        "$/M cached",
        lambda one: "" if one.cached_input_usd is None else f"{one.cached_input_usd:f}",
        number=True,
    ),
    Column("$/M out", lambda one: f"{one.output_usd:f}", number=True),
    Column("Batch", lambda one: "" if one.batch_factor is None else f"{one.batch_factor:f}", number=True),
    Column("List in", lambda one: _listed(one, "input_usd"), number=True),
    Column("List out", lambda one: _listed(one, "output_usd"), number=True),
    Column("By", lambda one: one.set_by),
    Column("Since", lambda one: one.set_at),
)


@command(app, "list")
async def list_own() -> None:
    """List the prices that you state yourself."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await list_prices(db, actor.workspace_id)
    output.results(found, COLUMNS, empty="None: all prices are the list's.")


@command(app, "set")
async def set_own(
    provider: Provider,
    model: Model,
    input_usd: Annotated[str, typer.Option("--input", help="USD per million input tokens.")],
    output_usd: Annotated[str, typer.Option("--output", help="USD per million output tokens.")],
    cached: Annotated[
        str | None, typer.Option("--cached", help="USD per million cached input tokens; without it as input.")
    ] = None,
    batch: Annotated[
        str | None,
        typer.Option("--batch-factor", help="The part of it that a call in a batch costs, such as 0.5."),
    ] = None,
) -> None:
    """State the price of a model. Costs from now on are worked out with it."""
    provider_of(provider)
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        stated = await set_price(
            db,
            OwnPrice(
                actor.workspace_id,
                provider,
                model,
                _number(input_usd),
                None if cached is None else _number(cached),
                _number(output_usd),
                None if batch is None else _number(batch),
                actor.label,
                penstock.clock.now(),
            ),
        )
        await audit.record(db, actor, "price.set", "model", f"{provider}/{model}")
    output.said(f"{provider}/{model} costs what you state; workers follow at once.", stated)


@command(app, "remove")
async def remove_own(provider: Provider, model: Model) -> None:
    """Go back to the list's price of a model."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        await remove_price(db, actor.workspace_id, provider, model)
        await audit.record(db, actor, "price.removed", "model", f"{provider}/{model}")
    output.said(f"{provider}/{model} costs what the list says.", {"provider": provider, "model": model})


def _listed(price: OwnPrice, name: Literal["input_usd", "output_usd"]) -> str:
    found = listed_price(price.provider, price.model)
    return "" if found is None else f"{getattr(found, name):f}"


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InvalidInput(f"'{text[:40]}' is no number.", remedy="Write for example 0.15.") from None
