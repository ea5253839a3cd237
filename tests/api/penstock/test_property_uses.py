"""What uses a property: filters, actions and tokens of workflows, and shared views."""

from __future__ import annotations

from tests.api.calling import Client
from tests.api.flow_documents import ticket_flow

V1 = "/penstock/v1"


async def uses(owner: Client, object_type: str) -> dict[str, tuple[list[str], list[str]]]:
    found = (await owner.ok("GET", f"{V1}/property-uses/{object_type}"))["results"]
    return {
        use["property"]: ([flow["name"] for flow in use["flows"]], [view["name"] for view in use["views"]])
        for use in found
    }


async def test_a_property_is_used_where_an_action_or_a_view_names_it(owner: Client) -> None:
    flow = await owner.ok("POST", "/automation/v4/flows", ticket_flow(name="Uses"), status=201)
    named = [name for name, (flows, _) in (await uses(owner, "tickets")).items() if "Uses" in flows]
    assert named
    assert set(named) <= {
        prop["name"] for prop in (await owner.ok("GET", "/crm/v3/properties/tickets"))["results"]
    }
    view = {
        "objectType": "tickets",
        "name": "By subject",
        "filter": None,
        "search": "",
        "sort": {"property": "createdate", "direction": "ASCENDING"},
        "columns": [{"property": "subject", "width": None}],
        "shared": True,
    }
    await owner.ok("POST", f"{V1}/views", view, status=201)
    after = await uses(owner, "tickets")
    assert ("By subject" in after["subject"][1], "By subject" in after["createdate"][1]) == (True, True)
    await owner.ok("DELETE", f"/automation/v4/flows/{flow['id']}", status=204)
    assert all("Uses" not in flows for flows, _ in (await uses(owner, "tickets")).values())


async def test_private_views_are_not_told_of(owner: Client) -> None:
    view = {"objectType": "deals", "name": "Mine", "columns": [{"property": "amount", "width": None}]}
    await owner.ok("POST", f"{V1}/views", view | {"shared": False}, status=201)
    assert "Mine" not in (await uses(owner, "deals")).get("amount", ([], []))[1]
