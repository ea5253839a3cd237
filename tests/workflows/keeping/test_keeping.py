"""Logs keep prompts, replies and outputs as long as their workflow says, and not a row longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.workflows.scene_of_runs import edit, flow_of

from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection
from penstock.workflows.keeping import blanking, keeping
from penstock.workflows.keeping.blanking import blank
from penstock.workflows.keeping.keeping import Keeping
from penstock.workflows.keeping.withheld import Logged, Part, without

NOW = datetime(2026, 11, 29, tzinfo=UTC)
FULL = Logged(
    {"model": "m", "prompt": "Anna is ill", "system_prompt": "Sort."},
    {"topic": "health", "text": "ill", "hs_model": "m", "hs_prompt_hash": "a"},
    {"tokens": {"input": 3}, "answer": "ill", "repair": {"answer": "ill"}},
)


@pytest.mark.parametrize(
    ("part", "inputs", "outputs", "detail"),
    [
        ("prompts", {"model"}, set(FULL.outputs or ()), {"tokens", "answer", "repair", "not_kept"}),
        ("replies", set(FULL.inputs or ()), {"topic", "hs_model", "hs_prompt_hash"}, {"tokens", "not_kept"}),
        (
            "outputs",
            set(FULL.inputs or ()),
            {"text", "hs_model", "hs_prompt_hash"},
            {"tokens", "answer", "repair", "not_kept"},
        ),
    ],
)
async def test_a_part_goes_and_the_rest_stays_before_it_is_written_as_well_as_later(
    crm: Connection, part: Part, inputs: set[str], outputs: set[str], detail: set[str]
) -> None:
    left = without(FULL, [part])
    assert (set(left.inputs or ()), set(left.outputs or ()), set(left.detail or ())) == (
        inputs,
        outputs,
        detail,
    )
    assert (left.detail or {})["not_kept"] == [part]
    flow = await flow_of(crm, edit("1"))
    await keeping.change(crm, 1, flow, Keeping(**{part: 0}))
    step = await logged(crm, flow, NOW)
    assert await blank(crm, NOW) == 1
    row = await crm.fetchrow("SELECT inputs, outputs, detail FROM steps WHERE id = $1", step)
    assert row is not None
    assert (row["inputs"], row["outputs"], row["detail"]) == (left.inputs, left.outputs, left.detail)


async def logged(db: Connection, flow_id: int, at: datetime, action_type: str = "1-1000") -> int:
    """The log of an LLM step that ended at a moment."""
    step: int = await db.fetchval(
        "INSERT INTO steps (workspace_id, enrollment_id, flow_id, seq, action_id, action_type_id, status, started_at,"
        " finished_at, inputs, outputs, detail) VALUES (1, 1, $1, 0, '1', $2, 'COMPLETED', $3, $3, $4, $5, $6) RETURNING id",
        flow_id,
        action_type,
        at,
        FULL.inputs,
        FULL.outputs,
        FULL.detail,
    )
    return step


async def kept(db: Connection) -> list[list[str]]:
    """What is not kept of each step, in the order of the log."""
    rows = await db.fetch("SELECT detail -> 'not_kept' AS gone FROM steps ORDER BY id")
    return [row["gone"] or [] for row in rows]


async def test_logs_are_blanked_when_their_time_is_over_in_batches_and_each_once(
    crm: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blanking, "BATCH", 2)
    flow, other = await flow_of(crm, edit("1")), await flow_of(crm, edit("1"))
    await keeping.change(crm, 1, flow, Keeping(prompts=30, replies=7))
    for days in (40, 35, 31, 10, 1):
        await logged(crm, flow, NOW - timedelta(days=days))
    await logged(crm, flow, NOW - timedelta(days=40), "0-5")
    await logged(crm, other, NOW - timedelta(days=40))
    assert await blank(crm, NOW) == 4  # two of each part
    rounds = 0
    while await blank(crm, NOW):
        rounds += 1
    assert rounds == 1
    both: list[Any] = ["prompts", "replies"]
    assert await kept(crm) == [both, both, both, ["replies"], [], [], []]
    assert await blank(crm, NOW + timedelta(days=7)) == 1


async def test_days_that_cannot_be_and_workflows_of_others_are_refused(crm: Connection) -> None:
    flow = await flow_of(crm, edit("1"))
    for wanted in (Keeping(prompts=-1), Keeping(outputs=3651)):
        with pytest.raises(InvalidInput):
            await keeping.change(crm, 1, flow, wanted)
    with pytest.raises(NotFound):
        await keeping.change(crm, 2, flow, Keeping())
    with pytest.raises(NotFound):
        await keeping.get(crm, 2, flow)
    assert await keeping.get(crm, 1, flow) == Keeping()
