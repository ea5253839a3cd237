"""The mail that invites somebody: who asks, and the one-time link."""

from __future__ import annotations

from datetime import datetime
from html import escape

from penstock.mail.handover import Handover, Letter, hand_over
from penstock.settings import Settings

SUBJECT = "You are invited to Penstock"


def letter(inviter: str, url: str) -> Letter:
    """The mail. The name of the inviter is somebody's text and is shown as text."""
    return Letter(
        SUBJECT,
        f"<p>{escape(inviter)} invites you to Penstock.</p>"
        f'<p><a href="{escape(url)}">Choose a password and sign in</a></p>'
        "<p>The link works once and for seven days. If you did not expect it, do nothing.</p>",
        f"{inviter} invites you to Penstock.\n\nChoose a password and sign in: {url}\n\n"
        "The link works once and for seven days. If you did not expect it, do nothing.\n",
    )


async def send_invitation(
    settings: Settings, recipient: str, inviter: str, url: str, now: datetime
) -> Handover | None:
    """Mails an invitation; None while no mail server is named. A server that refuses is no error: the link can be copied.

    Raises InvalidInput when `recipient` is no address that mail can be sent to.
    """
    if settings.smtp_url is None:
        return None
    return await hand_over(settings, recipient, letter(inviter, url), now)
