"""Runs legs: locks them, walks them, and commits everything they came to in one transaction.

A group of legs costs a handful of statements and one commit. If a group does not go through, its legs are
committed one by one and step by step, so that one record's trouble stays its own (security R59, F13).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

import asyncpg
import structlog

from penstock.actions.outcome import Fail, Failure
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.errors import PenstockError
from penstock.kit.clock import Clock
from penstock.kit.database import Connection, Pool, transaction
from penstock.workflows.legs.leg import Arrival, Enqueue, LegJob, LegKey, Walked, Workspace, World
from penstock.workflows.legs.store import PlanSource, load, load_workspace, save
from penstock.workflows.legs.walk import EVERY_STEP, walk

log = structlog.get_logger(__name__)

GROUP_ATTEMPTS = 4
# How long a changed address book or time zone may go unnoticed.
WORKSPACE_SECONDS = 5.0

# Not this group's fault: another transaction stood in the way, or the server went away for a moment.
PASSING = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    ConnectionError,
    TimeoutError,
)

# Where a leg may stand when an outcome arrives for it.
STANDING: Mapping[str, tuple[str, ...]] = {"job": ("ACTIVE",), "reply": ("WAITING",)}


# What else a commit writes, for these arrivals.
Along = Callable[[Connection, Sequence[Arrival]], Awaitable[None]]


class Runner:
    """Commits groups of legs. One per process; safe to call concurrently."""

    def __init__(self, pool: Pool, enqueue: Enqueue, clock: Clock) -> None:
        self.pool = pool
        self.plans = PlanSource()
        self.clock = clock
        self._enqueue = enqueue
        # Told of the legs that a commit enqueued; the engine may begin a few at once instead of polling for them.
        self.begin: Callable[[Sequence[LegJob]], None] = ignore
        self._workspaces: dict[int, tuple[float, Workspace]] = {}

    async def run(self, keys: Sequence[LegKey]) -> None:
        """Runs local legs: everything up to the next gate, wait or end, in one commit."""
        await self.commit([Arrival(key) for key in keys])

    async def commit(
        self,
        arrivals: Sequence[Arrival],
        standing: Sequence[str] = STANDING["job"],
        along: Along | None = None,
    ) -> None:
        """Commits a group of legs with the outcomes that arrived for them; legs that moved on are left alone.

        `along` writes in the same transaction, whether or not a leg moved on.
        """
        for attempt in range(1, GROUP_ATTEMPTS + 1):
            try:
                async with transaction(self.pool) as db:
                    walks = await self.commit_in(db, arrivals, standing)
                    if along is not None:
                        await along(db, arrivals)
                self.begin(onward(walks))
                return
            except PASSING as trouble:
                if attempt == GROUP_ATTEMPTS:
                    raise
                log.info("group commit is tried again", attempt=attempt, cause=type(trouble).__name__)
                await asyncio.sleep(0.05 * 2**attempt)
            except Exception as trouble:  # noqa: BLE001 - whatever one leg of the group did, the others must go on
                log.warning(
                    "group does not commit, its legs go one by one", legs=len(arrivals), cause=repr(trouble)
                )
                break
        for arrival in arrivals:
            await self._commit_alone(arrival, standing, along)

    async def commit_in(
        self, db: Connection, arrivals: Sequence[Arrival], standing: Sequence[str], limit: int = EVERY_STEP
    ) -> list[Walked]:
        """The same inside the caller's transaction; returns where the legs got to."""
        by_key = {arrival.key: arrival for arrival in arrivals}
        legs = await load(db, self.plans, list(by_key), standing, lock=True)
        if not legs:
            return []
        now = self.clock.now()
        schemas = await self._schemas(db, {(leg.workspace_id, leg.object_type_id) for leg in legs})
        ids = {leg.workspace_id for leg in legs}
        world = World(now, {workspace_id: await self._workspace(db, workspace_id) for workspace_id in ids})
        walks = []
        on_the_way: dict[int, dict[str, str]] = {}
        for leg in legs:
            # Two legs of one record in one group see each other's writes, as two commits would.
            leg.values = on_the_way.setdefault(leg.record_id, leg.values)
            schema = schemas[leg.workspace_id, leg.object_type_id]
            walks.append(walk(leg, by_key[leg.key], world, schema, limit))
        await save(db, walks, by_key, schemas, now)
        if jobs := onward(walks):
            await self._enqueue(db, jobs)
        return walks

    async def _commit_alone(self, arrival: Arrival, standing: Sequence[str], along: Along | None) -> None:
        """One leg, one step; when even that does not go through, the step fails with the reason."""
        try:
            async with transaction(self.pool) as db:
                await self.commit_in(db, [arrival], standing, limit=1)
                if along is not None:
                    await along(db, [arrival])
            return
        except PASSING:
            raise
        except PenstockError as refused:
            failure = Failure(
                refused.code, refused.message, refused.remedy or "Correct the value or the step, then retry."
            )
        except Exception as crash:
            log.exception("leg does not commit", enrollment=arrival.key.enrollment_id)
            failure = Failure(
                "NOT_RECORDED",
                f"The step's result could not be stored ({type(crash).__name__}).",
                "Retry; if it happens again, report it with the log of this moment.",
            )
        async with transaction(self.pool) as db:
            failed = replace(arrival, outcome=Fail(failure))
            await self.commit_in(db, [failed], standing)
            if along is not None:
                await along(db, [failed])

    async def _schemas(
        self, db: Connection, types: set[tuple[int, str]]
    ) -> dict[tuple[int, str], ObjectSchema]:
        return {
            (workspace, name): await load_schema(db, workspace, name) for workspace, name in sorted(types)
        }

    async def _workspace(self, db: Connection, workspace_id: int) -> Workspace:
        known = self._workspaces.get(workspace_id)
        if known is None or known[0] < time.monotonic():
            known = (time.monotonic() + WORKSPACE_SECONDS, await load_workspace(db, workspace_id))
            self._workspaces[workspace_id] = known
        return known[1]


def onward(walks: Sequence[Walked]) -> list[LegJob]:
    """The legs that follow from these walks: those that ended at a gate or a limit."""
    return [
        LegJob(walked.lane, LegKey(walked.leg.key.enrollment_id, walked.leg.key.seq + 1))
        for walked in walks
        if walked.status == "ACTIVE"
    ]


def ignore(_jobs: Sequence[LegJob]) -> None:
    """What a process without an engine does with fresh legs: a worker finds them in their lanes."""
