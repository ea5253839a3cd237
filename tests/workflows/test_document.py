from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.workflows.flow_documents import ANY_OBJECT, DOCUMENTS, EXAMPLES, JSON, NODES, example

from penstock.errors import InvalidFlow, Problem
from penstock.kit.json import Json, JsonObject
from penstock.workflows.document import SingleConnectionNode, UnknownNode, parse


def canonical(value: Json) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def problems_of(document: Json) -> dict[str, Problem]:
    with pytest.raises(InvalidFlow) as caught:
        parse(document)
    return {problem.path: problem for problem in caught.value.problems}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_comes_out_word_for_word(name: str) -> None:
    source = example(name)
    assert canonical(parse(source).to_json()) == canonical(source)


@given(DOCUMENTS)
def test_any_flow_that_is_accepted_comes_out_word_for_word(document: JsonObject) -> None:
    before = orjson.dumps(document)
    assert orjson.dumps(parse(document).to_json()) == before


ODD_FLOWS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["CONTACT_FLOW", "PLATFORM_FLOW"]) | JSON,
        "objectTypeId": st.just("0-1") | JSON,
        "actions": st.lists(NODES | ANY_OBJECT | JSON, max_size=3) | JSON,
        "enrollmentCriteria": st.fixed_dictionaries(
            {"type": st.sampled_from(["LIST_BASED", "MANUAL"]) | JSON}
        )
        | JSON,
        "name": JSON,
        "isEnabled": JSON,
        "suppressionListIds": JSON,
    },
)


@given(ODD_FLOWS | JSON)
def test_any_other_json_is_read_or_refused_with_problems_at_paths(document: Json) -> None:
    try:
        parse(document)
    except InvalidFlow as error:
        problems = error.problems
    else:
        return
    assert problems
    assert all(problem.path and problem.message.endswith(".") for problem in problems)


def test_parts_of_others_are_read_as_far_as_they_are_known() -> None:
    document = parse(example("parts_of_others"))
    first, second = document.nodes[:2]
    assert isinstance(first, SingleConnectionNode)
    assert first.action_type_id == "0-999999999"
    assert isinstance(second, UnknownNode)
    assert [edge.next_action_id for one in document.nodes for _, edge in one.edges()] == ["2", "4", "1"]


def test_the_copy_that_goes_out_does_not_reach_into_the_document() -> None:
    document = parse({"type": "PLATFORM_FLOW", "objectTypeId": "0-5", "customProperties": {"a": ["b"]}})
    document.to_json()["customProperties"]["a"].append("c")  # type: ignore[index,union-attr,call-overload]
    assert document.to_json()["customProperties"] == {"a": ["b"]}


def test_wrong_types_are_named_with_path_and_what_was_expected_and_never_with_the_value() -> None:
    found = problems_of(
        {
            "type": "PLATFORM_FLOW",
            "objectTypeId": "0-5",
            "isEnabled": "secret-yes",
            "actions": [
                {
                    "type": "SINGLE_CONNECTION",
                    "actionId": 1,
                    "actionTypeId": "0-5",
                    "fields": "secret-fields",
                },
                "secret-node",
                {"type": "STATIC_BRANCH", "actionId": "3", "staticBranches": {}},
                {
                    "type": "WEBHOOK",
                    "actionId": "4",
                    "connection": {"edgeType": "SIDEWAYS", "nextActionId": "3"},
                },
            ],
        }
    )
    assert {path: problem.code for path, problem in found.items()} == {
        "isEnabled": "WRONG_TYPE",
        "actions[0].actionId": "WRONG_TYPE",
        "actions[0].fields": "WRONG_TYPE",
        "actions[1]": "WRONG_TYPE",
        "actions[2].staticBranches": "WRONG_TYPE",
        "actions[3].connection.edgeType": "UNKNOWN_VALUE",
    }
    assert found["actions[0].actionId"].message == "This is a number; expected a text in quotes."
    assert not any("secret" in problem.message for problem in found.values())


def test_a_flow_without_its_type_is_told_in_hubspots_words() -> None:
    found = problems_of({"objectTypeId": "0-5", "actions": []})
    assert found["type"].message.startswith("Some required fields were not set: [type]")


def test_an_empty_default_branch_is_refused_at_its_place() -> None:
    branch = {"type": "STATIC_BRANCH", "actionId": "1", "staticBranches": [], "defaultBranch": {}}
    found = problems_of({"type": "PLATFORM_FLOW", "objectTypeId": "0-5", "actions": [branch]})
    assert found["actions[0].defaultBranch.nextActionId"].code == "MISSING_FIELD"


@pytest.mark.parametrize(("kind", "object_type"), [("CONTACT_FLOW", "0-2"), ("PLATFORM_FLOW", "0-1")])
def test_contact_flows_are_for_contacts_and_platform_flows_for_all_others(
    kind: str, object_type: str
) -> None:
    found = problems_of({"type": kind, "objectTypeId": object_type, "actions": []})
    assert found["type"].code == "WRONG_FLOW_TYPE"


def nested(depth: int) -> Json:
    value: Json = 1
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("a\x00b", "INVALID_TEXT"),
        ("\ud800", "INVALID_TEXT"),
        (2**63, "INVALID_NUMBER"),
        (nested(5000), "TOO_DEEP"),
    ],
    ids=["nul", "surrogate", "large number", "deep"],
)
def test_what_the_database_cannot_hold_is_refused_before_it_gets_there(value: Json, code: str) -> None:
    found = problems_of({"type": "PLATFORM_FLOW", "objectTypeId": "0-5", "customProperties": {"x": value}})
    assert [problem.code for problem in found.values()] == [code]
