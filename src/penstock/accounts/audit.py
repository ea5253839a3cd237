"""The audit log: who did what to which thing, when and from where. Rows are added and never changed (security R34)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from penstock.accounts.actors import Actor
from penstock.kit.database import Connection
from penstock.kit.json import Json, JsonObject

ADD = """
INSERT INTO audit_log (workspace_id, actor_type, actor_id, action, subject_type, subject_id, detail, address)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

# Served by audit_log_recent, audit_log_by_action and audit_log_by_actor. Names are looked up for one page only: the log
# itself holds ids, which stay true when somebody is renamed.
PAGE = """
SELECT a.id, a.at, a.actor_type, a.actor_id, a.action, a.subject_type, a.subject_id, a.detail, a.address,
       coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email, t.name, a.actor_id) AS actor_label,
       coalesce(su.email, st.name) AS subject_label
FROM (
    SELECT * FROM audit_log
    WHERE workspace_id = $1 AND id < $2
      AND ($4::text IS NULL OR action = $4) AND ($5::text IS NULL OR actor_type = $5) AND ($6::text IS NULL OR actor_id = $6)
      AND ($7::text IS NULL OR subject_type = $7) AND ($8::text IS NULL OR subject_id = $8)
    ORDER BY id DESC LIMIT $3
) a
LEFT JOIN users u ON a.actor_type = 'person' AND u.workspace_id = $1 AND u.id::text = a.actor_id
LEFT JOIN api_tokens t ON a.actor_type = 'api_token' AND t.workspace_id = $1 AND t.id::text = a.actor_id
LEFT JOIN users su ON a.subject_type = 'user' AND su.workspace_id = $1 AND su.id::text = a.subject_id
LEFT JOIN api_tokens st ON a.subject_type = 'api_token' AND st.workspace_id = $1 AND st.id::text = a.subject_id
ORDER BY a.id DESC
"""
# A loose scan of audit_log_by_action: one step of the index for each action, however long the log is.
ACTIONS = """
WITH RECURSIVE found AS (
    (SELECT action FROM audit_log WHERE workspace_id = $1 ORDER BY action LIMIT 1)
    UNION ALL
    SELECT (SELECT action FROM audit_log WHERE workspace_id = $1 AND action > found.action ORDER BY action LIMIT 1)
    FROM found WHERE found.action IS NOT NULL
)
SELECT action FROM found WHERE action IS NOT NULL
"""
NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row of the log. `action` is `noun.verb` in the past, such as `connection.key_replaced`.

    `actor_label` is what the actor is called today, `address` the network address that the request came from,
    empty for the command line and for work of Penstock itself; `subject_label` is what a person or token that
    something was done to is called today, None for other things.
    """

    id: int
    at: datetime
    actor_type: str
    actor_id: str
    action: str
    subject_type: str
    subject_id: str
    detail: JsonObject
    address: str
    actor_label: str
    subject_label: str | None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries to show; None is any."""

    action: str | None = None
    actor_type: str | None = None
    actor_id: str | None = None
    subject_type: str | None = None
    subject_id: str | None = None


EVERYTHING = AuditFilter()


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
        actor.address,
    )


async def list_entries(
    db: Connection,
    workspace_id: int,
    wanted: AuditFilter = EVERYTHING,
    *,
    before: int | None = None,
    limit: int = 100,
) -> list[AuditEntry]:
    """Up to `limit` entries older than the entry `before`, newest first."""
    rows = await db.fetch(
        PAGE,
        workspace_id,
        NEWEST if before is None else before,
        limit,
        wanted.action,
        wanted.actor_type,
        wanted.actor_id,
        wanted.subject_type,
        wanted.subject_id,
    )
    return [AuditEntry(**dict(row.items())) for row in rows]


async def list_actions(db: Connection, workspace_id: int) -> list[str]:
    """Every action that stands in the log, in alphabetical order."""
    return [row["action"] for row in await db.fetch(ACTIONS, workspace_id)]
