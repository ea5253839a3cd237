"""Guessing becomes slow, by account and by address, with the test's own clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from penstock.accounts import attempts
from penstock.accounts.attempts import Subject, account, address
from penstock.errors import RateLimited
from penstock.kit.database import Connection, Pool, transaction

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


async def fail(db: Connection, *subjects: Subject, at: datetime) -> float:
    """One attempt that stays failed: 0 when it was let through, else the seconds to wait."""
    try:
        async with db.transaction():
            await attempts.begin(db, subjects, at=at)
    except RateLimited as refusal:
        return refusal.retry_after
    return 0


async def test_after_five_failures_each_further_one_doubles_the_wait_up_to_five_minutes(
    db: Connection,
) -> None:
    ada, at, waits = account(1, "ada@x.test"), NOW, []
    for _ in range(5):
        assert await fail(db, ada, at=at) == 0
    for _ in range(10):
        waits.append(await fail(db, ada, at=at))
        at += timedelta(seconds=waits[-1])
        assert await fail(db, ada, at=at) == 0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert await fail(db, account(1, " ADA@x.test"), at=at) == 300, "one account in any spelling"
    assert await fail(db, account(1, "bob@x.test"), at=at) == 0, "others need not wait"


async def test_a_hundred_guesses_at_the_same_moment_are_not_all_let_through(pool: Pool) -> None:
    async def guess() -> bool:
        try:
            async with transaction(pool) as db:
                await attempts.begin(db, [account(1, "ada@x.test"), address(1, "192.0.2.1")], at=NOW)
        except RateLimited:
            return False
        return True

    assert sum(await asyncio.gather(*(guess() for _ in range(100)))) == 5


async def test_a_success_clears_the_account_but_takes_back_only_its_own_count_of_the_address(
    db: Connection,
) -> None:
    here = address(1, "192.0.2.1")
    for number in range(19):
        assert await fail(db, account(1, f"victim{number}@x.test"), here, at=NOW) == 0
    mine = account(1, "mallory@x.test")
    for _ in range(3):
        assert await fail(db, mine, here, at=NOW) == 0
        await attempts.succeeded(db, mine, [here], at=NOW)
    assert await fail(db, account(1, "victim@x.test"), here, at=NOW) == 0
    assert await fail(db, account(1, "victim@x.test"), here, at=NOW) == 1
    assert await fail(db, mine, address(1, "192.0.2.2"), at=NOW) == 0


async def test_failures_are_forgotten_after_an_hour_and_their_rows_go(db: Connection) -> None:
    for number in range(6):
        await fail(db, account(1, "ada@x.test"), address(1, f"192.0.2.{number}"), at=NOW)
    later = NOW + timedelta(hours=1, seconds=1)
    for _ in range(5):
        assert await fail(db, account(1, "ada@x.test"), at=later) == 0
    assert await db.fetchval("SELECT count(*) FROM sign_in_failures") == 1


def test_one_customers_ipv6_addresses_are_one_address() -> None:
    assert address(1, "2001:db8:1:2::1") == address(1, "2001:db8:1:2:ffff::9")
    assert address(1, "2001:db8:1:2::1") != address(1, "2001:db8:1:3::1")
    assert address(1, "192.0.2.1") != address(1, "192.0.2.2")
    assert address(1, "192.0.2.1") != address(2, "192.0.2.1")


@pytest.mark.parametrize("email", ["", "\ud800", "x" * 5000])
async def test_whatever_is_sent_as_an_address_is_counted(db: Connection, email: str) -> None:
    assert await fail(db, account(1, email), at=NOW) == 0
