"""`penstock outbox`: the e-mails of workflows, sent or kept, and their webhooks."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from penstock.cli.command import command, group
from penstock.cli.jsonable import fields_of
from penstock.cli.output import Column, output, shortened
from penstock.cli.session import session
from penstock.kit.database import transaction
from penstock.kit.redact import redact_url
from penstock.mail import outbox
from penstock.mail.outbox import MailStatus, MailSummary
from penstock.webhooks import deliveries
from penstock.webhooks.deliveries import Delivery, DeliveryStatus

app = group("E-mails of workflows, sent or kept, and their webhooks.")

MailId = Annotated[int, typer.Argument(metavar="MAIL", help="The mail's id.")]
STATUS_STYLE = {"sent": "green", "delivered": "green", "kept": "", "failed": "red"}

COLUMNS: tuple[Column[MailSummary], ...] = (
    Column("Mail", lambda mail: mail.id, number=True),
    Column("To", lambda mail: mail.recipients),
    Column("Subject", lambda mail: shortened(mail.subject, 60)),
    Column("Status", lambda mail: mail.status, style=lambda mail: STATUS_STYLE.get(mail.status, "yellow")),
    Column("Attempts", lambda mail: mail.attempts, number=True),
    Column("Run", lambda mail: mail.enrollment_id, number=True),
    Column("Queued", lambda mail: mail.created_at),
    Column("Last trouble", lambda mail: shortened(mail.error, 60)),
)


@command(app, "list")
async def list_mails(
    status: Annotated[
        MailStatus | None, typer.Option("--status", help="Only mails with this status.")
    ] = None,
    run: Annotated[int | None, typer.Option("--run", help="Only mails of this run.")] = None,
    before: Annotated[
        int | None, typer.Option("--before", help="Only mails older than this one: the next page.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 50,
) -> None:
    """List e-mails, newest first. Without PENSTOCK_SMTP_URL they are kept here instead of sent."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await outbox.list_mails(
            db, actor.workspace_id, before=before, status=status, enrollment_id=run, limit=limit
        )
    more = f"Older ones: --before {found[-1].id}" if len(found) == limit else ""
    output.results(found, COLUMNS, empty="No e-mails.", note=more)


@command(app, "show")
async def show(mail_id: MailId) -> None:
    """Show one e-mail as text."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        mail = await outbox.get(db, actor.workspace_id, mail_id)
    if output.json:
        output.document({**fields_of(mail.summary), "html": mail.html, "text": mail.text})
        return
    about = mail.summary
    output.item(
        mail,
        [
            ("To", about.recipients),
            ("Subject", about.subject),
            (
                "Status",
                f"{about.status}, {about.attempts} attempts" + (f": {about.error}" if about.error else ""),
            ),
            ("Key", about.key),
        ],
    )
    output.line("")
    output.line(mail.text)


@command(app, "retry")
async def retry(mail_id: MailId) -> None:
    """Send a failed or kept e-mail, now that there is a mail server that takes it."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        await outbox.retry(db, actor.workspace_id, actor, mail_id)
        mail = await outbox.get(db, actor.workspace_id, mail_id)
    output.said(f"Mail {mail_id} is queued again.", mail.summary)


WEBHOOK_COLUMNS: tuple[Column[Delivery], ...] = (
    Column("Webhook", lambda webhook: webhook.id, number=True),
    Column("To", lambda webhook: f"{webhook.method} {webhook.url}"),
    Column(
        "Status",
        lambda webhook: webhook.status,
        style=lambda webhook: STATUS_STYLE.get(webhook.status, "yellow"),
    ),
    Column("Answer", lambda webhook: webhook.response_status, number=True),
    Column("Attempts", lambda webhook: webhook.attempts, number=True),
    Column("Run", lambda webhook: webhook.enrollment_id, number=True),
    Column("Queued", lambda webhook: webhook.created_at),
    Column("Last trouble", lambda webhook: shortened(webhook.error, 60)),
)


@command(app, "webhooks")
async def list_webhooks(
    status: Annotated[
        DeliveryStatus | None, typer.Option("--status", help="Only webhooks with this status.")
    ] = None,
    run: Annotated[int | None, typer.Option("--run", help="Only webhooks of this run.")] = None,
    before: Annotated[
        int | None, typer.Option("--before", help="Only webhooks older than this one: the next page.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 50,
) -> None:
    """List webhooks, newest first, with what the receivers answered."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await deliveries.list_deliveries(
            db, actor.workspace_id, before=before, status=status, enrollment_id=run, limit=limit
        )
    # Queries of addresses may hold secrets (security R9): they are shown to nobody.
    shown = [replace(webhook, url=redact_url(webhook.url)) for webhook in found]
    more = f"Older ones: --before {found[-1].id}" if len(found) == limit else ""
    output.results(shown, WEBHOOK_COLUMNS, empty="No webhooks.", note=more)
