"""Runs put straight into the database, thousands in a statement, where a test asks how they are read or moved."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows.legs.leg import LegJob

INSERT_RECORDS = """
INSERT INTO records (id, workspace_id, object_type_id, properties)
SELECT n, 1, '0-5', jsonb_build_object('subject', 'Ticket ' || n) FROM generate_series($1::bigint, $2::bigint) n
ON CONFLICT DO NOTHING
"""
INSERT_RUNS = """
INSERT INTO enrollments (workspace_id, flow_id, revision_id, record_id, cause, status, next_action_id, lane, wait_for, error,
                         enrolled_at, finished_at)
SELECT 1, $1, 1, n, gen_random_uuid()::text, $2, $3::text, 'local', $4, $5,
       '2026-11-01T00:00:00Z'::timestamptz + n * interval '1 minute', CASE WHEN $3::text IS NULL THEN now() END
FROM generate_series($6::bigint, $7::bigint) n RETURNING id
"""


def edit(action_id: str, after: str | None = None) -> JsonObject:
    """An Edit record step."""
    value: JsonObject = {"type": "STATIC_VALUE", "staticValue": "seen"}
    node: JsonObject = {
        "type": "SINGLE_CONNECTION",
        "actionId": action_id,
        "actionTypeId": "0-5",
        "actionTypeVersion": 0,
        "fields": {"property_name": "content", "value": value},
    }
    if after is not None:
        node["connection"] = {"edgeType": "STANDARD", "nextActionId": after}
    return node


def branch(action_id: str, value: str, then: str, otherwise: str | None = None) -> JsonObject:
    """A value equals branch on the subject."""
    node: JsonObject = {
        "type": "STATIC_BRANCH",
        "actionId": action_id,
        "inputValue": {"type": "OBJECT_PROPERTY", "propertyName": "subject"},
        "staticBranches": [
            {"branchValue": value, "connection": {"edgeType": "STANDARD", "nextActionId": then}}
        ],
        "defaultBranchName": "Other",
    }
    if otherwise is not None:
        node["defaultBranch"] = {"edgeType": "STANDARD", "nextActionId": otherwise}
    return node


BY_HAND: JsonObject = {"type": "MANUAL", "shouldReEnroll": False}


async def flow_of(
    db: Connection, *nodes: JsonObject, enabled: bool = True, criteria: JsonObject = BY_HAND
) -> int:
    """A flow of tickets with these nodes, written without the checks."""
    document: JsonObject = {
        "type": "PLATFORM_FLOW", "objectTypeId": "0-5", "flowType": "WORKFLOW", "name": "Triage", "startActionId": "1",
        "nextAvailableActionId": "99", "actions": list(nodes), "enrollmentCriteria": criteria,
    }  # fmt: skip
    flow_id: int = await db.fetchval(
        "INSERT INTO flows (workspace_id, name, type, object_type_id, is_enabled)"
        " VALUES (1, 'Triage', 'PLATFORM_FLOW', '0-5', $1) RETURNING id",
        enabled,
    )
    await db.execute(
        "INSERT INTO flow_revisions (flow_id, revision_id, workspace_id, document) VALUES ($1, 1, 1, $2)",
        flow_id,
        document,
    )
    return flow_id


async def runs_at(
    db: Connection,
    flow_id: int,
    records: Sequence[int],
    status: str = "FAILED",
    action_id: str | None = "1",
    code: str | None = "STEP_CRASHED",
    wait_for: str | None = None,
) -> list[int]:
    """A run for each of the consecutive `records`; its error is of `code`. Run n was enrolled n minutes into November."""
    await db.execute(INSERT_RECORDS, records[0], records[-1])
    error = None if code is None else {"code": code, "message": "It went wrong.", "remedy": "Look."}
    rows = await db.fetch(INSERT_RUNS, flow_id, status, action_id, wait_for, error, records[0], records[-1])
    return [row["id"] for row in rows]


class Lanes:
    """Stands in for the queues: remembers which legs were put into which lane."""

    def __init__(self) -> None:
        self.jobs: list[LegJob] = []

    async def __call__(self, _db: Connection, jobs: Sequence[LegJob]) -> None:
        self.jobs += jobs
