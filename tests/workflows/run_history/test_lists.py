"""Every filter of the list finds what a look at all runs finds, page by page, each run once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.workflows.scene_of_runs import edit, flow_of, runs_at

from penstock.kit.database import Connection
from penstock.workflows.run_history.lists import RunFilter, find_runs
from penstock.workflows.run_history.spans import first_id_after, first_id_from
from penstock.workflows.run_history.waits import WAIT_KINDS
from penstock.workflows.runs import Run

FIRST, LAST = datetime(2026, 11, 1, 0, 10, tzinfo=UTC), datetime(2026, 11, 1, 0, 40, tzinfo=UTC)


@pytest.fixture
async def flow(crm: Connection) -> int:
    """A flow whose runs are everywhere, and another one beside it."""
    flow = await flow_of(crm, edit("1", "2"), edit("2"))
    await runs_at(crm, flow, range(1, 21), "FAILED", "1", "TIMEOUT")
    await runs_at(crm, flow, range(10, 31), "FAILED", "2", "TIMEOUT")
    await runs_at(crm, flow, range(31, 36), "FAILED", "2", "STEP_CRASHED")
    await runs_at(crm, flow, range(36, 41), "WAITING", "1", "AUTHENTICATION", "connection:7")
    await runs_at(crm, flow, range(41, 46), "WAITING", "2", None, "time")
    await runs_at(crm, flow, range(46, 51), "ACTIVE", "1", None)
    await runs_at(crm, flow, range(51, 54), "WAITING", "1", "CAP_REACHED", "cap:3")
    await runs_at(crm, flow, range(54, 57), "WAITING", "1", None, "limit:7:gpt-4.1")
    await runs_at(crm, flow, range(1, 31), "COMPLETED", None, None)
    await runs_at(crm, flow, range(20, 26), "CANCELED", "2", "CANCELED")
    other = await flow_of(crm, edit("1"))
    await runs_at(crm, other, range(1, 51), "FAILED", "1", "TIMEOUT")
    return flow


async def pages(db: Connection, wanted: RunFilter, size: int = 7) -> list[Run]:
    """All pages of a list."""
    found: list[Run] = []
    while True:
        page = await find_runs(db, 1, wanted, before=found[-1].id if found else None, limit=size)
        found += page
        if len(page) < size:
            return found


def fits(run: Run, wanted: RunFilter) -> bool:
    """The meaning of a filter, spelled out."""
    kept = any((run.wait_for or "").startswith(WAIT_KINDS[kind]) for kind in wanted.waits)
    status = run.status in wanted.statuses or kept
    if not wanted.statuses and not wanted.waits:
        status = True
    return (
        status
        and wanted.flow_id in (None, run.flow_id)
        and wanted.record_id in (None, run.record_id)
        and wanted.action_id in (None, run.next_action_id)
        and wanted.error_code in (None, (run.error or {}).get("code", ""))
        and (wanted.enrolled_from is None or run.enrolled_at >= wanted.enrolled_from)
        and (wanted.enrolled_to is None or run.enrolled_at < wanted.enrolled_to)
    )


CONDITIONS: list[dict[str, object]] = [
    {},
    {"statuses": ["FAILED"]},
    {"statuses": ["COMPLETED", "CANCELED"]},
    {"statuses": ["FAILED", "COMPLETED"], "enrolled_from": FIRST, "enrolled_to": LAST},
    {"statuses": ["FAILED"], "action_id": "2"},
    {"statuses": ["FAILED"], "error_code": "TIMEOUT"},
    {"statuses": ["FAILED"], "action_id": "2", "error_code": "STEP_CRASHED"},
    {"action_id": "1", "statuses": ["ACTIVE", "WAITING", "FAILED"], "enrolled_from": FIRST},
    {"waits": ["PAUSED"]},
    {"waits": ["AT_CAP"], "action_id": "1"},
    {"waits": ["AT_CAP", "AWAITING_TURN"], "statuses": ["ACTIVE"]},
    {"waits": ["PAUSED"], "statuses": ["ACTIVE"], "action_id": "1"},
    {"waits": ["PAUSED"], "statuses": ["WAITING", "FAILED"]},
    {"record_id": 20},
    {"record_id": 20, "statuses": ["FAILED"]},
    {"record_id": 38, "waits": ["PAUSED"]},
    {"record_id": 52, "waits": ["AT_CAP", "PAUSED"]},
    {"statuses": ["COMPLETED"], "action_id": "1"},
]


async def test_a_list_holds_just_the_runs_that_fit_newest_first_and_each_once(
    crm: Connection, flow: int
) -> None:
    everything = await find_runs(crm, 1, RunFilter(), limit=1000)
    for conditions in CONDITIONS:
        for flow_id in (flow, None):
            wanted = RunFilter(**conditions, flow_id=flow_id)  # type: ignore[arg-type]
            found = [run.id for run in await pages(crm, wanted)]
            assert found == [run.id for run in everything if fits(run, wanted)], wanted


async def test_runs_carry_the_name_of_their_record_and_another_workspace_sees_none(
    crm: Connection, flow: int
) -> None:
    [run, *_] = await find_runs(crm, 1, RunFilter(flow_id=flow, record_id=20))
    assert run.record_name == "Ticket 20"
    assert await find_runs(crm, 2, RunFilter()) == []
    assert await find_runs(crm, 2, RunFilter(flow_id=flow)) == []


async def test_the_bounds_of_a_span_are_found_among_ids_with_gaps(crm: Connection, flow: int) -> None:
    await crm.execute("DELETE FROM enrollments WHERE id % 3 = 0")
    day = datetime(2026, 11, 20, tzinfo=UTC)
    later = await runs_at(crm, flow, range(40_001, 40_011), "COMPLETED", None, None)
    first, after = await first_id_from(crm, day), await first_id_after(crm, day)
    before = await crm.fetchval("SELECT max(id) FROM enrollments WHERE enrolled_at < $1", day)
    assert before < first <= after <= later[0]
    assert await first_id_after(crm, datetime(2030, 1, 1, tzinfo=UTC)) > later[-1]
    assert await first_id_from(crm, datetime(2020, 1, 1, tzinfo=UTC)) <= 1
