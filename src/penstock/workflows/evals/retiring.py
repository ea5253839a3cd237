"""Models that end: which steps of which workflows use them, by the dates in the providers' own lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from penstock.actions.use_custom_llm_failure import number_of
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows.evals.step import asked_models, fields_of_step, llm_steps

AHEAD_DAYS = 180  # Anthropic and OpenAI announce an end months before it

# A workspace has tens of connections with tens to hundreds of models each.
DATES = """
SELECT m.connection_id, c.name AS connection_name, model.value ->> 'id' AS id, model.value ->> 'retires_at' AS retires_at
FROM connections c JOIN model_lists m ON m.connection_id = c.id
CROSS JOIN LATERAL jsonb_array_elements(m.models) AS model (value)
WHERE c.workspace_id = $1 AND c.uninstalled_at IS NULL AND model.value ->> 'retires_at' <> ''
"""
# What is live, and what is being written.
DOCUMENTS = """
SELECT f.id, f.name, f.is_enabled, 'live' AS place, r.document FROM flows f
JOIN flow_revisions r ON r.flow_id = f.id AND r.revision_id = f.revision_id
WHERE f.workspace_id = $1 AND f.deleted_at IS NULL
UNION ALL
SELECT f.id, f.name, f.is_enabled, 'draft', d.document FROM flows f JOIN flow_drafts d ON d.flow_id = f.id
WHERE f.workspace_id = $1 AND f.deleted_at IS NULL
ORDER BY 1, 4 DESC
"""
SETS = "SELECT flow_id, action_id, id FROM eval_sets WHERE workspace_id = $1 ORDER BY id"

Place = Literal["live", "draft"]


@dataclass(frozen=True, slots=True)
class Retirement:
    """When a provider ends a model: `retires_at` is ISO 8601, as the provider's list has it."""

    connection_id: int
    connection_name: str
    model: str
    retires_at: str


@dataclass(frozen=True, slots=True)
class RetiringUse:
    """A step that asks a model which ends. `retired`: it has ended; `eval_set_ids` are the sets that test the step."""

    flow_id: int
    flow_name: str
    flow_enabled: bool
    place: Place
    action_id: str
    connection_id: int
    connection_name: str
    model: str
    retires_at: str
    retired: bool
    eval_set_ids: tuple[int, ...]


async def retirements(db: Connection, workspace_id: int) -> dict[tuple[int, str], Retirement]:
    """The ends that providers announced, by connection and model, as far as their lists were read."""
    rows = await db.fetch(DATES, workspace_id)
    return {
        (row["connection_id"], row["id"]): Retirement(
            row["connection_id"], row["connection_name"], row["id"], row["retires_at"]
        )
        for row in rows
    }


async def retiring_uses(
    db: Connection, workspace_id: int, now: datetime, days: int = AHEAD_DAYS
) -> list[RetiringUse]:
    """The steps of workflows and drafts whose model has ended or ends within `days`, the soonest first."""
    ending = await retirements(db, workspace_id)
    if not ending:
        return []
    until, today = (now + timedelta(days=days)).date().isoformat(), now.date().isoformat()
    sets: dict[tuple[int, str], list[int]] = {}
    for row in await db.fetch(SETS, workspace_id):
        sets.setdefault((row["flow_id"], row["action_id"]), []).append(row["id"])
    found: list[RetiringUse] = []
    for row in await db.fetch(DOCUMENTS, workspace_id):
        for action_id in llm_steps(row["document"]):
            for asked in _asked(row["document"], action_id):
                one = ending.get(asked)
                if one is None or one.retires_at[:10] > until:
                    continue
                found.append(
                    RetiringUse(
                        row["id"],
                        row["name"],
                        row["is_enabled"],
                        row["place"],
                        action_id,
                        one.connection_id,
                        one.connection_name,
                        one.model,
                        one.retires_at,
                        one.retires_at[:10] <= today,
                        tuple(sets.get((row["id"], action_id), ())),
                    )
                )
    return sorted(found, key=lambda use: (use.retires_at, use.flow_id, use.action_id, use.place != "live"))


def _asked(document: JsonObject, action_id: str) -> list[tuple[int, str]]:
    """Connection and model of a step and of its other models, each pair once."""
    fields = fields_of_step(document, action_id) or {}
    named = [
        (str(one.get("connection_id") or ""), str(one.get("model") or "")) for one in asked_models(fields)
    ]
    return list(dict.fromkeys((number_of(connection) or 0, model.strip()) for connection, model in named))
