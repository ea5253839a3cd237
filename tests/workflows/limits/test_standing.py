"""How a connection stands: what the provider stated, what was found out, who is slowed, and how many runs wait."""

from __future__ import annotations

import pytest
from tests.workflows.limits.scene import MODEL, a_connection, parked, states

from penstock.errors import NotFound
from penstock.kit.database import Connection
from penstock.llm.pacing import SHARE_OF_LIMIT, Pace
from penstock.workflows.limits.paces import now_of
from penstock.workflows.limits.standing import standing


async def test_each_model_tells_its_limits_its_pace_and_who_waits(crm: Connection) -> None:
    ours = await a_connection(crm, requests_per_minute=60, tokens_per_minute=1_000_000)
    theirs = await a_connection(crm)
    now = await now_of(crm)
    await states(crm, ours, Pace(500.0, 200_000.0, tokens_each=100.0))
    guessed = Pace(30.0, guessed=True, closed_until=now + 60, slowed_at=now + 60)
    await states(crm, ours, guessed, "gpt-5")
    await states(crm, theirs, Pace(7.0), "other")
    await parked(crm, ours, range(1, 4))
    await parked(crm, ours, range(4, 6), model="busy")
    await parked(crm, theirs, range(6, 9))

    found = await standing(crm, 1, ours.id)

    assert (found.limits.requests_per_minute, found.limits.tokens_per_minute) == (60, 1_000_000)
    busy, mini, five = found.models
    assert (busy.model, busy.source, busy.requests_per_minute, busy.waiting.count) == ("busy", None, None, 2)
    assert (mini.model, mini.source, mini.waiting.count) == (MODEL, "provider", 3)
    assert (mini.requests_per_minute, mini.tokens_per_minute, mini.tokens_per_call) == (
        500.0,
        200_000.0,
        100.0,
    )
    # The owner's 60 a minute are less than the provider's 500, and are what goes out.
    assert mini.calls_per_minute == pytest.approx(60 * SHARE_OF_LIMIT)
    assert (mini.slowed_to, mini.closed_until) == (1.0, None)
    assert (five.model, five.source, five.slowed_to) == ("gpt-5", "guess", 1.0)
    assert five.calls_per_minute == pytest.approx(30 * SHARE_OF_LIMIT)
    assert five.closed_until is not None


async def test_a_connection_of_another_workspace_is_not_there(crm: Connection) -> None:
    await crm.execute("INSERT INTO workspaces (id, name) VALUES (2, 'Other')")
    theirs = await a_connection(crm, workspace_id=2)
    with pytest.raises(NotFound):
        await standing(crm, 1, theirs.id)
