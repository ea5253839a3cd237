"""`penstock models`: what a connection's models accept and cost, which of them end, and others in their place."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.cli import retiring_models
from penstock.cli.command import command, group
from penstock.cli.connection_names import Named, named
from penstock.cli.output import Column, output, shown
from penstock.cli.session import session
from penstock.llm.catalog import ModelInfo
from penstock.llm.connection_models import models_of

app = group("Models: what they accept and cost, which end, and others in their place.")

COLUMNS: tuple[Column[ModelInfo], ...] = (
    Column("Model", lambda model: model.id),
    Column("Context", lambda model: _thousands(model.context_tokens), number=True),
    Column("Temperature", lambda model: _temperature(model)),
    Column("Efforts", lambda model: " ".join(model.efforts)),
    Column("Fields", lambda model: model.structured),
    Column("Web search", lambda model: model.search),
    Column("$/M in", lambda model: _price(model.input_usd_per_mtok), number=True),
    Column("$/M out", lambda model: _price(model.output_usd_per_mtok), number=True),
    Column("Retires", lambda model: (model.retires_at or "")[:10]),
)


@command(app, "list")
async def list_models(
    connection: Named,
    refresh: Annotated[
        bool,
        typer.Option(
            "--refresh", help="Ask the provider now instead of using the list of the last 24 hours."
        ),
    ] = False,
) -> None:
    """List the models that a connection can use, with what they accept and cost (US dollars per million tokens)."""
    async with session() as (penstock, actor), penstock.pool.acquire() as db:
        found = await named(db, actor.workspace_id, connection)
        listed = await models_of(
            db,
            penstock.llm,
            penstock.vault,
            actor.workspace_id,
            found.id,
            penstock.clock.now(),
            who=f"list of models for {actor.label}",
            refresh=refresh,
        )
    output.results(
        listed.models,
        COLUMNS,
        empty="The provider lists no models for this key.",
        note=f"As of {shown(listed.fetched_at)}.",
    )


for _name, _function in (("retiring", retiring_models.retiring), ("replace", retiring_models.replace)):
    command(app, _name)(_function)


def _temperature(model: ModelInfo) -> str:
    if model.temperature is None:
        return "no" if model.known else "unknown"
    return f"{model.temperature.low:g} to {model.temperature.high:g}" + (
        "*" if model.temperature_note else ""
    )


def _thousands(tokens: int | None) -> str:
    return "" if tokens is None else f"{tokens:,}"


def _price(usd: float | None) -> str:
    return "" if usd is None else f"{usd:.2f}"
