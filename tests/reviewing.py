"""A run that waits for a review, put there as a worker would."""

from __future__ import annotations

import json
from typing import Any

import asyncpg

SOURCES = [{"url": "https://example.com/fires", "title": "Fires"}]
KNOWLEDGE = [
    {
        "number": 1, "passage_id": "12", "set_id": "3", "document_id": "41", "document": "fires.md", "version": 2,
        "place": "fires.md > Alarms",
    }
]  # fmt: skip
FIELD: dict[str, Any] = {
    "name": "priority",
    "label": "Priority",
    "type": "choice",
    "value": "HIGH",
    "confidence": 0.4,
    "threshold": 0.7,
    "doubtful": True,
    "options": [["LOW", "Low"], ["HIGH", "High"]],
    "fallback": None,
    "required": True,
}


async def doubt(database_url: str, run_id: int | str) -> str:
    """Lets a run wait at its step with a doubtful answer; returns the review's id."""
    db = await asyncpg.connect(database_url)
    try:
        run = await db.fetchrow(
            "UPDATE enrollments SET status = 'WAITING', wait_for = 'review', seq = seq + 1 WHERE id = $1 RETURNING *",
            int(run_id),
        )
        assert run is not None
        inputs = json.dumps({"prompt": "How urgent is this?", "system_prompt": "You sort tickets."})
        await db.execute(
            "INSERT INTO steps (workspace_id, enrollment_id, flow_id, seq, action_id, action_type_id, status, started_at,"
            " inputs, detail) VALUES ($1, $2, $3, $4, '1', '1-1000', 'WAITING', now(), $5::jsonb, $6::jsonb)",
            run["workspace_id"],
            run["id"],
            run["flow_id"],
            run["seq"] - 1,
            inputs,
            json.dumps({"sources": SOURCES, "knowledge": KNOWLEDGE}),
        )
        return str(
            await db.fetchval(
                "INSERT INTO reviews (workspace_id, enrollment_id, seq, flow_id, revision_id, record_id, action_id, fields,"
                " outputs, seen) SELECT $1, $2, $3, $4, $5, $6, '1', $7::jsonb, $8::jsonb, properties"
                " FROM records WHERE id = $6 RETURNING id",
                run["workspace_id"],
                run["id"],
                run["seq"],
                run["flow_id"],
                run["revision_id"],
                run["record_id"],
                json.dumps([FIELD]),
                json.dumps(
                    {
                        "priority": "HIGH",
                        "priority_confidence": 0.4,
                        "text": "High, I guess.",
                        "hs_model": "m",
                    }
                ),
            )
        )
    finally:
        await db.close()
