"""The people of a workspace. HubSpot calls them users and owners; an owner property of a record holds a user's id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from penstock.accounts import audit
from penstock.accounts.actors import Actor, Role, rank
from penstock.errors import Conflict, Forbidden, InvalidInput, NotFound
from penstock.kit.database import Connection, Row

LONGEST_EMAIL = 254  # characters; RFC 5321, 4.5.3.1.3 less the angle brackets
LONGEST_NAME = 200  # characters

_COLUMNS = "id, workspace_id, email, first_name, last_name, role, created_at, deactivated_at"
CREATE = f"""
INSERT INTO users (workspace_id, email, first_name, last_name, role) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, email) DO NOTHING RETURNING {_COLUMNS}
"""  # noqa: S608 - the columns are a constant
LIST = f"SELECT {_COLUMNS} FROM users WHERE workspace_id = $1 ORDER BY id"  # noqa: S608
BY_IDS = f"SELECT {_COLUMNS} FROM users WHERE workspace_id = $1 AND id = ANY ($2::bigint[]) ORDER BY id"  # noqa: S608
BY_EMAIL = f"SELECT {_COLUMNS} FROM users WHERE workspace_id = $1 AND email = $2"  # noqa: S608
DIRECTORY = "SELECT id, email FROM users WHERE workspace_id = $1 AND deactivated_at IS NULL"
LOCK = f"SELECT {_COLUMNS} FROM users WHERE workspace_id = $1 ORDER BY id FOR NO KEY UPDATE"  # noqa: S608
SET_ROLE = f"UPDATE users SET role = $3 WHERE workspace_id = $1 AND id = $2 RETURNING {_COLUMNS}"  # noqa: S608
DEACTIVATE = f"""
UPDATE users SET deactivated_at = coalesce(deactivated_at, now()) WHERE workspace_id = $1 AND id = $2 RETURNING {_COLUMNS}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class User:
    """A person. A deactivated one keeps the history but can do nothing and gets no mail."""

    id: int
    workspace_id: int
    email: str
    first_name: str
    last_name: str
    role: Role
    created_at: datetime
    deactivated_at: datetime | None


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
    _check_role(actor, role)
    for field, name in (("first_name", first_name), ("last_name", last_name)):
        if len(name) > LONGEST_NAME or not name.isprintable():
            raise InvalidInput(
                f"{field} has {len(name)} characters or a control character among them.",
                remedy=f"Use at most {LONGEST_NAME} printable characters.",
            )
    row = await db.fetchrow(CREATE, workspace_id, address, first_name, last_name, role)
    if row is None:
        raise Conflict(
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


async def list_users(db: Connection, workspace_id: int) -> list[User]:
    """Everybody of the workspace, deactivated people too, in the order of their ids."""
    return [_user(row) for row in await db.fetch(LIST, workspace_id)]


async def directory(db: Connection, workspace_id: int) -> dict[int, str]:
    """The e-mail address of every active user, by user id."""
    return {row["id"]: row["email"] for row in await db.fetch(DIRECTORY, workspace_id)}


async def set_role(db: Connection, workspace_id: int, actor: Actor, user_id: int, role: Role) -> User:
    """Gives a person another role; their tokens follow at the next request (security R33).

    Raises NotFound, InvalidInput, Forbidden when either role is higher than the actor's own, and Conflict when
    the workspace would be left without an owner.
    """
    _check_role(actor, role)
    await _check_change(db, workspace_id, actor, user_id, keeps_owner=role == "owner")
    user = _user(await db.fetchrow(SET_ROLE, workspace_id, user_id, role))
    await audit.record(db, actor, "user.role_changed", "user", user_id, {"role": role})
    return user


async def deactivate(db: Connection, workspace_id: int, actor: Actor, user_id: int) -> User:
    """Shuts a person out, their tokens included, from the next request on. Raises as `set_role` does."""
    await _check_change(db, workspace_id, actor, user_id, keeps_owner=False)
    user = _user(await db.fetchrow(DEACTIVATE, workspace_id, user_id))
    await audit.record(db, actor, "user.deactivated", "user", user_id)
    return user


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
    _check_role(actor, user.role)
    others = any(
        other.role == "owner" and other.deactivated_at is None
        for other in users.values()
        if other.id != user_id
    )
    if user.role == "owner" and not keeps_owner and not others:
        raise Conflict(
            "This is the only owner of the workspace.", remedy="Make somebody else an owner first."
        )


def _check_role(actor: Actor, role: Role) -> None:
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
