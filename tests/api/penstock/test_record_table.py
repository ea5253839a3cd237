"""The table of records over real HTTP: pages by filter, search and order."""

from __future__ import annotations

from typing import Any

from tests.api.calling import Client
from tests.api.ships import V1, state_is


async def test_a_table_is_paged_by_filter_search_and_order(owner: Client, untouched_vessels: str) -> None:
    wish: dict[str, Any] = {
        "filter": state_is("sea"),
        "search": "steel",
        "sort": {"property": "tons", "direction": "DESCENDING"},
        "properties": ["tons"],
        "limit": 3,
    }
    seen: list[int] = []
    while True:
        page = await owner.ok("POST", f"{V1}/records/{untouched_vessels}/query", wish)
        assert page["searchedAll"]
        seen += [int(row["properties"]["tons"]) for row in page["results"]]
        if "paging" not in page:
            break
        wish["after"] = page["paging"]["next"]["after"]
    assert seen == [110, 100, 80, 70, 50, 40, 20, 10]
    asked = {"filter": state_is("sea"), "search": "steel"}
    assert await owner.ok("POST", f"{V1}/records/{untouched_vessels}/count", asked) == {
        "count": 8,
        "exact": True,
        "estimate": None,
    }
    other = await owner("POST", f"{V1}/records/{untouched_vessels}/query", {**wish, "search": "wood"})
    assert (other.status, other.json["subCategory"]) == (400, "INVALID_INPUT")


async def test_a_filter_that_does_not_hold_together_is_refused_with_its_place(
    owner: Client, vessels: str
) -> None:
    wrong = state_is("sea")
    wrong["filters"][0]["property"] = "sail"
    answer = await owner("POST", f"{V1}/records/{vessels}/query", {"filter": wrong})
    assert answer.status == 400
    assert answer.json["errors"][0]["in"] == "filter.filters[0].property"
