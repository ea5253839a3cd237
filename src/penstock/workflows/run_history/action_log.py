"""The action log of a workflow: the steps of all its runs, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from penstock.crm.display_names import JOINED_NAME
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.run_history.flow import name_of
from penstock.workflows.run_history.titles import plans_of, title_of

LoggedStatus = Literal["COMPLETED", "FAILED", "SKIPPED", "RETRYING", "WAITING"]
NEWEST = 2**63 - 1

# The actions that the log has rows of, hopping through steps_of_flow from one to the next.
ACTIONS = """
WITH RECURSIVE logged AS (
    (SELECT action_id FROM steps WHERE flow_id = $1 ORDER BY action_id LIMIT 1)
    UNION ALL
    SELECT (SELECT s.action_id FROM steps s WHERE s.flow_id = $1 AND s.action_id > l.action_id ORDER BY s.action_id LIMIT 1)
    FROM logged l WHERE l.action_id IS NOT NULL
)
SELECT action_id FROM logged WHERE action_id IS NOT NULL
"""
# An arm for each action, at most a page of each: steps_of_flow.
OF_ACTIONS = """
SELECT arm.id FROM unnest($4::text[]) AS wanted (action_id) CROSS JOIN LATERAL (
    SELECT s.id FROM steps s
    WHERE s.flow_id = $1 AND s.action_id = wanted.action_id AND s.id < $2 AND ($5::text IS NULL OR s.status = $5)
    ORDER BY s.id DESC LIMIT $3
) AS arm
"""
# What is not completed is rare: steps_not_completed. The status stands in the text, because the index is partial.
NOT_COMPLETED = """
SELECT s.id FROM steps s
WHERE s.flow_id = $1 AND s.status = $5 AND s.status <> 'COMPLETED' AND s.id < $2
  AND ($4::text[] IS NULL OR s.action_id = ANY ($4))
ORDER BY s.id DESC LIMIT $3
"""
READ = f"""
SELECT s.id, s.enrollment_id, e.record_id, {JOINED_NAME} AS record_name, s.action_id,
       s.action_type_id, s.status, s.attempt, s.started_at, s.finished_at, s.detail, s.error, e.revision_id
FROM (SELECT id FROM ({{chosen}}) AS arms ORDER BY id DESC LIMIT $3) AS chosen JOIN steps s ON s.id = chosen.id
JOIN enrollments e ON e.id = s.enrollment_id LEFT JOIN records r ON r.id = e.record_id
LEFT JOIN object_types t ON t.workspace_id = e.workspace_id AND t.object_type_id = r.object_type_id
ORDER BY s.id DESC
"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class Logged:
    """A row of the log; `title` is that of the action's kind. `detail` has model, tokens and cost of LLM steps."""

    id: int
    enrollment_id: int
    record_id: int
    record_name: str | None
    action_id: str
    action_title: str | None
    action_type_id: str
    status: LoggedStatus
    attempt: int
    started_at: datetime
    finished_at: datetime
    detail: JsonObject | None
    error: JsonObject | None


async def read_log(
    db: Connection,
    plans: PlanSource,
    workspace_id: int,
    flow_id: int,
    *,
    action_id: str | None = None,
    status: LoggedStatus | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Logged]:
    """Up to `limit` steps of a flow's runs, newest first, older than the step `before`. Raises NotFound."""
    await name_of(db, workspace_id, flow_id)
    actions: list[str] | None = [action_id] if action_id is not None else None
    if status in (None, "COMPLETED"):
        if actions is None:
            actions = [row["action_id"] for row in await db.fetch(ACTIONS, flow_id)]
        chosen = OF_ACTIONS
    else:
        chosen = NOT_COMPLETED
    rows = await db.fetch(READ.format(chosen=chosen), flow_id, before or NEWEST, limit, actions, status)
    revisions = await plans_of(db, plans, {(flow_id, row["revision_id"]) for row in rows})
    return [
        Logged(
            **{name: value for name, value in row.items() if name != "revision_id"},
            action_title=title_of(revisions.get((flow_id, row["revision_id"])), row["action_id"]),
        )
        for row in rows
    ]
