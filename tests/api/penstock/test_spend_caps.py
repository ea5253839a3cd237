"""Caps over HTTP: set, read beside what was spent, changed, removed, and by owners and admins alone."""

from __future__ import annotations

from tests.api.calling import Client

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
    assert [one["id"] for one in (await owner.ok("GET", CAPS))["results"]] == [cap["id"]]
    await owner.ok("DELETE", f"{CAPS}/{cap['id']}", status=204)
    assert (await owner("GET", f"{CAPS}/{cap['id']}")).status == 404
    assert (await owner("PATCH", f"{CAPS}/{cap['id']}", {"limitUsd": 1})).status == 404


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
