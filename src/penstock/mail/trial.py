"""Whether mail works: how it is set up, and one mail sent while somebody waits for what comes of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from penstock.errors import Conflict
from penstock.kit.ids import new_uuid
from penstock.mail.message import build, sender_of
from penstock.mail.sender import SEND_SECONDS
from penstock.mail.smtp import SmtpServer, SmtpSession, SmtpTrouble, Tls
from penstock.settings import Settings

SUBJECT = "A test e-mail from Penstock"
BODY = (
    "<p>This is a test. Mail from workflows goes the same way, so e-mail notifications will arrive too.</p>"
)
TEXT = "This is a test. Mail from workflows goes the same way, so e-mail notifications will arrive too."


@dataclass(frozen=True, slots=True)
class MailSetup:
    """Where mail goes, without the password. `host` is None while no mail server is named."""

    sender: str
    host: str | None = None
    port: int | None = None
    user: str | None = None
    tls: Tls | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a test mail: whether the server took it, and else its words."""

    taken: bool
    message: str


def setup_of(settings: Settings) -> MailSetup:
    """How mail is set up. Raises ConfigurationProblem when PENSTOCK_SMTP_URL is unusable."""
    if settings.smtp_url is None:
        return MailSetup(settings.mail_from)
    server = SmtpServer.from_url(settings.smtp_url)
    return MailSetup(settings.mail_from, server.host, server.port, server.user, server.tls)


async def send_trial(settings: Settings, recipient: str, now: datetime) -> Trial:
    """Sends one mail to `recipient`, outside of the outbox, within 90 seconds.

    Raises Conflict while no mail server is named, and InvalidInput when `recipient` is no address.
    """
    if settings.smtp_url is None:
        raise Conflict(
            "No mail server is named, so nothing can be sent.",
            remedy="Set PENSTOCK_SMTP_URL to smtp://user:password@host:587 and start Penstock again.",
        )
    session = SmtpSession(SmtpServer.from_url(settings.smtp_url))
    message = build(
        key=f"trial-{new_uuid()}",
        sender=settings.mail_from,
        recipients=[recipient],
        subject=SUBJECT,
        html_fragment=BODY,
        text=TEXT,
        at=now,
    )
    to = message["To"].addresses[0].addr_spec
    try:
        async with asyncio.timeout(SEND_SECONDS):
            refused = await session.send(sender_of(settings.mail_from).addr_spec, [to], message)
    except SmtpTrouble as trouble:
        return Trial(taken=False, message=trouble.message)
    except TimeoutError:
        return Trial(taken=False, message=f"The mail server did not take the mail in {SEND_SECONDS:g} s.")
    finally:
        await session.close()
    if refused:
        code, words = refused[to]
        return Trial(taken=False, message=f"The mail server refused {recipient} ({code}: {words}).")
    return Trial(taken=True, message=f"The mail server took a mail for {recipient}.")
