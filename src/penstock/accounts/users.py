"""The people of a workspace. HubSpot calls them users and owners; an owner property of a record holds a user's id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from penstock.accounts import audit
from penstock.accounts.actors import Actor, Role, rank
from penstock.errors import AlreadyExists, Conflict, Forbidden, InvalidInput, NotFound
from penstock.kit.database import Connection, Row

LONGEST_EMAIL = 254  # characters; RFC 5321, 4.5.3.1.3 less the angle brackets
LONGEST_NAME = 200  # characters
Language = Literal["en", "da"]

_COLUMNS = (
    "id, workspace_id, email, first_name, last_name, role, created_at, deactivated_at, language, last_signed_in_at, "
    "EXISTS (SELECT FROM passwords p WHERE p.user_id = users.id) AS has_password"
)
CREATE = f"""
INSERT INTO users (workspace_id, email, first_name, last_name, role) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, email) DO NOTHING RETURNING {_COLUMNS}
"""  # noqa: S608 - the columns are a constant
LIST = f"SELECT {_COLUMNS} FROM users WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3"  # noqa: S608
BY_IDS = f"SELECT {_COLUMNS} FROM users WHERE workspace_id = $1 AND id = ANY ($2::bigint[]) ORDER BY id"  # noqa: S608
BY_EMAIL = f"SELECT {_COLUMNS} FROM users WHERE workspace_id = $1 AND email = $2"  # noqa: S608
DIRECTORY = "SELECT id, email FROM users WHERE workspace_id = $1 AND deactivated_at IS NULL"
LOCK = f"SELECT {_COLUMNS} FROM users WHERE workspace_id = $1 ORDER BY id FOR NO KEY UPDATE OF users"  # noqa: S608
SET_ROLE = f"UPDATE users SET role = $3 WHERE workspace_id = $1 AND id = $2 RETURNING {_COLUMNS}"  # noqa: S608
DEACTIVATE = f"""
UPDATE users SET deactivated_at = coalesce(deactivated_at, now()) WHERE workspace_id = $1 AND id = $2 RETURNING {_COLUMNS}
"""  # noqa: S608
# Whoever is shut out has no session and no open link left, also after somebody lets them in again.
SIGN_OUT = "DELETE FROM sessions WHERE workspace_id = $1 AND user_id = $2"
WITHDRAW_LINKS = """
UPDATE one_time_links SET withdrawn_at = now()
WHERE workspace_id = $1 AND user_id = $2 AND redeemed_at IS NULL AND withdrawn_at IS NULL
"""
REACTIVATE = (
    f"UPDATE users SET deactivated_at = NULL WHERE workspace_id = $1 AND id = $2 RETURNING {_COLUMNS}"  # noqa: S608
)
DESCRIBE = f"""
UPDATE users SET first_name = coalesce($3, first_name), last_name = coalesce($4, last_name)
WHERE workspace_id = $1 AND id = $2 RETURNING {_COLUMNS}
"""  # noqa: S608
SET_LANGUAGE = f"UPDATE users SET language = $3 WHERE workspace_id = $1 AND id = $2 RETURNING {_COLUMNS}"  # noqa: S608
SET_EMAIL = f"""
UPDATE users SET email = $3 WHERE workspace_id = $1 AND id = $2
AND NOT EXISTS (SELECT FROM users o WHERE o.workspace_id = $1 AND o.email = $3 AND o.id <> $2) RETURNING {_COLUMNS}
"""  # noqa: S608
# By the primary key of passwords and the index sessions_of_user; tokens of a person are few.
HOLDINGS = """
SELECT (SELECT count(*) FROM sessions WHERE workspace_id = $1 AND user_id = $2) AS sessions,
       ARRAY(SELECT name FROM api_tokens WHERE workspace_id = $1 AND user_id = $2 AND revoked_at IS NULL
             AND (expires_at IS NULL OR expires_at > now()) ORDER BY id LIMIT 100) AS tokens
"""


@dataclass(frozen=True, slots=True)
class User:
    """A person. A deactivated one keeps the history but can do nothing and gets no mail.

    `language` is the one of the screens, None for the browser's.
    """

    id: int
    workspace_id: int
    email: str
    first_name: str
    last_name: str
    role: Role
    created_at: datetime
    deactivated_at: datetime | None
    language: Language | None = None
    last_signed_in_at: datetime | None = None
    has_password: bool = False

    @property
    def name(self) -> str:
        """What to call the person: first and last name, or the address while there is none."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


@dataclass(frozen=True, slots=True)
class Holdings:
    """What ends when a person is deactivated: how many sessions, and the names of their API tokens."""

    sessions: int
    tokens: tuple[str, ...]


async def create(
    db: Connection,
    workspace_id: int,
    actor: Actor,
    *,
    email: str,
    role: Role,
    first_name: str = "",
    last_name: str = "",
) -> User:
    """Adds a person. Addresses are kept in lower case and are unique in the workspace.

    Raises InvalidInput for an address or role that is none, Conflict when the address is taken, and Forbidden
    when the role would be higher than the actor's own.
    """
    address = normalised_email(email)
    check_role(actor, role)
    check_name("first_name", first_name)
    check_name("last_name", last_name)
    row = await db.fetchrow(CREATE, workspace_id, address, first_name, last_name, role)
    if row is None:
        raise AlreadyExists(
            f"A user with the e-mail address {address} exists already.", remedy="Use another address."
        )
    user = _user(row)
    await audit.record(db, actor, "user.created", "user", user.id, {"role": role})
    return user


async def get(db: Connection, workspace_id: int, user_id: int) -> User:
    """The user with this id. Raises NotFound when the workspace has none."""
    found = await by_ids(db, workspace_id, [user_id])
    if not found:
        raise NotFound(f"There is no user {user_id} here.", remedy="List the users to see their ids.")
    return found[0]


async def by_ids(db: Connection, workspace_id: int, ids: Iterable[int]) -> list[User]:
    """The users among these ids, deactivated ones too; ids of nobody are left out."""
    return [_user(row) for row in await db.fetch(BY_IDS, workspace_id, list(ids))]


async def by_email(db: Connection, workspace_id: int, email: str) -> User | None:
    """The user with this address in any spelling of case, or None."""
    row = await db.fetchrow(BY_EMAIL, workspace_id, email.strip().lower())
    return None if row is None else _user(row)


async def list_users(
    db: Connection, workspace_id: int, *, after: int = 0, limit: int | None = None
) -> list[User]:
    """People of the workspace with a higher id than `after`, deactivated ones too, in the order of their ids."""
    return [_user(row) for row in await db.fetch(LIST, workspace_id, after, limit)]


async def directory(db: Connection, workspace_id: int) -> dict[int, str]:
    """The e-mail address of every active user, by user id."""
    return {row["id"]: row["email"] for row in await db.fetch(DIRECTORY, workspace_id)}


async def set_role(db: Connection, workspace_id: int, actor: Actor, user_id: int, role: Role) -> User:
    """Gives a person another role; their tokens follow at the next request (security R33).

    Raises NotFound, InvalidInput, Forbidden when either role is higher than the actor's own, and Conflict when
    the workspace would be left without an owner.
    """
    check_role(actor, role)
    await _check_change(db, workspace_id, actor, user_id, keeps_owner=role == "owner")
    user = _user(await db.fetchrow(SET_ROLE, workspace_id, user_id, role))
    # A link to reset a builder's password must not open what is an owner's account by now.
    await db.execute(WITHDRAW_LINKS, workspace_id, user_id)
    await audit.record(db, actor, "user.role_changed", "user", user_id, {"role": role})
    return user


async def deactivate(db: Connection, workspace_id: int, actor: Actor, user_id: int) -> User:
    """Shuts a person out, their tokens included, from the next request on. Raises as `set_role` does."""
    await _check_change(db, workspace_id, actor, user_id, keeps_owner=False)
    user = _user(await db.fetchrow(DEACTIVATE, workspace_id, user_id))
    await db.execute(SIGN_OUT, workspace_id, user_id)
    await db.execute(WITHDRAW_LINKS, workspace_id, user_id)
    await audit.record(db, actor, "user.deactivated", "user", user_id)
    return user


async def reactivate(db: Connection, workspace_id: int, actor: Actor, user_id: int) -> User:
    """Lets a person in again, with the password and the API tokens that they had. Raises as `set_role` does."""
    await _check_change(db, workspace_id, actor, user_id, keeps_owner=True)
    user = _user(await db.fetchrow(REACTIVATE, workspace_id, user_id))
    await audit.record(db, actor, "user.reactivated", "user", user_id)
    return user


async def describe(
    db: Connection,
    workspace_id: int,
    user_id: int,
    *,
    first_name: str | None = None,
    last_name: str | None = None,
) -> User:
    """Changes the names that are given. Raises InvalidInput for a name that is none, NotFound."""
    check_name("firstName", first_name or "")
    check_name("lastName", last_name or "")
    names = (None if name is None else name.strip() for name in (first_name, last_name))
    return _user(await db.fetchrow(DESCRIBE, workspace_id, user_id, *names))


async def set_language(db: Connection, workspace_id: int, user_id: int, language: Language | None) -> User:
    """Chooses the language of a person's screens; None is the browser's. Raises NotFound."""
    return _user(await db.fetchrow(SET_LANGUAGE, workspace_id, user_id, language))


async def set_email(db: Connection, workspace_id: int, user_id: int, email: str) -> User:
    """Changes a person's address. Raises InvalidInput for one that is none, Conflict for one that is taken."""
    address = normalised_email(email)
    row = await db.fetchrow(SET_EMAIL, workspace_id, user_id, address)
    if row is None:
        raise AlreadyExists(
            f"A user with the e-mail address {address} exists already.", remedy="Use another address."
        )
    return _user(row)


async def holdings(db: Connection, workspace_id: int, user_id: int) -> Holdings:
    """What a deactivation would end. Raises NotFound for a user of nobody."""
    await get(db, workspace_id, user_id)
    row = await db.fetchrow(HOLDINGS, workspace_id, user_id)
    return Holdings(row["sessions"], tuple(row["tokens"])) if row else Holdings(0, ())


def check_name(field: str, name: str) -> None:
    """Raises InvalidInput when a first or last name is too long or holds a control character."""
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput(
            f"{field} has {len(name)} characters or a control character among them.",
            remedy=f"Use at most {LONGEST_NAME} printable characters.",
        )


def normalised_email(email: str) -> str:
    """The address in lower case without surrounding spaces. Raises InvalidInput when it is no plain address."""
    address = email.strip().lower()
    name, at, domain = address.rpartition("@")
    plain = address.isprintable() and not set(address) & set(' ,;:<>()[]"\\')
    if not (name and at and domain) or not plain or "@" in name or len(address) > LONGEST_EMAIL:
        raise InvalidInput(
            f"email is no address ({len(address)} characters).",
            remedy="Use one address of the form name@example.com.",
        )
    return address


async def _check_change(
    db: Connection, workspace_id: int, actor: Actor, user_id: int, *, keeps_owner: bool
) -> None:
    # All rows are locked, so that two owners cannot shut out each other at the same moment.
    users = {user.id: user for user in map(_user, await db.fetch(LOCK, workspace_id))}
    user = users.get(user_id)
    if user is None:
        raise NotFound(f"There is no user {user_id} here.", remedy="List the users to see their ids.")
    check_role(actor, user.role)
    others = any(
        other.role == "owner" and other.deactivated_at is None
        for other in users.values()
        if other.id != user_id
    )
    if user.role == "owner" and not keeps_owner and not others:
        raise Conflict(
            "This is the only owner of the workspace.", remedy="Make somebody else an owner first."
        )


def check_role(actor: Actor, role: Role) -> None:
    """Raises InvalidInput for a role that is none, Forbidden for one that is higher than the actor's own."""
    if role not in get_args(Role):
        raise InvalidInput(
            "role is none of the five roles.", remedy=f"Use one of {', '.join(get_args(Role))}."
        )
    if rank(role) > rank(actor.role):
        raise Forbidden(
            f"The role '{actor.role}' cannot give or change the higher role '{role}'.", remedy="Ask an owner."
        )


def _user(row: Row | None) -> User:
    if row is None:
        raise NotFound("There is no such user here.", remedy="List the users to see their ids.")
    return User(**dict(row.items()))
