"""Invitations: an address and a role, and a one-time link with which that person becomes a user."""

from __future__ import annotations

from datetime import datetime

from penstock.accounts import audit, links, users
from penstock.accounts.actors import Actor, Role
from penstock.accounts.links import IssuedLink, Link
from penstock.errors import Conflict, NotFound
from penstock.kit.database import Connection

# Served by one_time_links_open. Expired ones stay listed until somebody takes them back or invites again.
LIST = """
SELECT id, workspace_id, purpose, user_id, email, role, created_by, created_at, expires_at FROM one_time_links
WHERE workspace_id = $1 AND purpose = 'invitation' AND redeemed_at IS NULL AND withdrawn_at IS NULL AND id < $2
ORDER BY id DESC LIMIT $3
"""
WITHDRAW = """
UPDATE one_time_links SET withdrawn_at = $3
WHERE workspace_id = $1 AND purpose = 'invitation' AND id = $2 AND redeemed_at IS NULL AND withdrawn_at IS NULL
RETURNING email
"""
NEWEST = 2**63 - 1


async def invite(
    db: Connection, workspace_id: int, actor: Actor, *, email: str, role: Role, at: datetime
) -> IssuedLink:
    """Invites an address. Inviting it again makes the earlier link void.

    Raises InvalidInput for an address or role that is none, Forbidden when the role is higher than the actor's own,
    and Conflict when a user with this address can sign in already or is deactivated.
    """
    address = users.normalised_email(email)
    users.check_role(actor, role)
    known = await users.by_email(db, workspace_id, address)
    if known is not None and known.deactivated_at is not None:
        raise Conflict(f"{address} belongs to a deactivated user.", remedy="Activate that user again.")
    if known is not None and known.has_password:
        raise Conflict(
            f"{address} belongs to a user who can sign in already.",
            remedy="Change that user's role, or issue a link to reset the password.",
        )
    if known is not None and known.role != role:
        await users.set_role(db, workspace_id, actor, known.id, role)
    issued = await links.insert(db, actor, "invitation", known.id if known else None, address, role, at=at)
    await audit.record(db, actor, "invitation.sent", "invitation", issued.link.id, {"role": role})
    return issued


async def list_open(
    db: Connection, workspace_id: int, *, before: int | None = None, limit: int = 100
) -> list[Link]:
    """Invitations that nobody has taken up or taken back, newest first, expired ones too."""
    rows = await db.fetch(LIST, workspace_id, NEWEST if before is None else before, limit)
    return [links.link_of(row) for row in rows]


async def withdraw(
    db: Connection, workspace_id: int, actor: Actor, invitation_id: int, *, at: datetime
) -> None:
    """Takes an invitation back; its link is void. Raises NotFound when there is no open one with this id."""
    if await db.fetchval(WITHDRAW, workspace_id, invitation_id, at) is None:
        raise NotFound(
            "There is no such open invitation here.", remedy="List the invitations to see which are open."
        )
    await audit.record(db, actor, "invitation.withdrawn", "invitation", invitation_id)
