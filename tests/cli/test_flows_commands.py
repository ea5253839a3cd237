"""Workflows from the command line: documents in and out, checks, on and off, enrolling, trying."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Cli


def tagging(value: str = "HIGH", **changes: Any) -> dict[str, Any]:
    """A flow over tickets with one step that sets their priority."""
    edit = {
        "type": "SINGLE_CONNECTION",
        "actionId": "1",
        "actionTypeId": "0-5",
        "actionTypeVersion": 0,
        "fields": {
            "property_name": "hs_ticket_priority",
            "value": {"type": "STATIC_VALUE", "staticValue": value},
        },
    }
    return {
        "type": "PLATFORM_FLOW",
        "objectTypeId": "0-5",
        "flowType": "WORKFLOW",
        "name": "Tag",
        "isEnabled": False,
        "startActionId": "1",
        "nextAvailableActionId": "2",
        "enrollmentCriteria": {"type": "MANUAL", "shouldReEnroll": False},
        "actions": [edit],
        "timeWindows": [],
        "blockedDates": [],
        "customProperties": {"ours": {"kept": True}},
        **changes,
    }


def test_a_document_is_stored_read_to_a_file_changed_and_put_back_with_its_revision(
    cli: Cli, tmp_path: Path
) -> None:
    stored = cli("flows", "put", "-", "--json", stdin=json.dumps(tagging()))
    assert stored.status == 0, stored.err
    flow_id = stored.json["id"]
    place = tmp_path / "flow.json"
    assert cli("flows", "get", flow_id, "--out", place).status == 0
    document = json.loads(place.read_text())
    assert document == stored.json
    assert document["customProperties"] == {"ours": {"kept": True}}

    document["name"] = "Tag and more"
    place.write_text(json.dumps(document))
    replaced = cli("flows", "put", place, "--id", flow_id, "--json")
    assert (replaced.json["name"], replaced.json["revisionId"]) == ("Tag and more", "2")
    stale = cli("flows", "put", place, "--id", flow_id)
    assert stale.status == 5
    assert "revision 2" in stale.err


def test_a_list_names_workflows_for_people_and_programs(cli: Cli) -> None:
    assert "No workflows" in cli("flows", "list").out
    cli("flows", "put", "-", stdin=json.dumps(tagging()))
    table = cli("flows", "list").out
    assert "Tag" in table
    assert [row["name"] for row in cli("flows", "list", "--json").json["results"]] == ["Tag"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "object"),
        (json.dumps(tagging(actions={})), "actions"),
    ],
)
def test_a_broken_document_is_refused_with_the_place_of_the_trouble(cli: Cli, text: str, said: str) -> None:
    refused = cli("flows", "put", "-", stdin=text)
    assert refused.status == 2
    assert said in refused.err


def test_a_check_lists_every_problem_and_stores_nothing(cli: Cli) -> None:
    dangling = tagging()
    dangling["actions"][0]["connection"] = {"edgeType": "STANDARD", "nextActionId": "9"}
    dangling["actions"][0]["fields"]["property_name"] = "no_such_property"
    found = cli("flows", "check", "-", stdin=json.dumps(dangling))
    assert found.status == 2
    assert "actions[0].connection" in found.err
    assert "no_such_property" in found.err
    listed = cli("flows", "check", "-", "--json", stdin=json.dumps(dangling))
    assert listed.status == 2
    assert {problem["severity"] for problem in listed.json["results"]} == {"error"}
    assert cli("flows", "check", "-", stdin=json.dumps(tagging())).status == 0
    assert cli("flows", "list", "--json").json["results"] == []


def test_a_workflow_is_turned_on_and_off_tried_on_a_record_and_enrolls_it_once_at_a_time(
    cli: Cli, ticket: int
) -> None:
    flow_id = cli("flows", "put", "-", "--json", stdin=json.dumps(tagging())).json["id"]
    off = cli("flows", "enroll", flow_id, "--record", ticket)
    assert off.status == 5
    assert cli("flows", "on", flow_id).status == 0

    tried = cli("flows", "test", flow_id, "--record", ticket)
    assert tried.status == 0, tried.err
    assert "hs_ticket_priority: (empty) -> HIGH" in tried.out
    assert "hs_ticket_priority" not in cli("records", "get", "tickets", ticket).out

    enrolled = cli("flows", "enroll", flow_id, "--record", ticket, "--json")
    assert enrolled.json["enrolled"] == 1
    again = cli("flows", "enroll", flow_id, "--record", ticket, "--json")
    assert (again.json["enrolled"], again.json["skipped"]) == (0, 1)
    [run] = cli("runs", "list", "--flow", flow_id, "--json").json["results"]
    assert (run["recordId"], run["status"]) == (str(ticket), "ACTIVE")
    shown = cli("runs", "show", run["id"])
    assert "Tag" in shown.out

    assert cli("flows", "off", flow_id).status == 0
    assert cli("flows", "delete", flow_id, "--json").json == {"id": flow_id, "canceled": 1}
    assert cli("flows", "get", flow_id).status == 4
    assert cli("runs", "list", "--status", "canceled", "--json").json["results"] != []


def test_a_run_that_has_ended_is_neither_canceled_nor_retried(cli: Cli, ticket: int) -> None:
    flow_id = cli("flows", "put", "-", "--json", stdin=json.dumps(tagging(isEnabled=True))).json["id"]
    cli("flows", "enroll", flow_id, "--record", ticket)
    [run] = cli("runs", "list", "--json").json["results"]
    assert cli("runs", "cancel", run["id"], "--json").json["status"] == "CANCELED"
    assert cli("runs", "cancel", run["id"]).status == 5
    assert cli("runs", "retry", run["id"]).status == 5
    assert cli("runs", "show", 999).status == 4


def test_enrolling_needs_records_or_matching_and_not_both(cli: Cli, ticket: int) -> None:
    flow_id = cli("flows", "put", "-", "--json", stdin=json.dumps(tagging(isEnabled=True))).json["id"]
    assert cli("flows", "enroll", flow_id).status == 2
    assert cli("flows", "enroll", flow_id, "--matching", "--record", ticket).status == 2


def test_how_long_logs_are_kept_is_shown_and_set(cli: Cli) -> None:
    flow = cli("flows", "put", "-", "--json", stdin=json.dumps(tagging())).json["id"]
    assert "kept for ever" in cli("flows", "keep", flow).out
    kept = cli("flows", "keep", flow, "--prompts", "30", "--replies", "0", "--json").json
    assert kept == {"prompts": 30, "replies": 0, "outputs": None}
    assert "not kept" in cli("flows", "keep", flow, "--prompts", "forever").out
    assert cli("flows", "keep", flow, "--outputs", "soon").status == 2
    assert cli("flows", "keep", 999).status == 4
