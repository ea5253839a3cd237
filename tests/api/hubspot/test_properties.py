"""Properties, groups and object types over HTTP."""

from __future__ import annotations

import pytest
from tests.api.calling import Client

PROPERTIES = "/crm/v3/properties/tickets"
REQUIRED = {"name", "label", "type", "fieldType", "groupName", "options", "description"}


def choice(name: str) -> dict[str, object]:
    return {
        "name": name,
        "label": "Choice",
        "type": "enumeration",
        "fieldType": "select",
        "groupName": "ticketinformation",
        "options": [{"label": "One", "value": "1"}, {"label": "Two", "value": "2", "displayOrder": 1}],
    }


async def test_a_property_is_created_read_changed_and_archived(owner: Client) -> None:
    made = await owner.ok("POST", PROPERTIES, choice("colour"), status=201)
    assert made.keys() >= REQUIRED
    assert [option["value"] for option in made["options"]] == ["1", "2"]
    path = f"{PROPERTIES}/colour"
    assert await owner.ok("GET", path) == made
    changed = await owner.ok("PATCH", path, {"label": "Colour", "options": [{"label": "Red", "value": "r"}]})
    assert (changed["label"], changed["fieldType"], len(changed["options"])) == ("Colour", "select", 1)
    await owner.ok("DELETE", path, status=204)
    assert "colour" not in {prop["name"] for prop in (await owner.ok("GET", PROPERTIES))["results"]}
    archived = (await owner.ok("GET", f"{PROPERTIES}?archived=true"))["results"]
    assert "colour" in {prop["name"] for prop in archived}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"name": "Not a name"}, "name"),
        ({"type": "colour"}, "type"),
        ({"label": ""}, "label"),
        ({"fieldType": "date"}, "fieldType"),
    ],
)
async def test_a_wrong_definition_is_refused_and_the_field_is_named(
    owner: Client, change: dict[str, str], place: str
) -> None:
    answer = await owner("POST", PROPERTIES, {**choice("wrong"), **change})
    assert answer.status == 400
    assert any(error["in"].endswith(place) for error in answer.json["errors"]), answer.text


async def test_the_type_of_a_property_cannot_change_but_sending_the_same_is_fine(owner: Client) -> None:
    await owner.ok("POST", PROPERTIES, choice("steady"), status=201)
    assert (await owner("PATCH", f"{PROPERTIES}/steady", {"type": "number"})).status == 400
    await owner.ok("PATCH", f"{PROPERTIES}/steady", {"type": "enumeration"})


async def test_a_name_that_is_taken_is_a_conflict_and_a_default_property_stays(owner: Client) -> None:
    await owner.ok("POST", PROPERTIES, choice("taken"), status=201)
    assert (await owner("POST", PROPERTIES, choice("taken"))).status == 409
    assert (await owner("DELETE", f"{PROPERTIES}/subject")).status == 409


async def test_a_batch_creates_all_or_none_and_reads_with_207(owner: Client) -> None:
    made = await owner.ok(
        "POST", f"{PROPERTIES}/batch/create", {"inputs": [choice("b_two"), choice("b_one")]}, status=201
    )
    assert [prop["name"] for prop in made["results"]] == ["b_two", "b_one"]
    half = {"inputs": [choice("b_three"), choice("b_one")]}
    assert (await owner("POST", f"{PROPERTIES}/batch/create", half)).status == 409
    names = {"inputs": [{"name": "b_one"}, {"name": "b_three"}]}
    read = await owner.ok("POST", f"{PROPERTIES}/batch/read", names, status=207)
    assert [prop["name"] for prop in read["results"]] == ["b_one"]
    assert read["errors"][0]["context"]["ids"] == ["b_three"]
    await owner.ok("POST", f"{PROPERTIES}/batch/archive", {"inputs": [{"name": "b_one"}]}, status=204)


async def test_a_group_is_created_changed_and_archived_when_empty(owner: Client) -> None:
    path = f"{PROPERTIES}/groups"
    made = await owner.ok("POST", path, {"name": "ai", "label": "AI"}, status=201)
    assert made in (await owner.ok("GET", path))["results"]
    assert (await owner.ok("PATCH", f"{path}/ai", {"label": "A.I."}))["label"] == "A.I."
    await owner.ok("POST", PROPERTIES, {**choice("in_group"), "groupName": "ai"}, status=201)
    assert (await owner("DELETE", f"{path}/ai")).status == 409
    await owner.ok("DELETE", f"{PROPERTIES}/in_group", status=204)
    await owner.ok("DELETE", f"{path}/ai", status=204)
    assert (await owner("GET", f"{path}/ai")).status == 404


async def test_a_custom_object_type_comes_with_its_properties_and_takes_records(owner: Client) -> None:
    wish = {
        "name": "planet",
        "labels": {"singular": "Planet", "plural": "Planets"},
        "primaryDisplayProperty": "title",
        "requiredProperties": ["title"],
        "searchableProperties": ["title"],
        "properties": [{"name": "title", "label": "Title", "type": "string", "fieldType": "text"}],
        "associatedObjects": ["CONTACT"],
    }
    made = await owner.ok("POST", "/crm/v3/schemas", wish, status=201)
    assert made["objectTypeId"].startswith("2-")
    for spelling in (made["objectTypeId"], made["fullyQualifiedName"], "planet", "Planets"):
        assert (await owner.ok("GET", f"/crm/v3/schemas/{spelling}"))["name"] == "planet"
    record = await owner.ok("POST", "/crm/v3/objects/planets", {"properties": {"title": "Mars"}}, status=201)
    missing = await owner("POST", "/crm/v3/objects/planets", {"properties": {}})
    assert missing.json["errors"][0]["code"] == "REQUIRED_FIELD"
    read = await owner.ok("GET", f"/crm/objects/2026-03/{made['objectTypeId']}/{record['id']}")
    assert read["properties"]["title"] == "Mars"
    assert (await owner("POST", "/crm/v3/schemas", wish)).status == 409


async def test_an_object_type_that_names_a_property_it_lacks_is_refused(owner: Client) -> None:
    wish = {
        "name": "moon",
        "labels": {"singular": "Moon", "plural": "Moons"},
        "requiredProperties": ["orbit"],
        "properties": [{"name": "title", "label": "Title", "type": "string"}],
    }
    answer = await owner("POST", "/crm/v3/schemas", wish)
    assert answer.status == 400
    assert "orbit" in answer.json["message"]
