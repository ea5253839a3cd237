"""Many records at once: edits, archivals and restorations."""

from __future__ import annotations

from tests.api.calling import Client
from tests.api.ships import V1, ended, make_ship, state_is


async def test_many_records_are_edited_archived_and_brought_back(owner: Client, vessels: str) -> None:
    ships = [await make_ship(owner, hull=f"Bulk {n}", call_sign=f"BULK{n}") for n in range(3)]
    place = f"{V1}/records/{vessels}"
    edit = await owner.ok(
        "POST",
        f"{place}/bulk-edits",
        {"recordIds": [*ships, "999999999"], "values": {"state": "dock"}},
        status=201,
    )
    assert (edit["state"], edit["done"], edit["changed"], edit["failed"]) == ("DONE", 4, 3, 1)
    assert edit["problems"][0]["recordId"] == "999999999"
    history = await owner.ok("GET", f"{place}/{ships[0]}/history?property=state")
    assert history["results"][0]["source"]["bulkEditId"] == edit["id"]
    archival = await owner.ok("POST", f"{place}/archivals", {"recordIds": ships}, status=201)
    assert (archival["state"], archival["changed"]) == ("DONE", 3)
    await make_ship(owner, hull="A thief", call_sign="BULK1")
    restored = await owner.ok("POST", f"{place}/restorations", {"archivalId": archival["id"]}, status=201)
    done = await ended(owner, restored["id"])
    assert (done["changed"], done["failed"]) == (2, 1)
    assert done["problems"][0]["recordId"] == ships[1]
    assert (await owner("GET", f"/crm/v3/objects/ships/{ships[0]}")).status == 200
    assert (await owner("GET", f"/crm/v3/objects/ships/{ships[1]}")).status == 404
    unique = await owner("POST", f"{place}/bulk-edits", {"recordIds": ships, "values": {"call_sign": "SAME"}})
    assert unique.status == 400


async def test_all_matching_records_are_edited_in_the_background(owner: Client, vessels: str) -> None:
    matching = {"filter": state_is("sea"), "search": "steel"}
    edit = await owner.ok(
        "POST",
        f"{V1}/records/{vessels}/bulk-edits",
        {"matching": matching, "values": {"tons": "1"}},
        status=201,
    )
    assert edit["expected"] == {"count": 8, "exact": True}
    done = await ended(owner, edit["id"])
    assert (done["state"], done["done"]) == ("DONE", 8)
    listed = await owner.ok("GET", f"{V1}/bulk-edits?objectType={vessels}&limit=1")
    assert [one["id"] for one in listed["results"]] == [edit["id"]]
    assert (await owner("POST", f"{V1}/bulk-edits/{edit['id']}/cancellation")).status == 409
