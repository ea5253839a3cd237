"""The people of the workspace."""

from __future__ import annotations

from fastapi import APIRouter, Request

from penstock.accounts import links, users
from penstock.accounts.actors import Role
from penstock.api.penstock.invitations import url_of
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Limit, Paging, PathId, Shape, Time, Wish, paging

router = APIRouter(route_class=GuardedRoute, tags=["users"])


class UserShape(Shape):
    """A person; `deactivatedAt` is null for those who may sign in, `hasPassword` says whether they can."""

    id: Id
    email: str
    first_name: str
    last_name: str
    role: Role
    created_at: Time
    deactivated_at: Time | None
    last_signed_in_at: Time | None
    has_password: bool


class Users(Shape):
    """People of the workspace."""

    results: list[UserShape]
    paging: Paging | None = None


class UserWish(Wish):
    """A person to add."""

    email: str
    role: Role
    first_name: str = ""
    last_name: str = ""


class UserChange(Wish):
    """What to change about a person; `active` false shuts them out at once."""

    role: Role | None = None
    active: bool | None = None
    first_name: str | None = None
    last_name: str | None = None


class HoldingsShape(Shape):
    """What ends when a person is deactivated: sessions, and API tokens by name (at most 100)."""

    sessions: int
    tokens: list[str]


class ResetLinkShape(Shape):
    """A link to set a new password, shown only now."""

    url: str
    expires_at: Time


@router.get("/users")
async def list_users(call: Caller, after: After = None, limit: Limit = 100) -> Users:
    """Lists the people of the workspace, deactivated ones too."""
    async with call.transaction() as db:
        found = await users.list_users(db, call.workspace_id, after=after or 0, limit=limit + 1)
    last = found[limit - 1].id if len(found) > limit else None
    return Users(results=[UserShape.model_validate(user) for user in found[:limit]], **paging(last))


@router.post("/users", status_code=201)
async def create(wish: UserWish, call: Caller) -> UserShape:
    """Adds a person, who can sign in once invited."""
    async with call.transaction() as db:
        user = await users.create(
            db,
            call.workspace_id,
            call.actor,
            email=wish.email,
            role=wish.role,
            first_name=wish.first_name,
            last_name=wish.last_name,
        )
    return UserShape.model_validate(user)


@router.patch("/users/{userId}")
async def change(userId: PathId, wish: UserChange, call: Caller) -> UserShape:  # noqa: N803
    """Gives a person another role or name, shuts them out, or lets them in again; at once."""
    async with call.transaction() as db:
        user = await users.get(db, call.workspace_id, userId)
        users.check_role(call.actor, user.role)
        if wish.role is not None and wish.role != user.role:
            user = await users.set_role(db, call.workspace_id, call.actor, userId, wish.role)
        if wish.first_name is not None or wish.last_name is not None:
            user = await users.describe(
                db, call.workspace_id, userId, first_name=wish.first_name, last_name=wish.last_name
            )
        if wish.active is False and user.deactivated_at is None:
            user = await users.deactivate(db, call.workspace_id, call.actor, userId)
        elif wish.active is True and user.deactivated_at is not None:
            user = await users.reactivate(db, call.workspace_id, call.actor, userId)
    return UserShape.model_validate(user)


@router.get("/users/{userId}/holdings")
async def holdings(userId: PathId, call: Caller) -> HoldingsShape:  # noqa: N803
    """What a deactivation of this person would end."""
    async with call.transaction() as db:
        found = await users.holdings(db, call.workspace_id, userId)
    return HoldingsShape.model_validate(found)


@router.post("/users/{userId}/reset-links", status_code=201)
async def issue_reset_link(userId: PathId, request: Request, call: Caller) -> ResetLinkShape:  # noqa: N803
    """Issues a link with which a person sets a new password."""
    async with call.transaction() as db:
        user = await users.get(db, call.workspace_id, userId)
        issued = await links.issue(db, call.actor, "password_reset", user, at=call.app.clock.now())
    return ResetLinkShape(url=url_of(request, call, issued.token), expires_at=issued.link.expires_at)
