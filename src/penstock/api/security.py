"""Who is calling and whether they may: bearer token or session cookie -> actor -> permission of the route."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from penstock.accounts import audit, sessions
from penstock.accounts.actors import Actor
from penstock.accounts.permissions import require
from penstock.accounts.sessions import SignedIn
from penstock.accounts.tokens import authenticate
from penstock.api import cookies, visitors
from penstock.api.envelope import SAFE_METHODS
from penstock.api.errors import correlation_id
from penstock.api.limits import Throttle
from penstock.api.origins import sender
from penstock.bootstrap import Penstock
from penstock.crm.source import Source
from penstock.errors import Forbidden, NotFound, RateLimited, Unauthenticated
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
    signed_in: SignedIn | None = None  # None for the holder of an API token

    @property
    def workspace_id(self) -> int:
        """The workspace of the caller; everything a route reads or writes is inside it."""
        return self.actor.workspace_id

    @property
    def source(self) -> Source:
        """What property history names as the origin of what this caller writes, in HubSpot's words."""
        if self.actor.type == "person":
            return Source("CRM_UI", f"userId:{self.actor.id}", self.actor.label)
        return Source("API", self.actor.id, self.actor.label)

    @property
    def session(self) -> SignedIn:
        """The session of the person who calls. Raises NotFound for an API token, which has none."""
        if self.signed_in is None:
            raise NotFound(
                "There is no session: the request came with an API token.", remedy="Sign in to have one."
            )
        return self.signed_in

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
    if "authorization" in request.headers or cookies.presented(request, app.settings) is None:
        actor, signed_in = await _token_holder(request, app), None
    else:
        signed_in = await _person(request, app)
        actor = signed_in.actor
    call = Call(app, actor, correlation_id(request), signed_in)
    await permit(call, permission, "route", f"{request.method} {request.scope['path']}")
    return call


async def permit(call: Call, permission: str, kind: str, place: str) -> None:
    """Raises Forbidden when the caller lacks a permission, and writes into the audit log at which `kind` of place."""
    try:
        require(call.actor, permission)
    except Forbidden:
        async with call.transaction() as db:
            await audit.record(db, call.actor, "denied", kind, place, {"permission": permission})
        raise


async def _token_holder(request: Request, app: Penstock) -> Actor:
    throttle: Throttle = request.app.state.throttle
    address = visitors.address_of(request)
    if (wait := throttle.wait(address)) > 0:
        raise RateLimited(
            "Too many wrong API tokens from this address.", retry_after=wait, remedy="Wait a minute."
        )
    token = bearer_token(request)
    try:
        async with transaction(app.pool) as db:
            return replace(await authenticate(db, token), address=address)
    except Unauthenticated:
        throttle.failed(address)
        raise


async def _person(request: Request, app: Penstock) -> SignedIn:
    # A browser sends the cookie along whoever's page asks. So a request that changes something has to show that
    # our own page sent it; a token cannot be sent by another's page and needs no such proof (security R28).
    if request.method not in SAFE_METHODS and sender(request.headers, app.settings.public_url) != "own":
        raise Forbidden(
            "The request does not show that a page of Penstock sent it.",
            remedy="Programs use an API token; browsers send Sec-Fetch-Site or Origin by themselves.",
        )
    found = await signed_in_person(request, app)
    if found is None:
        raise Unauthenticated("Your session has ended.", remedy="Sign in again.")
    return found


async def signed_in_person(request: Request, app: Penstock) -> SignedIn | None:
    """Whose session the cookie of a request is; None without a cookie or when the session has ended."""
    cookie = cookies.presented(request, app.settings)
    if cookie is None:
        return None
    async with transaction(app.pool) as db:
        return await sessions.find(
            db,
            cookie,
            at=app.clock.now(),
            address=visitors.address_of(request),
            limits=visitors.limits(app.settings),
        )


def bearer_token(request: Request) -> str:
    """The token of the Authorization header. Raises Unauthenticated when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(
            "The request carries no API token.", remedy="Send the header Authorization: Bearer pst_…."
        )
    return token.strip()
