"""One mail handed to the mail server while somebody waits for what comes of it, past the outbox.

For mails that must not be kept: the outbox is read by people, and an invitation holds a secret.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from penstock.errors import Conflict
from penstock.kit.ids import new_uuid
from penstock.mail.message import build, sender_of
from penstock.mail.sender import SEND_SECONDS
from penstock.mail.smtp import SmtpServer, SmtpSession, SmtpTrouble
from penstock.settings import Settings


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says. `html` is a fragment whose values are escaped already."""

    subject: str
    html: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Handover:
    """What came of it: whether the server took the mail, and its words."""

    taken: bool
    message: str


async def hand_over(settings: Settings, recipient: str, letter: Letter, now: datetime) -> Handover:
    """Sends a mail to one recipient within 90 seconds.

    Raises Conflict while no mail server is named, and InvalidInput when `recipient` is no address.
    """
    if settings.smtp_url is None:
        raise Conflict(
            "No mail server is named, so nothing can be sent.",
            remedy="Set PENSTOCK_SMTP_URL to smtp://user:password@host:587 and start Penstock again.",
        )
    session = SmtpSession(SmtpServer.from_url(settings.smtp_url))
    message = build(
        key=f"handover-{new_uuid()}",
        sender=settings.mail_from,
        recipients=[recipient],
        subject=letter.subject,
        html_fragment=letter.html,
        text=letter.text,
        at=now,
    )
    to = message["To"].addresses[0].addr_spec
    try:
        async with asyncio.timeout(SEND_SECONDS):
            refused = await session.send(sender_of(settings.mail_from).addr_spec, [to], message)
    except SmtpTrouble as trouble:
        return Handover(taken=False, message=trouble.message)
    except TimeoutError:
        return Handover(taken=False, message=f"The mail server did not take the mail in {SEND_SECONDS:g} s.")
    finally:
        await session.close()
    if refused:
        code, words = refused[to]
        return Handover(taken=False, message=f"The mail server refused {recipient} ({code}: {words}).")
    return Handover(taken=True, message=f"The mail server took a mail for {recipient}.")
