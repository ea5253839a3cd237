"""The audit log: who did what to which thing, and when. Rows are added and never changed (security R34)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from penstock.accounts.actors import Actor
from penstock.kit.database import Connection
from penstock.kit.json import Json, JsonObject

ADD = """
INSERT INTO audit_log (workspace_id, actor_type, actor_id, action, subject_type, subject_id, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

# Served by audit_log_recent.
RECENT = """
SELECT id, at, actor_type, actor_id, action, subject_type, subject_id, detail FROM audit_log
WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3
"""
NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row of the log. `action` is `noun.verb` in the past, such as `connection.key_replaced`."""

    id: int
    at: datetime
    actor_type: str
    actor_id: str
    action: str
    subject_type: str
    subject_id: str
    detail: JsonObject


async def record(
    db: Connection,
    actor: Actor,
    action: str,
    subject_type: str,
    subject_id: str | int,
    detail: Mapping[str, Json] | None = None,
) -> None:
    """Adds an entry in the caller's transaction, so that a deed and its entry are one commit.

    `detail` must hold names and ids only: never a secret, never the text of a prompt or a record.
    """
    await db.execute(
        ADD,
        actor.workspace_id,
        actor.type,
        actor.id,
        action,
        subject_type,
        str(subject_id),
        dict(detail or {}),
    )


async def list_entries(
    db: Connection, workspace_id: int, *, before: int | None = None, limit: int = 100
) -> list[AuditEntry]:
    """Up to `limit` entries older than the entry `before`, newest first."""
    rows = await db.fetch(RECENT, workspace_id, NEWEST if before is None else before, limit)
    return [AuditEntry(**dict(row.items())) for row in rows]
