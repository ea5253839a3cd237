"""People over HTTP, in our words and as HubSpot's owners."""

from __future__ import annotations

from tests.api.calling import Client

USERS = "/penstock/v1/users"


async def test_a_person_that_was_added_is_listed_as_user_and_as_owner_under_one_id(owner: Client) -> None:
    wish = {"email": "Ada@Example.com", "role": "builder", "firstName": "Ada", "lastName": "Lovelace"}
    made = await owner.ok("POST", USERS, wish, status=201)
    assert made["email"] == "ada@example.com"
    assert made in (await owner.ok("GET", USERS))["results"]
    seen = await owner.ok("GET", f"/crm/v3/owners/{made['id']}")
    assert (seen["firstName"], seen["userId"], seen["archived"]) == ("Ada", int(made["id"]), False)
    found = await owner.ok("GET", "/crm/v3/owners/?email=ada@example.com&archived=false")
    assert [one["id"] for one in found["results"]] == [made["id"]]
    assert (await owner.ok("GET", "/crm/v3/owners?archived=true"))["results"] == []


async def test_owners_come_in_pages_that_end_without_paging(owner: Client) -> None:
    for number in range(3):
        await owner.ok("POST", USERS, {"email": f"p{number}@example.com", "role": "viewer"}, status=201)
    ids: list[str] = []
    after = "0"
    while after:
        path = "/crm/v3/owners?limit=2" + (f"&after={after}" if after != "0" else "")
        page = await owner.ok("GET", path)
        ids += [one["id"] for one in page["results"]]
        after = page.get("paging", {}).get("next", {}).get("after")
    assert ids == sorted(set(ids), key=int)
    assert len(ids) == len((await owner.ok("GET", USERS))["results"])


async def test_the_same_address_twice_is_a_conflict(owner: Client) -> None:
    wish = {"email": "twin@example.com", "role": "viewer"}
    await owner.ok("POST", USERS, wish, status=201)
    answer = await owner("POST", USERS, wish)
    assert (answer.status, answer.json["category"]) == (409, "CONFLICT")
