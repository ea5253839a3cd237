"""A cap that runs wait for needs attention: with its cause, whose it is, and the deeds that help."""

from __future__ import annotations

from decimal import Decimal

from tests.workflows.scene_of_runs import edit, flow_of, runs_at

from penstock.accounts.actors import command_line
from penstock.kit.database import Connection
from penstock.workflows.attention.attention import count_attention
from penstock.workflows.attention.caps import cap_groups
from penstock.workflows.run_history.counts import Count
from penstock.workflows.spending.caps import set_cap

ME = command_line(1, "test")


async def test_a_cap_that_runs_wait_for_is_named_with_its_workflow_and_its_newest_runs(
    crm: Connection,
) -> None:
    flow = await flow_of(crm, edit("1"))
    async with crm.transaction():
        cap = await set_cap(crm, 1, ME, "flow", flow, "day", Decimal(1))
        await set_cap(crm, 1, ME, "workspace", 0, "month", Decimal(100))
    runs = await runs_at(crm, flow, range(1, 6), "WAITING", "1", "CAP_REACHED", f"cap:{cap.id}")

    [group] = await cap_groups(crm, 1)

    assert (group.key, group.kind, group.code) == (f"cap:{cap.id}", "cap_reached", "CAP_REACHED")
    assert (group.count, group.flow_id, group.flow_name) == (Count(5, exact=True), flow, "Triage")
    assert [sample.id for sample in group.samples] == sorted(runs, reverse=True)[:3]
    assert [(remedy.kind, remedy.cap_id) for remedy in group.remedies] == [
        ("raise_cap", cap.id),
        ("remove_cap", cap.id),
    ]
    assert (await count_attention(crm, 1)).runs == Count(5, exact=True)
