"""Who else has a workflow's editor open. A sign of life is good for a while; then the person counts as gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penstock.accounts.actors import Actor
from penstock.kit.database import Connection

GONE_AFTER_SECONDS = 40.0  # editors give a sign every 15 seconds

# By primary key. Who comes back after having been gone is here since now.
NOTE = """
INSERT INTO flow_presences (flow_id, person_id, workspace_id, name) VALUES ($2, $3, $1, $4)
ON CONFLICT (flow_id, person_id) DO UPDATE SET
    since = CASE WHEN flow_presences.seen_at < clock_timestamp() - make_interval(secs => $5)
                 THEN clock_timestamp() ELSE flow_presences.since END,
    seen_at = clock_timestamp(), name = excluded.name
"""
LEAVE = "DELETE FROM flow_presences WHERE workspace_id = $1 AND flow_id = $2 AND person_id = $3"
OTHERS = """
SELECT person_id AS id, name, since FROM flow_presences
WHERE workspace_id = $1 AND flow_id = $2 AND person_id <> $3 AND seen_at > clock_timestamp() - make_interval(secs => $4)
ORDER BY since, person_id LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who has the editor open, since when."""

    id: str
    name: str
    since: datetime


async def here(db: Connection, workspace_id: int, flow_id: int, actor: Actor) -> list[Present]:
    """Notes that somebody has the editor open; returns the others, who came first first."""
    await db.execute(NOTE, workspace_id, flow_id, actor.id, actor.label, GONE_AFTER_SECONDS)
    return await others(db, workspace_id, flow_id, actor)


async def gone(db: Connection, workspace_id: int, flow_id: int, actor: Actor) -> None:
    """Notes that somebody closed the editor."""
    await db.execute(LEAVE, workspace_id, flow_id, actor.id)


async def others(db: Connection, workspace_id: int, flow_id: int, actor: Actor) -> list[Present]:
    """Everybody but the actor who has the editor open."""
    rows = await db.fetch(OTHERS, workspace_id, flow_id, actor.id, GONE_AFTER_SECONDS)
    return [Present(**dict(row.items())) for row in rows]
