"""Whether somebody who was let in still may: for answers that last longer than a session may."""

from __future__ import annotations

from datetime import datetime, timedelta

from penstock.accounts.actors import Actor, Role
from penstock.kit.database import Connection

# Unlike the look-up that lets people in, neither notes a use: an open page does not keep a session alive.
ROLE_OF_SESSION = """
SELECT u.role FROM sessions s JOIN users u ON u.id = s.user_id AND u.workspace_id = s.workspace_id
WHERE s.id = $1 AND s.workspace_id = $2 AND s.last_seen_at > $3 AND s.created_at > $4 AND u.deactivated_at IS NULL
"""
ROLE_OF_HOLDER = """
SELECT t.role FROM api_tokens t LEFT JOIN users u ON u.id = t.user_id
WHERE t.id = $1 AND t.workspace_id = $2 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
  AND u.deactivated_at IS NULL
"""


async def role_now(
    db: Connection,
    actor: Actor,
    session_id: int | None,
    *,
    at: datetime,
    idle: timedelta,
    absolute: timedelta,
) -> Role | None:
    """The role that the person of a session, or the holder of an API token, has at `at`; None when it is over."""
    since = (at - idle, at - absolute)
    role: Role | None
    if session_id is not None:
        role = await db.fetchval(ROLE_OF_SESSION, session_id, actor.workspace_id, *since)
    elif actor.type == "api_token":
        role = await db.fetchval(ROLE_OF_HOLDER, int(actor.id), actor.workspace_id)
    else:
        role = actor.role
    return role
