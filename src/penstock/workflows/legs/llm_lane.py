"""Runs the legs that stand at an LLM step: claim, call, classify; the runner commits what came of it.

No transaction and no database connection is held while a model answers. The row in `llm_calls` is written
before the call: it is the claim that keeps a job delivered twice from paying twice while its first holder
lives, and the ledger that shows afterwards which call may have been made more than once (fault F8).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from penstock.actions.action import StepContext
from penstock.actions.outcome import Fail, Retry
from penstock.actions.use_custom_llm import UseCustomLlmFields, prepare
from penstock.connections.connections import ProviderConnection, find, name_of, refused
from penstock.connections.vault import Vault
from penstock.crm.schema import load_schema
from penstock.kit.clock import Clock
from penstock.kit.database import Connection, Pool, transaction
from penstock.llm.client import LlmClient
from penstock.workflows.batches.waiting import split, wait_for_batch
from penstock.workflows.knowledge.retrieving import retrieve
from penstock.workflows.legs.admission import DEAD_AFTER_SECONDS, Admitted, admit
from penstock.workflows.legs.booking import deadline_passed
from penstock.workflows.legs.committer import Committer
from penstock.workflows.legs.leg import Arrival, Called, Hold, Leg, LegKey, Pause, Walked, World
from penstock.workflows.legs.llm_call import (
    Call,
    after_others,
    ask,
    connection_missing,
    holding,
    pause,
    pause_again,
    pausing,
    terms_of,
    too_late,
)
from penstock.workflows.legs.reuse import key_of
from penstock.workflows.legs.sharing import Answered, Shared, Sharing, reused, stored_answers
from penstock.workflows.legs.store import PlanSource, load
from penstock.workflows.legs.walk import step_context
from penstock.workflows.limits.book import Book
from penstock.workflows.limits.listening import Listening
from penstock.workflows.limits.slots import Slots, share
from penstock.workflows.spending.estimates import Estimates

# A call that finds no free place for so long waits as a row, so that its job makes room for others (seconds).
LONGEST_WAIT_FOR_A_PLACE_SECONDS = 2.0
LOOK_FOR_WORKERS_SECONDS = 2.0

LIVE_WORKERS = "SELECT id FROM workers WHERE heartbeat_at > now() - make_interval(secs => $1)"


class LlmLane:
    """Runs batches of LLM legs for any connection. One per process."""

    def __init__(
        self,
        pool: Pool,
        plans: PlanSource,
        committer: Committer,
        client: LlmClient,
        vault: Vault,
        clock: Clock,
        worker_id: str,
    ) -> None:
        self._pool = pool
        self._plans = plans
        self._committer = committer
        self._client = client
        self._vault = vault
        self._clock = clock
        self._worker_id = worker_id
        self._in_flight: set[LegKey] = set()
        self._sharing = Sharing()
        self._book = Book()
        self._estimates = Estimates()
        self._slots: dict[int, Slots] = {}
        self._live: list[str] = []
        self._live_until = 0.0
        # As which state (by `verified_at`) of a connection its provider refused a call, and with what: the calls
        # that still wait for their slot with the same key are then not made. A later test or key lifts it.
        self._refused: dict[int, tuple[datetime | None, Pause]] = {}

    async def run(self, connection_id: int, keys: Sequence[LegKey]) -> None:
        """Makes the calls of these legs through one connection and sees them committed as they come.

        Legs that moved on, that this process already has in flight, or that another live worker holds are left
        out. Returns when every call it made is committed.
        """
        mine = [key for key in keys if key not in self._in_flight]
        self._in_flight.update(mine)
        try:
            await self._run(connection_id, mine)
        finally:
            self._in_flight.difference_update(mine)

    @property
    def in_flight(self) -> int:
        """How many legs this process has between claim and commit."""
        return len(self._in_flight)

    async def _run(self, connection_id: int, keys: Sequence[LegKey]) -> None:
        shared = Shared()
        ahead: set[LegKey] = set()
        try:
            async with transaction(self._pool) as db:
                legs = await load(db, self._plans, keys, ("ACTIVE",), lock=False)
                if not legs:
                    return
                connection = await find(db, legs[0].workspace_id, connection_id)
                calls, settled = await self._prepare(db, connection_id, connection, legs)
                admitted: list[Admitted] = []
                if connection is not None and calls:
                    live, batched = split(calls, connection)
                    batched, known = await stored_answers(db, connection, batched, self._clock.now())
                    settled += known
                    settled += await wait_for_batch(db, connection, batched, self._worker_id, self._estimates)
                    shared = await self._sharing.part(db, connection, live, self._clock.now())
                    settled += shared.settled
                    admitted, refused = await admit(
                        db, connection, shared.calls, self._worker_id, self._estimates
                    )
                    settled += refused
                key = None
                if connection is not None and admitted:
                    key = await self._vault.open_key(
                        db, connection.workspace_id, connection.id, f"worker {self._worker_id}"
                    )
            ahead = {one.call.leg.key for one in admitted}
        finally:
            for call in shared.calls:
                if call.leg.key not in ahead:
                    self._sharing.land(call, None, self._clock.now())
        pending = [self._committer.submit(arrival) for arrival in settled]
        if connection is not None:
            secret = key.reveal() if key is not None else ""
            async with asyncio.TaskGroup() as group:
                for one in admitted:
                    group.create_task(self._lead(connection, secret, one))
                for call, answered in shared.followers:
                    group.create_task(self._follow(connection, call, answered))
        if pending:
            await asyncio.gather(*pending)

    async def _prepare(
        self, db: Connection, connection_id: int, connection: ProviderConnection | None, legs: Sequence[Leg]
    ) -> tuple[list[Call], list[Arrival]]:
        """Renders the prompts. Legs that need no call (record gone, flow off, nothing to render) settle at once."""
        asking: list[tuple[Leg, UseCustomLlmFields, StepContext]] = []
        settled: list[Arrival] = []
        world = World(self._clock.now(), {})
        types = {(leg.workspace_id, leg.object_type_id) for leg in legs}
        schemas = {key: await load_schema(db, *key) for key in types}
        name = None if connection else await name_of(db, legs[0].workspace_id, connection_id)
        for leg in legs:
            node = leg.plan.nodes.get(leg.next_action_id or "")
            if (
                node is None
                or not isinstance(node.fields, UseCustomLlmFields)
                or leg.record_archived
                or leg.flow_deleted
                or not leg.flow_enabled
            ):
                settled.append(Arrival(leg.key))
                continue
            if connection is None:
                settled.append(Arrival(leg.key, Fail(connection_missing(connection_id, name))))
                continue
            if connection.status == "needs_attention":
                settled.append(Arrival(leg.key, await self._paused(leg, pause(connection), db)))
                continue
            if too_late(leg, node.fields, world.now):
                settled.append(Arrival(leg.key, Fail(deadline_passed(node.fields))))
                continue
            fields = node.fields.asking(leg.turn)
            if fields.connection_number != connection_id:
                settled.append(Arrival(leg.key))  # the step asks through another connection by now
                continue
            schema = schemas[leg.workspace_id, leg.object_type_id]
            walked = Walked(leg, "ACTIVE", leg.next_action_id, outputs=leg.outputs)
            asking.append((leg, fields, step_context(leg, walked, world, schema)))
        calls: list[Call] = []
        if connection is not None:
            contexts = await retrieve(
                db, connection.workspace_id, [(fields, one) for _, fields, one in asking]
            )
            for (leg, fields, _), context in zip(asking, contexts, strict=True):
                step = (leg.key.enrollment_id, leg.next_action_id or "")
                terms = terms_of(self._client, self._vault, connection, fields, *step)
                prepared = prepare(fields, context, terms)
                if isinstance(prepared, Fail):
                    settled.append(Arrival(leg.key, prepared))
                else:
                    calls.append(Call(leg, fields, prepared, key_of(connection_id, fields, prepared)))
        return calls, settled

    async def _lead(self, connection: ProviderConnection, secret: str, admitted: Admitted) -> None:
        """Makes a call and gives its answer to those that wait for it."""
        called = None
        try:
            called = await self._call(connection, secret, admitted)
        finally:
            self._sharing.land(admitted.call, called, self._clock.now())

    async def _follow(self, connection: ProviderConnection, call: Call, answered: Answered) -> None:
        """Waits for the answer of an identical call; without one, asks."""
        stored = await asyncio.shield(answered)
        outcome = reused(connection, call, stored) if stored is not None else None
        if outcome is None:
            await self._run(connection.id, [call.leg.key])
        else:
            await self._committer.submit(Arrival(call.leg.key, outcome))

    async def _call(self, connection: ProviderConnection, secret: str, admitted: Admitted) -> Called | None:
        """Makes one call and sees it committed; None when it was handed back without one."""
        call = admitted.call
        if admitted.seconds > 0:
            await asyncio.sleep(admitted.seconds)
        slots = self._slots_of(connection)
        if not await slots.take(LONGEST_WAIT_FOR_A_PLACE_SECONDS):
            await self._hand_back(admitted, Hold(connection.id, call.prepared.request.model))
            return None
        try:
            refusal = self._refusal(connection) or self._no_turn(connection, admitted)
            if refusal is None:
                started = self._clock.now()
                client = Listening(self._client, self._book, connection)
                answer, called = await ask(client, connection, secret, call, started)
                outcome = holding(connection, call, pausing(connection, answer))
                if isinstance(outcome, Pause):
                    await self._note_refusal(connection, outcome)
                    outcome = await self._paused(call.leg, outcome)
        finally:
            slots.give_back()
        if refusal is not None:
            await self._hand_back(admitted, refusal)
            return None
        self._learn(call, called)
        await self._committer.submit(Arrival(call.leg.key, outcome, called, capped=admitted.capped))
        return called

    def _learn(self, call: Call, called: Called) -> None:
        if called.output_tokens is not None:
            usd = None if called.cost_usd is None else Decimal(called.cost_usd)
            step = (call.leg.flow_id, call.leg.next_action_id or "", called.provider)
            self._estimates.learn(
                *step,
                call.prepared.request,
                called.output_tokens,
                usd,
                call.leg.workspace_id,
                called.searches,
            )

    def _no_turn(self, connection: ProviderConnection, admitted: Admitted) -> Hold | None:
        """The hold of a call that was let through before its provider said that it has limits or takes none now."""
        model = admitted.call.prepared.request.model
        late = not admitted.booked and self._book.limited(connection.id, model)
        return Hold(connection.id, model) if late or self._book.closed(connection.id, model) else None

    async def _hand_back(self, admitted: Admitted, outcome: Pause | Hold) -> None:
        """Ends a claim without a call."""
        leg = admitted.call.leg
        ended = await self._paused(leg, outcome) if isinstance(outcome, Pause) else outcome
        await self._committer.submit(Arrival(leg.key, ended, unmade=leg.step_key, capped=admitted.capped))

    async def note_limits(self) -> None:
        """Tells all workers what this one's calls taught of the limits; called every fraction of a second."""
        await self._book.flush(self._pool)
        if time.monotonic() >= self._live_until:
            async with self._pool.acquire() as db:
                rows = await db.fetch(LIVE_WORKERS, DEAD_AFTER_SECONDS)
            self._live = [row["id"] for row in rows]
            self._live_until = time.monotonic() + LOOK_FOR_WORKERS_SECONDS

    async def _paused(self, leg: Leg, refusal: Pause, db: Connection | None = None) -> Pause | Retry:
        """The pause itself, or what comes of it behind other models."""
        node = leg.plan.nodes.get(leg.next_action_id or "")
        if leg.turn == 0 or node is None or not isinstance(node.fields, UseCustomLlmFields):
            return refusal
        if node.fields.falls_back(refusal.failure.code, leg.turn):
            return refusal
        first = node.fields.connection_number or 0
        if db is not None:
            return after_others(await find(db, leg.workspace_id, first), refusal)
        async with self._pool.acquire() as db:
            return after_others(await find(db, leg.workspace_id, first), refusal)

    async def _note_refusal(self, connection: ProviderConnection, refusal: Pause) -> None:
        """Marks the connection before the record pauses, so that what pauses is never woken by the old state."""
        async with transaction(self._pool) as db:
            await refused(db, connection, refusal.failure.message, refusal.failure.code)
        self._refused[connection.id] = (connection.verified_at, pause_again(refusal))

    def _refusal(self, connection: ProviderConnection) -> Pause | None:
        """The pause of a call that would go out in the same state of the connection that was refused before."""
        kept = self._refused.get(connection.id)
        return kept[1] if kept is not None and kept[0] == connection.verified_at else None

    def _slots_of(self, connection: ProviderConnection) -> Slots:
        """The places of this process for calls through a connection: its share; a changed number takes over."""
        most = share(connection.concurrency, self._worker_id, self._live)
        slots = self._slots.get(connection.id)
        if slots is None:
            slots = self._slots[connection.id] = Slots(most)
        slots.resize(most)
        return slots
