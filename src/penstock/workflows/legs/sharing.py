"""Which calls of a batch need not be made: their answer is stored, or an identical call of this process is under way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from penstock.actions.outcome import Done, Outcome, Wait
from penstock.actions.use_custom_llm import finish
from penstock.connections.connections import ProviderConnection
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.llm.result import LlmResult, Usage
from penstock.workflows.legs.leg import Arrival, Called
from penstock.workflows.legs.llm_call import Call
from penstock.workflows.legs.reuse import Stored, find_stored

Answered = asyncio.Future[Stored | None]


@dataclass(slots=True)
class Shared:
    """A batch parted: calls to make, outcomes of stored answers, and calls that wait for an identical one."""

    calls: list[Call] = field(default_factory=list)
    settled: list[Arrival] = field(default_factory=list)
    followers: list[tuple[Call, Answered]] = field(default_factory=list)


class Sharing:
    """Keeps equal questions of one process from being asked twice at once. One per process."""

    def __init__(self) -> None:
        self._open: dict[tuple[int, bytes], Answered] = {}

    async def part(
        self, db: Connection, connection: ProviderConnection, calls: Sequence[Call], now: datetime
    ) -> Shared:
        """Parts a batch. The caller must `land` every call of the result's `calls`, whatever becomes of it."""
        shared = Shared()
        unanswered, shared.settled = await stored_answers(db, connection, calls, now)
        for call in unanswered:
            if (ahead := self._join(call)) is not None:
                shared.followers.append((call, ahead))
            else:
                shared.calls.append(call)
        return shared

    def land(self, call: Call, called: Called | None, now: datetime) -> None:
        """Gives the answer of a call to those that wait for it; without one they ask for themselves."""
        if call.reuse_key is None:
            return
        waiting = self._open.pop((call.leg.workspace_id, call.reuse_key), None)
        if waiting is None or waiting.done():
            return
        answer = called.answer if called is not None else None
        stored = None
        if answer is not None:
            stored = Stored(answer.text, answer.model, call.leg.key.enrollment_id, now, answer.sources)
        waiting.set_result(stored)

    def _join(self, call: Call) -> Answered | None:
        """The answer to wait for; None for the first to ask, and for calls that are not shared."""
        if call.reuse_key is None:
            return None
        key = (call.leg.workspace_id, call.reuse_key)
        ahead = self._open.get(key)
        if ahead is None:
            self._open[key] = asyncio.get_running_loop().create_future()
        return ahead


async def stored_answers(
    db: Connection, connection: ProviderConnection, calls: Sequence[Call], now: datetime
) -> tuple[list[Call], list[Arrival]]:
    """The calls whose answer is not stored, and what those come to whose answer is."""
    wanted = [(call.reuse_key, float(call.fields.reuse_seconds or 0)) for call in calls if call.reuse_key]
    found = await find_stored(db, connection.workspace_id, wanted, now)
    unanswered: list[Call] = []
    settled: list[Arrival] = []
    for call in calls:
        stored = found.get(call.reuse_key) if call.reuse_key else None
        outcome = reused(connection, call, stored) if stored else None
        if outcome is None:
            unanswered.append(call)
        else:
            settled.append(Arrival(call.leg.key, outcome))
    return unanswered, settled


def reused(connection: ProviderConnection, call: Call, stored: Stored) -> Outcome | None:
    """What a stored answer comes to in this step; None when it does not fit any more, so that the model is asked."""
    result = LlmResult(stored.answer, "complete", Usage(), stored.model, sources=stored.sources)
    outcome = finish(call.fields, call.prepared, result)
    if not isinstance(outcome, Done | Wait):
        return None
    detail: JsonObject = {
        **(outcome.detail or {}),
        "provider": connection.provider,
        "connection_id": str(connection.id),
        "cost_usd": "0",
        "reused": {
            "answered_at": stored.answered_at.isoformat(),
            "enrollment_id": str(stored.enrollment_id),
        },
    }
    if isinstance(outcome, Wait) and outcome.review is not None:
        review = replace(outcome.review, seen=dict(call.leg.values))
        return replace(outcome, detail=detail, review=review)
    return replace(outcome, detail=detail)
