"""Caps over HTTP: set, read beside what was spent, changed, removed, and by owners and admins alone."""

from __future__ import annotations

from tests.api.calling import Client
from tests.api.flow_documents import ticket_flow
from tests.api.penstock.test_flow_trying import connection as connection
from tests.api.penstock.test_flow_trying import document
from tests.api.penstock.test_flow_trying import flow as flow

CAPS = "/penstock/v1/spend-caps"


async def test_a_cap_is_set_changed_and_removed(owner: Client) -> None:
    wish = {"scope": "workspace", "period": "month", "limitUsd": "2.50"}
    cap = await owner.ok("POST", CAPS, wish)
    assert (cap["scope"], cap["subjectId"], cap["period"], cap["waiting"]) == (
        "workspace", None, "month", {"count": 0, "exact": True},
    )  # fmt: skip
    assert (float(cap["limitUsd"]), float(cap["spentUsd"]), float(cap["leftUsd"])) == (2.5, 0, 2.5)
    again = await owner.ok("POST", CAPS, {**wish, "limitUsd": 3})
    assert (again["id"], float(again["limitUsd"])) == (cap["id"], 3.0)
    changed = await owner.ok("PATCH", f"{CAPS}/{cap['id']}", {"limitUsd": "4"})
    assert (await owner.ok("GET", f"{CAPS}/{cap['id']}")) == changed
    quiet = await owner.ok("PATCH", f"{CAPS}/{cap['id']}", {"alerts": False})
    assert (changed["alerts"], quiet["alerts"], float(quiet["limitUsd"])) == (True, False, 4.0)
    assert [one["id"] for one in (await owner.ok("GET", CAPS))["results"]] == [cap["id"]]
    await owner.ok("DELETE", f"{CAPS}/{cap['id']}", status=204)
    assert (await owner("GET", f"{CAPS}/{cap['id']}")).status == 404
    assert (await owner("PATCH", f"{CAPS}/{cap['id']}", {"limitUsd": 1})).status == 404


async def test_a_workflow_shows_the_caps_that_hold_for_it_tightest_first_and_what_its_steps_do_there(
    owner: Client, connection: str, flow: str
) -> None:
    other = await owner.ok("POST", "/automation/v4/flows", ticket_flow(), status=201)
    asking = document(connection)
    asking["actions"][0]["fields"]["when_cap_reached"] = "fail"
    await owner.ok("PUT", f"/penstock/v1/flows/{flow}/draft", {"version": 0, "document": asking})
    made = [
        await owner.ok("POST", CAPS, {"period": "total", "limitUsd": usd, **whose})
        for usd, whose in (
            (9, {"scope": "workspace"}),
            (5, {"scope": "connection", "subjectId": connection}),
            (0.1, {"scope": "run", "subjectId": flow}),
            (7, {"scope": "flow", "subjectId": flow}),
            (1, {"scope": "flow", "subjectId": other["id"]}),
        )
    ]
    found = await owner.ok("GET", f"/penstock/v1/flows/{flow}/spending")
    assert [float(cap["limitUsd"]) for cap in found["caps"]] == [5, 7, 9, 0.1]
    assert found["steps"] == [{"actionId": "1", "whenCapReached": "fail", "hasErrorPath": False}]
    assert (found["todayUsd"], found["monthUsd"]) == ("0", "0")
    live = await owner.ok("GET", f"/penstock/v1/flows/{flow}/spending?revision=live")
    assert [cap["scope"] for cap in live["caps"]] == ["flow", "workspace", "run"]
    for cap in made:
        await owner.ok("DELETE", f"{CAPS}/{cap['id']}", status=204)


async def test_a_cap_that_makes_no_sense_is_refused_with_its_field(owner: Client) -> None:
    for wish, word in (
        ({"scope": "workspace", "period": "day", "limitUsd": -1}, "limitUsd"),
        ({"scope": "workspace", "period": "day", "limitUsd": "1.0000000001"}, "limitUsd"),
        ({"scope": "workspace", "period": "day", "limitUsd": 1, "subjectId": "4"}, "subjectId"),
        ({"scope": "run", "period": "day", "limitUsd": 1, "subjectId": "4"}, "period"),
        ({"scope": "flow", "period": "week", "limitUsd": 1, "subjectId": "4"}, "period"),
    ):
        refused = await owner("POST", CAPS, wish)
        assert refused.status == 400, wish
        assert word in refused.text, wish
    gone = {"scope": "flow", "period": "day", "limitUsd": 1, "subjectId": "999999"}
    assert (await owner("POST", CAPS, gone)).status == 404
