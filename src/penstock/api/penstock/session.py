"""The session of the person who calls: sign in and out, who one is and may do what, password, name and language."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

import penstock
from penstock.accounts import passwords, sessions, sign_in, users
from penstock.accounts.actors import Role
from penstock.accounts.permissions import PERMISSIONS, allows
from penstock.accounts.users import Language, User
from penstock.accounts.workspaces import workspace_of
from penstock.api import cookies
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller, signed_in_person
from penstock.api.shapes import Id, Shape, Wish
from penstock.api.visitors import Visiting, browser_of
from penstock.errors import PasswordRefused, Problem
from penstock.kit.database import Connection

router = APIRouter(route_class=GuardedRoute, tags=["session"])


class SessionUser(Shape):
    """Who is signed in. `language` is null while the browser's is used."""

    id: Id
    email: str
    first_name: str
    last_name: str
    role: Role
    language: Language | None
    has_password: bool


class SessionWorkspace(Shape):
    """The workspace that one is signed in to."""

    id: Id
    name: str
    time_zone: str


class SessionShape(Shape):
    """Who is signed in and what they may do; nobody while `signedIn` is false.

    `setUp` is false until an owner has a password: then the way in is the link printed when Penstock starts.
    """

    signed_in: bool
    set_up: bool
    permissions: list[str]
    version: str = ""
    user: SessionUser | None = None
    workspace: SessionWorkspace | None = None


class SignInWish(Wish):
    """Address and password."""

    email: str
    password: str


class PasswordWish(Wish):
    """A new password. `currentPassword` may be missing only while there is none."""

    new_password: str
    current_password: str | None = None


class ProfileWish(Wish):
    """What to change about oneself; `language` null is the browser's."""

    first_name: str | None = None
    last_name: str | None = None
    language: Language | None = None


@router.get("/session")
async def read_session(request: Request, visitor: Visiting) -> SessionShape:
    """Who is signed in in this browser, and what they may do. Needs no session: it also says that there is none."""
    found = await signed_in_person(request, visitor.app)
    async with visitor.transaction() as db:
        if found is None:
            ready = await passwords.owner_has_one(db, visitor.workspace_id)
            return SessionShape(signed_in=False, set_up=ready, permissions=[])
        return await session_shape(db, await users.get(db, found.actor.workspace_id, found.user_id))


@router.post("/session")
async def start_session(
    wish: SignInWish, request: Request, response: Response, visitor: Visiting
) -> SessionShape:
    """Signs in by address and password, and sets the session cookie."""
    settings, browser = visitor.app.settings, visitor.browser
    cookies.check_transport(request, settings)
    async with visitor.transaction() as db:
        candidate = await sign_in.attempt(db, visitor.workspace_id, wish.email, browser)
    right = await passwords.verified(candidate.password_hash, wish.password)
    if candidate.user is None or candidate.password_hash is None or not right:
        async with visitor.transaction() as db:
            refusal = await sign_in.refuse(db, visitor.workspace_id, candidate, browser)
        raise refusal
    fresh = None
    if passwords.needs_rehash(candidate.password_hash):
        fresh = (candidate.password_hash, await passwords.hashed(wish.password))
    before = await signed_in_person(request, visitor.app)
    async with visitor.transaction() as db:
        if before is not None:
            await sessions.end(db, visitor.workspace_id, before.user_id, before.session_id)
        new = await sign_in.admit(db, candidate.user, wish.email, browser, fresh)
        cookies.give(request, response, settings, new.cookie)
        return await session_shape(db, candidate.user)


@router.delete("/session", status_code=204)
async def end_session(request: Request, response: Response, call: Caller) -> None:
    """Signs out in this browser."""
    async with call.transaction() as db:
        await sessions.sign_out(db, call.actor, call.session)
    cookies.take_back(request, response, call.app.settings)


@router.put("/session/password")
async def change_password(
    wish: PasswordWish, request: Request, response: Response, call: Caller
) -> SessionShape:
    """Sets another password. Every other browser is signed out."""
    browser, user_id = browser_of(request, call.app), call.session.user_id
    async with call.transaction() as db:
        user = await users.get(db, call.workspace_id, user_id)
    passwords.check_choice(wish.new_password, "newPassword", user.email, user.name)
    async with call.transaction() as db:
        candidate = await sign_in.attempt(db, call.workspace_id, user.email, browser)
    if candidate.password_hash is not None:
        right = await passwords.verified(candidate.password_hash, wish.current_password or "")
        if not right:
            message = "This is not your present password."
            raise PasswordRefused(message, problems=[Problem("currentPassword", "PASSWORD_REFUSED", message)])
    chosen = await passwords.hashed(wish.new_password)
    async with call.transaction() as db:
        new = await sign_in.change_password(db, user, chosen, browser)
        cookies.give(request, response, call.app.settings, new.cookie)
        return await session_shape(db, await users.get(db, call.workspace_id, user_id))


@router.patch("/session/profile")
async def change_profile(wish: ProfileWish, call: Caller) -> SessionShape:
    """Changes one's own name and language."""
    async with call.transaction() as db:
        user = await users.describe(
            db,
            call.workspace_id,
            call.session.user_id,
            first_name=wish.first_name,
            last_name=wish.last_name,
        )
        if "language" in wish.model_fields_set:
            user = await users.set_language(db, call.workspace_id, user.id, wish.language)
        return await session_shape(db, user)


async def session_shape(db: Connection, user: User) -> SessionShape:
    """The session of a user, as every route that starts or changes one answers it."""
    return SessionShape(
        signed_in=True,
        set_up=await passwords.owner_has_one(db, user.workspace_id),
        permissions=[name for name in PERMISSIONS if allows(user.role, name)],
        version=penstock.__version__,
        user=SessionUser.model_validate(user),
        workspace=SessionWorkspace.model_validate(await workspace_of(db, user.workspace_id)),
    )
