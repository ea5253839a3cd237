"""Signing in: by address and password, or by a one-time link. Each ends in a session, or in the same refusal for all.

Both take three steps, because a password is never hashed while a transaction is open: the caller commits the first,
hashes or verifies (`passwords`), and commits the last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from penstock.accounts import attempts, audit, links, passwords, sessions, users
from penstock.accounts.actors import Actor
from penstock.accounts.links import Link
from penstock.accounts.sessions import Limits, NewSession
from penstock.accounts.users import Language, User
from penstock.errors import Conflict, LinkInvalid, SignInRefused
from penstock.kit.database import Connection


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a request comes from, and the moment it came."""

    address: str
    user_agent: str
    at: datetime
    limits: Limits


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who an address may belong to. `user` is None for an address of nobody, which must take just as long to refuse."""

    email: str
    user: User | None
    password_hash: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody says about themselves when redeeming a link; None leaves what is there."""

    password_hash: str | None = field(default=None, repr=False)
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    language: Language | None = None


async def attempt(db: Connection, workspace_id: int, email: str, browser: Browser) -> Candidate:
    """Counts an attempt and looks up whose it would be. Raises RateLimited when account or address have to wait."""
    await attempts.begin(db, _subjects(workspace_id, email, browser), at=browser.at)
    user = await users.by_email(db, workspace_id, email)
    if user is not None and user.deactivated_at is not None:
        user = None
    stored = None if user is None else await passwords.stored_hash(db, workspace_id, user.id)
    return Candidate(email, user, stored)


async def refuse(db: Connection, workspace_id: int, candidate: Candidate, browser: Browser) -> SignInRefused:
    """Notes a failure and gives the error to raise after the commit: one and the same whatever was wrong.

    An address that is nobody's is not noted: people type passwords into the wrong field.
    """
    who = candidate.user.id if candidate.user else "nobody"
    stranger = Actor(workspace_id, "system", "sign-in", "sign-in", "viewer", browser.address)
    await audit.record(db, stranger, "sign_in.refused", "user", who)
    return SignInRefused(remedy="Check both. An owner or admin can give you a link to set a new password.")


async def admit(
    db: Connection, user: User, email: str, browser: Browser, new_hash: tuple[str, str] | None = None
) -> NewSession:
    """Starts the session of a user whose password was right. `new_hash` is (old, new) when it was hashed afresh."""
    account, address = _subjects(user.workspace_id, email, browser)
    await attempts.succeeded(db, account, [address], at=browser.at)
    if new_hash is not None:
        await passwords.rehash(db, user.workspace_id, user.id, *new_hash)
    return await _start(db, user, browser, "password")


async def begin_link(db: Connection, workspace_id: int, browser: Browser) -> None:
    """Counts an attempt to open a link, for `inspect` to take back. Raises RateLimited when the address has to wait."""
    await attempts.begin(db, [attempts.address(workspace_id, browser.address)], at=browser.at)


async def inspect(db: Connection, workspace_id: int, token: str, browser: Browser) -> Link:
    """What an open link is for. Raises LinkInvalid."""
    link = await links.find(db, workspace_id, token, at=browser.at)
    address = attempts.address(workspace_id, browser.address)
    await attempts.succeeded(db, None, [address], at=browser.at)
    return link


async def redeem(
    db: Connection, workspace_id: int, token: str, newcomer: Newcomer, browser: Browser
) -> tuple[User, NewSession]:
    """Uses a link up: the person it is for gets a name and a password where it sets one, and a session.

    Whoever sets a password is signed out everywhere else (R27). Raises LinkInvalid, Conflict when the address of a
    first owner is taken, and InvalidInput for names that are none.
    """
    link = await links.find(db, workspace_id, token, at=browser.at)
    user = await _person_of(db, link)
    if link.purpose == "first_owner" and newcomer.email is not None:
        user = await users.set_email(db, workspace_id, user.id, newcomer.email)
    if link.sets_password:
        if newcomer.password_hash is None:
            raise LinkInvalid("This link sets a password, and none was sent.", remedy="Send a password.")
        await users.describe(
            db, workspace_id, user.id, first_name=newcomer.first_name, last_name=newcomer.last_name
        )
        await passwords.store(db, workspace_id, user.id, newcomer.password_hash, browser.at)
        await sessions.end_others(db, workspace_id, user.id)
        if newcomer.language is not None:
            await users.set_language(db, workspace_id, user.id, newcomer.language)
    await links.use(db, link, user, at=browser.at)
    new = await _start(db, await users.get(db, workspace_id, user.id), browser, link.purpose)
    return await users.get(db, workspace_id, user.id), new


async def change_password(db: Connection, user: User, password_hash: str, browser: Browser) -> NewSession:
    """Sets another password; every session of the user ends, and a new one begins for this browser (R27)."""
    account, address = _subjects(user.workspace_id, user.email, browser)
    await attempts.succeeded(db, account, [address], at=browser.at)
    await passwords.store(db, user.workspace_id, user.id, password_hash, browser.at)
    await sessions.end_others(db, user.workspace_id, user.id)
    await links.withdraw_all(db, user, at=browser.at)
    await audit.record(db, sessions.person(user, browser.address), "password.changed", "user", user.id)
    return await _start(db, user, browser, "new password")


async def _person_of(db: Connection, link: Link) -> User:
    """The user a link is for; an invitation makes one when there is none yet."""
    user = (
        await users.by_email(db, link.workspace_id, link.email)
        if link.user_id is None
        else await users.get(db, link.workspace_id, link.user_id)
    )
    if user is None:
        inviter = Actor(link.workspace_id, "system", "invitation", link.created_by, link.role)
        return await users.create(db, link.workspace_id, inviter, email=link.email, role=link.role)
    if user.deactivated_at is not None:
        raise LinkInvalid(remedy="Ask for a new one.")
    if link.purpose == "invitation" and user.has_password:
        raise Conflict("You can sign in already.", remedy="Sign in with your e-mail address and password.")
    return user


async def _start(db: Connection, user: User, browser: Browser, how: str) -> NewSession:
    new = await sessions.start(
        db,
        user.workspace_id,
        user.id,
        at=browser.at,
        address=browser.address,
        user_agent=browser.user_agent,
        limits=browser.limits,
    )
    await audit.record(
        db, sessions.person(user, browser.address), "session.started", "session", new.session.id, {"by": how}
    )
    return new


def _subjects(workspace_id: int, email: str, browser: Browser) -> tuple[attempts.Subject, attempts.Subject]:
    return attempts.account(workspace_id, email), attempts.address(workspace_id, browser.address)
