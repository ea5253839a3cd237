"""Checks of the database: version, migrations, safe settings, workers, and what waits for them."""

from __future__ import annotations

from penstock.cli.doctor.check import Check, ok, warn
from penstock.engine.status import Depths, Status, read_status
from penstock.kit.database import Connection

FACTS = """
SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
       current_setting('synchronous_commit') AS synchronous_commit, current_setting('full_page_writes') AS full_page_writes,
       pg_size_pretty(pg_database_size(current_database())) AS size,
       (SELECT version_num FROM alembic_version) AS migration
"""

# Served by enrollments_active; the age in seconds of the run under way that nothing has touched for longest.
OLDEST_UNTOUCHED = """
SELECT coalesce(extract(epoch FROM now() - min(updated_at)), 0)::float8 FROM enrollments
WHERE status = 'ACTIVE' AND workspace_id = $1
"""
STUCK_AFTER_SECONDS = 120.0


async def server(db: Connection) -> list[Check]:
    """Version, migrations and whether committed work survives a power cut."""
    [facts] = await db.fetch(FACTS)
    checks = [
        ok("Database", f"PostgreSQL {facts['version']}, {facts['size']}"),
        ok("Migrations", f"at {facts['migration']}, up to date"),
    ]
    unsafe = [name for name in ("fsync", "synchronous_commit", "full_page_writes") if facts[name] == "off"]
    if unsafe:
        remedy = "Turn them on (ALTER SYSTEM), or a power cut may lose or damage work."
        return [*checks, warn("Durability", f"off: {', '.join(unsafe)}", remedy)]
    return [*checks, ok("Durability", "fsync and synchronous_commit are on")]


async def work(db: Connection, workspace_id: int) -> list[Check]:
    """Workers alive, whether work waits for want of them, and runs that failed."""
    status = await read_status(db, workspace_id)
    oldest = await db.fetchval(OLDEST_UNTOUCHED, workspace_id)
    checks = [_workers(status), _queue(status, oldest)]
    if status.depths.failed:
        remedy = "See `penstock runs list --status FAILED`, then `penstock runs retry`."
        checks.append(warn("Failed runs", str(status.depths.failed), remedy))
    return checks


def _workers(status: Status) -> Check:
    if status.workers:
        return ok(
            "Workers",
            f"{len(status.workers)} alive: "
            + ", ".join(f"{one.host}/{one.pid}" for one in status.workers[:5]),
        )
    if _is_waiting(status.depths):
        return warn(
            "Workers", "none alive, and work is waiting", "Start `penstock serve` or `penstock worker`."
        )
    return ok("Workers", "none alive, and nothing waits for one")


def _queue(status: Status, oldest_seconds: float) -> Check:
    depths = status.depths
    found = (
        f"{depths.active} runs under way, {depths.waiting} waiting ({depths.due_waits} due), {depths.changes} changes, "
        f"{depths.mails} e-mails, {depths.webhooks} webhooks"
    )
    if status.workers and oldest_seconds > STUCK_AFTER_SECONDS:
        found = f"{found}; nothing has moved one of them for {oldest_seconds:,.0f} s"
        return warn("Queue", found, "Look at the connections' limits, and start more workers.")
    return ok("Queue", found)


def _is_waiting(depths: Depths) -> bool:
    return bool(depths.active or depths.due_waits or depths.changes or depths.mails or depths.webhooks)
