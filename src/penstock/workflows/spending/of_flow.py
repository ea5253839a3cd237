"""What one workflow spends, the caps that hold for it, and what its steps do when one is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from penstock.actions.use_custom_llm_failure import number_of
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows.evals.step import asked_models, fields_of_step, llm_steps
from penstock.workflows.spending.caps import Cap, list_caps

# The figures of one workflow since the first of the month, in the workspace's time zone.
SPENT = """
SELECT coalesce(sum(cost_usd) FILTER (WHERE day = period_start('day', $1)), 0) AS today, coalesce(sum(cost_usd), 0) AS month
FROM step_figures
WHERE workspace_id = $1 AND flow_id = $2 AND day >= period_start('month', $1) AND latency_bucket >= 0
"""


@dataclass(frozen=True, slots=True)
class AtCap:
    """What an LLM step does at a cap: its records wait, or the step fails and they go on by the error path, if any."""

    action_id: str
    when_cap_reached: Literal["wait", "fail"]
    has_error_path: bool


@dataclass(frozen=True, slots=True)
class FlowSpending:
    """USD of today and of this month, the caps that hold with the one that has least left first, and the LLM steps."""

    today_usd: Decimal
    month_usd: Decimal
    caps: tuple[Cap, ...]
    steps: tuple[AtCap, ...]


async def spending_of_flow(
    db: Connection, workspace_id: int, flow_id: int, document: JsonObject
) -> FlowSpending:
    """How a workflow stands with its money, its steps being those of `document`.

    The caps are its own, those of the connections that the steps ask, and those of the workspace.
    """
    steps = [(action_id, fields_of_step(document, action_id) or {}) for action_id in llm_steps(document)]
    connections = {
        number_of(str(asked.get("connection_id") or ""))
        for _, fields in steps
        for asked in asked_models(fields)
    }
    caps = [
        cap
        for cap in await list_caps(db, workspace_id)
        if cap.scope == "workspace"
        or (cap.scope == "connection" and cap.subject_id in connections)
        or (cap.scope in ("flow", "run") and cap.subject_id == flow_id)
    ]
    spent = await db.fetchrow(SPENT, workspace_id, flow_id)
    assert spent is not None  # noqa: S101 - a sum has its row
    return FlowSpending(
        spent["today"],
        spent["month"],
        tuple(sorted(caps, key=lambda cap: (cap.scope == "run", cap.left_usd))),
        _at_cap(steps),
    )


def _at_cap(steps: Sequence[tuple[str, JsonObject]]) -> tuple[AtCap, ...]:
    return tuple(
        AtCap(
            action_id,
            "fail" if fields.get("when_cap_reached") == "fail" else "wait",
            isinstance(fields.get("error_path"), dict),
        )
        for action_id, fields in steps
    )
