"""Whether mail works: how it is set up, and one mail sent while somebody waits for what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penstock.mail.handover import Handover, Letter, hand_over
from penstock.mail.smtp import SmtpServer, Tls
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


def setup_of(settings: Settings) -> MailSetup:
    """How mail is set up. Raises ConfigurationProblem when PENSTOCK_SMTP_URL is unusable."""
    if settings.smtp_url is None:
        return MailSetup(settings.mail_from)
    server = SmtpServer.from_url(settings.smtp_url)
    return MailSetup(settings.mail_from, server.host, server.port, server.user, server.tls)


async def send_trial(settings: Settings, recipient: str, now: datetime) -> Handover:
    """Sends one mail to `recipient`, outside of the outbox, within 90 seconds.

    Raises Conflict while no mail server is named, and InvalidInput when `recipient` is no address.
    """
    return await hand_over(settings, recipient, Letter(SUBJECT, BODY, TEXT), now)
