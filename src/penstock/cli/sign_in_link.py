"""`penstock sign-in-link`: a way in for whoever operates this machine and has forgotten the password."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.accounts import links, users
from penstock.accounts.first_start import first_owner
from penstock.accounts.links import IssuedLink
from penstock.cli.command import command, group
from penstock.cli.jsonable import fields_of
from penstock.cli.output import output
from penstock.cli.session import session
from penstock.errors import NotFound
from penstock.kit.database import transaction
from penstock.settings import Settings

app = group("Sign in.")


@command(app, "sign-in-link")
async def sign_in_link(
    email: Annotated[
        str | None, typer.Option("--email", help="Whose session it starts; the first owner's when left out.")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", help="Where it leads, such as /runs/1.")] = None,
) -> None:
    """Print a link that signs in without a password, valid once and for ten minutes."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        person = (
            await first_owner(db, actor.workspace_id)
            if email is None
            else await users.by_email(db, actor.workspace_id, email)
        )
        if person is None or person.deactivated_at is not None:
            raise NotFound("There is no active user with this address.", remedy="See `penstock users list`.")
        issued = await links.issue(db, actor, "sign_in", person, at=penstock.clock.now())
    show(penstock.settings, issued, to)


def show(settings: Settings, issued: IssuedLink, to: str | None = None) -> None:
    """Prints a new link; it cannot be shown again."""
    url = address_of(settings) + links.path(issued.token, to)
    output.note(f"For {issued.link.email}, valid once and until {issued.link.expires_at:%Y-%m-%d %H:%M} UTC:")
    output.said(url, {**fields_of(issued.link), "url": url})


def address_of(settings: Settings) -> str:
    """Where people reach a server with these settings."""
    if settings.public_url is not None:
        return settings.public_url
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - compared, not bound
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
