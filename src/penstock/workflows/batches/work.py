"""Carries batches through their states: form, begin, submit, look, take the answers. A task of each worker.

Each state is written before what follows it is done, so that whoever takes a batch over from a dead worker knows
what may have happened. The one unknown is a submission whose reply was lost: the provider is asked for it first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from penstock.actions.outcome import Failure
from penstock.connections.connections import ProviderConnection, find, refused
from penstock.connections.vault import Vault
from penstock.kit.database import Pool, transaction
from penstock.llm.batches import OFFERED
from penstock.llm.batches.client import BatchAccount, BatchClient
from penstock.llm.batches.dialect import Answered, Question, Sought, sized
from penstock.llm.client import Completes
from penstock.llm.errors import LlmError
from penstock.workflows.batches import answers, store
from penstock.workflows.batches.reading import failure_of
from penstock.workflows.batches.store import Batch, Item, State
from penstock.workflows.legs.backoff import spread_of, wait_before
from penstock.workflows.legs.leg import Enqueue
from penstock.workflows.legs.llm_call import CONNECTION_TROUBLE
from penstock.workflows.legs.runner import PASSING, Runner

log = structlog.get_logger(__name__)

TICK_SECONDS = 1.0
ANSWERS_PER_COMMIT = 100
MOST_TRIES = 3  # of a question that its batch did not get to in time
TROUBLED_SECONDS = 15.0  # until a batch of a connection that needs attention is looked at again
# A clock of ours may be ahead of the provider's by so much.
CLOCKS_DIFFER = timedelta(minutes=2)

KNOWN = "SELECT remote_id FROM llm_batches WHERE connection_id = $1 AND remote_id IS NOT NULL ORDER BY id DESC LIMIT 1000"
ASK_AGAIN = "UPDATE llm_batch_items SET batch_id = NULL, tries = tries + 1, added_at = now() WHERE batch_id = $1 AND tries < $2"
TROUBLE_IS_OVER = "UPDATE llm_batches SET attempts = 0, message = '' WHERE id = $1 AND ended_at IS NULL"
SPLIT_OFF = "UPDATE llm_batch_items SET batch_id = NULL WHERE batch_id = $1 AND id >= $2"

EXPIRED = Failure(
    "BATCH_EXPIRED",
    f"The provider did not get to this question in {MOST_TRIES} batches.",
    "Retry the run, or enroll the record without a batch.",
)
CANCELED = Failure(
    "BATCH_CANCELED", "The batch was canceled before this question was asked.", "Retry the run."
)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: without a new question until a batch is formed, and the longest wait for that; between two looks at a
    batch at its provider."""

    quiet: float = 5.0
    longest: float = 60.0
    look: float = 30.0


@dataclass(slots=True)
class BatchWork:
    """Carries the batches of a worker. `run` until told to stop. Answers that do not fit are asked for again `live`."""

    runner: Runner
    enqueue: Enqueue
    client: BatchClient
    live: Completes
    vault: Vault
    worker_id: str
    patience: Patience = field(default_factory=Patience)

    @property
    def _pool(self) -> Pool:
        return self.runner.pool

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set; a database that is away for a moment is waited for."""
        while not stop.is_set():
            try:
                await self.run_once()
            except PASSING as trouble:
                log.warning("batches wait for the database", cause=repr(trouble))
            except Exception:
                log.exception("batches failed")
            await _wait(stop, TICK_SECONDS)

    async def run_once(self) -> None:
        """Forms what is ripe and carries on every batch that is due."""
        async with transaction(self._pool) as db:
            await store.form(db, self.patience.quiet, self.patience.longest)
        while True:
            async with transaction(self._pool) as db:
                batch = await store.take(db, self.worker_id)
            if batch is None:
                return
            seconds = TROUBLED_SECONDS
            try:
                seconds = await self._carry_on(batch)
            finally:
                async with transaction(self._pool) as db:
                    await store.release(db, batch.id, self.worker_id, seconds)

    async def _carry_on(self, batch: Batch) -> float:
        """Does the next thing for a batch; returns in how many seconds the one after that is due."""
        async with transaction(self._pool) as db:
            connection = await find(db, batch.workspace_id, batch.connection_id)
            if connection is None:
                await store.let_go(db, self.enqueue, batch)
                await store.move(
                    db, batch.id, state="failed", message="Its connection was uninstalled.", ended_at=_now()
                )
                return 0.0
            if connection.status == "needs_attention":
                await store.move(db, batch.id, message="Its connection needs attention.")
                return TROUBLED_SECONDS
            key = await self.vault.open_key(
                db, connection.workspace_id, connection.id, f"worker {self.worker_id}"
            )
        account = BatchAccount(
            connection.provider, key.reveal() if key is not None else "", connection.base_url
        )
        try:
            seconds = await self._step(batch, connection, account)
        except LlmError as error:
            return await self._trouble(batch, connection, error)
        if batch.attempts or batch.message:
            async with transaction(self._pool) as db:
                await db.execute(TROUBLE_IS_OVER, batch.id)
        return seconds

    async def _step(self, batch: Batch, connection: ProviderConnection, account: BatchAccount) -> float:
        if batch.cancel_asked and batch.state in ("formed", "begun"):
            return await self._end(batch, connection, CANCELED, "canceled")
        match batch.state:
            case "formed":
                return await self._begin(batch, connection, account)
            case "begun":
                return await self._submit(batch, connection, account)
            case "submitting":
                return await self._seek(batch, connection, account)
            case "running":
                return await self._look(batch, connection, account)
            case _:
                return await self._take_answers(batch, connection, account)

    async def _begin(self, batch: Batch, connection: ProviderConnection, account: BatchAccount) -> float:
        async with transaction(self._pool) as db:
            await db.execute(store.DROP_MOVED_ON, batch.id)
            items = await store.items_of(db, batch.id)
        questions, unaskable = self._questions(batch, account, items)
        for item, error in unaskable:
            await answers.fail(self.runner, connection, batch, [item], failure_of(error))
        dialect = OFFERED[connection.provider]
        fit = sized(questions, dialect.most_questions, dialect.most_bytes)
        async with transaction(self._pool) as db:
            if fit < len(questions):
                await db.execute(SPLIT_OFF, batch.id, _item_id(questions[fit].custom_id))
            state = {} if questions else {"state": "done", "ended_at": _now()}
            await store.move(db, batch.id, questions=fit, **state)
            await db.execute(store.COUNTED_BY_FLOW, batch.id)
        if not questions:
            return 0.0
        begun = await self.client.begin(account, batch.name, questions[:fit])
        async with transaction(self._pool) as db:
            await store.move(db, batch.id, state="begun", begun=begun)
        return 0.0

    async def _submit(self, batch: Batch, connection: ProviderConnection, account: BatchAccount) -> float:
        async with transaction(self._pool) as db:
            items = await store.items_of(db, batch.id)
            await store.move(db, batch.id, state="submitting", submit_began_at=_now())
        questions, _ = self._questions(batch, account, items)
        try:
            remote_id = await self.client.submit(account, batch.name, batch.model, batch.begun, questions)
        except LlmError as error:
            if _was_refused(error):
                async with transaction(self._pool) as db:
                    await store.move(db, batch.id, state="begun")
            raise
        log.info("batch submitted", batch=batch.id, provider=connection.provider, questions=len(questions))
        return await self._submitted(batch, remote_id)

    async def _submitted(self, batch: Batch, remote_id: str) -> float:
        async with transaction(self._pool) as db:
            await store.move(db, batch.id, state="running", remote_id=remote_id, submitted_at=_now())
        return self.patience.look

    async def _seek(self, batch: Batch, connection: ProviderConnection, account: BatchAccount) -> float:
        async with transaction(self._pool) as db:
            known = {row["remote_id"] for row in await db.fetch(KNOWN, connection.id)}
            questions = len(await store.items_of(db, batch.id))
        since = (batch.submit_began_at or datetime.now(UTC)) - CLOCKS_DIFFER
        sought = Sought(batch.name, batch.begun, questions, since, batch.not_ours | known)
        remote_id = await self.client.seek(account, sought)
        if remote_id is not None:
            log.info("batch found again", batch=batch.id, provider=connection.provider)
            return await self._submitted(batch, remote_id)
        async with transaction(self._pool) as db:
            await store.move(db, batch.id, state="begun")
        return 0.0

    async def _look(self, batch: Batch, connection: ProviderConnection, account: BatchAccount) -> float:
        remote_id = batch.remote_id or ""
        if batch.cancel_asked:
            await self.client.cancel(account, remote_id)
        standing = await self.client.look(account, remote_id)
        if not standing.over:
            return self.patience.look
        if standing.refused:
            why = Failure(
                "BATCH_REFUSED",
                f"The provider took the batch back: {standing.refused}",
                "Correct what the message names, then retry.",
            )
            async with transaction(self._pool) as db:
                await store.move(db, batch.id, message=why.message)
            return await self._end(batch, connection, why, "failed")
        async with transaction(self._pool) as db:
            await store.move(db, batch.id, state="taking")
        return 0.0

    async def _end(self, batch: Batch, connection: ProviderConnection, why: Failure, state: State) -> float:
        """Fails what has no answer, and ends the batch."""
        async with transaction(self._pool) as db:
            items = await store.items_of(db, batch.id)
        await answers.fail(self.runner, connection, batch, items, why)
        async with transaction(self._pool) as db:
            await store.move(db, batch.id, state=state, ended_at=_now())
        return 0.0

    async def _take_answers(
        self, batch: Batch, connection: ProviderConnection, account: BatchAccount
    ) -> float:
        """Commits the answers as they come. Those whose question is out already were committed before a crash."""
        standing = await self.client.look(account, batch.remote_id or "")
        group: list[Answered] = []
        async for one in self.client.answers(account, standing):
            if _batch_id(one.custom_id) != batch.id:
                return await self._not_ours(batch)
            if one.result is not None or one.error is not None:
                group.append(one)
            if len(group) >= ANSWERS_PER_COMMIT:
                await self._commit(batch, connection, account, group)
                group = []
        await self._commit(batch, connection, account, group)
        if batch.cancel_asked:
            return await self._end(batch, connection, CANCELED, "canceled")
        async with transaction(self._pool) as db:
            await db.execute(ASK_AGAIN, batch.id, MOST_TRIES - 1)
        return await self._end(batch, connection, EXPIRED, "done")

    async def _commit(
        self,
        batch: Batch,
        connection: ProviderConnection,
        account: BatchAccount,
        group: Sequence[Answered],
    ) -> None:
        by_id = {_item_id(one.custom_id): one for one in group}
        async with self._pool.acquire() as db:
            items = await store.items_of(db, batch.id, list(by_id))
        if not items:
            return
        dropped = {
            item.id: self.client.question(account, one.custom_id, item.request)[1]
            for item in items
            if (one := by_id[item.id]).result is not None
        }
        await answers.commit(
            self.runner,
            self.live,
            connection,
            account.key,
            batch,
            [(item, by_id[item.id]) for item in items],
            dropped,
        )

    async def _not_ours(self, batch: Batch) -> float:
        """A batch that was taken for ours by its size and time carries others' questions: ours never arrived."""
        async with transaction(self._pool) as db:
            not_ours = [*batch.not_ours, batch.remote_id or ""]
            await store.move(db, batch.id, state="submitting", remote_id=None, not_ours=not_ours)
        return 0.0

    async def _trouble(self, batch: Batch, connection: ProviderConnection, error: LlmError) -> float:
        """A passing failure is tried again, one of the connection waits for people, any other ends the batch."""
        attempts = batch.attempts + 1
        async with transaction(self._pool) as db:
            await store.move(db, batch.id, attempts=attempts, message=error.message)
            if error.kind.upper() in CONNECTION_TROUBLE:
                await refused(db, connection, error.message, error.kind.upper())
                return TROUBLED_SECONDS
        if error.retriable:
            return wait_before(attempts, error.retry_after, spread_of(batch.name))
        return await self._end(batch, connection, failure_of(error), "failed")

    def _questions(
        self, batch: Batch, account: BatchAccount, items: Sequence[Item]
    ) -> tuple[list[Question], list[tuple[Item, LlmError]]]:
        """The questions of a batch, and those that cannot be asked (a prompt over the model's limit)."""
        questions: list[Question] = []
        unaskable: list[tuple[Item, LlmError]] = []
        for item in items:
            try:
                questions.append(self.client.question(account, f"{batch.id}-{item.id}", item.request)[0])
            except LlmError as error:
                unaskable.append((item, error))
        return questions, unaskable


def _was_refused(error: LlmError) -> bool:
    """Whether the provider said no; else the batch may exist although we have no answer."""
    return error.provider_status is not None and (not error.retriable or error.kind == "rate_limited")


def _batch_id(custom_id: str) -> int:
    first = custom_id.partition("-")[0]
    return int(first) if first.isdigit() else 0


def _item_id(custom_id: str) -> int:
    last = custom_id.partition("-")[2]
    return int(last) if last.isdigit() else 0


def _now() -> datetime:
    return datetime.now(UTC)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
