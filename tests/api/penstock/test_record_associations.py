"""What a record is associated with."""

from __future__ import annotations

from tests.api.calling import Client
from tests.api.ships import V1


async def test_associations_come_by_type_with_names_and_pages(owner: Client) -> None:
    company = await owner.ok(
        "POST", "/crm/v3/objects/companies", {"properties": {"name": "Acme"}}, status=201
    )
    people = [
        await owner.ok(
            "POST",
            "/crm/v3/objects/contacts",
            {"properties": {"firstname": f"P{n}", "lastname": "Q"}},
            status=201,
        )
        for n in range(3)
    ]
    for person in people:
        await owner.ok(
            "PUT",
            f"/crm/v4/objects/companies/{company['id']}/associations/default/contacts/{person['id']}",
        )
    place = f"{V1}/records/companies/{company['id']}/associations"
    groups = {
        group["objectTypeId"]: group for group in (await owner.ok("GET", f"{place}?limit=2"))["results"]
    }
    assert groups["0-1"]["count"] == {"count": 3, "exact": True}
    assert [one["name"] for one in groups["0-1"]["results"]] == ["P0 Q", "P1 Q"]
    assert groups["0-3"]["results"] == []
    page = await owner.ok("GET", f"{place}?toObjectType=contacts&limit=2")
    rest = await owner.ok("GET", f"{place}?toObjectType=contacts&after={page['paging']['next']['after']}")
    assert [one["recordId"] for one in rest["results"][0]["results"]] == [people[2]["id"]]
