"""People in tests of the API: users with a session, and the headers that their browser sends."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.api.calling import Client, Running

from penstock.accounts import passwords, sessions, users
from penstock.accounts.actors import Actor, Role
from penstock.accounts.sessions import COOKIE
from penstock.accounts.users import User
from penstock.kit.database import connect

TESTS = Actor(1, "cli", "tests", "tests", "owner")
PASSWORD = "three blue boats"
OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


async def person(running: Running, email: str, role: Role, password: str | None = None) -> tuple[User, str]:
    """A user of that role, made or found, and the value of the cookie of a new session."""
    db = await connect(running.database_url)
    user = await users.by_email(db, 1, email)
    if user is None:
        user = await users.create(db, 1, TESTS, email=email, role=role, first_name="Ada", last_name=role)
    if password is not None:
        await passwords.store(db, 1, user.id, await passwords.hashed(password), datetime.now(UTC))
    new = await sessions.start(db, 1, user.id, at=datetime.now(UTC))
    await db.close()
    return user, new.cookie


def in_a_browser(client: Client, cookie: str, name: str = COOKIE) -> Client:
    """Calls as a page of ours does in a browser that holds this session cookie."""
    return Client(client.session, None, {"Cookie": f"{name}={cookie}", **OUR_PAGE})
