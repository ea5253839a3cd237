"""Sessions: what they are found by, what ends them, and whose role they carry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.accounts.test_tokens import database_text

from penstock.accounts import sessions, users
from penstock.accounts.actors import Actor
from penstock.accounts.sessions import Limits
from penstock.accounts.users import User
from penstock.kit.database import Connection

OWNER = Actor(1, "cli", "root", "root", "owner")
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
async def ada(db: Connection) -> User:
    await users.create(db, 1, OWNER, email="o@x.test", role="owner")
    return await users.create(db, 1, OWNER, email="ada@x.test", role="admin", first_name="Ada")


async def test_a_session_is_found_by_its_cookie_of_256_bits_of_which_only_the_hash_is_stored(
    db: Connection, ada: User
) -> None:
    new = await sessions.start(db, 1, ada.id, at=NOW, address="192.0.2.1", user_agent="Browser\x00" * 90)
    found = await sessions.find(db, new.cookie, at=NOW, address="192.0.2.2")
    assert found is not None
    assert found.actor == Actor(1, "person", str(ada.id), "Ada", "admin", "192.0.2.2")
    assert len(new.cookie) == 43  # 32 bytes in base64 without padding
    assert new.cookie not in await database_text(db)
    assert new.cookie not in repr(new)
    assert await sessions.find(db, new.cookie[:-1], at=NOW) is None
    assert await sessions.find(db, "\udcff", at=NOW) is None


async def test_a_session_ends_after_an_idle_while_and_after_a_long_while_in_any_case(
    db: Connection, ada: User
) -> None:
    limits = Limits(timedelta(hours=12), timedelta(days=30))
    new = await sessions.start(db, 1, ada.id, at=NOW)
    at = NOW
    while at < NOW + timedelta(days=29, hours=23):
        at += timedelta(hours=11)
        assert (await sessions.find(db, new.cookie, at=at, limits=limits) is not None) == (
            at < NOW + timedelta(days=30)
        )
    assert await sessions.find(db, new.cookie, at=NOW + timedelta(days=30), limits=limits) is None
    idle = await sessions.start(db, 1, ada.id, at=NOW)
    assert await sessions.find(db, idle.cookie, at=NOW + timedelta(hours=12), limits=limits) is None


async def test_what_has_ended_is_thrown_away_with_the_next_sign_in(db: Connection, ada: User) -> None:
    await sessions.start(db, 1, ada.id, at=NOW)
    await sessions.start(db, 1, ada.id, at=NOW + timedelta(hours=13))
    assert await db.fetchval("SELECT count(*) FROM sessions") == 1


async def test_a_change_of_role_acts_on_the_next_request_and_a_deactivation_ends_the_session_for_good(
    db: Connection, ada: User
) -> None:
    new = await sessions.start(db, 1, ada.id, at=NOW)
    await users.set_role(db, 1, OWNER, ada.id, "viewer")
    found = await sessions.find(db, new.cookie, at=NOW)
    assert found is not None
    assert found.actor.role == "viewer"
    assert await users.holdings(db, 1, ada.id) == users.Holdings(1, ())
    await users.deactivate(db, 1, OWNER, ada.id)
    assert await sessions.find(db, new.cookie, at=NOW) is None
    await users.reactivate(db, 1, OWNER, ada.id)
    assert await sessions.find(db, new.cookie, at=NOW) is None


async def test_one_session_or_all_others_can_be_ended_and_nobody_elses(db: Connection, ada: User) -> None:
    bob = await users.create(db, 1, OWNER, email="bob@x.test", role="viewer")
    mine = [await sessions.start(db, 1, ada.id, at=NOW + timedelta(minutes=n)) for n in range(3)]
    his = await sessions.start(db, 1, bob.id, at=NOW)
    assert not await sessions.end(db, 1, ada.id, his.session.id)
    assert not await sessions.end(db, 2, ada.id, mine[0].session.id)
    assert await sessions.end(db, 1, ada.id, mine[0].session.id)
    listed = await sessions.list_sessions(db, 1, ada.id, at=NOW + timedelta(minutes=3))
    assert [one.id for one in listed] == [mine[2].session.id, mine[1].session.id]
    assert listed[0].ends_at(Limits()) == NOW + timedelta(hours=12, minutes=2)
    await sessions.end_others(db, 1, ada.id, mine[1].session.id)
    assert await sessions.find(db, mine[2].cookie, at=NOW) is None
    assert await sessions.find(db, mine[1].cookie, at=NOW) is not None
    assert await sessions.find(db, his.cookie, at=NOW) is not None


async def test_the_use_of_a_session_is_noted_at_most_once_a_minute(db: Connection, ada: User) -> None:
    new = await sessions.start(db, 1, ada.id, at=NOW, address="192.0.2.1")

    async def last_seen(after: timedelta) -> tuple[datetime, str]:
        await sessions.find(db, new.cookie, at=NOW + after, address="192.0.2.2")
        one = (await sessions.list_sessions(db, 1, ada.id, at=NOW + after))[0]
        return one.last_seen_at, one.address

    assert await last_seen(timedelta(seconds=59)) == (NOW, "192.0.2.1")
    assert await last_seen(timedelta(seconds=61)) == (NOW + timedelta(seconds=61), "192.0.2.2")
