"""Sessions: who is signed in in which browser. A session ends by sign-out, idleness, age, or a new password (R27).

The browser holds a secret of 256 bits in a cookie; the database holds its SHA-256. A role is read with every request,
so that a change of role acts on the next one (R33).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from penstock.accounts import audit, users
from penstock.accounts.actors import Actor
from penstock.kit.database import Connection
from penstock.kit.text import storable

COOKIE = "__Host-penstock_session"
# The prefix __Host- promises Secure, which plain http cannot keep (RFC 6265bis, 4.1.3.2).
INSECURE_COOKIE = "penstock_session"
SECRET_BYTES = 32
LONGEST_USER_AGENT = 300  # characters kept

# A new sign-in is the moment to throw away what nobody can use any more. Served by sessions_idle.
FORGET = "DELETE FROM sessions WHERE workspace_id = $1 AND (last_seen_at <= $2 OR created_at <= $3)"
START = """
INSERT INTO sessions (workspace_id, user_id, secret_hash, created_at, last_seen_at, address, user_agent)
VALUES ($1, $2, $3, $4, $4, $5, $6) RETURNING id
"""
NOTE_SIGN_IN = "UPDATE users SET last_signed_in_at = $3 WHERE workspace_id = $1 AND id = $2"
# By the unique index on secret_hash.
FIND = """
SELECT s.id, s.workspace_id, s.user_id, u.email, u.first_name, u.last_name, u.role,
       s.last_seen_at < $4::timestamptz - interval '1 minute' AS note_use
FROM sessions s JOIN users u ON u.id = s.user_id AND u.workspace_id = s.workspace_id
WHERE s.secret_hash = $1 AND s.last_seen_at > $2 AND s.created_at > $3 AND u.deactivated_at IS NULL
"""
# The condition stands here again so that of many requests in the same moment one writes.
NOTE_USE = "UPDATE sessions SET last_seen_at = $2, address = $3 WHERE id = $1 AND last_seen_at < $2::timestamptz - interval '1 minute'"
# Served by sessions_of_user.
LIST = """
SELECT id, user_id, created_at, last_seen_at, address, user_agent FROM sessions
WHERE workspace_id = $1 AND user_id = $2 AND last_seen_at > $3 AND created_at > $4 ORDER BY last_seen_at DESC LIMIT 100
"""
END = "DELETE FROM sessions WHERE workspace_id = $1 AND user_id = $2 AND id = $3 RETURNING id"
END_OTHERS = (
    "DELETE FROM sessions WHERE workspace_id = $1 AND user_id = $2 AND id IS DISTINCT FROM $3::bigint"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: without a request, and at most."""

    idle: timedelta = timedelta(hours=12)
    absolute: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in. `address` is the last one it was seen at."""

    id: int
    user_id: int
    created_at: datetime
    last_seen_at: datetime
    address: str
    user_agent: str

    def ends_at(self, limits: Limits) -> datetime:
        """When the session ends if nothing more comes from it."""
        return min(self.last_seen_at + limits.idle, self.created_at + limits.absolute)


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that just began, with the value of its cookie, which exists nowhere else."""

    session: Session
    cookie: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose a cookie is: the actor, with the role of this moment, and the session."""

    actor: Actor
    session_id: int
    user_id: int


async def start(
    db: Connection,
    workspace_id: int,
    user_id: int,
    *,
    at: datetime,
    address: str = "",
    user_agent: str = "",
    limits: Limits | None = None,
) -> NewSession:
    """Signs a user in. Whoever calls this has checked who it is."""
    limits = limits or Limits()
    await db.execute(FORGET, workspace_id, at - limits.idle, at - limits.absolute)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    agent = storable(user_agent)[:LONGEST_USER_AGENT]
    number = await db.fetchval(START, workspace_id, user_id, fingerprint(secret), at, address, agent)
    await db.execute(NOTE_SIGN_IN, workspace_id, user_id, at)
    return NewSession(Session(number, user_id, at, at, address, agent), secret)


async def find(
    db: Connection, cookie: str, *, at: datetime, address: str = "", limits: Limits | None = None
) -> SignedIn | None:
    """Whose session a cookie is, or None when there is none (any more). Notes its use at most once a minute."""
    limits = limits or Limits()
    row = await db.fetchrow(FIND, fingerprint(cookie), at - limits.idle, at - limits.absolute, at)
    if row is None:
        return None
    if row["note_use"]:
        await db.execute(NOTE_USE, row["id"], at, address)
    name = f"{row['first_name']} {row['last_name']}".strip() or row["email"]
    actor = Actor(row["workspace_id"], "person", str(row["user_id"]), name, row["role"], address)
    return SignedIn(actor, row["id"], row["user_id"])


async def list_sessions(
    db: Connection, workspace_id: int, user_id: int, *, at: datetime, limits: Limits | None = None
) -> list[Session]:
    """The sessions of a user, the one seen last first, at most 100."""
    limits = limits or Limits()
    rows = await db.fetch(LIST, workspace_id, user_id, at - limits.idle, at - limits.absolute)
    return [Session(**dict(row.items())) for row in rows]


async def end(db: Connection, workspace_id: int, user_id: int, session_id: int) -> bool:
    """Ends one session of a user; whether there was one."""
    return await db.fetchval(END, workspace_id, user_id, session_id) is not None


async def end_others(db: Connection, workspace_id: int, user_id: int, keep: int | None = None) -> None:
    """Ends every session of a user but the one with the id `keep`."""
    await db.execute(END_OTHERS, workspace_id, user_id, keep)


async def sign_out(db: Connection, actor: Actor, signed_in: SignedIn) -> None:
    """Ends the session of the person who asks."""
    await end(db, actor.workspace_id, signed_in.user_id, signed_in.session_id)
    await audit.record(db, actor, "session.ended", "session", signed_in.session_id)


async def sign_out_others(db: Connection, actor: Actor, signed_in: SignedIn) -> None:
    """Ends every other session of the person who asks."""
    await end_others(db, actor.workspace_id, signed_in.user_id, signed_in.session_id)
    await audit.record(db, actor, "session.others_ended", "user", signed_in.user_id)


def person(user: users.User, address: str = "") -> Actor:
    """A user as an actor, for what they do in the moment of signing in."""
    return Actor(user.workspace_id, "person", str(user.id), user.name, user.role, address)


def fingerprint(secret: str) -> bytes:
    """The 32 bytes by which a session is stored and found. 256 random bits need no slow hash."""
    return hashlib.sha256(b"penstock session\x00" + secret.encode("utf-8", "replace")).digest()
