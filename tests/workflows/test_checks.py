from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from tests.workflows import flow_documents

from penstock.actions.action import ConnectionFact
from penstock.crm.object_types import ObjectType
from penstock.crm.properties import Option, Property
from penstock.crm.schema import ObjectSchema
from penstock.errors import InvalidFlow
from penstock.kit.json import Json, JsonObject
from penstock.workflows.check_codes import CODES, Refuses
from penstock.workflows.checks import Moment, check, refuse_errors
from penstock.workflows.document import parse
from penstock.workflows.facts import FlowFacts

PROPERTIES = (
    Property("subject", "Subject", "string", "text"),
    Property("content", "Description", "string", "textarea"),
    Property("hubspot_owner_id", "Owner", "string", "text"),
    Property(
        "hs_ticket_category", "Category", "enumeration", "select", options=(Option("BILLING", "Billing"),)
    ),
    Property("hs_pipeline_stage", "Stage", "enumeration", "select", options=(Option("1", "New"),)),
)
TICKETS = ObjectSchema(
    ObjectType("0-5", "ticket", "Ticket", "Tickets", "subject"), {prop.name: prop for prop in PROPERTIES}, 1
)
FACTS = FlowFacts(TICKETS, {3: ConnectionFact(3, "Main", "openai")}, {1: "ada@example.com"}, frozenset({"S"}))


def goes(target: str | None, edge: str = "STANDARD") -> JsonObject:
    return {} if target is None else {"connection": {"edgeType": edge, "nextActionId": target}}


def llm(action_id: str, target: str | None = None, edge: str = "STANDARD", **keys: Json) -> JsonObject:
    fields: JsonObject = {
        "connection_id": "3",
        "model": "m",
        "prompt": "{{ enrolled_object.content | fenced }}",
        **keys,
    }
    return {
        "type": "SINGLE_CONNECTION",
        "actionId": action_id,
        "actionTypeId": "1-1000",
        "fields": fields,
        **goes(target, edge),
    }


def edit(action_id: str, value: Json, target: str | None = None, edge: str = "STANDARD") -> JsonObject:
    fields: JsonObject = {"property_name": "subject", "value": value}
    return {
        "type": "SINGLE_CONNECTION",
        "actionId": action_id,
        "actionTypeId": "0-5",
        "fields": fields,
        **goes(target, edge),
    }


def delay(action_id: str, target: str) -> JsonObject:
    fields: JsonObject = {"delta": "1", "time_unit": "DAYS"}
    return {
        "type": "SINGLE_CONNECTION",
        "actionId": action_id,
        "actionTypeId": "0-1",
        "fields": fields,
        **goes(target),
    }


def either(action_id: str, default: str | None, *targets: str | None) -> JsonObject:
    branches: list[Json] = [
        {"branchValue": str(index), **goes(target)} for index, target in enumerate(targets)
    ]
    node: JsonObject = {
        "type": "STATIC_BRANCH",
        "actionId": action_id,
        "inputValue": {"type": "OBJECT_PROPERTY", "propertyName": "subject"},
        "staticBranches": branches,
    }
    return (
        node if default is None else {**node, "defaultBranch": {"edgeType": "GOTO", "nextActionId": default}}
    )


def output(action_id: str, key: str) -> JsonObject:
    return {"type": "FIELD_DATA", "actionId": action_id, "dataKey": key}


def flow(*actions: Json, **keys: Json) -> JsonObject:
    return {
        "type": "PLATFORM_FLOW",
        "objectTypeId": "0-5",
        "startActionId": "1",
        "actions": list(actions),
        **keys,
    }


def found(document: Json, moment: Moment = "turn on", facts: FlowFacts = FACTS) -> list[tuple[str, str, str]]:
    return [(one.path, one.code, one.severity) for one in check(parse(document), facts, moment)]


def test_a_flow_that_is_right_has_no_problems() -> None:
    assert (
        found(
            flow(llm("1", "2"), edit("2", output("1", "text"), "3"), either("3", "4", "4"), edit("4", "done"))
        )
        == []
    )


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (flow(edit("1", "a"), edit("1", "b")), ("actions[1].actionId", "DUPLICATE_ACTION_ID", "error")),
        (flow(edit("1", "a", "9")), ("actions[0].connection.nextActionId", "DANGLING_EDGE", "error")),
        (flow(either("1", None, "8")), ("actions[0].staticBranches[0].connection.nextActionId", "DANGLING_EDGE", "error")),
        (flow(either("1", "8")), ("actions[0].defaultBranch.nextActionId", "DANGLING_EDGE", "error")),
        (flow(edit("1", "a"), startActionId="4"), ("startActionId", "DANGLING_START", "error")),
        (flow(edit("1", "a"), startActionId=None), ("startActionId", "MISSING_START", "error")),
        (flow(startActionId=None), ("actions", "NO_ACTIONS", "error")),
        (flow(edit("1", "a"), edit("2", "b")), ("actions[1]", "UNREACHABLE_ACTION", "warning")),
        (flow(edit("1", "a", "1", "GOTO")), ("actions[0]", "ENDLESS_LOOP", "error")),
        (flow(edit("1", "a", "2"), either("2", "1")), ("actions[0]", "ENDLESS_LOOP", "error")),
        (flow(edit("1", "a", "2"), either("2", "1", None)), ("actions[0]", "LOOP_WITHOUT_DELAY", "warning")),
        (flow(edit("1", "a"), nextAvailableActionId="1"), ("nextAvailableActionId", "LOW_NEXT_ACTION_ID", "warning")),
        (flow(edit("1", output("1", "x"))), ("actions[0].fields.value", "UNKNOWN_OUTPUT", "error")),
        (flow(edit("1", output("2", "text"), "2"), llm("2")), ("actions[0].fields.value", "OUTPUT_NOT_YET_THERE", "warning")),
        (flow(llm("1", model="")), ("actions[0].fields.model", "MODEL_MISSING", "error")),
        (flow(llm("1", connection_id="8")), ("actions[0].fields.connection_id", "CONNECTION_NOT_FOUND", "error")),
        (flow(llm("1", prompt="{{ enrolled_object.nope }}")), ("actions[0].fields.prompt", "UNKNOWN_TOKEN", "error")),
        (flow(llm("1", temperature="hot")), ("actions[0].fields.temperature", "WRONG_TYPE", "error")),
        (flow(llm("1", temperature=3)), ("actions[0].fields.temperature", "OUT_OF_RANGE", "error")),
        (flow({"type": "MAGIC", "actionId": "1"}), ("actions[0]", "UNSUPPORTED_ACTION", "error")),
        (flow(edit("1", "a"), goalFilterBranch={"filterBranchType": "AND", "filters": [{}]}), ("goalFilterBranch", "UNSUPPORTED_SETTING", "error")),
        (flow(edit("1", "a"), enrollmentCriteria={"type": "DATASET"}), ("enrollmentCriteria", "UNSUPPORTED_TRIGGER", "error")),
        (flow(edit("1", "a"), objectTypeId="2-9"), ("objectTypeId", "UNKNOWN_OBJECT_TYPE", "error")),
    ],
)  # fmt: skip
def test_each_fault_is_found_at_its_place(document: JsonObject, expected: tuple[str, str, str]) -> None:
    facts = FACTS if document["objectTypeId"] == "0-5" else replace(FACTS, schema=None)
    assert expected in found(document, facts=facts)


def test_a_loop_with_a_delay_in_it_is_no_fault() -> None:
    assert found(flow(edit("1", "a", "2"), delay("2", "3"), either("3", "1", None))) == []


def test_filters_and_events_of_the_trigger_are_checked_against_the_schema() -> None:
    def where(name: str) -> JsonObject:
        operation: Json = {"operationType": "STRING", "operator": "IS_EQUAL_TO", "value": "elsewhere"}
        return {"filterType": "PROPERTY", "property": name, "operation": operation}

    changed: JsonObject = {
        "filterBranchType": "UNIFIED_EVENTS",
        "eventTypeId": "4-655002",
        "filters": [where("hs_name")],
    }
    criteria: Json = {
        "type": "EVENT_BASED",
        "eventFilterBranches": [changed],
        "refinementCriteria": {"filterBranchType": "AND", "filters": [where("nowhere")]},
    }
    assert found(flow(edit("1", "a"), enrollmentCriteria=criteria)) == [
        ("enrollmentCriteria.refinementCriteria.filters[0].property", "UNKNOWN_PROPERTY", "error"),
        ("enrollmentCriteria", "UNKNOWN_PROPERTY", "error"),
    ]


def test_the_annotated_example_can_be_saved_and_says_what_keeps_it_from_being_turned_on() -> None:
    document = flow_documents.example("ticket_triage")
    assert {severity for _, _, severity in found(document, "save")} == {"warning"}
    errors = {(path, code) for path, code, severity in found(document) if severity == "error"}
    assert errors == {
        ("timeWindows", "UNSUPPORTED_SETTING"),
        ("blockedDates", "UNSUPPORTED_SETTING"),
        ("actions[0].fields.connection_id", "CONNECTION_MISSING"),
        ("actions[0].fields.prompt", "UNSUPPORTED_TOKEN"),
        ("actions[1].inputValue", "UNKNOWN_OUTPUT"),
        ("actions[2].fields.value", "UNKNOWN_OUTPUT"),
        ("actions[4]", "UNSUPPORTED_ACTION"),
    }


@pytest.mark.parametrize("name", flow_documents.EXAMPLES)
def test_every_example_can_be_saved(name: str) -> None:
    document = flow_documents.example(name)
    facts = FACTS if document["objectTypeId"] == "0-5" else FlowFacts()
    refuse_errors(check(parse(document), facts, "save"), "saved")


def test_slips_refuse_saving_and_what_is_not_finished_refuses_turning_on() -> None:
    unfinished = flow(llm("1", model=""))
    slip = flow(llm("1", prompt="{{ enrolled_object.nope }}"))
    refuse_errors(check(parse(unfinished), FACTS, "save"), "saved")
    for document, moment in ((unfinished, "turn on"), (slip, "save")):
        with pytest.raises(InvalidFlow) as caught:
            refuse_errors(check(parse(document), FACTS, moment), "saved")  # type: ignore[arg-type]
        assert [problem.severity for problem in caught.value.problems] == ["error"]


@given(flow_documents.DOCUMENTS)
def test_every_flow_that_can_be_read_can_be_checked_and_every_problem_has_a_code_of_the_table(
    document: JsonObject,
) -> None:
    saved = check(parse(document), FACTS, "save")
    turned_on = check(parse(document), FACTS, "turn on")
    for problem in turned_on:
        assert problem.code in CODES
        assert problem.path
        assert problem.severity == "warning" or CODES[problem.code].refuses is not Refuses.NEVER
    assert [problem.code for problem in saved] == [problem.code for problem in turned_on]
    assert {one for one in saved if one.severity == "error"} <= set(turned_on)
