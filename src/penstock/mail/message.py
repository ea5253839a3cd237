"""Builds the e-mail that goes out: checked headers, a text part and an HTML part. Pure.

Python's own checks stop a line break in a header value but not one inside an encoded word, and they let a last
one through (CVE-2024-6923 and what followed); so values are decoded here first and refused for any control
character (security R50).
"""

from __future__ import annotations

import hashlib
import html
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from string import Template

from penstock.errors import InvalidInput

MOST_RECIPIENTS = 100
LONGEST_SUBJECT = 998  # characters; RFC 5322, 2.1.1, before folding

# Control characters, line and paragraph separators, and halves of characters.
FORBIDDEN_CATEGORIES = frozenset({"Cc", "Zl", "Zp", "Cs"})

LAYOUT = Template("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>$title</title>
</head>
<body style="margin:0;padding:24px;background:#f5f6f8;color:#1d2330;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif">
<div style="max-width:600px;margin:0 auto;padding:24px;background:#ffffff;border:1px solid #dfe3eb;border-radius:6px">
$body
</div>
<p style="max-width:600px;margin:12px auto 0;color:#5b6475;font-size:13px">Sent by Penstock.</p>
</body>
</html>
""")


def build(
    *,
    key: str,
    sender: str,
    recipients: Sequence[str],
    subject: str,
    html_fragment: str,
    text: str,
    at: datetime,
) -> EmailMessage:
    """The message. The same key gives the same Message-ID, so that a reader's mail program shows a repeat as one.

    Raises InvalidInput for a header with a control character in it (also after decoding), an address that is
    none, or no or more than a hundred recipients.
    """
    addresses = [mailbox(one) for one in recipients]
    if not 1 <= len(addresses) <= MOST_RECIPIENTS:
        raise InvalidInput(
            f"The mail has {len(addresses)} recipients.", remedy=f"Name 1 to {MOST_RECIPIENTS}."
        )
    origin = sender_of(sender)
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = origin
        message["To"] = addresses
        message["Subject"] = checked(subject, "subject")[:LONGEST_SUBJECT]
        # RFC 3834: keeps out-of-office programs from answering a machine.
        message["Auto-Submitted"] = "auto-generated"
        message["Date"] = format_datetime(at)
        message["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{origin.domain}>"
        message.set_content(text or "This message has an HTML part only.")
        message.add_alternative(page(subject, html_fragment), subtype="html")
    except (MessageError, ValueError) as error:
        raise InvalidInput(
            f"The mail cannot be built ({type(error).__name__}).",
            remedy="Look at its subject and recipients.",
        ) from error
    if len(message["To"].addresses) != len(recipients):
        raise InvalidInput(
            "The recipients do not read back as the addresses they were.", remedy="Use plain addresses."
        )
    return message


def page(subject: str, html_fragment: str) -> str:
    """The HTML part of a mail: our layout around a body that was escaped where it was rendered."""
    return LAYOUT.substitute(title=html.escape(subject), body=html_fragment)


def mailbox(text: str) -> Address:
    """One recipient: a plain address without a name. Raises InvalidInput when it is anything else."""
    address = checked(text, "recipient").strip()
    name, at, domain = address.rpartition("@")
    remedy = "Use one address of the form name@example.com."
    if (
        not (name and at and domain)
        or set(address) & set(' ,;:<>()[]"\\')
        or "@" in name
        or not name.isascii()
    ):
        raise InvalidInput(f"A recipient is no plain e-mail address ({len(text)} characters).", remedy=remedy)
    try:
        # Names of domains in other scripts travel as IDNA (RFC 5891); local parts in them would need SMTPUTF8.
        return Address(username=name, domain=domain if domain.isascii() else domain.encode("idna").decode())
    except (ValueError, MessageError, UnicodeError):
        raise InvalidInput(
            f"A recipient is no plain e-mail address ({len(text)} characters).", remedy=remedy
        ) from None


def sender_of(text: str) -> Address:
    """The sender from `name@example.com` or `Name <name@example.com>`. Raises InvalidInput when it is neither."""
    name, address = parseaddr(checked(text, "sender"))
    plain = mailbox(address)
    return Address(display_name=name, username=plain.username, domain=plain.domain)


def checked(value: str, field: str) -> str:
    """The value with tabs as spaces. Raises InvalidInput when it, or what it decodes to, holds a control character."""
    value = value.replace("\t", " ")
    try:
        decoded = "".join(
            part if isinstance(part, str) else part.decode(charset or "ascii", "replace")
            for part, charset in decode_header(value)
        )
    except (HeaderParseError, LookupError, ValueError):
        raise InvalidInput(
            f"The {field} holds an encoded word that cannot be decoded.", remedy="Write it as plain text."
        ) from None
    for text in (value, decoded):
        if any(unicodedata.category(character) in FORBIDDEN_CATEGORIES for character in text):
            raise InvalidInput(
                f"The {field} holds a line break or another control character ({len(value)} characters).",
                remedy="Write it on one line of plain text.",
            )
    return value
