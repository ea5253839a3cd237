"""Saved views: whose they are, who may change them, and that nobody overwrites another."""

from __future__ import annotations

from tests.api.calling import Client, Running
from tests.api.ships import V1, state_is


async def test_a_view_is_seen_by_its_owner_shared_with_others_and_changed_by_one_at_a_time(
    owner: Client, running: Running, vessels: str
) -> None:
    operator, viewer = (owner.with_token(running.tokens[role]) for role in ("operator", "viewer"))
    wish = {
        "objectType": vessels,
        "name": "In dock",
        "filter": state_is("dock"),
        "sort": {"property": "tons", "direction": "ASCENDING"},
        "columns": [{"property": "hull", "width": 240}, {"property": "tons"}],
    }
    view = await operator.ok("POST", f"{V1}/views", wish, status=201)
    assert (view["own"], view["shared"], view["version"]) == (True, False, 1)
    assert (await viewer("PATCH", f"{V1}/views/{view['id']}", {"version": 1, "name": "Mine"})).status == 404
    changed = await operator.ok(
        "PATCH", f"{V1}/views/{view['id']}", {"version": 1, "shared": True, "sort": None}
    )
    assert (changed["version"], changed["sort"], changed["filter"]) == (2, None, state_is("dock"))
    listed = await viewer.ok("GET", f"{V1}/views?objectType={vessels}")
    assert [(one["name"], one["own"]) for one in listed["results"]] == [("In dock", False)]
    late = await operator("PATCH", f"{V1}/views/{view['id']}", {"version": 1, "name": "Late"})
    assert (late.status, late.json["context"]["version"]) == (409, ["2"])
    assert (await viewer("DELETE", f"{V1}/views/{view['id']}")).status == 403
    shared = await viewer("POST", f"{V1}/views", {**wish, "shared": True})
    assert shared.status == 403
    unknown = await viewer("POST", f"{V1}/views", {**wish, "columns": [{"property": "sail"}]})
    assert unknown.json["errors"][0]["in"] == "columns[0].property"
    await owner.ok("DELETE", f"{V1}/views/{view['id']}", status=204)
