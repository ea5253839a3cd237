"""API tokens: list, issue (shown once), revoke."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter

from penstock.accounts import tokens
from penstock.accounts.actors import Role
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Limit, Paging, PathId, Shape, Time, Wish, paging

router = APIRouter(route_class=GuardedRoute, tags=["tokens"])


class TokenShape(Shape):
    """What can be known of a token after it was shown."""

    id: Id
    user_id: Id | None
    name: str
    last_four: str
    role: Role
    created_at: Time
    expires_at: Time | None
    last_used_at: Time | None
    revoked_at: Time | None


class Tokens(Shape):
    """Tokens, revoked ones too."""

    results: list[TokenShape]
    paging: Paging | None = None


class TokenWish(Wish):
    """A token to issue. Without `expiresAt` it never expires."""

    name: str
    role: Role
    user_id: Id | None = None
    expires_at: datetime | None = None


class IssuedTokenShape(Shape):
    """A new token: `token` is its text and is never shown again."""

    token: str
    details: TokenShape


@router.get("/tokens")
async def list_tokens(call: Caller, after: After = None, limit: Limit = 100) -> Tokens:
    """Lists the API tokens, without their text."""
    async with call.transaction() as db:
        found = await tokens.list_tokens(db, call.workspace_id, after=after or 0, limit=limit + 1)
    last = found[limit - 1].id if len(found) > limit else None
    return Tokens(results=[TokenShape.model_validate(token) for token in found[:limit]], **paging(last))


@router.post("/tokens", status_code=201)
async def create(wish: TokenWish, call: Caller) -> IssuedTokenShape:
    """Issues an API token. The answer is the only place where its text ever appears."""
    async with call.transaction() as db:
        issued = await tokens.create(
            db,
            call.workspace_id,
            call.actor,
            name=wish.name,
            role=wish.role,
            user_id=wish.user_id,
            expires_at=wish.expires_at,
        )
    return IssuedTokenShape(token=issued.plain, details=TokenShape.model_validate(issued.token))


@router.delete("/tokens/{tokenId}", status_code=204)
async def revoke(tokenId: PathId, call: Caller) -> None:  # noqa: N803
    """Revokes a token: the next request with it is refused."""
    async with call.transaction() as db:
        await tokens.revoke(db, call.workspace_id, call.actor, tokenId)
