"""The engine of a worker process: DBOS's queues, the trigger reader, the pump and the supervisor."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog
from dbos import DBOS, DBOSConfig

from penstock.engine.chores import (
    blank_logs,
    enroll_existing,
    fold_figures,
    forget_answers,
    operate,
    recount_reserved,
    take_back,
)
from penstock.engine.lanes import APPLICATION, APPLICATION_VERSION
from penstock.engine.legs import Here
from penstock.engine.pump import pump
from penstock.engine.supervisor import BEAT_SECONDS, Supervisor
from penstock.engine.url import system_database_url
from penstock.errors import DatabaseProblem
from penstock.kit.database import Connection, Pool, connect
from penstock.llm.list_keeping import ListKeeper
from penstock.workflows.legs.committer import Committer
from penstock.workflows.legs.leg import LOCAL_LANE, LegJob, LegKey, llm_lane
from penstock.workflows.legs.llm_lane import LlmLane
from penstock.workflows.legs.runner import PASSING, Runner, ignore
from penstock.workflows.triggers import CHANGES_AT_ONCE, Triggers

log = structlog.get_logger(__name__)

# Each poll of each lane costs a few queries, also when nothing happens; a worker that idles must not be felt.
POLL_SECONDS = 0.25
JOBS_AT_ONCE = 40
# Up to so many fresh legs are begun at once by the process that enqueued them, under the same fence and claim
# as the job that is on its way through the queue, so that a single record does not wait for the next poll.
BEGIN_AT_ONCE = 20
BUSY = 200
LISTEN_AGAIN_SECONDS = 1.0
# How often workers tell each other what they learned of providers' limits.
NOTE_LIMITS_SECONDS = 0.25
# How often what calls under way have reserved is counted anew.
RECOUNT_SECONDS = 30.0
# How often the figures of commits are added to their days; readers see both, so it may be late.
FORGET_SECONDS = 60.0
FOLD_SECONDS = 10.0
# How often logs are looked through for what they have kept long enough.
BLANK_SECONDS = 60.0
# How often lists of models are looked through for those older than a day.
LISTS_SECONDS = 60.0
# Also the lanes of uninstalled connections while records stand in them, so that these stop with the cause
# instead of waiting for ever. Served by enrollments_active.
CONNECTIONS = """
SELECT id FROM connections c WHERE uninstalled_at IS NULL
   OR EXISTS (SELECT FROM enrollments e WHERE e.status = 'ACTIVE' AND e.lane = 'llm-' || c.id)
"""


class Engine:
    """Runs the legs of this process's share. One per process, because DBOS is one per process."""

    def __init__(
        self,
        url: str,
        pool: Pool,
        runner: Runner,
        committer: Committer,
        llm: LlmLane,
        triggers: Triggers,
        lists: ListKeeper,
        worker_id: str,
    ) -> None:
        self._url = url
        self._pool = pool
        self._runner = runner
        self._committer = committer
        self._llm = llm
        self._triggers = triggers
        self._lists = lists
        self._worker_id = worker_id
        self._supervisor = Supervisor(pool, worker_id)
        self._tasks: list[asyncio.Task[None]] = []
        self._begun: set[asyncio.Task[None]] = set()
        self._lanes: set[str] = set()
        self._changes = asyncio.Event()

    async def start(self) -> None:
        """Starts working. Must be called in the event loop in which legs are to run."""
        Here.engine = self
        self._runner.begin = self.begin
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": system_database_url(self._url),
            "application_version": APPLICATION_VERSION,
            "executor_id": self._worker_id,
            "sys_db_pool_size": 8,
            "log_level": "WARNING",
            "enable_otlp": False,
            "scheduler_polling_interval_sec": 3600.0,
        }
        DBOS(config=config)
        DBOS.launch()
        await self._supervisor.beat()
        await self._open_lanes()
        self._committer.start()
        # What a killed worker of this host left behind goes on at once, not a round later.
        await self._look_after_others()
        pool, plans = self._pool, self._runner.plans
        self._tasks = [
            asyncio.create_task(task, name=f"engine-{name}")
            for name, task in (
                ("triggers", self._read_changes()),
                ("listen", self._listen()),
                ("pump", pump(self._pool)),
                ("beat", self._every(BEAT_SECONDS, self._supervisor.beat)),
                ("lanes", self._every(1.0, self._open_lanes)),
                ("others", self._every(2.0, self._look_after_others)),
                ("forget", self._every(20.0, self._supervisor.forget_finished_jobs)),
                ("limits", self._every(NOTE_LIMITS_SECONDS, self._llm.note_limits)),
                ("caps", self._every(RECOUNT_SECONDS, partial(recount_reserved, pool))),
                ("figures", self._every(FOLD_SECONDS, partial(fold_figures, pool))),
                ("answers", self._every(FORGET_SECONDS, partial(forget_answers, pool, self._runner.clock))),
                ("operations", self._every(1.0, partial(operate, pool, plans))),
                ("blanking", self._every(BLANK_SECONDS, partial(blank_logs, pool, self._runner.clock))),
                ("lists", self._every(LISTS_SECONDS, self._lists.refresh)),
                ("undos", self._every(1.0, partial(take_back, pool))),
                ("enrolling", self._every(1.0, partial(enroll_existing, pool, plans, self._runner.clock))),
            )
        ]

    async def stop(self, grace_seconds: float = 20.0) -> None:
        """Stops taking work, gives what is under way up to `grace_seconds`, and hands the rest back."""
        await _cancel([task for task in self._tasks if task.get_name() != "engine-beat"])
        if self._begun:
            await asyncio.wait(self._begun, timeout=grace_seconds)
        wait = int(grace_seconds) if self._llm.in_flight else 0
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=wait)
        # DBOS made its own threads the loop's default and has just ended them; others still need some.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(thread_name_prefix="penstock"))
        await _cancel([*self._tasks, *self._begun])
        await self._committer.stop()
        with contextlib.suppress(*PASSING):
            await self._supervisor.leave()
        Here.engine = None
        self._runner.begin = ignore

    async def run_legs(self, lane: str, keys: Sequence[LegKey]) -> None:
        """Runs a batch of one lane (called by the DBOS workflow)."""
        if lane == LOCAL_LANE:
            await self._runner.run(keys)
        else:
            await self._llm.run(int(lane.removeprefix("llm-")), keys)

    def begin(self, jobs: Sequence[LegJob]) -> None:
        """Begins a few fresh legs at once instead of waiting for their job to be polled; a busy worker leaves them."""
        if not 0 < len(jobs) <= BEGIN_AT_ONCE or self._llm.in_flight + len(self._begun) > BUSY:
            return
        by_lane: dict[str, list[LegKey]] = defaultdict(list)
        for job in jobs:
            by_lane[job.lane].append(job.key)
        for lane, keys in by_lane.items():
            task = asyncio.create_task(self._begin(lane, keys))
            self._begun.add(task)
            task.add_done_callback(self._begun.discard)

    async def _begin(self, lane: str, keys: Sequence[LegKey]) -> None:
        try:
            await self.run_legs(lane, keys)
        except Exception as trouble:  # noqa: BLE001 - the job in the queue runs the same legs again
            log.warning("could not begin at once", lane=lane, cause=repr(trouble))

    async def _read_changes(self) -> None:
        while True:
            taken = 0
            # Cleared before reading: a change that comes while we read sets it again.
            self._changes.clear()
            try:
                taken, enrolled = await self._triggers.run_once()
                self.begin([one.job for one in enrolled])
            except PASSING as trouble:
                log.warning("triggers wait for the database", cause=repr(trouble))
            except Exception:
                # Changes stay in the queue; a flow that cannot be read must not stop the reader for ever.
                log.exception("triggers failed")
                await asyncio.sleep(1.0)
            if taken < CHANGES_AT_ONCE:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changes.wait(), timeout=1.0)

    async def _listen(self) -> None:
        """Wakes the trigger reader by NOTIFY; it polls every second besides, so nothing hangs on a notification."""
        while True:
            try:
                db = await connect(self._url)
                lost = asyncio.Event()
                db.add_termination_listener(partial(_set, lost))
                try:
                    await db.add_listener("changes", self._on_change)
                    await lost.wait()
                finally:
                    await db.close()
            except (*PASSING, DatabaseProblem) as trouble:
                log.warning("listening again", cause=repr(trouble))
                await asyncio.sleep(LISTEN_AGAIN_SECONDS)

    def wake_triggers(self) -> None:
        """Has the change feed read now; a notification does the same."""
        self._changes.set()

    def _on_change(self, *_: object) -> None:
        self.wake_triggers()

    async def _open_lanes(self) -> None:
        """Registers a queue per LLM connection, here and for every other worker, as connections come."""
        wanted = [LOCAL_LANE]
        async with self._pool.acquire() as db:
            rows = await db.fetch(CONNECTIONS)
        wanted += [llm_lane(row["id"]) for row in rows]
        for lane in wanted:
            if lane not in self._lanes:
                await DBOS.register_queue_async(
                    lane, worker_concurrency=JOBS_AT_ONCE, polling_interval_sec=POLL_SECONDS
                )
                self._lanes.add(lane)

    async def _look_after_others(self) -> None:
        await self._supervisor.look_after_others()

    async def _every(self, seconds: float, act: Callable[[], Awaitable[object]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await act()
            except Exception as trouble:  # noqa: BLE001 - the next round tries again; a lost beat must not end the worker
                log.warning("engine chore failed", chore=getattr(act, "__name__", ""), cause=repr(trouble))


def _set(event: asyncio.Event, _: Connection) -> None:
    event.set()


async def _cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task
