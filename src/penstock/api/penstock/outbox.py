"""The outbox: e-mails and webhooks of workflows, whether or not they could be sent."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Limit, Paging, PathId, Shape, Time, paging
from penstock.mail import outbox
from penstock.webhooks import deliveries

router = APIRouter(route_class=GuardedRoute, tags=["outbox"])

MailStatus = Literal["queued", "sending", "sent", "kept", "failed"]
WebhookStatus = Literal["queued", "sending", "delivered", "failed"]


class MailSummaryShape(Shape):
    """An e-mail without its bodies. `attempts` above 1 means that it may have been sent more than once.

    `kept` is the end of a mail while no mail server is configured.
    """

    id: Id
    key: str
    enrollment_id: Id | None
    action_id: str | None
    recipients: list[str]
    delivered_to: list[str]
    subject: str
    status: MailStatus
    attempts: int
    next_attempt_at: Time
    error: str
    created_at: Time
    sent_at: Time | None


class MailShape(MailSummaryShape):
    """An e-mail with its two bodies."""

    html: str
    text: str


class Mails(Shape):
    """A page of e-mails, newest first."""

    results: list[MailSummaryShape]
    paging: Paging | None = None


class WebhookShape(Shape):
    """A webhook. `url` goes without user and query; `attempts` above 1 means that it may have arrived more than once."""

    id: Id
    key: str
    enrollment_id: Id
    action_id: str
    method: str
    url: str
    status: WebhookStatus
    attempts: int
    next_attempt_at: Time
    response_status: int | None
    response_body: str
    error: str
    created_at: Time
    delivered_at: Time | None


class Webhooks(Shape):
    """A page of webhooks, newest first."""

    results: list[WebhookShape]
    paging: Paging | None = None


@router.get("/outbox")
async def list_mails(
    call: Caller,
    status: MailStatus | None = None,
    enrollmentId: Annotated[Id | None, Query()] = None,  # noqa: N803
    after: After = None,
    limit: Limit = 50,
) -> Mails:
    """Lists e-mails, newest first."""
    async with call.transaction() as db:
        found = await outbox.list_mails(
            db, call.workspace_id, before=after, status=status, enrollment_id=enrollmentId, limit=limit + 1
        )
    page = [MailSummaryShape.model_validate(mail) for mail in found[:limit]]
    return Mails(results=page, **paging(page[-1].id if len(found) > limit else None))


@router.get("/outbox/{mailId}")
async def read_mail(mailId: PathId, call: Caller) -> MailShape:  # noqa: N803
    """One e-mail as it was or would be sent."""
    async with call.transaction() as db:
        return _mail(await outbox.get(db, call.workspace_id, mailId))


@router.post("/outbox/{mailId}/retry")
async def retry_mail(mailId: PathId, call: Caller) -> MailShape:  # noqa: N803
    """Queues a failed or kept e-mail again; recipients that have it already do not get it twice."""
    async with call.transaction() as db:
        await outbox.retry(db, call.workspace_id, call.actor, mailId)
        return _mail(await outbox.get(db, call.workspace_id, mailId))


@router.get("/webhooks")
async def list_webhooks(
    call: Caller,
    status: WebhookStatus | None = None,
    enrollmentId: Annotated[Id | None, Query()] = None,  # noqa: N803
    after: After = None,
    limit: Limit = 50,
) -> Webhooks:
    """Lists webhooks, newest first."""
    async with call.transaction() as db:
        found = await deliveries.list_deliveries(
            db, call.workspace_id, before=after, status=status, enrollment_id=enrollmentId, limit=limit + 1
        )
    page = [WebhookShape.model_validate(delivery) for delivery in found[:limit]]
    return Webhooks(results=page, **paging(page[-1].id if len(found) > limit else None))


@router.get("/webhooks/{deliveryId}")
async def read_webhook(deliveryId: PathId, call: Caller) -> WebhookShape:  # noqa: N803
    """One webhook with the beginning of its reply."""
    async with call.transaction() as db:
        return WebhookShape.model_validate(await deliveries.get(db, call.workspace_id, deliveryId))


def _mail(mail: outbox.Mail) -> MailShape:
    summary = MailSummaryShape.model_validate(mail.summary).model_dump()
    return MailShape(**summary, html=mail.html, text=mail.text)
