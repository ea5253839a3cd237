"""Records over HTTP as HubSpot's clients expect them: status codes, shapes, paging, search."""

from __future__ import annotations

import pytest
from tests.api.calling import Client

TICKETS = "/crm/v3/objects/tickets"
REQUIRED = {"id", "properties", "createdAt", "updatedAt", "archived"}


async def ticket(owner: Client, **properties: str) -> str:
    made = await owner.ok("POST", TICKETS, {"properties": properties}, status=201)
    ticket_id: str = made["id"]
    return ticket_id


async def test_a_record_is_created_read_changed_and_archived(owner: Client) -> None:
    made = await owner.ok(
        "POST", TICKETS, {"properties": {"subject": "Late", "content": "No parcel"}}, status=201
    )
    assert made.keys() == REQUIRED
    assert made["properties"]["hs_object_id"] == made["id"]
    assert made["createdAt"].endswith("Z")
    path = f"{TICKETS}/{made['id']}"
    read = await owner.ok("GET", path)
    assert read["properties"]["subject"] == "Late"
    assert read["properties"]["hs_ticket_priority"] is None
    changed = await owner.ok("PATCH", path, {"properties": {"hs_ticket_priority": "high", "content": ""}})
    assert changed["properties"]["hs_ticket_priority"] == "HIGH"
    assert "content" not in changed["properties"]
    await owner.ok("DELETE", path, status=204)
    await owner.ok("DELETE", path, status=204)
    assert (await owner("GET", path)).status == 404
    archived = await owner.ok("GET", f"{path}?archived=true")
    assert (archived["archived"], "archivedAt" in archived) == (True, True)


@pytest.mark.parametrize(
    "query",
    ["properties=subject&properties=content", "properties=subject,content", "properties=subject, content,"],
)
async def test_properties_are_asked_for_repeated_or_joined_and_only_those_are_answered(
    owner: Client, query: str
) -> None:
    made = await ticket(owner, subject="S")
    read = await owner.ok("GET", f"{TICKETS}/{made}?{query}")
    assert read["properties"] == {"subject": "S", "content": None}


async def test_versions_of_a_property_name_who_wrote_them_newest_first(owner: Client) -> None:
    made = await ticket(owner, subject="One")
    await owner.ok("PATCH", f"{TICKETS}/{made}", {"properties": {"subject": "Two"}})
    read = await owner.ok("GET", f"{TICKETS}/{made}?propertiesWithHistory=subject")
    versions = read["propertiesWithHistory"]["subject"]
    assert [version["value"] for version in versions] == ["Two", "One"]
    assert {(version["sourceType"], version["sourceLabel"]) for version in versions} == {
        ("API", "owner of the tests")
    }


async def test_every_property_that_is_wrong_is_named_and_nothing_is_written(owner: Client) -> None:
    before = (await owner.ok("POST", f"{TICKETS}/search", {}))["total"]
    wish = {
        "properties": {
            "subject": "S",
            "nonsense": "x",
            "hs_ticket_priority": "SOMEHOW",
            "createdate": "2020-01-01",
        }
    }
    answer = await owner("POST", TICKETS, wish)
    assert answer.status == 400
    assert answer.json["category"] == "VALIDATION_ERROR"
    assert {error["in"] for error in answer.json["errors"]} == {
        "nonsense",
        "hs_ticket_priority",
        "createdate",
    }
    assert (await owner.ok("POST", f"{TICKETS}/search", {}))["total"] == before


async def test_a_contact_is_found_by_its_email_and_a_second_one_of_it_is_a_conflict(owner: Client) -> None:
    wish = {"properties": {"email": "Grace@Example.com", "firstname": "Grace"}}
    made = await owner.ok("POST", "/crm/v3/objects/contacts", wish, status=201)
    path = "/crm/v3/objects/0-1/grace@example.com?idProperty=email"
    assert (await owner.ok("GET", path))["id"] == made["id"]
    assert (await owner.ok("PATCH", path, {"properties": {"lastname": "Hopper"}}))["id"] == made["id"]
    again = await owner("POST", "/crm/v3/objects/contacts", wish)
    assert again.status == 409
    assert made["id"] in again.text
    assert (await owner("GET", "/crm/v3/objects/contacts/none@example.com?idProperty=email")).status == 404
    assert (await owner("GET", "/crm/v3/objects/contacts/Grace?idProperty=firstname")).status == 400
    erase = "/crm/objects/2026-03/contacts/gdpr-delete"
    by_email = {"objectId": "grace@example.com", "idProperty": "email"}
    assert (await owner("POST", erase, by_email)).status == 204
    assert (await owner("GET", f"/crm/v3/objects/contacts/{made['id']}?archived=true")).status == 404
    assert (await owner("POST", erase, {"objectId": made["id"]})).status == 404
    assert (await owner("POST", "/crm/v3/objects/contacts", wish)).status == 201


async def test_pages_follow_each_other_until_there_is_no_paging(owner: Client) -> None:
    ids = [await ticket(owner, subject=str(number)) for number in range(5)]
    path, seen = f"{TICKETS}?limit=2&after={int(ids[0]) - 1}", []
    while path:
        page = await owner.ok("GET", path)
        seen += [one["id"] for one in page["results"]]
        after = page["paging"]["next"]["after"] if "paging" in page else None
        path = f"{TICKETS}?limit=2&after={after}" if after else ""
    assert seen == ids


async def test_a_search_filters_sorts_counts_and_pages(owner: Client) -> None:
    for number in (1, 2, 3):
        await ticket(owner, subject=f"zebra {number}", hs_ticket_priority="LOW")
    wish = {
        "filterGroups": [
            {"filters": [{"propertyName": "subject", "operator": "CONTAINS_TOKEN", "value": "zebra"}]}
        ],
        "sorts": [{"propertyName": "subject", "direction": "DESCENDING"}],
        "properties": ["subject"],
        "limit": 2,
    }
    first = await owner.ok("POST", f"{TICKETS}/search", wish)
    assert (first["total"], [one["properties"] for one in first["results"]]) == (
        3,
        [{"subject": "zebra 3"}, {"subject": "zebra 2"}],
    )
    last = await owner.ok("POST", f"{TICKETS}/search", {**wish, "after": first["paging"]["next"]["after"]})
    assert [one["properties"]["subject"] for one in last["results"]] == ["zebra 1"]
    assert "paging" not in last


async def test_a_search_with_problems_names_each_with_its_path(owner: Client) -> None:
    wish = {
        "filterGroups": [{"filters": [{"propertyName": "nonsense", "operator": "EQ", "value": "1"}]}],
        "sorts": ["-nonsense"],
    }
    answer = await owner("POST", f"{TICKETS}/search", wish)
    assert answer.status == 400
    places = {error["in"] for error in answer.json["errors"]}
    assert any(place.startswith("filterGroups[0].filters[0]") for place in places)
    assert "sorts[0]" in places


async def test_associations_are_made_with_a_record_and_read_with_it(owner: Client) -> None:
    contact = await owner.ok("POST", "/crm/v3/objects/contacts", {"properties": {}}, status=201)
    kinds = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 16}]
    wish = {"properties": {"subject": "S"}, "associations": [{"to": {"id": contact["id"]}, "types": kinds}]}
    made = await owner.ok("POST", TICKETS, wish, status=201)
    read = await owner.ok("GET", f"{TICKETS}/{made['id']}?associations=contacts,companies")
    assert read["associations"] == {
        "contacts": {"results": [{"id": contact["id"], "type": "ticket_to_contact_unlabeled"}]}
    }
    gone = {**wish, "associations": [{"to": {"id": "999999999"}, "types": kinds}]}
    assert (await owner("POST", TICKETS, gone)).status == 404


async def test_an_unknown_object_type_is_a_404_that_names_the_types_there_are(owner: Client) -> None:
    answer = await owner("GET", "/crm/v3/objects/spaceships")
    assert answer.status == 404
    assert "tickets" in answer.json["message"]
