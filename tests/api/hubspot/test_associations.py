"""Associations over HTTP: both directions, labels, and doing things twice."""

from __future__ import annotations

from tests.api.calling import Client


async def made(owner: Client, object_type: str) -> str:
    record = await owner.ok("POST", f"/crm/v3/objects/{object_type}", {"properties": {}}, status=201)
    record_id: str = record["id"]
    return record_id


async def test_a_default_association_is_there_in_both_directions_however_often_it_is_made(
    owner: Client,
) -> None:
    ticket, contact = await made(owner, "tickets"), await made(owner, "contacts")
    path = f"/crm/v4/objects/ticket/{ticket}/associations/default/contact/{contact}"
    for _ in range(2):
        answer = await owner.ok("PUT", path)
        assert [one["associationSpec"]["associationTypeId"] for one in answer["results"]] == [16, 15]
    there = await owner.ok("GET", f"/crm/v4/objects/tickets/{ticket}/associations/contacts")
    kind = {"category": "HUBSPOT_DEFINED", "typeId": 16, "label": None}
    assert there == {"results": [{"toObjectId": int(contact), "associationTypes": [kind]}]}
    back = await owner.ok("GET", f"/crm/objects/2026-03/0-1/{contact}/associations/0-5")
    assert [one["toObjectId"] for one in back["results"]] == [int(ticket)]


async def test_a_labelled_association_is_created_with_201_and_removed_with_204_twice(owner: Client) -> None:
    contact, company = await made(owner, "contacts"), await made(owner, "companies")
    path = f"/crm/v4/objects/contacts/{contact}/associations/companies/{company}"
    kinds = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}]
    answer = await owner.ok("PUT", path, kinds, status=201)
    assert (answer["labels"], answer["fromObjectId"]) == (["Primary"], int(contact))
    await owner.ok("DELETE", path, status=204)
    await owner.ok("DELETE", path, status=204)
    assert (await owner.ok("GET", f"/crm/v4/objects/contacts/{contact}/associations/companies"))[
        "results"
    ] == []


async def test_a_type_for_other_records_is_refused_with_the_right_one_named(owner: Client) -> None:
    contact, company = await made(owner, "contacts"), await made(owner, "companies")
    path = f"/crm/v4/objects/contacts/{contact}/associations/companies/{company}"
    kinds = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 16}]
    answer = await owner("PUT", path, kinds)
    assert answer.status == 400
    assert "279" in answer.json["message"]


async def test_associations_come_in_pages(owner: Client) -> None:
    ticket = await made(owner, "tickets")
    contacts = [await made(owner, "contacts") for _ in range(3)]
    for contact in contacts:
        await owner.ok("PUT", f"/crm/v4/objects/tickets/{ticket}/associations/default/contacts/{contact}")
    path = f"/crm/v4/objects/tickets/{ticket}/associations/contacts?limit=2"
    first = await owner.ok("GET", path)
    assert first["paging"]["next"]["after"] == contacts[1]
    last = await owner.ok("GET", f"{path}&after={contacts[1]}")
    assert [one["toObjectId"] for one in last["results"]] == [int(contacts[2])]
    assert "paging" not in last
