"""What a run waits for: the kinds that lists know by name, and all of them in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from penstock.workflows.batches.waiting import BATCH_FOR
from penstock.workflows.legs.leg import CAPPED_FOR, LIMITED_FOR, PAUSED_FOR
from penstock.workflows.runs import Run

WaitKind = Literal["PAUSED", "AT_CAP", "AWAITING_TURN"]
# How `wait_for` of each begins: a connection that needs attention, a cap without room, the limits of a connection.
WAIT_KINDS: Mapping[WaitKind, str] = {
    "PAUSED": PAUSED_FOR,
    "AT_CAP": CAPPED_FOR,
    "AWAITING_TURN": LIMITED_FOR,
}


def waits_for(run: Run) -> str:
    """What a waiting run waits for, such as `its turn at OpenAI (gpt-4.1-mini)`; empty for one that does not wait."""
    kind = run.wait_for or ""
    if kind.startswith(LIMITED_FOR):
        model = kind.split(":", 2)[2]
        return f"its turn at {_connection(run)} ({model})"
    if kind.startswith(BATCH_FOR):
        return f"its answer in a batch at {_connection(run)}"
    if kind.startswith(PAUSED_FOR):
        return f"{_connection(run)}, which needs attention"
    if kind.startswith(CAPPED_FOR):
        return "room under a spending cap"
    return {
        "time": "a delay",
        "retry": "its next attempt",
        "webhook": "a webhook's answer",
        "review": "somebody to review its answer",
    }.get(kind, kind)


def _connection(run: Run) -> str:
    return run.connection_name or "a connection"
