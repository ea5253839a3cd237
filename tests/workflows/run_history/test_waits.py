"""What a run waits for is said in words: its turn at a connection, a connection to be put right, a delay."""

from __future__ import annotations

from tests.workflows.limits.scene import a_connection, parked
from tests.workflows.scene_of_runs import edit, flow_of, runs_at

from penstock.kit.database import Connection
from penstock.workflows.run_history.lists import RunFilter, find_runs
from penstock.workflows.run_history.waits import waits_for
from penstock.workflows.runs import get_run


async def test_a_run_names_what_it_waits_for(crm: Connection) -> None:
    ours = await a_connection(crm)
    await crm.execute("UPDATE connections SET name = 'Our OpenAI'")
    _, [limited] = await parked(crm, ours, range(1, 2), model="ft:gpt-4.1:x")
    flow = await flow_of(crm, edit("1"))
    [paused] = await runs_at(crm, flow, range(2, 3), "WAITING", wait_for=f"connection:{ours.id}")
    [delayed] = await runs_at(crm, flow, range(3, 4), "WAITING", code=None, wait_for="time")
    [batched] = await runs_at(crm, flow, range(5, 6), "WAITING", code=None, wait_for=f"batch:{ours.id}")
    [active] = await runs_at(crm, flow, range(4, 5), "ACTIVE", code=None)

    words = {run.id: waits_for(run) for run in await find_runs(crm, 1, RunFilter())}

    assert words == {
        limited: "its turn at Our OpenAI (ft:gpt-4.1:x)",
        paused: "Our OpenAI, which needs attention",
        delayed: "a delay",
        batched: "its answer in a batch at Our OpenAI",
        active: "",
    }
    assert (await get_run(crm, 1, limited)).connection_name == "Our OpenAI"
