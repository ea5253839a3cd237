"""Undo over the API: see what would change, do it, see what was left."""

from __future__ import annotations

from typing import Any

import asyncpg
from tests.api.calling import Client, Running
from tests.api.ships import V1, make_ship, type_id


async def written_by_a_workflow(owner: Client, running: Running, *ships: str) -> str:
    """A workflow that gave each of these ships the hull Iron; its id."""
    flow = await owner.ok(
        "POST",
        "/automation/v4/flows",
        {"type": "PLATFORM_FLOW", "flowType": "WORKFLOW", "name": "Hulls", "objectTypeId": await type_id(owner),
         "isEnabled": False, "actions": []},
        status=201,
    )  # fmt: skip
    for ship in ships:
        await owner.ok("PATCH", f"/crm/v3/objects/ships/{ship}", {"properties": {"hull": "Iron"}})
    db = await asyncpg.connect(running.database_url)
    await db.execute(
        "UPDATE property_history SET source_type = 'AUTOMATION_PLATFORM', source_id = $1::text, source_label = 'Hulls',"
        " source_detail = jsonb_build_object('flow_id', $1::text, 'revision_id', '1', 'action_id', '4')"
        " WHERE record_id = ANY ($2::bigint[]) AND property = 'hull'",
        flow["id"],
        [int(ship) for ship in ships],
    )
    await db.close()
    return str(flow["id"])


async def test_a_workflow_is_undone_after_a_preview_and_the_undo_says_what_it_left(
    owner: Client, running: Running, vessels: str
) -> None:
    ships = [await make_ship(owner, hull="Oak"), await make_ship(owner), await make_ship(owner, hull="Elm")]
    flow = await written_by_a_workflow(owner, running, *ships)
    await owner.ok("PATCH", f"/crm/v3/objects/ships/{ships[2]}", {"properties": {"hull": "Steel"}})
    wish = {"flowId": flow, "actionId": "4", "from": "2020-01-01T00:00:00Z"}
    seen = await owner.ok("POST", f"{V1}/undos/previews", {**wish, "limit": 1})
    assert (seen["values"], seen["records"], seen["left"], seen["exact"]) == (
        2, 2, [{"reason": "CHANGED_SINCE", "values": 1}], True,
    )  # fmt: skip
    [first] = seen["results"]
    assert (first["recordId"], first["current"], first["before"]) == (ships[0], "Iron", "Oak")
    second = await owner.ok(
        "POST", f"{V1}/undos/previews", {**wish, "after": seen["paging"]["next"]["after"]}
    )
    assert [(one["recordId"], one["before"]) for one in second["results"]] == [(ships[1], None)]

    undo = await owner.ok("POST", f"{V1}/undos", wish, status=201)
    assert (undo["state"], undo["restored"], undo["leftOut"], undo["flowId"]) == ("DONE", 2, 1, flow)
    assert undo["from"] == "2020-01-01T00:00:00.000Z"
    assert await owner.ok("GET", f"{V1}/undos/{undo['id']}") == undo
    assert (await owner.ok("GET", f"{V1}/undos?flowId={flow}"))["results"] == [undo]
    [left] = (await owner.ok("GET", f"{V1}/undos/{undo['id']}/left"))["results"]
    assert (left["recordId"], left["verdict"], left["newestBy"]["name"], left["current"]) == (
        ships[2], "CHANGED_SINCE", "owner of the tests", "Steel",
    )  # fmt: skip
    history = await owner.ok("GET", f"{V1}/records/{vessels}/{ships[0]}/history?property=hull")
    assert (history["results"][0]["value"], history["results"][0]["source"]["undoId"]) == ("Oak", undo["id"])
    log = await owner.ok("GET", f"{V1}/audit-log?action=undo.begun")
    assert log["results"][0]["detail"] == wish


async def test_undos_of_others_and_wishes_that_are_unclear_are_refused(
    owner: Client, foreigner: Client, running: Running, vessels: str
) -> None:
    ship = await make_ship(owner, hull="Oak")
    flow = await written_by_a_workflow(owner, running, ship)
    undo = await owner.ok("POST", f"{V1}/undos", {"flowId": flow}, status=201)
    for method, path, body in (
        ("GET", f"/undos/{undo['id']}", None),
        ("GET", f"/undos/{undo['id']}/left", None),
        ("POST", f"/undos/{undo['id']}/cancellation", {}),
        ("POST", "/undos", {"flowId": flow}),
        ("POST", "/undos/previews", {"flowId": flow}),
    ):
        assert (await foreigner(method, f"{V1}{path}", body)).status == 404
    wrong: list[dict[str, Any]] = [{}, {"flowId": flow, "runId": "1"}, {"flowId": flow, "from": "yesterday"}]
    for body in wrong:
        assert (await owner("POST", f"{V1}/undos", body)).status == 400
    assert (await owner("POST", f"{V1}/undos/{undo['id']}/cancellation", {})).status == 409
