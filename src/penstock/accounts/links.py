"""One-time links: the way in for whoever has no password (yet). Each is valid once and for a while (R26).

The secret stands in the fragment of the address (`/link#…`), which browsers send to nobody: it reaches no log of a
server or proxy and no Referer header (RFC 9110, 4.2.5 and 10.1.3). The page behind it posts the secret. The database
holds its SHA-256.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import quote

from penstock.accounts import audit, users
from penstock.accounts.actors import Actor, Role
from penstock.errors import InvalidInput, LinkInvalid
from penstock.kit.database import Connection, Row

Purpose = Literal["first_owner", "invitation", "sign_in", "password_reset"]

LASTS: dict[Purpose, timedelta] = {
    "first_owner": timedelta(hours=24),
    "invitation": timedelta(days=7),
    "sign_in": timedelta(minutes=10),
    "password_reset": timedelta(hours=24),
}
SECRET_BYTES = 32

_COLUMNS = "id, workspace_id, purpose, user_id, email, role, created_by, created_at, expires_at"
ISSUE = f"""
INSERT INTO one_time_links (workspace_id, purpose, user_id, email, role, secret_hash, created_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING {_COLUMNS}
"""  # noqa: S608 - the columns are a constant
# By the unique index on secret_hash. Locked, so that of two redemptions at the same moment one finds it used.
FIND = f"""
SELECT {_COLUMNS} FROM one_time_links
WHERE workspace_id = $1 AND secret_hash = $2 AND redeemed_at IS NULL AND withdrawn_at IS NULL AND expires_at > $3
FOR NO KEY UPDATE
"""  # noqa: S608
REDEEM = "UPDATE one_time_links SET redeemed_at = $3 WHERE workspace_id = $1 AND id = $2"
# Whoever is in needs no other way in; a link of another purpose for the same person ends too, an old reset link above all.
WITHDRAW_OTHERS = """
UPDATE one_time_links SET withdrawn_at = $3
WHERE workspace_id = $1 AND (user_id = $2 OR email = $4) AND redeemed_at IS NULL AND withdrawn_at IS NULL
"""
# Served by one_time_links_open.
WITHDRAW_SAME = """
UPDATE one_time_links SET withdrawn_at = $4
WHERE workspace_id = $1 AND purpose = $2 AND email = $3 AND redeemed_at IS NULL AND withdrawn_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link without its secret. `user_id` is None for somebody who is not a user yet."""

    id: int
    workspace_id: int
    purpose: Purpose
    user_id: int | None
    email: str
    role: Role
    created_by: str
    created_at: datetime
    expires_at: datetime

    @property
    def sets_password(self) -> bool:
        """Whether a password is chosen in the moment of redeeming."""
        return self.purpose != "sign_in"


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """A new link with its secret, which exists nowhere else from now on."""

    link: Link
    token: str = field(repr=False)


async def issue(
    db: Connection, actor: Actor, purpose: Purpose, person: users.User, *, at: datetime
) -> IssuedLink:
    """Issues a link for a user. Raises Forbidden when the user's role is higher than the actor's own.

    A link that resets a password or signs in is as good as the password, so only somebody of the same or a higher
    role may hand it out.
    """
    users.check_role(actor, person.role)
    issued = await insert(db, actor, purpose, person.id, person.email, person.role, at=at)
    await audit.record(db, actor, "link.issued", "user", person.id, {"purpose": purpose})
    return issued


async def insert(
    db: Connection,
    actor: Actor,
    purpose: Purpose,
    user_id: int | None,
    email: str,
    role: Role,
    *,
    at: datetime,
) -> IssuedLink:
    """Stores a link after `issue` or `invitations.invite` has checked it. An older one of the same kind is void from now on.

    First-owner links are the exception: each start shows one, and the one before stays good until it is used.
    """
    if purpose != "first_owner":
        await db.execute(WITHDRAW_SAME, actor.workspace_id, purpose, email, at)
    token = secrets.token_urlsafe(SECRET_BYTES)
    row = await db.fetchrow(
        ISSUE,
        actor.workspace_id,
        purpose,
        user_id,
        email,
        role,
        fingerprint(token),
        actor.label,
        at,
        at + LASTS[purpose],
    )
    return IssuedLink(link_of(row), token)


async def find(db: Connection, workspace_id: int, token: str, *, at: datetime) -> Link:
    """The open link with this secret, locked until the transaction ends.

    Raises LinkInvalid, which does not say whether the link is unknown, used, withdrawn or expired.
    """
    return link_of(await db.fetchrow(FIND, workspace_id, fingerprint(token), at))


async def use(db: Connection, link: Link, user: users.User, *, at: datetime) -> None:
    """Marks a link as redeemed by a user, and makes every other open link of that person void."""
    await db.execute(REDEEM, link.workspace_id, link.id, at)
    await withdraw_all(db, user, at=at)


async def withdraw_all(db: Connection, user: users.User, *, at: datetime) -> None:
    """Makes every open link of a person void."""
    await db.execute(WITHDRAW_OTHERS, user.workspace_id, user.id, at, user.email)


def path(token: str, to: str | None = None) -> str:
    """The path of a link on our own address. `to` is where to go afterwards, such as `/runs/1`.

    Raises InvalidInput when `to` is anything but a path of ours.
    """
    if to is None:
        return f"/link#{token}"
    if not to.startswith("/") or to[1:2] in {"/", "\\"} or not to.isprintable():
        raise InvalidInput(
            "The place to go to after the sign-in is no path of Penstock.", remedy="Use one such as /runs/1."
        )
    return f"/link#{token}&to={quote(to, safe='/')}"


def fingerprint(token: str) -> bytes:
    """The 32 bytes by which a link is stored and found. 256 random bits need no slow hash."""
    return hashlib.sha256(b"penstock one-time link\x00" + token.encode("utf-8", "replace")).digest()


def link_of(row: Row | None) -> Link:
    """A row of the table as a link. Raises LinkInvalid for None."""
    if row is None:
        raise LinkInvalid(remedy="Ask for a new one.")
    return Link(**dict(row.items()))
