"""The first start: one owner and one token, printed once. There is no default account and no sign-up (R26)."""

from __future__ import annotations

from penstock.accounts import tokens, users
from penstock.accounts.actors import Actor
from penstock.kit.database import Connection

DEFAULT_OWNER_EMAIL = "owner@penstock.local"

# Two processes that start at the same moment: the second waits here and then finds the owner.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('penstock.first_start'))"
ANYBODY = "SELECT EXISTS (SELECT FROM users WHERE workspace_id = $1)"


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
