"""The action log merges the steps of all actions and finds what is rare without reading what is not."""

from __future__ import annotations

import itertools

from tests.workflows.scene_of_runs import edit, flow_of, runs_at

from penstock.kit.database import Connection
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.run_history.action_log import Logged, LoggedStatus, read_log

STEPS = """
INSERT INTO steps (workspace_id, enrollment_id, flow_id, seq, action_id, action_type_id, status, started_at)
SELECT 1, $1, $2, n, CASE WHEN n % 3 = 0 THEN '2' ELSE '1' END, '0-5',
       CASE WHEN n % 10 = 0 THEN 'FAILED' ELSE 'COMPLETED' END, now()
FROM generate_series(1, 60) n
"""
EXPECTED = """
SELECT id FROM steps WHERE ($1::text IS NULL OR action_id = $1) AND ($2::text IS NULL OR status = $2) ORDER BY id DESC
"""


async def log(db: Connection, flow: int, action: str | None, status: LoggedStatus | None) -> list[Logged]:
    """All pages of the log."""
    plans, found = PlanSource(), list[Logged]()
    while True:
        before = found[-1].id if found else None
        page = await read_log(db, plans, 1, flow, action_id=action, status=status, before=before, limit=8)
        found += page
        if len(page) < 8:
            return found


async def test_the_log_holds_just_the_steps_that_fit_newest_first_and_each_once(crm: Connection) -> None:
    flow = await flow_of(crm, edit("1", "2"), edit("2"))
    [run] = await runs_at(crm, flow, range(1, 2), "COMPLETED", None, None)
    await crm.execute(STEPS, run, flow)
    statuses: tuple[LoggedStatus | None, ...] = (None, "COMPLETED", "FAILED", "SKIPPED")
    for action, status in itertools.product((None, "1", "2", "9"), statuses):
        rows = await crm.fetch(EXPECTED, action, status)
        found = await log(crm, flow, action, status)
        assert [one.id for one in found] == [row["id"] for row in rows], (action, status)
        assert {(one.action_title, one.record_name) for one in found} <= {("Edit record", "Ticket 1")}
