"""Stopped loops over the API: listed, gone on with, left; of one's own workspace only."""

from __future__ import annotations

import asyncpg
from tests.api.calling import Client, Running
from tests.api.ships import V1, make_ship, type_id


async def test_a_stopped_loop_is_seen_and_gone_on_with_or_left(
    owner: Client, foreigner: Client, running: Running, vessels: str
) -> None:
    assert vessels
    ships = [await make_ship(owner, hull="Oak"), await make_ship(owner, hull="Elm")]
    flow = await owner.ok(
        "POST",
        "/automation/v4/flows",
        {"type": "PLATFORM_FLOW", "flowType": "WORKFLOW", "name": "Round and round", "objectTypeId": await type_id(owner),
         "isEnabled": False, "actions": []},
        status=201,
    )  # fmt: skip
    db = await asyncpg.connect(running.database_url)
    await db.execute("UPDATE flows SET is_enabled = true WHERE id = $1", int(flow["id"]))
    for ship in ships:
        await db.execute(
            "INSERT INTO stopped_loops (workspace_id, flow_id, record_id, loop, chain, reason)"
            " VALUES (1, $1, $2, $3, ARRAY[$1::bigint], 'DEPTH')",
            int(flow["id"]),
            int(ship),
            flow["id"],
        )
    await db.close()
    groups = (await owner.ok("GET", f"{V1}/attention"))["groups"]
    [group] = [one for one in groups if one["key"] == f"loop:{flow['id']}"]
    assert group["message"] == "'Round and round' starts itself again."
    assert [one["kind"] for one in group["remedies"]] == ["open_workflow", "go_on_with_loop", "dismiss_loop"]
    wish = {"loop": flow["id"]}
    for deed in ("continuations", "dismissals"):
        assert (await foreigner("POST", f"{V1}/stopped-loops/{deed}", wish)).status == 409
        assert (await owner("POST", f"{V1}/stopped-loops/{deed}", {"loop": "x"})).status == 400
    assert (await foreigner.ok("GET", f"{V1}/stopped-loops"))["results"] == []
    first = await owner.ok("GET", f"{V1}/stopped-loops?loop={flow['id']}&limit=1")
    assert (first["results"][0]["recordName"], first["results"][0]["chain"]) == ("Oak", [flow["id"]])
    rest = f"{V1}/stopped-loops?loop={flow['id']}&after={first['paging']['next']['after']}"
    assert [one["recordId"] for one in (await owner.ok("GET", rest))["results"]] == [ships[1]]
    went = await owner.ok("POST", f"{V1}/stopped-loops/continuations", wish, status=201)
    assert went == {"enrolled": 2, "leftOut": 0, "more": False}
    assert (await owner("POST", f"{V1}/stopped-loops/dismissals", wish)).status == 409
