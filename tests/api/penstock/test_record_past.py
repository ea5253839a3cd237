"""The past of a record: versions, undo, timeline."""

from __future__ import annotations

from typing import Any

import asyncpg
from tests.api.calling import Client, Running
from tests.api.ships import V1, make_ship, type_id


async def test_a_value_is_traced_and_taken_back_once(owner: Client, vessels: str) -> None:
    ship = await make_ship(owner, hull="Oak", call_sign="OAK1")
    place = f"{V1}/records/{vessels}/{ship}"
    await owner.ok("PATCH", f"/crm/v3/objects/ships/{ship}", {"properties": {"hull": "Iron", "tons": "7"}})
    history = (await owner.ok("GET", f"{place}/history?property=hull"))["results"]
    assert [(one["value"], one["current"], one["undoable"]) for one in history] == [
        ("Iron", True, True),
        ("Oak", False, False),
    ]
    assert (history[0]["source"]["kind"], history[0]["source"]["name"]) == ("api_token", "owner of the tests")
    assert history[1]["id"] is None
    undone = await owner.ok("POST", f"{place}/history/{history[0]['id']}/undo", {})
    assert undone["record"]["properties"]["hull"] == "Oak"
    assert undone["version"]["source"]["undoOf"] == {"versionId": history[0]["id"]}
    again = await owner("POST", f"{place}/history/{history[0]['id']}/undo", {})
    assert (again.status, again.json["context"]["currentValue"]) == (409, ["Oak"])
    origins = {one["property"]: one for one in (await owner.ok("GET", f"{place}/values-origin"))["results"]}
    assert origins["hull"]["versionId"] == undone["version"]["id"]
    assert origins["call_sign"]["versionId"] is None
    assert origins["tons"]["source"]["undoOf"] is None
    assert (await owner.ok("GET", f"{place}/name"))["name"] == "Oak"


async def test_the_timeline_tells_runs_mails_and_values_newest_first_page_by_page(
    owner: Client, running: Running, vessels: str
) -> None:
    ship = await make_ship(owner, hull="Elm")
    await owner.ok("PATCH", f"/crm/v3/objects/ships/{ship}", {"properties": {"tons": "1", "state": "dock"}})
    flow = await owner.ok(
        "POST",
        "/automation/v4/flows",
        {"type": "PLATFORM_FLOW", "flowType": "WORKFLOW", "name": "Of ships", "objectTypeId": await type_id(owner),
         "isEnabled": False, "actions": []},
        status=201,
    )  # fmt: skip
    db = await asyncpg.connect(running.database_url)
    run = await db.fetchval(
        "INSERT INTO enrollments (workspace_id, flow_id, revision_id, record_id, cause, status, lane, error, finished_at)"
        " VALUES (1, $1, 1, $2, 'test', 'FAILED', 'local', '{\"code\": \"X\", \"message\": \"It broke.\"}',"
        " now() + interval '1 minute') RETURNING id",
        int(flow["id"]),
        int(ship),
    )
    await db.execute(
        "INSERT INTO mails (workspace_id, key, enrollment_id, recipients, subject, html, text, status, sent_at)"
        " VALUES (1, 'timeline', $1, '{a@example.com}', 'Hello', 'h', 't', 'sent', now() + interval '30 s')",
        run,
    )
    await db.close()
    events: list[Any] = []
    query = ""
    while True:
        page = await owner.ok("GET", f"{V1}/records/{vessels}/{ship}/timeline?limit=2{query}")
        events += page["results"]
        if "paging" not in page:
            break
        query = f"&after={page['paging']['next']['after']}"
    assert [event["kind"] for event in events] == ["run_ended", "mail", "run_began", "values", "created"]
    assert events[0]["run"]["errorMessage"] == "It broke."
    assert events[1]["mail"]["recipients"] == ["a@example.com"]
    written = events[3]
    assert {one["property"]: (one["before"], one["after"]) for one in written["values"]} == {
        "tons": (None, "1"),
        "state": (None, "dock"),
    }
    assert written["source"]["kind"] == "api_token"
    only = await owner.ok("GET", f"{V1}/records/{vessels}/{ship}/timeline?kind=values&kind=mails")
    assert [event["kind"] for event in only["results"]] == ["mail", "values"]
