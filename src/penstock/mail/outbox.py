"""The outbox: every e-mail that a workflow wants sent, readable by people whether or not it could be sent.

A mail is queued in the transaction of the step that wants it, under the step's key, so that a step run again
finds its mail there. `kept` is the end of a mail while no mail server is configured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.errors import Conflict, NotFound
from penstock.kit.database import Connection, Row
from penstock.kit.json import dumps
from penstock.kit.text import storable

MailStatus = Literal["queued", "sending", "sent", "kept", "failed"]
NEWEST = 2**63 - 1

# Recipients travel as JSON because unnest flattens an array of arrays.
QUEUE = """
INSERT INTO mails (workspace_id, key, enrollment_id, action_id, recipients, subject, html, text)
SELECT workspace_id, key, enrollment_id, action_id, ARRAY(SELECT jsonb_array_elements_text(recipients::jsonb)), subject, html, text
FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    AS mail (workspace_id, key, enrollment_id, action_id, recipients, subject, html, text)
ON CONFLICT (key) DO NOTHING
"""

# Served by mails_recent (and mails_of_enrollment); bodies can be large, so that the list leaves them out.
LIST = """
SELECT id, workspace_id, key, enrollment_id, action_id, recipients, delivered_to, subject, status, attempts, next_attempt_at, error,
       created_at, sent_at
FROM mails
WHERE workspace_id = $1 AND id < $2 AND ($3::text IS NULL OR status = $3) AND ($4::bigint IS NULL OR enrollment_id = $4)
ORDER BY id DESC LIMIT $5
"""
GET = """
SELECT id, workspace_id, key, enrollment_id, action_id, recipients, delivered_to, subject, status, attempts, next_attempt_at, error,
       created_at, sent_at, html, text
FROM mails WHERE workspace_id = $1 AND id = $2
"""
# Attempts go on counting: a person sees how often the mail may have gone out.
RETRY = """
UPDATE mails SET status = 'queued', next_attempt_at = now(), give_up_at = now() + interval '3 days', error = ''
WHERE workspace_id = $1 AND id = $2 AND status IN ('failed', 'kept') RETURNING id
"""
WAKE_SENDERS = "SELECT pg_notify('mails', '')"


@dataclass(frozen=True, slots=True)
class MailToQueue:
    """An e-mail of a step. `html` is a fragment whose values are escaped already; `key` is the step's own."""

    workspace_id: int
    key: str
    enrollment_id: int | None
    action_id: str | None
    recipients: tuple[str, ...]
    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class MailSummary:
    """A mail of the outbox without its bodies. `attempts` over 1 means that it may have been sent more than once.

    `delivered_to` are the recipients that the mail server took it for; `error` says what went wrong last.
    """

    id: int
    workspace_id: int
    key: str
    enrollment_id: int | None
    action_id: str | None
    recipients: tuple[str, ...]
    delivered_to: tuple[str, ...]
    subject: str
    status: MailStatus
    attempts: int
    next_attempt_at: datetime
    error: str
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail with its two bodies."""

    summary: MailSummary
    html: str
    text: str


async def queue_many(db: Connection, mails: Sequence[MailToQueue]) -> int:
    """Queues mails with one statement; those whose key is there already are left as they are. Returns how many are new.

    The senders are woken when the caller's transaction commits (trigger mails_notify).
    """
    done = await db.execute(
        QUEUE,
        [mail.workspace_id for mail in mails],
        [mail.key for mail in mails],
        [mail.enrollment_id for mail in mails],
        [mail.action_id for mail in mails],
        [dumps([storable(address) for address in mail.recipients]).decode() for mail in mails],
        [storable(mail.subject) for mail in mails],
        [storable(mail.html) for mail in mails],
        [storable(mail.text) for mail in mails],
    )
    return int(done.rpartition(" ")[2])


async def list_mails(
    db: Connection,
    workspace_id: int,
    *,
    before: int | None = None,
    status: MailStatus | None = None,
    enrollment_id: int | None = None,
    limit: int = 50,
) -> list[MailSummary]:
    """Up to `limit` mails older than the mail with id `before`, newest first, of one status or enrollment if given."""
    rows = await db.fetch(
        LIST, workspace_id, NEWEST if before is None else before, status, enrollment_id, limit
    )
    return [_summary(row) for row in rows]


async def get(db: Connection, workspace_id: int, mail_id: int) -> Mail:
    """One mail with its bodies. Raises NotFound when the workspace has none of this id."""
    row = await db.fetchrow(GET, workspace_id, mail_id)
    if row is None:
        raise NotFound(f"There is no mail {mail_id} in the outbox.", remedy="List the outbox to see the ids.")
    return Mail(_summary(row), row["html"], row["text"])


async def retry(db: Connection, workspace_id: int, actor: Actor, mail_id: int) -> None:
    """Queues a failed or kept mail again, for three days more; recipients that have it already do not get it twice.

    Raises NotFound, and Conflict when the mail was sent or still is to be.
    """
    summary = (await get(db, workspace_id, mail_id)).summary
    if await db.fetchval(RETRY, workspace_id, mail_id) is None:
        raise Conflict(
            f"The mail {mail_id} is {summary.status}.", remedy="Only a failed or kept mail can be sent again."
        )
    await db.execute(WAKE_SENDERS)
    await audit.record(db, actor, "mail.retried", "mail", mail_id)


def _summary(row: Row) -> MailSummary:
    fields = {name: value for name, value in row.items() if name not in {"html", "text"}}
    fields["recipients"], fields["delivered_to"] = tuple(row["recipients"]), tuple(row["delivered_to"])
    return MailSummary(**fields)
