"""Keeps the heartbeat of this worker and puts the work of dead ones back into their lanes.

Open-source DBOS recovers the jobs of a process only when the same process starts again; here every worker
looks after all others, one at a time, by DBOS's public calls.
"""

from __future__ import annotations

import os
import socket
from collections import defaultdict

import psutil
import structlog
from dbos import DBOS

from penstock.engine.lanes import APPLICATION, enqueue
from penstock.kit.database import Connection, Pool, transaction
from penstock.workflows.legs.admission import DEAD_AFTER_SECONDS
from penstock.workflows.legs.leg import LegJob, LegKey
from penstock.workflows.legs.llm_lane import LIVE_WORKERS

log = structlog.get_logger(__name__)

BEAT_SECONDS = 3.0
FORGET_JOBS_AFTER_SECONDS = 60.0
JOBS_PER_SWEEP = 1000
# An enrollment that nothing has touched for so long although its lane holds no older job has lost its job.
LOST_AFTER_SECONDS = 20.0

BEAT = """
INSERT INTO workers (id, host, pid) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET heartbeat_at = now()
"""
WORKERS_OF_HOST = "SELECT id, pid FROM workers WHERE host = $1 AND id <> $2"
FORGET_WORKERS = "DELETE FROM workers WHERE id = ANY ($1::text[])"
FORGET_SILENT_WORKERS = "DELETE FROM workers WHERE heartbeat_at < now() - make_interval(secs => $1)"
ONE_RECOVERS = "SELECT pg_try_advisory_xact_lock(hashtext('penstock.recovery'))"

# Served by enrollments_active. Calls that a live worker has in flight are left to it.
LOST_LEGS = """
SELECT e.id, e.seq, e.lane FROM enrollments e
WHERE e.status = 'ACTIVE' AND e.lane = $1 AND e.updated_at < $2
  AND NOT EXISTS (
    SELECT FROM llm_calls c JOIN workers w ON w.id = c.worker_id AND w.heartbeat_at > now() - make_interval(secs => $3)
    WHERE c.key = e.id || '.' || e.seq || '.' || e.next_action_id AND c.status = 'started'
      AND c.started_at > now() - interval '1 hour')
ORDER BY e.id LIMIT 5000
FOR NO KEY UPDATE OF e SKIP LOCKED
"""
ACTIVE_LANES = """
SELECT DISTINCT lane FROM enrollments WHERE status = 'ACTIVE' AND updated_at < now() - make_interval(secs => $1)
"""
TOUCH = "UPDATE enrollments SET updated_at = now() WHERE id = ANY ($1::bigint[])"
NOW_MINUS = "SELECT now() - make_interval(secs => $1)"
# DBOS wants ISO 8601 text.
FINISHED_BEFORE = """
SELECT to_char((now() - make_interval(secs => $1)) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
"""
AT = "SELECT to_timestamp($1::double precision / 1000)"


def new_worker_id() -> str:
    """An id for this process: its host and pid for people, and a part that no other process ever has."""
    return f"{socket.gethostname()}-{os.getpid()}-{os.urandom(4).hex()}"


class Supervisor:
    """One per worker process; the engine calls `beat` and `look_after_others` every few seconds."""

    def __init__(self, pool: Pool, worker_id: str) -> None:
        self._pool = pool
        self._worker_id = worker_id

    async def beat(self) -> None:
        """Tells the others that this worker lives."""
        async with self._pool.acquire() as db:
            await db.execute(BEAT, self._worker_id, socket.gethostname(), os.getpid())

    async def leave(self) -> None:
        """Takes this worker off the list, so that what it could not finish is taken over at once."""
        async with self._pool.acquire() as db:
            await db.execute(FORGET_WORKERS, [self._worker_id])

    async def look_after_others(self) -> int:
        """Puts back jobs of dead workers and legs without a job; returns how many. One worker at a time does it."""
        async with transaction(self._pool) as db:
            if not await db.fetchval(ONE_RECOVERS):
                return 0
            await self._forget_the_dead(db)
            live = {row["id"] for row in await db.fetch(LIVE_WORKERS, DEAD_AFTER_SECONDS)} | {self._worker_id}
            return await self._resume_jobs(live) + await self._requeue_lost_legs(db)

    async def forget_finished_jobs(self) -> None:
        """Deletes finished jobs in bulk: the history that people read is ours."""
        async with self._pool.acquire() as db:
            before = await db.fetchval(FINISHED_BEFORE, FORGET_JOBS_AFTER_SECONDS)
        while True:
            jobs = await DBOS.list_workflows_async(
                status=["SUCCESS", "ERROR", "CANCELLED"],
                completed_before=before,
                limit=JOBS_PER_SWEEP,
                load_input=False,
                load_output=False,
                application_name=APPLICATION,
            )
            if jobs:
                await DBOS.delete_workflows_async([job.workflow_id for job in jobs])
            if len(jobs) < JOBS_PER_SWEEP:
                return

    async def _forget_the_dead(self, db: Connection) -> None:
        """A process of this host that is gone is dead for certain; others when they were silent for long."""
        gone = [
            row["id"]
            for row in await db.fetch(WORKERS_OF_HOST, socket.gethostname(), self._worker_id)
            if not _same_process_lives(row["pid"])
        ]
        if gone:
            await db.execute(FORGET_WORKERS, gone)
        await db.execute(FORGET_SILENT_WORKERS, DEAD_AFTER_SECONDS * 20)

    async def _resume_jobs(self, live: set[str]) -> int:
        pending = await DBOS.list_workflows_async(
            status="PENDING", load_input=False, load_output=False, application_name=APPLICATION
        )
        orphans: dict[str, list[str]] = defaultdict(list)
        for job in pending:
            if job.executor_id not in live and job.queue_name is not None:
                orphans[job.queue_name].append(job.workflow_id)
        for lane, ids in orphans.items():
            log.info("jobs of a dead worker go back to their lane", lane=lane, jobs=len(ids))
            await DBOS.resume_workflows_async(ids, queue_name=lane)
        return sum(len(ids) for ids in orphans.values())

    async def _requeue_lost_legs(self, db: Connection) -> int:
        found = 0
        for lane in [row["lane"] for row in await db.fetch(ACTIVE_LANES, LOST_AFTER_SECONDS)]:
            before = await db.fetchval(NOW_MINUS, LOST_AFTER_SECONDS)
            oldest = await DBOS.list_workflows_async(
                status=["ENQUEUED", "PENDING"], queue_name=lane, limit=1, load_input=False, load_output=False
            )
            if oldest and oldest[0].created_at is not None:
                before = min(before, await db.fetchval(AT, float(oldest[0].created_at)))
            rows = await db.fetch(LOST_LEGS, lane, before, DEAD_AFTER_SECONDS)
            if rows:
                log.info("legs without a job go back to their lane", lane=lane, legs=len(rows))
                await db.execute(TOUCH, [row["id"] for row in rows])
                await enqueue(db, [LegJob(row["lane"], LegKey(row["id"], row["seq"])) for row in rows])
            found += len(rows)
        return found


def _same_process_lives(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
