"""Who calls a route that everybody may call: where from, with which browser."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request

from penstock.accounts.sessions import Limits
from penstock.accounts.sign_in import Browser
from penstock.bootstrap import Penstock
from penstock.kit.database import Connection, transaction
from penstock.settings import Settings


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a public route gets: the process it runs in and the request itself, for its cookies."""

    app: Penstock
    request: Request

    @property
    def workspace_id(self) -> int:
        """The workspace that people of this process sign in to."""
        return self.app.workspace_id

    @property
    def browser(self) -> Browser:
        """Where the request comes from, now."""
        return browser_of(self.request, self.app)

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """A transaction. Signing in takes several, so that no password is hashed inside one."""
        return transaction(self.app.pool)


async def current_visitor(request: Request) -> Visitor:
    """The visitor of a request."""
    return Visitor(request.app.state.penstock, request)


Visiting = Annotated[Visitor, Depends(current_visitor)]


def browser_of(request: Request, app: Penstock) -> Browser:
    """Where a request comes from, now."""
    return Browser(
        address_of(request), request.headers.get("user-agent", ""), app.clock.now(), limits(app.settings)
    )


def address_of(request: Request) -> str:
    """The network address of the caller. A proxy on this machine is believed about it, others are not."""
    return request.client.host if request.client else ""


def limits(settings: Settings) -> Limits:
    """How long sessions last here."""
    return Limits(timedelta(hours=settings.session_idle_hours), timedelta(days=settings.session_days))
