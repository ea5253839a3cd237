"""The state of the workers and of everything that waits, in one look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penstock.kit.database import Connection
from penstock.workflows.legs.admission import DEAD_AFTER_SECONDS

WORKERS = """
SELECT id, host, pid, started_at, heartbeat_at FROM workers
WHERE heartbeat_at > now() - make_interval(secs => $1) ORDER BY started_at, id
"""

# Each count is served by a partial index that holds just the rows counted: enrollments_active, _due, _failed,
# mails_due, webhook_deliveries_due. Waiting runs are counted by enrollments_one_at_a_time.
DEPTHS = """
SELECT
    (SELECT count(*) FROM enrollments WHERE status = 'ACTIVE' AND workspace_id = $1) AS active,
    (SELECT count(*) FROM enrollments WHERE status IN ('ACTIVE', 'WAITING') AND status = 'WAITING' AND workspace_id = $1)
        AS waiting,
    (SELECT count(*) FROM enrollments
     WHERE status = 'WAITING' AND wake_at IS NOT NULL AND wake_at <= now() AND workspace_id = $1) AS due_waits,
    (SELECT count(*) FROM enrollments WHERE status = 'FAILED' AND workspace_id = $1) AS failed,
    (SELECT count(*) FROM change_queue q JOIN changes c ON c.id = q.change_id WHERE c.workspace_id = $1) AS changes,
    (SELECT count(*) FROM mails WHERE status IN ('queued', 'sending') AND workspace_id = $1) AS mails,
    (SELECT count(*) FROM webhook_deliveries WHERE status IN ('queued', 'sending') AND workspace_id = $1) AS webhooks
"""
VERSION = "SELECT current_setting('server_version')"


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """A worker process that gave a sign of life within the last seconds."""

    id: str
    host: str
    pid: int
    started_at: datetime
    heartbeat_at: datetime


@dataclass(frozen=True, slots=True)
class Depths:
    """How many runs, changes, e-mails and webhooks of a workspace stand where."""

    active: int
    waiting: int
    due_waits: int
    failed: int
    changes: int
    mails: int
    webhooks: int


@dataclass(frozen=True, slots=True)
class Status:
    """Database version such as `18.1`, live workers, and what waits."""

    database_version: str
    workers: tuple[WorkerStatus, ...]
    depths: Depths


async def read_status(db: Connection, workspace_id: int) -> Status:
    """The state of this installation as a workspace may see it; workers serve every workspace."""
    version: str = await db.fetchval(VERSION)
    workers = tuple(WorkerStatus(**dict(row.items())) for row in await db.fetch(WORKERS, DEAD_AFTER_SECONDS))
    row = await db.fetchrow(DEPTHS, workspace_id)
    assert row is not None  # noqa: S101 - a SELECT of counts has one row
    return Status(version, workers, Depths(**dict(row.items())))
