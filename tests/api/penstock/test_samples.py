"""A sample over HTTP: started in the background, watched row by row, taken away as CSV."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import asyncpg
from tests.api.calling import Client, Running
from tests.api.penstock.test_flow_trying import connection as connection
from tests.api.penstock.test_flow_trying import document
from tests.api.penstock.test_flow_trying import flow as flow
from tests.api.penstock.test_flow_trying import ticket as ticket

from penstock.workflows.trying import told

V1 = "/penstock/v1"


async def ended(client: Client, sample_id: str) -> dict[str, Any]:
    """The sample once it is over."""
    for _ in range(500):
        found: dict[str, Any] = await client.ok("GET", f"{V1}/samples/{sample_id}")
        if found["state"] not in ("WAITING", "RUNNING"):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(found)


async def as_kept_by_an_older_version(running: Running) -> None:
    """Takes from kept rows what steps are told with since."""
    db = await asyncpg.connect(running.database_url)
    try:
        for position, kept in await db.fetch("SELECT position, result FROM sample_rows"):
            result = json.loads(kept)
            for step in result["steps"]:
                for name in told.SINCE:
                    del step[name]
            await db.execute(
                "UPDATE sample_rows SET result = $2 WHERE position = $1", position, json.dumps(result)
            )
    finally:
        await db.close()


async def test_a_draft_is_sampled_in_the_background_and_read_as_rows_and_as_csv(
    owner: Client, running: Running, connection: str, ticket: str, flow: str
) -> None:
    running.provider.answer = lambda _prompt: "HIGH"
    draft = {"version": 0, "document": document(connection)}
    await owner.ok("PUT", f"{V1}/flows/{flow}/draft", draft)
    started = await owner.ok("POST", f"{V1}/flows/{flow}/samples", {"recordIds": [ticket]}, status=201)
    assert (started["revisionId"], started["total"]) == (None, 1)
    done = await ended(owner, started["id"])
    assert (done["state"], done["done"], done["failed"]) == ("DONE", 1, 0)
    assert float(done["costUsd"]) > 0
    [row] = (await owner.ok("GET", f"{V1}/samples/{started['id']}/rows"))["results"]
    assert (row["recordName"], row["path"], row["result"]["after"]) == (
        "Fire",
        "1 > 2",
        {"hs_ticket_priority": "HIGH"},
    )
    await as_kept_by_an_older_version(running)
    [old] = (await owner.ok("GET", f"{V1}/samples/{started['id']}/rows"))["results"]
    assert old == row
    csv = await owner("GET", f"{V1}/samples/{started['id']}/csv")
    assert "hs_ticket_priority after" in csv.text.splitlines()[0]
    assert csv.headers["Content-Disposition"].endswith(f'"sample-{started["id"]}.csv"')
    listed = await owner.ok("GET", f"{V1}/flows/{flow}/samples")
    assert [one["id"] for one in listed["results"]] == [started["id"]]


async def test_a_sample_that_is_over_cannot_be_canceled_and_another_workspaces_is_not_there(
    owner: Client, foreigner: Client, running: Running, connection: str, ticket: str, flow: str
) -> None:
    wish = {"number": 1, "document": document(connection), "actionId": "1", "maxUsd": "1"}
    started = await owner.ok("POST", f"{V1}/flows/{flow}/samples", wish, status=201)
    await ended(owner, started["id"])
    assert (await owner("POST", f"{V1}/samples/{started['id']}/cancellation")).status == 409
    assert (await foreigner("GET", f"{V1}/samples/{started['id']}/rows")).status == 404
    refused = await owner("POST", f"{V1}/flows/{flow}/samples", {"number": 1, "recordIds": [ticket]})
    assert (refused.status, "one of the two" in refused.text) == (400, True)


async def test_an_estimate_says_what_enrolling_would_cost_before_it_is_done(
    owner: Client, running: Running, connection: str, ticket: str, flow: str
) -> None:
    await owner.ok("PUT", f"{V1}/flows/{flow}/draft", {"version": 0, "document": document(connection)})
    place, asked = f"{V1}/flows/{flow}/enrollment-estimates", len(running.provider.seen)
    found = await owner.ok("POST", place, {"recordIds": [ticket]})
    assert (found["records"], found["sample"], found["calls"]) == (1, 1, 1)
    assert 0 < float(found["p50Usd"]) <= float(found["p95Usd"])
    by_hand = await owner.ok("POST", place, {})
    assert (by_hand["records"], "by hand" in by_hand["note"]) == (None, True)
    many = await owner.ok("POST", place, {"records": 1_000_000, "recordIds": [ticket]})
    assert (many["records"], many["sample"], float(many["p50Usd"]) > 1) == (1_000_000, 1, True)
    half = await owner.ok("POST", place, {"records": 1_000_000, "recordIds": [ticket], "batch": True})
    assert float(half["p50Usd"]) == float(many["p50Usd"]) / 2
    assert (half["seconds"], "within a day" in half["note"]) == (0, True)
    assert len(running.provider.seen) == asked
