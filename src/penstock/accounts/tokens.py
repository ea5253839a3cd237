"""API tokens: `pst_`, 32 random letters and digits, and a checksum of six. Shown once, stored as a hash (R30).

The checksum lets secret scanners tell a token from a look-alike without asking us. A plain SHA-256 is enough to
store it: 190 random bits leave nothing to guess, which is what slow hashes of passwords are for.
"""

from __future__ import annotations

import hashlib
import secrets
import string
import zlib
from dataclasses import dataclass, field
from datetime import datetime

from penstock.accounts import audit, users
from penstock.accounts.actors import ROLES, Actor, Role, rank
from penstock.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from penstock.kit.database import Connection, Row

PREFIX = "pst_"
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_CHARACTERS = 32
CHECKSUM_CHARACTERS = 6
LONGEST_NAME = 100  # characters

_COLUMNS = (
    "id, workspace_id, user_id, name, last_four, role, created_at, expires_at, last_used_at, revoked_at"
)
CREATE = f"""
INSERT INTO api_tokens (workspace_id, user_id, name, token_hash, last_four, role, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING {_COLUMNS}
"""  # noqa: S608 - the columns are a constant
LIST = f"SELECT {_COLUMNS} FROM api_tokens WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3"  # noqa: S608
REVOKE = f"""
UPDATE api_tokens SET revoked_at = coalesce(revoked_at, now()) WHERE workspace_id = $1 AND id = $2 RETURNING {_COLUMNS}
"""  # noqa: S608
# By the unique index on token_hash. A token of a person can never do more than the person may today (R33).
FIND = """
SELECT t.id, t.workspace_id, t.name, t.role, u.role AS user_role,
       t.revoked_at IS NOT NULL AS revoked, t.expires_at <= now() AS expired, u.deactivated_at IS NOT NULL AS deactivated,
       t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute' AS note_use
FROM api_tokens t LEFT JOIN users u ON u.id = t.user_id AND u.workspace_id = t.workspace_id
WHERE t.token_hash = $1
"""
# The condition stands here again so that of many requests in the same moment one writes.
NOTE_USE = """
UPDATE api_tokens SET last_used_at = now()
WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
"""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What can be known of a token after it was shown."""

    id: int
    workspace_id: int
    user_id: int | None
    name: str
    last_four: str
    role: Role
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token with its text, which exists nowhere else from now on."""

    token: ApiToken
    plain: str = field(repr=False)


async def create(
    db: Connection,
    workspace_id: int,
    actor: Actor,
    *,
    name: str,
    role: Role,
    user_id: int | None = None,
    expires_at: datetime | None = None,
) -> IssuedToken:
    """Issues a token. `expires_at` is aware; None never expires.

    Raises InvalidInput for an empty or long name, an unknown role or a time in the past, NotFound for a user of
    another workspace, and Forbidden when the role is higher than the actor's own.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput(
            f"name has {len(name)} characters or a control character among them.",
            remedy=f"Use 1 to {LONGEST_NAME} printable characters.",
        )
    if role not in ROLES:
        raise InvalidInput("role is none of the five roles.", remedy=f"Use one of {', '.join(ROLES)}.")
    if rank(role) > rank(actor.role):
        raise Forbidden(
            f"The role '{actor.role}' cannot issue a token of the higher role '{role}'.",
            remedy="Ask an owner.",
        )
    if expires_at is not None and (
        expires_at.tzinfo is None or await db.fetchval("SELECT $1::timestamptz <= now()", expires_at)
    ):
        raise InvalidInput(
            "expires_at is in the past or has no time zone.",
            remedy="Use a time to come, such as 2027-01-31T00:00:00Z.",
        )
    if user_id is not None:
        await users.get(db, workspace_id, user_id)
    plain = new_token()
    row = await db.fetchrow(
        CREATE, workspace_id, user_id, name, fingerprint(plain), plain[-4:], role, expires_at
    )
    token = _token(row)
    await audit.record(db, actor, "token.created", "api_token", token.id, {"name": name, "role": role})
    return IssuedToken(token, plain)


async def list_tokens(
    db: Connection, workspace_id: int, *, after: int = 0, limit: int | None = None
) -> list[ApiToken]:
    """Tokens ever issued here with a higher id than `after`, revoked and expired ones too, in the order of their ids."""
    return [_token(row) for row in await db.fetch(LIST, workspace_id, after, limit)]


async def revoke(db: Connection, workspace_id: int, actor: Actor, token_id: int) -> ApiToken:
    """Ends a token for good; the next request with it is refused. Raises NotFound when there is none."""
    token = _token(await db.fetchrow(REVOKE, workspace_id, token_id))
    await audit.record(db, actor, "token.revoked", "api_token", token_id)
    return token


async def authenticate(db: Connection, token: str) -> Actor:
    """Who holds this token. Notes its use at most once a minute.

    Raises Unauthenticated, saying whether the text is no token of ours or one that is not valid (any more);
    it does not say which of unknown, revoked and expired it is.
    """
    if not well_formed(token):
        raise Unauthenticated(
            f"The token sent ({len(token)} characters) is not one of Penstock's.",
            remedy="Send 'Authorization: Bearer pst_…' with the whole token as it was shown.",
        )
    row = await db.fetchrow(FIND, fingerprint(token))
    if row is None or row["revoked"] or row["expired"] or row["deactivated"]:
        raise Unauthenticated("This token is unknown, expired or revoked.", remedy="Create another one.")
    if row["note_use"]:
        await db.execute(NOTE_USE, row["id"])
    role: Role = row["role"]
    if row["user_role"] is not None:
        role = min(role, row["user_role"], key=rank)
    return Actor(row["workspace_id"], "api_token", str(row["id"]), row["name"], role)


def new_token() -> str:
    """A fresh token: 32 characters from 62 are 190 random bits."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return f"{PREFIX}{body}{_checksum(body)}"


def well_formed(token: str) -> bool:
    """Whether a text has the shape of a token and the checksum fits: what costs no look-up to refuse."""
    body = token.removeprefix(PREFIX)
    if (
        not token.startswith(PREFIX)
        or len(body) != RANDOM_CHARACTERS + CHECKSUM_CHARACTERS
        or not body.isascii()
    ):
        return False
    return body[RANDOM_CHARACTERS:] == _checksum(body[:RANDOM_CHARACTERS])


def fingerprint(token: str) -> bytes:
    """The 32 bytes by which a token is stored and found."""
    return hashlib.sha256(b"penstock api token\x00" + token.encode()).digest()


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    digits = []
    for _ in range(CHECKSUM_CHARACTERS):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def _token(row: Row | None) -> ApiToken:
    if row is None:
        raise NotFound("There is no such token here.", remedy="List the tokens to see their ids.")
    return ApiToken(**dict(row.items()))
