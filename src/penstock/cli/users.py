"""`penstock users`: the people of the workspace."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.accounts import invitations, links, users
from penstock.accounts.actors import Role
from penstock.accounts.users import User
from penstock.cli.command import command, group
from penstock.cli.output import Column, output
from penstock.cli.session import session
from penstock.cli.sign_in_link import show
from penstock.errors import NotFound
from penstock.kit.database import Connection, transaction

app = group("People who sign in.")

COLUMNS: tuple[Column[User], ...] = (
    Column("User", lambda user: user.id, number=True),
    Column("E-mail", lambda user: user.email),
    Column("Name", lambda user: f"{user.first_name} {user.last_name}".strip()),
    Column("Role", lambda user: user.role),
    Column("Password", lambda user: user.has_password),
    Column("Last signed in", lambda user: user.last_signed_in_at),
    Column("Deactivated", lambda user: user.deactivated_at),
)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The person's e-mail address.")]


@command(app, "list")
async def list_users() -> None:
    """List the people of the workspace, deactivated ones too."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await users.list_users(db, actor.workspace_id)
    output.results(found, COLUMNS, empty="No users.")


@command(app, "invite")
async def invite(
    email: Email, role: Annotated[Role, typer.Option("--role", help="What the person may do.")] = "viewer"
) -> None:
    """Invite somebody: print a link, valid once and for seven days, with which they choose a password."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        now = penstock.clock.now()
        issued = await invitations.invite(db, actor.workspace_id, actor, email=email, role=role, at=now)
    show(penstock.settings, issued)


@command(app, "set-role")
async def set_role(
    email: Email, role: Annotated[Role, typer.Argument(metavar="ROLE", help="The new role.")]
) -> None:
    """Give a person another role, from their next request on."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        person = await _by_email(db, actor.workspace_id, email)
        changed = await users.set_role(db, actor.workspace_id, actor, person.id, role)
    output.said(f"{changed.email} is {changed.role} now.", changed)


@command(app, "deactivate")
async def deactivate(email: Email) -> None:
    """Shut a person out, with every session and API token, from their next request on."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        person = await _by_email(db, actor.workspace_id, email)
        changed = await users.deactivate(db, actor.workspace_id, actor, person.id)
    output.said(f"{changed.email} can no longer sign in.", changed)


@command(app, "reset-link")
async def reset_link(email: Email) -> None:
    """Print a link, valid once and for 24 hours, with which a person sets a new password."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        person = await _by_email(db, actor.workspace_id, email)
        if person.deactivated_at is not None:
            raise NotFound(f"{person.email} is deactivated.", remedy="Activate the user first.")
        issued = await links.issue(db, actor, "password_reset", person, at=penstock.clock.now())
    show(penstock.settings, issued)


async def _by_email(db: Connection, workspace_id: int, email: str) -> User:
    person = await users.by_email(db, workspace_id, email)
    if person is None:
        raise NotFound("There is no user with this e-mail address.", remedy="See `penstock users list`.")
    return person
