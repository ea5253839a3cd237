"""One-time links: what one is for, and using it up. The secret comes in the body, never in an address."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from penstock.accounts import passwords, sessions, sign_in
from penstock.accounts.actors import Role
from penstock.accounts.links import Link, Purpose
from penstock.accounts.sign_in import Newcomer
from penstock.accounts.users import Language, by_email
from penstock.accounts.workspaces import workspace_of
from penstock.api import cookies
from penstock.api.penstock.session import SessionShape, session_shape
from penstock.api.route import GuardedRoute
from penstock.api.security import signed_in_person
from penstock.api.shapes import Shape, Time, Wish
from penstock.api.visitors import Visiting, Visitor
from penstock.errors import PasswordRefused, Problem

router = APIRouter(route_class=GuardedRoute, tags=["links"])


class LinkWish(Wish):
    """The secret of a link: what stands behind the # of its address."""

    token: str


class LinkShape(Shape):
    """What a link is for. It is still good afterwards."""

    purpose: Purpose
    email: str
    role: Role
    first_name: str
    last_name: str
    needs_password: bool
    may_change_email: bool
    workspace_name: str
    expires_at: Time


class RedemptionWish(Wish):
    """A link to use up, with what the person chose: a password where the link needs one.

    `email` is for the first owner, whose address was made up at the first start.
    """

    token: str
    password: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    language: Language | None = None


@router.post("/link-inspections")
async def inspect_link(wish: LinkWish, visitor: Visiting) -> LinkShape:
    """Says what a link is for, without using it up."""
    link = await _open(visitor, wish.token)
    async with visitor.transaction() as db:
        known = await by_email(db, link.workspace_id, link.email)
        workspace = await workspace_of(db, link.workspace_id)
    return LinkShape(
        purpose=link.purpose,
        email=link.email,
        role=link.role,
        first_name=known.first_name if known else "",
        last_name=known.last_name if known else "",
        needs_password=link.sets_password,
        may_change_email=link.purpose == "first_owner",
        workspace_name=workspace.name,
        expires_at=link.expires_at,
    )


@router.post("/link-redemptions")
async def redeem_link(
    wish: RedemptionWish, request: Request, response: Response, visitor: Visiting
) -> SessionShape:
    """Uses a link up and signs in."""
    settings = visitor.app.settings
    cookies.check_transport(request, settings)
    link = await _open(visitor, wish.token)
    chosen = await _chosen_password(wish, link)
    before = await signed_in_person(request, visitor.app)
    newcomer = Newcomer(chosen, wish.first_name, wish.last_name, wish.email, wish.language)
    async with visitor.transaction() as db:
        user, new = await sign_in.redeem(db, visitor.workspace_id, wish.token, newcomer, visitor.browser)
        if before is not None:
            await sessions.end(db, visitor.workspace_id, before.user_id, before.session_id)
        cookies.give(request, response, settings, new.cookie)
        return await session_shape(db, user)


async def _open(visitor: Visitor, token: str) -> Link:
    async with visitor.transaction() as db:
        await sign_in.begin_link(db, visitor.workspace_id, visitor.browser)
    async with visitor.transaction() as db:
        return await sign_in.inspect(db, visitor.workspace_id, token, visitor.browser)


async def _chosen_password(wish: RedemptionWish, link: Link) -> str | None:
    if not link.sets_password:
        return None
    if wish.password is None:
        message = "This link needs a password for you."
        raise PasswordRefused(message, problems=[Problem("password", "PASSWORD_REFUSED", message)])
    names = (wish.first_name or "", wish.last_name or "")
    passwords.check_choice(wish.password, "password", link.email, wish.email or "", *names)
    return await passwords.hashed(wish.password)
