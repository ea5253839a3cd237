"""E-mails to owners and admins when a cap is nearly used, and when it is reached: each once in a period and for a limit.

They go into the outbox under a key that says which cap, period, limit and standing they are about, so that workers
that look at the same time queue one. Without a mail server they are kept there for people to read.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import Literal

import structlog

from penstock.accounts.permissions import PERMISSIONS
from penstock.actions.internal_email import is_address
from penstock.kit.database import Connection, Pool, transaction
from penstock.mail.message import MOST_RECIPIENTS
from penstock.mail.outbox import MailToQueue, queue_many
from penstock.workflows.run_history.counts import MOST_COUNTED
from penstock.workflows.spending.caps import Cap, list_caps
from penstock.workflows.spending.reserving import in_words

log = structlog.get_logger(__name__)

LOOK_SECONDS = 5.0
NEARLY = Decimal("0.8")  # of the limit

Standing = Literal["nearly", "reached"]

WORKSPACES = "SELECT DISTINCT workspace_id FROM spend_caps WHERE alerts"
# A workspace has tens of people.
WHOM = """
SELECT email FROM users WHERE workspace_id = $1 AND role = ANY ($2::text[]) AND deactivated_at IS NULL ORDER BY id
"""
TODAY = "SELECT period_start('day', $1)"
PERIODS = {"day": " a day", "month": " a month", "total": ""}


def standing(cap: Cap) -> Standing | None:
    """How a cap stands: `reached` when runs wait for it or another call has no room, `nearly` from 80 %."""
    if cap.waiting_runs:
        return "reached"
    if cap.scope == "run" or cap.limit_usd == 0:
        return None
    if cap.spent_usd + cap.usd_each > cap.limit_usd:
        return "reached"
    return "nearly" if cap.spent_usd >= NEARLY * cap.limit_usd else None


@dataclass(frozen=True, slots=True)
class _Words:
    subject: str
    lines: tuple[str, ...]


def words_of(cap: Cap, how: Standing) -> _Words:
    """What the e-mail about a cap says; names are somebody's text and are shown as text."""
    name = cap.subject_name or f"number {cap.subject_id}"
    whose = {
        "workspace": "the workspace",
        "flow": f"the workflow {name}",
        "connection": f"the connected app {name}",
        "run": f"each run of {name}",
    }[cap.scope]
    limit = f"{in_words(cap.limit_usd)}{'' if cap.scope == 'run' else PERIODS[cap.period]} for {whose}"
    spent = "" if cap.scope == "run" else f" {in_words(cap.spent_usd)} are spent."
    if how == "nearly":
        return _Words(
            f"Spending cap nearly used: {limit}",
            (
                f"Of the cap of {limit}, 80 % or more are used.{spent}",
                "When it is reached, model calls that would pass it are not made.",
            ),
        )
    number = min(cap.waiting_runs, MOST_COUNTED)
    more = "More than " if cap.waiting_runs > MOST_COUNTED else ""
    waiting = f"{more}{number:,} {'run waits' if number == 1 else 'runs wait'} for it now." if number else ""
    then = "Runs that wait go on by themselves when there is room: in a new period, or when the cap is raised or removed."
    return _Words(
        f"Spending cap reached: {limit}",
        (f"The cap of {limit} has no room for another model call.{spent}", f"{waiting} {then}".strip()),
    )


async def queue_alerts(db: Connection, workspace_id: int, public_url: str | None) -> int:
    """Queues what is to be said about the caps of a workspace; returns how many e-mails are new."""
    due = [(cap, how) for cap in await list_caps(db, workspace_id) if cap.alerts and (how := standing(cap))]
    if not due:
        return 0
    roles = sorted(PERMISSIONS["caps.manage"])
    people = [row["email"] for row in await db.fetch(WHOM, workspace_id, roles)]
    recipients = tuple(address for address in people if is_address(address))[:MOST_RECIPIENTS]
    if not recipients:
        return 0
    today: date = await db.fetchval(TODAY, workspace_id)
    return await queue_many(db, [_mail(cap, how, recipients, today, public_url) for cap, how in due])


def _mail(
    cap: Cap, how: Standing, recipients: Sequence[str], today: date, public_url: str | None
) -> MailToQueue:
    words = words_of(cap, how)
    # A cap on each run has no period of its own: it is told of once a day.
    period = today if cap.scope == "run" else cap.period_start
    lines = list(words.lines)
    html = [f"<p>{escape(line)}</p>" for line in lines]
    if public_url is not None:
        place = f"{public_url.rstrip('/')}/spend?cap={cap.id}"
        lines.append(f"Look at the cap: {place}")
        html.append(f'<p><a href="{escape(place)}">Look at the cap</a></p>')
    return MailToQueue(
        cap.workspace_id,
        f"cap.{cap.id}.{period}.{cap.limit_usd.normalize():f}.{how}",
        None,
        None,
        tuple(recipients),
        words.subject,
        "".join(html),
        "\n\n".join(lines) + "\n",
    )


class CapAlerts:
    """Looks at the caps every few seconds for as long as the worker runs."""

    def __init__(self, pool: Pool, public_url: str | None) -> None:
        self._pool = pool
        self._public_url = public_url

    async def run(self, stop: asyncio.Event) -> None:
        """Looks until `stop` is set; trouble is met again in the next round."""
        while not stop.is_set():
            try:
                await self.run_once()
            except Exception as trouble:  # noqa: BLE001 - the next round tries again
                log.warning("cap alerts wait", cause=repr(trouble))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)

    async def run_once(self) -> int:
        """Queues the e-mails that are due in all workspaces; returns how many are new."""
        async with self._pool.acquire() as db:
            workspaces = [row["workspace_id"] for row in await db.fetch(WORKSPACES)]
        queued = 0
        for workspace_id in workspaces:
            async with transaction(self._pool) as db:
                queued += await queue_alerts(db, workspace_id, self._public_url)
        return queued
