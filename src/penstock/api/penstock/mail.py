"""How mail is set up, a test mail, and the look of a mail in the outbox."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import HTMLResponse

from penstock.accounts import audit
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import PathId, Shape, Wish
from penstock.mail import outbox, trial
from penstock.mail.message import page

router = APIRouter(route_class=GuardedRoute, tags=["mail"])

# Whatever a mail holds stays inert: no scripts, no forms, no remote images that would tell who reads (security R36).
PREVIEW_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)


class MailSettings(Shape):
    """Where mail goes. `host` null: no mail server is named, and mails of workflows are kept."""

    sender: str
    host: str | None
    port: int | None
    user: str | None
    tls: Literal["always", "starttls", "offered", "off"] | None


class MailTestWish(Wish):
    """Where the test mail goes."""

    recipient: Annotated[str, Field(min_length=3, max_length=254)]


class MailTest(Shape):
    """What came of a test mail; `message` holds the server's words when it did not take it."""

    taken: bool
    message: str


@router.get("/mail-settings")
async def mail_settings(call: Caller) -> MailSettings:
    """How mail is set up, without the password."""
    return MailSettings.model_validate(trial.setup_of(call.app.settings))


@router.post("/mail-tests")
async def test_mail(wish: MailTestWish, call: Caller) -> MailTest:
    """Sends a test mail now and says what the mail server answered."""
    sent = await trial.send_trial(call.app.settings, wish.recipient, call.app.clock.now())
    async with call.transaction() as db:
        await audit.record(db, call.actor, "mail.tested", "mail", "trial", {"taken": sent.taken})
    return MailTest.model_validate(sent)


@router.get("/outbox/{mailId}/preview", response_class=HTMLResponse)
async def preview(mailId: PathId, call: Caller) -> HTMLResponse:  # noqa: N803
    """The mail as its reader sees it, for a frame: scripts and remote images are off."""
    async with call.transaction() as db:
        mail = await outbox.get(db, call.workspace_id, mailId)
    return HTMLResponse(
        page(mail.summary.subject, mail.html), headers={"Content-Security-Policy": PREVIEW_POLICY}
    )
