"""Who is calling and whether they may: bearer token -> actor -> permission of the route."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.accounts.permissions import require
from penstock.accounts.tokens import authenticate
from penstock.api.errors import correlation_id
from penstock.api.limits import Throttle
from penstock.bootstrap import Penstock
from penstock.crm.source import Source
from penstock.errors import Forbidden, RateLimited, Unauthenticated
from penstock.kit.database import Connection, transaction

# Only describes the scheme in the OpenAPI document; `admit` does the work, before the body is read.
bearer_scheme = HTTPBearer(
    auto_error=False, description="An API token of Penstock: `Authorization: Bearer pst_…`."
)


@dataclass(frozen=True, slots=True)
class Call:
    """What a route gets: the process it runs in and the caller it serves."""

    app: Penstock
    actor: Actor
    correlation_id: str

    @property
    def workspace_id(self) -> int:
        """The workspace of the caller; everything a route reads or writes is inside it."""
        return self.actor.workspace_id

    @property
    def source(self) -> Source:
        """What property history names as the origin of what this caller writes."""
        return Source("API", self.actor.id, self.actor.label)

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """The one transaction of the request."""
        return transaction(self.app.pool)

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """A connection without a transaction, for the few deeds that ask a provider before they write."""
        return self.app.pool.acquire()


async def current_call(request: Request) -> Call:
    """The call that `admit` let in."""
    call: Call = request.state.call
    return call


Caller = Annotated[Call, Depends(current_call)]


async def admit(request: Request, permission: str) -> Call:
    """Lets a caller in, or raises Unauthenticated, RateLimited or Forbidden; who is refused stands in the audit log."""
    app: Penstock = request.app.state.penstock
    throttle: Throttle = request.app.state.throttle
    address = request.client.host if request.client else ""
    if (wait := throttle.wait(address)) > 0:
        raise RateLimited(
            "Too many wrong API tokens from this address.", retry_after=wait, remedy="Wait a minute."
        )
    token = bearer_token(request)
    try:
        async with transaction(app.pool) as db:
            actor = await authenticate(db, token)
    except Unauthenticated:
        throttle.failed(address)
        raise
    try:
        require(actor, permission)
    except Forbidden:
        async with transaction(app.pool) as db:
            place = f"{request.method} {request.scope['path']}"
            await audit.record(
                db, actor, "denied", "route", place, {"permission": permission, "address": address}
            )
        raise
    return Call(app, actor, correlation_id(request))


def bearer_token(request: Request) -> str:
    """The token of the Authorization header. Raises Unauthenticated when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(
            "The request carries no API token.", remedy="Send the header Authorization: Bearer pst_…."
        )
    return token.strip()
