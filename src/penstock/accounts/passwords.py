"""Passwords: argon2id, hashed in a few threads of their own, refused when too many people choose them (R25).

The cost is the least that OWASP's "Password Storage Cheat Sheet" names for argon2id: 19 MiB, two passes, one lane.
Rules of composition make passwords worse (NIST SP 800-63B, 5.1.1.2), so there are none beside the length and a list.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from penstock.errors import PasswordRefused, Problem, RateLimited
from penstock.kit.database import Connection

SHORTEST, LONGEST = 8, 128  # characters
Result = TypeVar("Result")

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
# Each hash takes 19 MiB and a core for some 30 ms; more at once would only take both from everything else.
_HASHING = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")
_MOST_WAITING = 100
_waiting: set[object] = set()

FIND = "SELECT hash FROM passwords WHERE workspace_id = $1 AND user_id = $2"
ANY_OWNER = """
SELECT EXISTS (SELECT FROM passwords p JOIN users u ON u.id = p.user_id
               WHERE u.workspace_id = $1 AND u.role = 'owner' AND u.deactivated_at IS NULL)
"""
STORE = """
INSERT INTO passwords (workspace_id, user_id, hash, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at
"""
# Only while it is still the one that was verified: a change at the same moment must win.
REHASH = "UPDATE passwords SET hash = $4 WHERE workspace_id = $1 AND user_id = $2 AND hash = $3"


def check_choice(password: str, field: str, *personal: str) -> None:
    """Raises PasswordRefused when a password may not be chosen. `personal` are texts it must not be, such as the address."""
    text = _normal(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise _refused(field, f"It has {len(text)} characters; use {SHORTEST} to {LONGEST}.")
    plain = text.casefold()
    if plain in common_passwords() or len(set(plain)) < 3:
        raise _refused(field, "Too many people use this password. Use several words, or a generated one.")
    names = {part.casefold() for one in personal for part in (one, one.partition("@")[0]) if part}
    if plain in names:
        raise _refused(field, "A password must not be your name or address. Use several words.")


async def hashed(password: str) -> str:
    """The argon2id hash of a password, with parameters and a fresh salt. Raises RateLimited when too many wait."""
    return await _in_a_thread(lambda: _HASHER.hash(_normal(password)))


async def verified(stored: str | None, password: str) -> bool:
    """Whether a password is the stored one. None, for a user who has none or does not exist, takes just as long.

    Raises RateLimited when too many wait.
    """
    text = _normal(password)[: LONGEST + 1]

    def compare() -> bool:
        nobody = _nobodys_hash()
        return _matches(nobody if stored is None else stored, text)

    return await _in_a_thread(compare) and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


async def stored_hash(db: Connection, workspace_id: int, user_id: int) -> str | None:
    """The hash of a user's password, or None when there is none."""
    found: str | None = await db.fetchval(FIND, workspace_id, user_id)
    return found


async def owner_has_one(db: Connection, workspace_id: int) -> bool:
    """Whether any active owner can sign in by password: until then the first-owner link is shown at each start."""
    return bool(await db.fetchval(ANY_OWNER, workspace_id))


async def store(db: Connection, workspace_id: int, user_id: int, password_hash: str, at: datetime) -> None:
    """Makes `password_hash`, from `hashed`, the user's password."""
    await db.execute(STORE, workspace_id, user_id, password_hash, at)


async def rehash(db: Connection, workspace_id: int, user_id: int, old: str, new: str) -> None:
    """Replaces a hash by one of the same password with today's parameters."""
    await db.execute(REHASH, workspace_id, user_id, old, new)


@cache
def common_passwords() -> frozenset[str]:
    """What too many people choose, in lower case; the file names its source."""
    text = files(__package__).joinpath("common_passwords.txt").read_text(encoding="ascii")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("the password of nobody")


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """One spelling of what looks the same, so that another keyboard does not lock anybody out (SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


async def _in_a_thread(work: Callable[[], Result]) -> Result:
    ticket = object()
    if len(_waiting) >= _MOST_WAITING:
        raise RateLimited(
            "Too many people sign in at this moment.", retry_after=5, remedy="Try again in a few seconds."
        )
    _waiting.add(ticket)
    try:
        return await asyncio.get_running_loop().run_in_executor(_HASHING, work)
    finally:
        _waiting.discard(ticket)


def _refused(field: str, message: str) -> PasswordRefused:
    return PasswordRefused(message, problems=[Problem(field, "PASSWORD_REFUSED", message)])
