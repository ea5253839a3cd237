"""Sends webhook deliveries. Each is claimed in a commit of its own before it goes out (security F1, F8).

A sender that dies after the claim leaves the delivery `sending` until the lease ends; then another one sends it
again under the same `webhook-id`, and `attempts` shows it. What the workflow does next is committed together
with the end of the delivery; while that does not succeed, the delivery's `outcome` keeps it from being sent again.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog

from penstock.connections.vault import Vault
from penstock.errors import PenstockError
from penstock.kit.clock import Clock
from penstock.kit.database import Connection, Pool, Row, transaction
from penstock.kit.http import HttpClient
from penstock.kit.retries import gap_after
from penstock.kit.sealing import Secret
from penstock.kit.wakeups import Wakeups, wakeups
from penstock.settings import Settings
from penstock.webhooks.deliveries import Delivery, get
from penstock.webhooks.request import Attempt, Keys, attempt
from penstock.webhooks.signing import signing_secrets

log = structlog.get_logger(__name__)

# Called in the transaction that marks a delivery as over, with the delivery as it is then.
OnDelivered = Callable[[Connection, Delivery], Awaitable[None]]

POLL_SECONDS = 2.0
LEASE_SECONDS = 120.0  # well over the longest attempt
CLAIMED_AT_ONCE = 20
IN_FLIGHT = 100
# A receiver that answers slowly gets no more than this share of the slots (and one claim over).
IN_FLIGHT_PER_HOST = 20
GO_ON_AGAIN_SECONDS = 60.0
RUN = "webhook sender"

# Served by webhook_deliveries_due. SKIP LOCKED lets several senders claim different deliveries at the same time.
CLAIM = """
WITH due AS (
    SELECT id FROM webhook_deliveries
    WHERE status IN ('queued', 'sending') AND next_attempt_at <= $1 AND host <> ALL ($3::text[])
    ORDER BY next_attempt_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE webhook_deliveries d
SET status = 'sending', next_attempt_at = $4, attempts = attempts + CASE WHEN outcome IS NULL THEN 1 ELSE 0 END
FROM due WHERE d.id = due.id
RETURNING d.id, d.workspace_id, d.key, d.method, d.url, d.host, d.headers, d.body, d.secret_name, d.secret_location,
          d.secret_header, d.attempts, d.give_up_at, d.outcome, d.response_status, d.response_body, d.error
"""
# `attempts` is the fence: a sender that was frozen beyond its lease cannot overwrite what came after it (F3).
MARK = """
UPDATE webhook_deliveries
SET status = $3, next_attempt_at = $4, response_status = $5, response_body = $6, error = $7,
    outcome = $8, delivered_at = CASE WHEN $3 = 'delivered' THEN $9::timestamptz END
WHERE id = $1 AND attempts = $2 AND status = 'sending' RETURNING id
"""


class WebhookSender:
    """Sends the webhooks of all workspaces. Several processes may run one each."""

    def __init__(
        self,
        pool: Pool,
        http: HttpClient,
        vault: Vault,
        settings: Settings,  # noqa: ARG002 - built like the mail sender
        clock: Clock,
        on_delivered: OnDelivered,
    ) -> None:
        self._pool = pool
        self._http = http
        self._vault = vault
        self._clock = clock
        self._on_delivered = on_delivered
        self._random = random.SystemRandom()
        self._tasks: set[asyncio.Task[None]] = set()
        self._hosts: Counter[str] = Counter()

    async def run(self, stop: asyncio.Event) -> None:
        """Sends until `stop` is set, then waits for the requests under way; cancelling leaves them to the next sender."""
        async with wakeups(self._pool, "webhooks", stop) as alarm:
            try:
                while not stop.is_set():
                    alarm.forget()
                    if not await self._begin_some(alarm):
                        await alarm.sleep(POLL_SECONDS)
                if self._tasks:
                    await asyncio.wait(self._tasks)
            finally:
                for task in self._tasks:
                    task.cancel()

    async def run_once(self) -> int:
        """Makes one attempt at up to twenty due deliveries and waits for them; returns how many."""
        claimed = await self._claim(CLAIMED_AT_ONCE)
        keys = await self._keys(claimed)
        await asyncio.gather(*(self._deliver(row, keys[row["id"]]) for row in claimed))
        return len(claimed)

    async def _begin_some(self, alarm: Wakeups) -> int:
        free = min(IN_FLIGHT - len(self._tasks), CLAIMED_AT_ONCE)
        if free <= 0:
            return 0
        try:
            claimed = await self._claim(free)
            keys = await self._keys(claimed)
        except Exception as trouble:  # noqa: BLE001 - the sender outlives whatever one round meets (R59)
            log.warning("webhook sender waits", cause=repr(trouble))
            return 0
        for row in claimed:
            self._hosts[row["host"]] += 1
            task = asyncio.create_task(self._deliver_and_free(row, keys[row["id"]], alarm))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(claimed)

    async def _deliver_and_free(self, row: Row, keys: Keys, alarm: Wakeups) -> None:
        try:
            await self._deliver(row, keys)
        except Exception as trouble:  # noqa: BLE001 - the lease ends and the delivery is tried again
            log.warning("webhook is left to its lease", delivery=row["id"], cause=repr(trouble))
        finally:
            self._hosts[row["host"]] -= 1
            self._hosts = +self._hosts  # hosts without a request under way are forgotten
            alarm.wake()

    async def _claim(self, most: int) -> list[Row]:
        now = self._clock.now()
        busy = [host for host, requests in self._hosts.items() if requests >= IN_FLIGHT_PER_HOST]
        async with transaction(self._pool) as db:
            return await db.fetch(CLAIM, now, most, busy, now + timedelta(seconds=LEASE_SECONDS))

    async def _keys(self, claimed: Sequence[Row]) -> dict[int, Keys]:
        """What the deliveries need from the vault. A secret that does not open is its own deliveries' trouble."""
        found: dict[int, Keys] = {}
        if not claimed:
            return found
        signing: dict[int, list[Secret]] = {}
        async with self._pool.acquire() as db:
            for row in claimed:
                workspace_id = row["workspace_id"]
                try:
                    if workspace_id not in signing:
                        signing[workspace_id] = await signing_secrets(db, self._vault, workspace_id, RUN)
                    named = None
                    if (name := row["secret_name"]) is not None:
                        named = await self._vault.open_named(db, workspace_id, "named", name, RUN)
                        if named is None:
                            found[row["id"]] = Keys(
                                trouble=f"There is no secret named '{name}' any more.", final=True
                            )
                            continue
                    found[row["id"]] = Keys(signing[workspace_id], named)
                except PenstockError as error:
                    found[row["id"]] = Keys(trouble=f"{error.message} {error.remedy}")
        return found

    async def _deliver(self, row: Row, keys: Keys) -> None:
        if row["outcome"] is not None:
            made = Attempt(row["outcome"], row["response_status"], row["response_body"], row["error"])
        else:
            made = await attempt(self._http, row, keys, self._clock.now())
        now = self._clock.now()
        if made.status == "queued":
            seconds = gap_after(row["attempts"], made.asked_wait, self._random.random())
            if (again_at := now + timedelta(seconds=seconds)) <= row["give_up_at"]:
                async with transaction(self._pool) as db:
                    await self._mark(db, row, made, "queued", again_at)
                return
            error = f"Given up after {row['attempts']} attempts. {made.error}"
            made = Attempt("failed", made.response_status, made.response_body, error)
        await self._end(row, made)

    async def _end(self, row: Row, made: Attempt) -> None:
        try:
            async with transaction(self._pool) as db:
                if await self._mark(db, row, made, made.status, self._clock.now()):
                    await self._on_delivered(db, await get(db, row["workspace_id"], row["id"]))
        except Exception as trouble:  # noqa: BLE001 - whatever keeps the workflow, the delivery is over
            log.warning(
                "workflow cannot go on after its webhook yet", delivery=row["id"], cause=repr(trouble)
            )
            again_at = self._clock.now() + timedelta(seconds=GO_ON_AGAIN_SECONDS)
            async with transaction(self._pool) as db:
                await self._mark(db, row, made, "sending", again_at)
            return
        if made.status == "failed":
            log.warning(
                "webhook failed",
                delivery=row["id"],
                key=row["key"],
                attempts=row["attempts"],
                cause=made.error,
            )

    async def _mark(
        self, db: Connection, row: Row, made: Attempt, status: str, next_attempt_at: object
    ) -> bool:
        outcome = None if status == "queued" else made.status
        marked = await db.fetchval(
            MARK,
            row["id"],
            row["attempts"],
            status,
            next_attempt_at,
            made.response_status,
            made.response_body,
            made.error,
            outcome,
            self._clock.now(),
        )
        return marked is not None
