"""A whole Penstock for one browser test: database, worker, server with screens on a port of its own, stand-in providers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from playwright.async_api import BrowserContext
from tests.llm_stand_in import StandIn

from penstock.accounts import sessions, users
from penstock.accounts.actors import Actor, Role
from penstock.accounts.first_start import first_owner
from penstock.accounts.users import User
from penstock.api.server import listen, server_for
from penstock.bootstrap import Penstock, open_penstock, work
from penstock.engine.engine import Engine
from penstock.kit.database import transaction
from penstock.settings import Settings
from penstock.web.screens import Screens

TESTS = Actor(1, "cli", "tests", "tests", "owner")
GRACE_SECONDS = 1.0


@dataclass(frozen=True)
class Site:
    """What is running. Tests set up their data with `app` (its pool and functions of the domain) and look with a page."""

    url: str
    app: Penstock
    engine: Engine
    stand_in: StandIn

    async def user(self, role: Role) -> User:
        """The first owner, or a person of that role, made at the first call: `builder@penstock.test`."""
        async with transaction(self.app.pool) as db:
            if role == "owner":
                return await first_owner(db, 1)
            found = await users.by_email(db, 1, f"{role}@penstock.test")
            return found or await users.create(
                db,
                1,
                TESTS,
                email=f"{role}@penstock.test",
                role=role,
                first_name=role.title(),
                last_name="Test",
            )

    async def sign_in(self, context: BrowserContext, role: Role) -> None:
        """Gives a browser context the cookie of a session, for tests that are not about signing in."""
        user = await self.user(role)
        async with transaction(self.app.pool) as db:
            session = await sessions.start(db, 1, user.id, at=self.app.clock.now())
        await context.add_cookies(
            [{
                "name": sessions.COOKIE, "value": session.cookie, "secure": True, "httpOnly": True, "sameSite": "Lax",
                # Set as if over https: a Secure cookie is sent to http://127.0.0.1 too, but may not be set for it here.
                "url": self.url.replace("http:", "https:"),
            }]
        )  # fmt: skip


@contextlib.asynccontextmanager
async def running_site(settings: Settings, stand_in: StandIn, screens: Screens) -> AsyncIterator[Site]:
    """Starts everything in this event loop (about 0.3 s) and stops it at the end."""
    with contextlib.closing(listen("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        mine = replace(settings, public_url=url, provider_base_urls=stand_in.base_urls())
        async with open_penstock(mine) as app, work(app, grace_seconds=GRACE_SECONDS) as engine:
            server = server_for(app, mine, screens)
            server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign] # Ctrl-C ends the tests
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            while not server.started:
                await asyncio.sleep(0.01)
            try:
                yield Site(url, app, engine, stand_in)
            finally:
                server.should_exit = True
                await serving
