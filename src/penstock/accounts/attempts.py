"""Slows down whoever guesses: failures are counted by account and by address, and each one costs a longer wait (R31).

An attempt counts as failed when it begins and is taken back when it succeeds; so a hundred guesses at the same moment
are not all let through before the first of them has failed. An account that does not exist is counted like one that
does. The counts are in the database because a service has many processes.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from penstock.errors import RateLimited
from penstock.kit.database import Connection

FORGOTTEN_AFTER = timedelta(hours=1)

# By primary key. Attempts at the same moment wait for one another here, and see what the one before brought about.
COUNT = """
INSERT INTO sign_in_failures AS f (subject, failures, last_failed_at, blocked_until) VALUES ($1, 1, $2, $2)
ON CONFLICT (subject) DO UPDATE SET
    failures = CASE WHEN f.last_failed_at < $2 - $3::interval THEN 1 ELSE f.failures + 1 END,
    last_failed_at = $2
RETURNING failures, blocked_until
"""
BLOCK = "UPDATE sign_in_failures SET blocked_until = $2 WHERE subject = $1"
CLEAR = "DELETE FROM sign_in_failures WHERE subject = $1"
# One success takes back its own count only: else somebody with an account could clear an address between guesses.
TAKE_BACK = (
    "UPDATE sign_in_failures SET failures = greatest(failures - 1, 0), blocked_until = $2 WHERE subject = $1"
)
# Served by sign_in_failures_old.
FORGET = "DELETE FROM sign_in_failures WHERE last_failed_at < $1 AND blocked_until < $1"


@dataclass(frozen=True, slots=True)
class Subject:
    """What failures are counted for. The first `free` cost nothing, then each doubles the wait, up to `longest`."""

    key: bytes
    free: int
    longest: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """How long to wait after so many failures: 0, then 1, 2, 4 … seconds."""
        over = failures - self.free
        return min(timedelta(seconds=2 ** min(over, 20)), self.longest) if over >= 0 else timedelta(0)


def account(workspace_id: int, email: str) -> Subject:
    """One account, known or not. Its wait ends after 5 minutes at most, because others can bring it about."""
    return Subject(_key("account", workspace_id, email.strip().lower()), 5, timedelta(minutes=5))


def address(workspace_id: int, host: str) -> Subject:
    """One network address. Many people may share one, so that more is free.

    Of an IPv6 address the first 64 bits count: the rest is for one customer to choose (RFC 6177).
    """
    try:
        if (number := ipaddress.ip_address(host)).version == 6:
            host = str(ipaddress.ip_network((number, 64), strict=False))
    except ValueError:
        pass
    return Subject(_key("address", workspace_id, host), 20, timedelta(minutes=15))


async def begin(db: Connection, subjects: Sequence[Subject], *, at: datetime) -> None:
    """Counts an attempt. The caller commits before it looks at the password, so that the count is there for others.

    Raises RateLimited, with the seconds to wait, when it may not be made yet; with the rollback it is not counted.
    """
    await db.execute(FORGET, at - FORGOTTEN_AFTER)
    # In the order of their keys, so that two attempts never wait for each other in a circle.
    for subject in sorted(subjects, key=lambda one: one.key):
        row = await db.fetchrow(COUNT, subject.key, at, FORGOTTEN_AFTER)
        if row is None:
            continue
        if row["blocked_until"] > at:
            raise RateLimited(
                "Too many failed attempts.",
                retry_after=(row["blocked_until"] - at).total_seconds(),
                remedy="Wait a moment, then try again.",
            )
        if wait := subject.wait_after(row["failures"]):
            await db.execute(BLOCK, subject.key, at + wait)


async def succeeded(
    db: Connection, cleared: Subject | None, others: Sequence[Subject], *, at: datetime
) -> None:
    """Takes an attempt back: `cleared` starts from nothing again, the others lose this one count."""
    if cleared is not None:
        await db.execute(CLEAR, cleared.key)
    for subject in sorted(others, key=lambda one: one.key):
        await db.execute(TAKE_BACK, subject.key, at)


def _key(kind: str, workspace_id: int, name: str) -> bytes:
    return hashlib.sha256(f"{kind}\0{workspace_id}\0{name}".encode("utf-8", "replace")).digest()
