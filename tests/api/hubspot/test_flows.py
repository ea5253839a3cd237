"""Workflows over HTTP: word for word in and out, a full replace under a revision check, problems with their paths."""

from __future__ import annotations

import pytest
from tests.api.calling import Client, Running
from tests.api.flow_documents import ticket_flow
from tests.workflows.flow_documents import example

FLOWS = "/automation/v4/flows"
LISTED = {
    "id",
    "name",
    "isEnabled",
    "flowType",
    "objectTypeId",
    "revisionId",
    "uuid",
    "createdAt",
    "updatedAt",
}
OWNED_BY_SERVER = {"id", "revisionId", "createdAt", "updatedAt", "crmObjectCreationStatus"}


async def test_the_smallest_document_that_hubspot_takes_is_created_with_201(owner: Client) -> None:
    smallest = {
        "type": "PLATFORM_FLOW",
        "flowType": "WORKFLOW",
        "name": "Smallest",
        "objectTypeId": "0-5",
        "isEnabled": False,
        "actions": [],
    }
    made = await owner.ok("POST", FLOWS, smallest, status=201)
    assert (made["revisionId"], made["crmObjectCreationStatus"], made["isEnabled"]) == (
        "1",
        "COMPLETE",
        False,
    )
    assert (await owner.ok("GET", f"{FLOWS}/{made['id']}")) == made


@pytest.mark.parametrize("name", ["ticket_triage", "parts_of_others", "welcome_leads"])
async def test_what_was_read_and_put_back_is_the_same_and_no_new_revision(owner: Client, name: str) -> None:
    given = {**example(name), "isEnabled": False}
    document = {key: value for key, value in given.items() if key not in OWNED_BY_SERVER}
    made = await owner.ok("POST", FLOWS, document, status=201)
    put = await owner.ok("PUT", f"{FLOWS}/{made['id']}", made)
    assert put == made
    for key, value in document.items():
        assert made[key] == value, key


async def test_a_change_makes_a_revision_and_a_stale_one_is_a_conflict(owner: Client) -> None:
    made = await owner.ok("POST", FLOWS, ticket_flow(), status=201)
    path = f"{FLOWS}/{made['id']}"
    changed = await owner.ok("PUT", path, {**made, "name": "Other"})
    assert (changed["name"], changed["revisionId"]) == ("Other", "2")
    stale = await owner("PUT", path, {**made, "name": "Third"})
    assert (stale.status, stale.json["category"]) == (409, "CONFLICT")
    missing = await owner("PUT", path, {key: value for key, value in made.items() if key != "revisionId"})
    assert missing.status == 400
    assert missing.json["errors"][0]["in"] == "revisionId"
    assert (await owner.ok("GET", path))["name"] == "Other"


async def test_what_a_put_does_not_send_is_gone(owner: Client) -> None:
    made = await owner.ok("POST", FLOWS, ticket_flow(description="Words"), status=201)
    sent = {key: value for key, value in made.items() if key != "description"}
    put = await owner.ok("PUT", f"{FLOWS}/{made['id']}", sent)
    assert "description" not in put


async def test_every_problem_of_a_document_is_named_with_its_path(owner: Client) -> None:
    document = ticket_flow(startActionId="9")
    document["actions"][0]["connection"] = {"edgeType": "STANDARD", "nextActionId": "7"}
    answer = await owner("POST", FLOWS, document)
    assert answer.status == 400
    assert answer.json["subCategory"] == "INVALID_FLOW"
    assert {"startActionId", "actions[0].connection.nextActionId"} <= {
        error["in"] for error in answer.json["errors"]
    }


async def test_a_wrong_type_in_a_document_is_named_with_its_path(owner: Client) -> None:
    answer = await owner("POST", FLOWS, ticket_flow(actions="none"))
    assert answer.status == 400
    assert [error["in"] for error in answer.json["errors"]] == ["actions"]


async def test_a_document_without_a_type_says_so_and_nothing_else_is_blamed(owner: Client) -> None:
    document = ticket_flow()
    del document["type"]
    answer = await owner("POST", FLOWS, document)
    assert (answer.status, [error["in"] for error in answer.json["errors"]]) == (400, ["type"])


async def test_flows_are_listed_as_rows_in_pages(owner: Client) -> None:
    ids = [(await owner.ok("POST", FLOWS, ticket_flow(), status=201))["id"] for _ in range(3)]
    first = await owner.ok("GET", f"{FLOWS}?limit=2&after={int(ids[0]) - 1}")
    assert [row["id"] for row in first["results"]] == ids[:2]
    assert first["results"][0].keys() == LISTED
    assert first["paging"] == {"next": {"after": ids[1]}}
    last = await owner.ok("GET", f"{FLOWS}?limit=2&after={ids[1]}")
    assert [row["id"] for row in last["results"]] == ids[2:]
    assert "paging" not in last
    assert (await owner("GET", f"{FLOWS}?limit=101")).status == 400


async def test_a_batch_names_the_flows_that_are_not_there(owner: Client) -> None:
    made = await owner.ok("POST", FLOWS, ticket_flow(), status=201)
    there = {"type": "FLOW_ID", "flowId": made["id"]}
    all_there = await owner.ok("POST", f"{FLOWS}/batch/read", {"inputs": [there]})
    assert all_there["results"] == [made]
    assert "errors" not in all_there
    wish = {"inputs": [there, {"type": "FLOW_ID", "flowId": "999999999"}]}
    some = await owner.ok("POST", f"{FLOWS}/batch/read", wish, status=207)
    assert some["results"] == [made]
    assert some["errors"][0]["subCategory"] == "FLOW_NOT_FOUND_BY_FLOW_ID"
    assert some["errors"][0]["context"] == {"flowId": ["999999999"]}


async def test_a_deleted_flow_is_gone_from_every_route(owner: Client) -> None:
    made = await owner.ok("POST", FLOWS, ticket_flow(), status=201)
    path = f"{FLOWS}/{made['id']}"
    await owner.ok("DELETE", path, status=204)
    for method, body in (("GET", None), ("PUT", made), ("DELETE", None)):
        assert (await owner(method, path, body)).status == 404


async def test_sending_is_enabled_needs_the_permission_to_publish(owner: Client, running: Running) -> None:
    operator = owner.with_token(running.tokens["operator"])
    assert (await operator("POST", FLOWS, ticket_flow())).status == 403
    builder = owner.with_token(running.tokens["builder"])
    made = await builder.ok("POST", FLOWS, ticket_flow(isEnabled=True), status=201)
    assert made["isEnabled"] is True


async def test_action_types_come_with_the_schema_of_their_fields(owner: Client) -> None:
    found = (await owner.ok("GET", "/automation/v4/action-types"))["results"]
    llm = next(one for one in found if one["actionTypeId"] == "1-1000")
    assert {"prompt", "model", "connection_id"} <= set(llm["fields"]["properties"])
