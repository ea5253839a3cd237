"""The first start: one owner, one token, and a one-time link. There is no default account and no sign-up (R26)."""

from __future__ import annotations

from datetime import datetime

from penstock.accounts import links, passwords, tokens, users
from penstock.accounts.actors import Actor
from penstock.accounts.links import IssuedLink
from penstock.accounts.users import User
from penstock.errors import NotFound
from penstock.kit.database import Connection

DEFAULT_OWNER_EMAIL = "owner@penstock.local"

# Two processes that start at the same moment: the second waits here and then finds the owner.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('penstock.first_start'))"
ANYBODY = "SELECT EXISTS (SELECT FROM users WHERE workspace_id = $1)"
FIRST_OWNER = """
SELECT email FROM users WHERE workspace_id = $1 AND role = 'owner' AND deactivated_at IS NULL ORDER BY id LIMIT 1
"""


async def ensure_owner(db: Connection, workspace_id: int, email: str = DEFAULT_OWNER_EMAIL) -> str | None:
    """Creates the owner and an owner's token when the workspace has nobody; returns the token, and None ever after.

    Must run in a transaction: its lock lasts until the commit. Raises InvalidInput when `email` is no address.
    """
    await db.execute(ONE_AT_A_TIME)
    if await db.fetchval(ANYBODY, workspace_id):
        return None
    starter = Actor(workspace_id, "system", "first start", "first start", "owner")
    owner = await users.create(db, workspace_id, starter, email=email, role="owner")
    issued = await tokens.create(
        db, workspace_id, starter, name="First owner token", role="owner", user_id=owner.id
    )
    return issued.plain


async def first_owner_link(db: Connection, workspace_id: int, *, at: datetime) -> IssuedLink | None:
    """A link with which the first owner sets name and password; None as soon as any owner has a password.

    For the terminal of whoever starts the server: it is shown there and nowhere else.
    """
    if await passwords.owner_has_one(db, workspace_id):
        return None
    starter = Actor(workspace_id, "system", "start", "start", "owner")
    return await links.issue(db, starter, "first_owner", await first_owner(db, workspace_id), at=at)


async def first_owner(db: Connection, workspace_id: int) -> User:
    """The owner who has been there longest. Raises NotFound in a workspace without any."""
    email = await db.fetchval(FIRST_OWNER, workspace_id)
    user = None if email is None else await users.by_email(db, workspace_id, email)
    if user is None:
        raise NotFound("The workspace has no active owner.", remedy="Start `penstock serve` once.")
    return user
