"""Batches over HTTP and at the command line, as the database holds them."""

from __future__ import annotations

import asyncpg
from tests.api.calling import Client, Running
from tests.api.flow_documents import ticket_flow

V1 = "/penstock/v1"


async def a_batch(db: asyncpg.Connection, state: str, workspace: int = 1) -> str:
    connection = await db.fetchval(
        "INSERT INTO connections (workspace_id, provider, name) VALUES ($1, 'openai', 'Batches ' || gen_random_uuid()) RETURNING id",
        workspace,
    )
    batch = await db.fetchval(
        "INSERT INTO llm_batches (workspace_id, connection_id, provider, model, name, state, questions, answered, cost_usd)"
        " VALUES ($1, $2, 'openai', 'gpt-4.1-mini', 'penstock-x', $3, 12, 5, 0.0125) RETURNING id",
        workspace,
        connection,
        state,
    )
    return str(batch)


async def test_batches_are_listed_read_and_canceled_while_they_run(owner: Client, running: Running) -> None:
    db = await asyncpg.connect(running.database_url)
    done, runs = [await a_batch(db, state) for state in ("done", "running")]
    listed = await owner.ok("GET", f"{V1}/batches?limit=1")
    assert ([one["id"] for one in listed["results"]], listed["waiting"]) == ([runs], 0)
    older = await owner.ok("GET", f"{V1}/batches?after={listed['paging']['next']['after']}")
    assert older["results"][0]["id"] == done
    read = await owner.ok("GET", f"{V1}/batches/{runs}")
    assert (read["questions"], read["answered"], read["costUsd"]) == (12, 5, "0.01250000")
    flow = (await owner.ok("POST", "/automation/v4/flows", ticket_flow(), status=201))["id"]
    await db.execute(
        "INSERT INTO llm_batch_flows (batch_id, flow_id, questions, answered) VALUES ($1, $2, 3, 2)",
        int(done),
        int(flow),
    )
    of_flow = await owner.ok("GET", f"{V1}/batches?flowId={flow}")
    assert [(one["id"], one["flows"][0]["questions"]) for one in of_flow["results"]] == [(done, 3)]
    canceled = await owner("POST", f"{V1}/batches/{runs}/cancellation")
    assert (canceled.status, canceled.json["cancelAsked"]) == (201, True)
    assert (await owner("POST", f"{V1}/batches/{done}/cancellation")).status == 409
    await db.close()


async def test_a_batch_of_another_workspace_is_not_there(owner: Client, running: Running) -> None:
    db = await asyncpg.connect(running.database_url)
    theirs = await a_batch(db, "running", workspace=2)
    for method, path in (("GET", f"{V1}/batches/{theirs}"), ("POST", f"{V1}/batches/{theirs}/cancellation")):
        assert (await owner(method, path)).status == 404
    assert (await owner("GET", f"{V1}/batches?flowId=999999")).status == 404
    assert await db.fetchval("SELECT cancel_asked FROM llm_batches WHERE id = $1", int(theirs)) is False
    await db.close()
