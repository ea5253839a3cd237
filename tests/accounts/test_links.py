"""One-time links, invitations and what redeeming one brings about."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from tests.accounts.test_tokens import database_text

from penstock.accounts import audit, invitations, links, passwords, sessions, sign_in, users
from penstock.accounts.actors import Actor
from penstock.accounts.first_start import ensure_owner, first_owner, first_owner_link
from penstock.accounts.links import LASTS, Purpose
from penstock.accounts.sessions import Limits
from penstock.accounts.sign_in import Browser, Newcomer
from penstock.errors import Conflict, Forbidden, InvalidInput, LinkInvalid, NotFound
from penstock.kit.database import Connection, Pool, transaction

OWNER = Actor(1, "cli", "root", "root", "owner")
ADMIN = Actor(1, "person", "9", "Ann", "admin")
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
BROWSER = Browser("192.0.2.1", "a browser", NOW, Limits())


async def choosing(password: str = "three blue boats", **what: str) -> Newcomer:
    return Newcomer(await passwords.hashed(password), what.get("first"), what.get("last"), what.get("email"))


async def test_the_first_owner_gets_address_name_and_password_and_then_no_start_shows_a_link_any_more(
    db: Connection,
) -> None:
    await ensure_owner(db, 1)
    links_shown = [await first_owner_link(db, 1, at=NOW) for _ in range(2)]
    assert all(links_shown)
    first, second = (one.token for one in links_shown if one)
    user, session = await sign_in.redeem(
        db, 1, first, await choosing(first="Ada", last="Lovelace", email="Ada@X.test"), BROWSER
    )
    assert (user.email, user.name, user.has_password) == ("ada@x.test", "Ada Lovelace", True)
    assert await sessions.find(db, session.cookie, at=NOW) is not None
    assert await first_owner_link(db, 1, at=NOW) is None
    for used in (first, second):
        with pytest.raises(LinkInvalid):
            await sign_in.redeem(db, 1, used, await choosing(), BROWSER)
    text = await database_text(db)
    assert first not in text
    assert second not in text


async def test_of_two_redemptions_at_the_same_moment_one_finds_the_link_used(pool: Pool) -> None:
    async with transaction(pool) as db:
        issued = await invitations.invite(db, 1, OWNER, email="bob@x.test", role="builder", at=NOW)
    chosen = await choosing()

    async def redeem() -> bool:
        try:
            async with transaction(pool) as db:
                await sign_in.redeem(db, 1, issued.token, chosen, BROWSER)
        except LinkInvalid:
            return False
        return True

    assert sorted(await asyncio.gather(redeem(), redeem(), redeem())) == [False, False, True]
    async with pool.acquire() as db:
        assert [user.role for user in await users.list_users(db, 1)] == ["builder"]


@pytest.mark.parametrize("purpose", LASTS)
async def test_a_link_is_void_when_its_time_is_over(db: Connection, purpose: Purpose) -> None:
    await ensure_owner(db, 1)
    issued = await links.issue(db, OWNER, purpose, await first_owner(db, 1), at=NOW)
    at = NOW + LASTS[purpose]
    assert (await links.find(db, 1, issued.token, at=at - timedelta(seconds=1))).purpose == purpose
    with pytest.raises(LinkInvalid):
        await links.find(db, 1, issued.token, at=at)
    with pytest.raises(LinkInvalid):
        await links.find(db, 2, issued.token, at=NOW)


async def test_a_sign_in_link_signs_in_and_changes_nothing_else(db: Connection) -> None:
    await ensure_owner(db, 1)
    issued = await links.issue(db, OWNER, "sign_in", await first_owner(db, 1), at=NOW)
    user, _ = await sign_in.redeem(
        db, 1, issued.token, await choosing(first="Eve", email="e@x.test"), BROWSER
    )
    assert (user.email, user.first_name, user.has_password) == ("owner@penstock.local", "", False)
    assert user.last_signed_in_at == NOW


async def test_setting_a_password_ends_every_session_and_every_other_link_of_the_person(
    db: Connection,
) -> None:
    await ensure_owner(db, 1)
    owner = await first_owner(db, 1)
    old = await sessions.start(db, 1, owner.id, at=NOW)
    reset = await links.issue(db, OWNER, "password_reset", owner, at=NOW)
    other = await links.issue(db, OWNER, "sign_in", owner, at=NOW)
    with pytest.raises(LinkInvalid, match="sets a password"):
        await sign_in.redeem(db, 1, reset.token, Newcomer(), BROWSER)
    _, new = await sign_in.redeem(db, 1, reset.token, await choosing(), BROWSER)
    assert await sessions.find(db, old.cookie, at=NOW) is None
    assert await sessions.find(db, new.cookie, at=NOW) is not None
    with pytest.raises(LinkInvalid):
        await links.find(db, 1, other.token, at=NOW)


async def test_nobody_issues_a_link_for_somebody_above_and_a_rise_makes_older_links_void(
    db: Connection,
) -> None:
    await ensure_owner(db, 1)
    with pytest.raises(Forbidden):
        await links.issue(db, ADMIN, "password_reset", await first_owner(db, 1), at=NOW)
    bob = await users.create(db, 1, OWNER, email="bob@x.test", role="builder")
    issued = await links.issue(db, ADMIN, "password_reset", bob, at=NOW)
    await users.set_role(db, 1, OWNER, bob.id, "owner")
    with pytest.raises(LinkInvalid):
        await links.find(db, 1, issued.token, at=NOW)


async def test_an_invitation_makes_a_user_and_inviting_again_makes_the_first_link_void(
    db: Connection,
) -> None:
    first = await invitations.invite(db, 1, ADMIN, email="Bob@x.test", role="operator", at=NOW)
    second = await invitations.invite(db, 1, ADMIN, email="bob@x.test", role="builder", at=NOW)
    assert [one.id for one in await invitations.list_open(db, 1)] == [second.link.id]
    with pytest.raises(LinkInvalid):
        await sign_in.redeem(db, 1, first.token, await choosing(), BROWSER)
    user, _ = await sign_in.redeem(db, 1, second.token, await choosing(first="Bob"), BROWSER)
    assert (user.email, user.role, user.name) == ("bob@x.test", "builder", "Bob")
    assert await invitations.list_open(db, 1) == []
    with pytest.raises(Conflict, match="can sign in already"):
        await invitations.invite(db, 1, ADMIN, email="bob@x.test", role="viewer", at=NOW)
    actions = [entry.action for entry in await audit.list_entries(db, 1)]
    assert actions[:2] == ["session.started", "user.created"]


async def test_an_invited_user_who_is_there_already_becomes_no_second_one(db: Connection) -> None:
    await ensure_owner(db, 1)
    known = await users.create(db, 1, OWNER, email="bob@x.test", role="viewer", first_name="Bob")
    issued = await invitations.invite(db, 1, OWNER, email="bob@x.test", role="builder", at=NOW)
    user, _ = await sign_in.redeem(db, 1, issued.token, await choosing(), BROWSER)
    assert (user.id, user.role, user.first_name) == (known.id, "builder", "Bob")


async def test_an_invitation_that_was_taken_back_opens_nothing(db: Connection) -> None:
    issued = await invitations.invite(db, 1, OWNER, email="bob@x.test", role="viewer", at=NOW)
    with pytest.raises(NotFound):
        await invitations.withdraw(db, 2, OWNER, issued.link.id, at=NOW)
    await invitations.withdraw(db, 1, OWNER, issued.link.id, at=NOW)
    with pytest.raises(LinkInvalid):
        await links.find(db, 1, issued.token, at=NOW)
    with pytest.raises(NotFound):
        await invitations.withdraw(db, 1, OWNER, issued.link.id, at=NOW)
    with pytest.raises(Forbidden):
        await invitations.invite(db, 1, ADMIN, email="eve@x.test", role="owner", at=NOW)


def test_a_link_leads_only_to_places_of_ours() -> None:
    assert links.path("abc") == "/link#abc"
    assert links.path("abc", "/runs/1?step=2&x=ø") == "/link#abc&to=/runs/1%3Fstep%3D2%26x%3D%C3%B8"
    for elsewhere in ("//evil.example", "/\\evil.example", "https://evil.example", "runs/1", "/a\nb", ""):
        with pytest.raises(InvalidInput):
            links.path("abc", elsewhere)
