"""`penstock connections limits`: how many calls a connection may make, and how it stands. `connections` registers it."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.cli.connection_names import Named, named
from penstock.cli.jsonable import fields_of, jsonable
from penstock.cli.output import Column, output
from penstock.cli.session import session
from penstock.connections.limits import Limit, set_limits
from penstock.errors import InvalidInput
from penstock.kit.database import transaction
from penstock.workflows.limits.standing import ModelStanding, Standing, standing

NONE = "none"
SOURCES = {"provider": "stated by the provider", "guess": "found out by trying", None: "unknown"}


def _number(value: float | None) -> str:
    return NONE if value is None else f"{value:,.0f}"


COLUMNS: tuple[Column[ModelStanding], ...] = (
    Column("Model", lambda one: one.model),
    Column("Requests/min", lambda one: _number(one.requests_per_minute), number=True),
    Column("Tokens/min", lambda one: _number(one.tokens_per_minute), number=True),
    Column("Limits", lambda one: SOURCES[one.source]),
    Column("Tokens a call", lambda one: round(one.tokens_per_call), number=True),
    Column("Calls/min now", lambda one: _number(one.calls_per_minute), number=True),
    Column("Slowed to", lambda one: "" if one.slowed_to >= 1 else f"{one.slowed_to:.0%}", number=True),
    Column("Closed until", lambda one: one.closed_until),
    Column(
        "Runs waiting",
        lambda one: f"{one.waiting.count:,}{'' if one.waiting.exact else ' or more'}",
        number=True,
    ),
)


async def limits(
    connection: Named,
    calls_at_a_time: Annotated[
        int | None,
        typer.Option("--calls-at-a-time", metavar="N", help="Calls at a time, of all workers together."),
    ] = None,
    requests_per_minute: Annotated[
        str | None,
        typer.Option("--requests-per-minute", metavar="N|none", help="Requests a minute; none removes it."),
    ] = None,
    tokens_per_minute: Annotated[
        str | None,
        typer.Option("--tokens-per-minute", metavar="N|none", help="Tokens a minute; none removes it."),
    ] = None,
) -> None:
    """Show the limits of a connection and what its provider said, or set your own."""
    wished: dict[Limit, int | None] = {}
    if calls_at_a_time is not None:
        wished["concurrency"] = calls_at_a_time
    if requests_per_minute is not None:
        wished["requests_per_minute"] = _read("--requests-per-minute", requests_per_minute)
    if tokens_per_minute is not None:
        wished["tokens_per_minute"] = _read("--tokens-per-minute", tokens_per_minute)
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await named(db, actor.workspace_id, connection)
        if wished:
            await set_limits(db, actor.workspace_id, actor, found.id, wished)
        now = await standing(db, actor.workspace_id, found.id)
    _show(now)


def _read(option: str, written: str) -> int | None:
    if written.strip().lower() == NONE:
        return None
    try:
        return int(written)
    except ValueError:
        raise InvalidInput(f"{option} is no whole number.", remedy=f"Use a number, or {NONE}.") from None


def _show(found: Standing) -> None:
    owners = found.limits
    output.item(
        {**fields_of(owners), "models": jsonable(found.models)},
        [
            ("Calls at a time", f"{owners.concurrency:,}"),
            ("Requests a minute", _own(owners.requests_per_minute)),
            ("Tokens a minute", _own(owners.tokens_per_minute)),
        ],
    )
    if output.json:
        return
    if found.models:
        output.line("")
        output.table(found.models, COLUMNS, title="By model")
    else:
        output.line("No model of this connection has stated a limit or refused a call yet.")


def _own(limit: int | None) -> str:
    return "the provider's" if limit is None else f"{limit:,}"
