"""Sends what is in the outbox. Each mail is claimed in a commit of its own before it goes out (security F1, F8).

A sender that dies after the claim leaves the mail `sending` until the lease ends; then another one sends it
again, and `attempts` shows that it may have gone out twice. The alternative, to claim it as sent first, would
lose mails silently.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog

from penstock.errors import InvalidInput
from penstock.kit.clock import Clock
from penstock.kit.database import Pool, Row, transaction
from penstock.kit.retries import gap_after
from penstock.kit.wakeups import wakeups
from penstock.mail.message import build, sender_of
from penstock.mail.smtp import SmtpServer, SmtpSession, SmtpTrouble
from penstock.settings import Settings

log = structlog.get_logger(__name__)

POLL_SECONDS = 5.0
MAILS_AT_ONCE = 20
CONVERSATIONS = 4
SEND_SECONDS = 90.0  # longest for one mail, connecting included
LEASE_SECONDS = 300.0
KEPT_AT_ONCE = 5000
# Without a mail server there is no hurry: one statement keeps whatever came in meanwhile.
KEEP_EVERY_SECONDS = 0.5

# Served by mails_due. SKIP LOCKED lets several senders claim different mails at the same time.
CLAIM = """
WITH due AS (
    SELECT id FROM mails WHERE status IN ('queued', 'sending') AND next_attempt_at <= $1
    ORDER BY next_attempt_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE mails m SET status = 'sending', attempts = attempts + 1, next_attempt_at = $3 FROM due WHERE m.id = due.id
RETURNING m.id, m.key, m.recipients, m.delivered_to, m.subject, m.html, m.text, m.attempts, m.created_at, m.give_up_at
"""
KEEP = """
WITH due AS (
    SELECT id FROM mails WHERE status IN ('queued', 'sending') AND next_attempt_at <= $1
    ORDER BY next_attempt_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE mails m SET status = 'kept' FROM due WHERE m.id = due.id
"""
# `attempts` is the fence: a sender that was frozen beyond its lease cannot overwrite what came after it (F3).
MARK = """
UPDATE mails SET status = $3, error = $4, next_attempt_at = $5, sent_at = $6, delivered_to = $7
WHERE id = $1 AND attempts = $2 AND status = 'sending'
"""
HAND_BACK = """
UPDATE mails m SET status = 'queued', attempts = m.attempts - 1, next_attempt_at = $3
FROM unnest($1::bigint[], $2::int[]) AS claim (id, attempts)
WHERE m.id = claim.id AND m.attempts = claim.attempts AND m.status = 'sending'
"""


@dataclass(frozen=True, slots=True)
class _Result:
    status: str
    error: str
    delivered_to: tuple[str, ...]


class MailSender:
    """Sends mails of all workspaces. Several processes may run one each."""

    def __init__(self, pool: Pool, settings: Settings, clock: Clock) -> None:
        """Raises ConfigurationProblem when PENSTOCK_SMTP_URL or PENSTOCK_MAIL_FROM is set to something unusable."""
        self._pool = pool
        self._clock = clock
        self._server = SmtpServer.from_url(settings.smtp_url) if settings.smtp_url else None
        self._from = settings.mail_from
        self._stop = asyncio.Event()
        self._random = random.SystemRandom()

    async def run(self, stop: asyncio.Event) -> None:
        """Sends until `stop` is set; then the mails under way are finished and the others handed back."""
        self._stop = stop
        async with wakeups(self._pool, "mails", stop) as alarm:
            while not stop.is_set():
                alarm.forget()
                try:
                    handled = await self.run_once()
                except Exception as trouble:  # noqa: BLE001 - the sender outlives whatever one round meets (R59)
                    log.warning("mail sender waits", cause=repr(trouble))
                    handled = 0
                if self._server is None:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(stop.wait(), KEEP_EVERY_SECONDS)
                if handled == 0:
                    await alarm.sleep(POLL_SECONDS)

    async def run_once(self) -> int:
        """Handles one batch of due mails; returns how many it took. Without a mail server they become `kept`."""
        now = self._clock.now()
        if self._server is None:
            async with transaction(self._pool) as db:
                done = await db.execute(KEEP, now, KEPT_AT_ONCE)
            return int(done.rpartition(" ")[2])
        lease = now + timedelta(seconds=LEASE_SECONDS)
        async with transaction(self._pool) as db:
            claimed = await db.fetch(CLAIM, now, MAILS_AT_ONCE, lease)
        if claimed:
            await self._send_all(self._server, claimed)
        return len(claimed)

    async def _send_all(self, server: SmtpServer, claimed: list[Row]) -> None:
        left = deque(claimed)
        # A mail is only begun when the lease outlasts it.
        begin_until = monotonic() + LEASE_SECONDS - SEND_SECONDS
        conversations = (
            self._converse(server, left, begin_until) for _ in range(min(CONVERSATIONS, len(claimed)))
        )
        # One that breaks must not take the mail that another is handing over along.
        ends = await asyncio.gather(*conversations, return_exceptions=True)
        if left:
            async with transaction(self._pool) as db:
                await db.execute(
                    HAND_BACK,
                    [row["id"] for row in left],
                    [row["attempts"] for row in left],
                    self._clock.now(),
                )
        for end in ends:
            if isinstance(end, BaseException):
                raise end

    async def _converse(self, server: SmtpServer, left: deque[Row], begin_until: float) -> None:
        session = SmtpSession(server)
        try:
            while left and not self._stop.is_set() and monotonic() < begin_until:
                row = left.popleft()
                result = await self._send(session, row)
                await self._mark(row, result)
        finally:
            await session.close()

    async def _send(self, session: SmtpSession, row: Row) -> _Result:
        had = tuple(row["delivered_to"])
        wanted = [address for address in row["recipients"] if address not in had]
        try:
            message = build(
                key=row["key"],
                sender=self._from,
                recipients=row["recipients"],
                subject=row["subject"],
                html_fragment=row["html"],
                text=row["text"],
                at=row["created_at"],
            )
            envelope = {
                address.addr_spec: text
                for address, text in zip(message["To"].addresses, row["recipients"], strict=True)
            }
            to = [address for address, text in envelope.items() if text in wanted]
            async with asyncio.timeout(SEND_SECONDS):
                answers = await session.send(sender_of(self._from).addr_spec, to, message)
        except InvalidInput as error:
            return _Result("failed", f"{error.message} {error.remedy}", had)
        except SmtpTrouble as trouble:
            return _Result("failed" if trouble.final else "queued", trouble.message, had)
        except TimeoutError:
            await session.close()
            return _Result("queued", f"The mail server did not take the mail in {SEND_SECONDS:g} s.", had)
        except Exception as crash:
            log.exception("mail met an unexpected error", mail=row["id"])
            await session.close()
            return _Result(
                "queued", f"Sending met an error that Penstock did not expect ({type(crash).__name__}).", had
            )
        return _weigh(
            had, wanted, {envelope.get(address, address): answer for address, answer in answers.items()}
        )

    async def _mark(self, row: Row, result: _Result) -> None:
        now = self._clock.now()
        status, error, next_attempt_at = result.status, result.error, now
        if status == "queued":
            next_attempt_at = now + timedelta(seconds=gap_after(row["attempts"], None, self._random.random()))
            if next_attempt_at > row["give_up_at"]:
                status, next_attempt_at = "failed", now
                error = f"Given up after {row['attempts']} attempts. {error}"
        sent_at: datetime | None = now if status == "sent" else None
        async with transaction(self._pool) as db:
            await db.execute(
                MARK,
                row["id"],
                row["attempts"],
                status,
                error[:2000],
                next_attempt_at,
                sent_at,
                list(result.delivered_to),
            )
        if status == "failed":
            log.warning("mail failed", mail=row["id"], key=row["key"], attempts=row["attempts"], cause=error)


def _weigh(had: tuple[str, ...], wanted: list[str], refused: dict[str, tuple[int, str]]) -> _Result:
    """What an answer for each recipient comes to: some refusals pass (4xx), others last (5xx) (RFC 5321, 4.2.1)."""
    delivered_to = (*had, *(address for address in wanted if address not in refused))
    error = " ".join(f"Refused for {address}: {code} {words}." for address, (code, words) in refused.items())
    if any(code < 500 for code, _ in refused.values()):
        return _Result("queued", error, delivered_to)
    return _Result("sent" if delivered_to else "failed", error, delivered_to)
