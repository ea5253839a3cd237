"""Counts of runs end where counting further would tell nobody anything."""

from __future__ import annotations

from tests.workflows.scene_of_runs import edit, flow_of, runs_at

from penstock.kit.database import Connection
from penstock.workflows.run_history.counts import MOST_COUNTED, Count, count_by_status


async def test_runs_are_counted_by_status_and_counting_ends_at_ten_thousand(crm: Connection) -> None:
    flow = await flow_of(crm, edit("1"))
    await runs_at(crm, flow, range(1, MOST_COUNTED + 6), "COMPLETED", None, None)
    await runs_at(crm, flow, range(1, 4), "WAITING", "1", None, "time")
    await runs_at(crm, flow, range(4, 6), "WAITING", "1", "AUTHENTICATION", "connection:7")
    await runs_at(crm, flow, range(6, 9), "WAITING", "1", "CAP_REACHED", "cap:3")
    await runs_at(crm, flow, range(9, 13), "WAITING", "1", None, "limit:7:gpt-4.1")
    counts = await count_by_status(crm, 1, flow)
    assert counts["COMPLETED"] == Count(MOST_COUNTED, exact=False)
    assert (counts["WAITING"], counts["PAUSED"]) == (Count(12, exact=True), Count(2, exact=True))
    assert (counts["AT_CAP"], counts["AWAITING_TURN"]) == (Count(3, exact=True), Count(4, exact=True))
    assert counts["FAILED"] == Count(0, exact=True)
