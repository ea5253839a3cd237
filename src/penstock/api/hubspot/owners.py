"""Owners in HubSpot's words: the people of the workspace, whose ids stand in owner properties of records."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from penstock.accounts import users
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Paging, PathId, Shape, Time, paging

router = APIRouter(route_class=GuardedRoute, tags=["owners"])


class Owner(Shape):
    """HubSpot's PublicOwner. Here an owner's id and user id are one number."""

    id: Id
    email: str
    type: Literal["PERSON"] = "PERSON"
    first_name: str
    last_name: str
    user_id: int
    created_at: Time
    updated_at: Time
    archived: bool


class Owners(Shape):
    """A page of owners."""

    results: list[Owner]
    paging: Paging | None = None


def _owner(user: users.User) -> Owner:
    return Owner(
        id=user.id,
        email=user.email,
        type="PERSON",
        first_name=user.first_name,
        last_name=user.last_name,
        user_id=user.id,
        created_at=user.created_at,
        updated_at=user.deactivated_at or user.created_at,
        archived=user.deactivated_at is not None,
    )


@router.get("")
async def list_owners(
    call: Caller,
    email: str | None = None,
    after: After = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    archived: bool = False,
) -> Owners:
    """Lists owners in the order of their ids, or the one with an e-mail address."""
    async with call.transaction() as db:
        everybody = await users.list_users(db, call.workspace_id)
    found = [
        user
        for user in everybody
        if (user.deactivated_at is not None) == archived
        and user.id > (after or 0)
        and (email is None or user.email == email.strip().lower())
    ]
    page = found[:limit]
    return Owners(
        results=[_owner(user) for user in page], **paging(page[-1].id if len(found) > limit else None)
    )


@router.get("/{ownerId}")
async def read(
    ownerId: PathId,  # noqa: N803
    call: Caller,
    idProperty: Annotated[Literal["id", "userId"], Query(description="Both are one number here.")] = "id",  # noqa: N803, ARG001
) -> Owner:
    """One owner by id or user id."""
    async with call.transaction() as db:
        return _owner(await users.get(db, call.workspace_id, ownerId))
