"""Invitations of people who are no users yet."""

from __future__ import annotations

from fastapi import APIRouter, Request

from penstock.accounts import invitations, links
from penstock.accounts.actors import Role
from penstock.accounts.links import Link
from penstock.api.origins import address
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.api.shapes import After, Id, Limit, Paging, PathId, Shape, Time, Wish, paging
from penstock.mail.invitation import send_invitation

router = APIRouter(route_class=GuardedRoute, tags=["invitations"])


class InvitationShape(Shape):
    """An invitation that nobody has taken up yet."""

    id: Id
    email: str
    role: Role
    created_by: str
    created_at: Time
    expires_at: Time
    expired: bool


class Invitations(Shape):
    """Open invitations, newest first."""

    results: list[InvitationShape]
    paging: Paging | None = None


class InvitationWish(Wish):
    """Whom to invite, and as what."""

    email: str
    role: Role


class IssuedInvitation(Shape):
    """A new invitation. `url` is shown only now; `mailed` says whether the mail server took it for the address.

    `mailProblem` is there when it did not; without a mail server the link has to be handed over by hand.
    """

    invitation: InvitationShape
    url: str
    mailed: bool
    mail_problem: str | None = None


@router.get("/invitations")
async def list_invitations(call: Caller, after: After = None, limit: Limit = 100) -> Invitations:
    """Lists the invitations that nobody has taken up or taken back, expired ones too."""
    async with call.transaction() as db:
        found = await invitations.list_open(db, call.workspace_id, before=after, limit=limit + 1)
    last = found[limit - 1].id if len(found) > limit else None
    return Invitations(results=[_shape(call, one) for one in found[:limit]], **paging(last))


@router.post("/invitations", status_code=201)
async def invite(wish: InvitationWish, request: Request, call: Caller) -> IssuedInvitation:
    """Invites somebody. The answer holds the link; it is also mailed when a mail server is set up."""
    now = call.app.clock.now()
    async with call.transaction() as db:
        issued = await invitations.invite(
            db, call.workspace_id, call.actor, email=wish.email, role=wish.role, at=now
        )
    url = url_of(request, call, issued.token)
    trial = await send_invitation(call.app.settings, issued.link.email, call.actor.label, url, now)
    shape = IssuedInvitation(
        invitation=_shape(call, issued.link), url=url, mailed=trial is not None and trial.taken
    )
    if trial is not None and not trial.taken:
        shape.mail_problem = trial.message
    return shape


@router.delete("/invitations/{invitationId}", status_code=204)
async def withdraw(invitationId: PathId, call: Caller) -> None:  # noqa: N803
    """Takes an invitation back: its link no longer works."""
    async with call.transaction() as db:
        await invitations.withdraw(db, call.workspace_id, call.actor, invitationId, at=call.app.clock.now())


def url_of(request: Request, call: Call, token: str) -> str:
    """The whole address of a link, to be handed over."""
    ours = address(request.url.scheme, request.headers, call.app.settings.public_url)
    return ours + links.path(token)


def _shape(call: Call, link: Link) -> InvitationShape:
    return InvitationShape(
        id=link.id,
        email=link.email,
        role=link.role,
        created_by=link.created_by,
        created_at=link.created_at,
        expires_at=link.expires_at,
        expired=link.expires_at <= call.app.clock.now(),
    )
