"""`penstock tokens`: API tokens, for programs that use the HTTP API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from penstock.accounts import tokens
from penstock.accounts.actors import Role
from penstock.accounts.tokens import ApiToken
from penstock.cli.command import command, group
from penstock.cli.jsonable import fields_of
from penstock.cli.output import Column, output
from penstock.cli.session import session
from penstock.kit.database import transaction

app = group("API tokens.")

COLUMNS: tuple[Column[ApiToken], ...] = (
    Column("Token", lambda token: token.id, number=True),
    Column("Name", lambda token: token.name),
    Column("Role", lambda token: token.role),
    Column("Ends in", lambda token: token.last_four),
    Column("Created", lambda token: token.created_at),
    Column("Last used", lambda token: token.last_used_at),
    Column("Expires", lambda token: token.expires_at),
    Column("Revoked", lambda token: token.revoked_at),
)


@command(app, "list")
async def list_tokens() -> None:
    """List API tokens; what they were is not stored."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await tokens.list_tokens(db, actor.workspace_id)
    output.results(found, COLUMNS, empty="No tokens.")


@command(app, "create")
async def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is for.")],
    role: Annotated[Role, typer.Option("--role", help="What it may do.")] = "builder",
    days: Annotated[
        int | None, typer.Option("--days", min=1, help="Days until it expires; never when left out.")
    ] = None,
) -> None:
    """Create an API token and show it once."""
    expires = datetime.now(UTC) + timedelta(days=days) if days is not None else None
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        issued = await tokens.create(db, actor.workspace_id, actor, name=name, role=role, expires_at=expires)
    output.note(f"Token {issued.token.id}. It is shown only now:")
    output.said(issued.plain, {**fields_of(issued.token), "token": issued.plain})


@command(app, "revoke")
async def revoke(token_id: Annotated[int, typer.Argument(metavar="TOKEN", help="The token's id.")]) -> None:
    """End a token for good."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        token = await tokens.revoke(db, actor.workspace_id, actor, token_id)
    output.said(f"Token {token.id} ({token.name}) is revoked.", token)
