"""Runs the legs that stand at an LLM step: claim, call, classify; the runner commits what came of it.

No transaction and no database connection is held while a model answers. The row in `llm_calls` is written
before the call: it is the claim that keeps a job delivered twice from paying twice while its first holder
lives, and the ledger that shows afterwards which call may have been made more than once (fault F8).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from penstock.actions.outcome import Fail
from penstock.actions.use_custom_llm import UseCustomLlmFields, prepare
from penstock.connections.connections import ProviderConnection, find, name_of, refused
from penstock.connections.vault import Vault
from penstock.crm.schema import load_schema
from penstock.kit.clock import Clock
from penstock.kit.database import Connection, Pool, transaction
from penstock.llm.client import LlmClient
from penstock.workflows.legs.committer import Committer
from penstock.workflows.legs.leg import Arrival, Leg, LegKey, Pause, Walked, World
from penstock.workflows.legs.llm_call import Call, ask, connection_missing, pause, pause_again, pausing
from penstock.workflows.legs.store import PlanSource, load
from penstock.workflows.legs.walk import step_context

# One statement a batch. A row that another live worker holds is not returned: that worker answers for it.
CLAIM_CALLS = """
INSERT INTO llm_calls (key, workspace_id, enrollment_id, flow_id, action_id, connection_id, provider, model, status, worker_id)
SELECT key, workspace_id, enrollment_id, flow_id, action_id, $7, $8, model, 'started', $9
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
    AS call (key, workspace_id, enrollment_id, flow_id, action_id, model)
ON CONFLICT (key) DO UPDATE
SET attempts = llm_calls.attempts + 1, worker_id = excluded.worker_id, started_at = now()
WHERE llm_calls.status = 'started'
  AND (llm_calls.worker_id = excluded.worker_id
       OR NOT EXISTS (SELECT FROM workers w WHERE w.id = llm_calls.worker_id
                      AND w.heartbeat_at > now() - make_interval(secs => $10)))
RETURNING key
"""

# A worker that has not been heard of for so long is taken for dead (seconds).
DEAD_AFTER_SECONDS = 15.0


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
        self._slots: dict[int, tuple[int, asyncio.Semaphore]] = {}
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
        async with self._pool.acquire() as db:
            legs = await load(db, self._plans, keys, ("ACTIVE",), lock=False)
            if not legs:
                return
            connection = await find(db, legs[0].workspace_id, connection_id)
            calls, settled = await self._prepare(db, connection_id, connection, legs)
            calls = await self._claim(db, connection_id, connection, calls)
            key = None
            if connection is not None and calls:
                key = await self._vault.open_key(
                    db, connection.workspace_id, connection.id, f"worker {self._worker_id}"
                )
        pending = [self._committer.submit(arrival) for arrival in settled]
        if connection is not None:
            secret = key.reveal() if key is not None else ""
            async with asyncio.TaskGroup() as group:
                for call in calls:
                    group.create_task(self._call(connection, secret, call))
        if pending:
            await asyncio.gather(*pending)

    async def _prepare(
        self, db: Connection, connection_id: int, connection: ProviderConnection | None, legs: Sequence[Leg]
    ) -> tuple[list[Call], list[Arrival]]:
        """Renders the prompts. Legs that need no call (record gone, flow off, nothing to render) settle at once."""
        calls: list[Call] = []
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
                settled.append(Arrival(leg.key, pause(connection)))
                continue
            schema = schemas[leg.workspace_id, leg.object_type_id]
            walked = Walked(leg, "ACTIVE", leg.next_action_id, outputs=leg.outputs)
            prepared = prepare(node.fields, step_context(leg, walked, world, schema))
            if isinstance(prepared, Fail):
                settled.append(Arrival(leg.key, prepared))
            else:
                calls.append(Call(leg, node.fields, prepared))
        return calls, settled

    async def _claim(
        self, db: Connection, connection_id: int, connection: ProviderConnection | None, calls: Sequence[Call]
    ) -> list[Call]:
        if not calls or connection is None:
            return []
        rows = await db.fetch(
            CLAIM_CALLS,
            [call.leg.step_key for call in calls],
            [call.leg.workspace_id for call in calls],
            [call.leg.key.enrollment_id for call in calls],
            [call.leg.flow_id for call in calls],
            [call.leg.next_action_id for call in calls],
            [call.prepared.request.model for call in calls],
            connection_id,
            connection.provider,
            self._worker_id,
            DEAD_AFTER_SECONDS,
        )
        claimed = {row["key"] for row in rows}
        return [call for call in calls if call.leg.step_key in claimed]

    async def _call(self, connection: ProviderConnection, secret: str, call: Call) -> None:
        async with self._slot(connection):
            refusal = self._refusal(connection)
            if refusal is None:
                started = self._clock.now()
                answer, called = await ask(self._client, connection, secret, call, started)
                outcome = pausing(connection, answer)
                if isinstance(outcome, Pause):
                    await self._note_refusal(connection, outcome)
        if refusal is not None:
            await self._committer.submit(Arrival(call.leg.key, refusal, unmade=call.leg.step_key))
            return
        await self._committer.submit(Arrival(call.leg.key, outcome, called))

    async def _note_refusal(self, connection: ProviderConnection, refusal: Pause) -> None:
        """Marks the connection before the record pauses, so that what pauses is never woken by the old state."""
        async with transaction(self._pool) as db:
            await refused(db, connection, refusal.failure.message)
        self._refused[connection.id] = (connection.verified_at, pause_again(refusal))

    def _refusal(self, connection: ProviderConnection) -> Pause | None:
        """The pause of a call that would go out in the same state of the connection that was refused before."""
        kept = self._refused.get(connection.id)
        return kept[1] if kept is not None and kept[0] == connection.verified_at else None

    def _slot(self, connection: ProviderConnection) -> asyncio.Semaphore:
        """At most `concurrency` calls at a time through a connection in this process; a changed limit takes over."""
        kept = self._slots.get(connection.id)
        if kept is None or kept[0] != connection.concurrency:
            kept = (connection.concurrency, asyncio.Semaphore(connection.concurrency))
            self._slots[connection.id] = kept
        return kept[1]
