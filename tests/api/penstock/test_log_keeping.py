"""How long logs are kept, over the API."""

from __future__ import annotations

from tests.api.calling import Client
from tests.api.ships import V1, type_id


async def test_it_is_read_set_at_once_and_noted(owner: Client, foreigner: Client, vessels: str) -> None:
    assert vessels
    flow = await owner.ok(
        "POST",
        "/automation/v4/flows",
        {"type": "PLATFORM_FLOW", "flowType": "WORKFLOW", "name": "Discreet", "objectTypeId": await type_id(owner),
         "isEnabled": False, "actions": []},
        status=201,
    )  # fmt: skip
    place = f"{V1}/flows/{flow['id']}/log-keeping"
    assert await owner.ok("GET", place) == {"prompts": None, "replies": None, "outputs": None}
    wish = {"prompts": 30, "replies": 0, "outputs": None}
    assert await owner.ok("PUT", place, wish) == wish
    assert await owner.ok("GET", place) == wish
    assert (await owner("PUT", place, {**wish, "replies": -1})).status == 400
    assert (await owner("PUT", place, {"prompts": 1})).status == 400
    assert (await foreigner("PUT", place, wish)).status == 404
    log = await owner.ok("GET", f"{V1}/audit-log?action=flow.log_keeping_set")
    assert log["results"][0]["detail"] == wish
