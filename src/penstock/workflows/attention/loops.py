"""Workflows that start each other in a loop, which Penstock has stopped."""

from __future__ import annotations

from penstock.kit.database import Connection
from penstock.workflows.attention.group import Group, GroupFlow, Remedy, Sample
from penstock.workflows.loops.stops import StoppedLoop, stopped_loops
from penstock.workflows.run_history.counts import Count


async def loop_groups(db: Connection, workspace_id: int) -> list[Group]:
    """A group for each loop with records that are stopped, the newest first."""
    return [_group(loop) for loop in await stopped_loops(db, workspace_id)]


def _group(loop: StoppedLoop) -> Group:
    names = [f"'{flow.name or flow.id}'" for flow in loop.flows]
    others = ", which starts ".join(names[1:])
    # Named from the first back to the first: "'A' starts 'B', which starts 'A' again".
    message = (
        f"{names[0]} starts {others}, which starts {names[0]} again."
        if others
        else f"{names[0]} starts itself again."
    )
    return Group(
        key=f"loop:{loop.loop}",
        kind="stopped_loop",
        code=f"LOOP_{loop.reason}",
        title="Workflows start each other in a loop",
        meaning="A change that a workflow made came back to it, so it was not started once more. What was written stays.",
        message=message,
        remedy="Change the criteria or a step so that one of them does not start the next, or let them go on once more.",
        count=Count(loop.records, exact=True),
        newest_at=loop.last_at,
        oldest_at=loop.first_at,
        samples=tuple(Sample(one.id, one.last_at, one.record_id, one.record_name) for one in loop.newest),
        remedies=(
            *(Remedy("open_workflow", flow_id=flow.id) for flow in loop.flows),
            Remedy("go_on_with_loop", loop=loop.loop),
            Remedy("dismiss_loop", loop=loop.loop),
        ),
        flow_id=loop.flows[0].id,
        flow_name=loop.flows[0].name,
        flows=tuple(GroupFlow(flow.id, flow.name) for flow in loop.flows),
    )
