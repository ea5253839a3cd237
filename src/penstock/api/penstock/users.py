"""The people of the workspace."""

from __future__ import annotations

from fastapi import APIRouter

from penstock.accounts import users
from penstock.accounts.actors import Role
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, Shape, Time, Wish

router = APIRouter(route_class=GuardedRoute, tags=["users"])


class UserShape(Shape):
    """A person; `deactivatedAt` is null for those who may sign in."""

    id: Id
    email: str
    first_name: str
    last_name: str
    role: Role
    created_at: Time
    deactivated_at: Time | None


class Users(Shape):
    """Everybody of the workspace."""

    results: list[UserShape]


class UserWish(Wish):
    """A person to add."""

    email: str
    role: Role
    first_name: str = ""
    last_name: str = ""


@router.get("/users")
async def list_users(call: Caller) -> Users:
    """Lists the people of the workspace, deactivated ones too."""
    async with call.transaction() as db:
        found = await users.list_users(db, call.workspace_id)
    return Users(results=[UserShape.model_validate(user) for user in found])


@router.post("/users", status_code=201)
async def create(wish: UserWish, call: Caller) -> UserShape:
    """Adds a person."""
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
