from __future__ import annotations

import pytest
from tests.actions.action_contexts import CheckMaker, StepMaker

from penstock.actions.action import OutputSpec, OutputType
from penstock.actions.if_then_branch import ListBranchFields, check, run
from penstock.actions.outcome import Done, Fail
from penstock.kit.json import Json, JsonObject


def where(prop: str, kind: str, operator: str, **keys: Json) -> JsonObject:
    operation: Json = {
        "operationType": kind,
        "operator": operator,
        "includeObjectsWithNoValueSet": False,
        **keys,
    }
    condition: Json = {"filterType": "PROPERTY", "property": prop, "operation": operation}
    return {
        "filterBranchType": "AND",
        "filterBranchOperator": "AND",
        "filterBranches": [],
        "filters": [condition],
    }


def branches(*conditions: tuple[str | None, Json]) -> ListBranchFields:
    listed: list[Json] = [
        {
            "branchName": name,
            "filterBranch": condition,
            "connection": {"edgeType": "STANDARD", "nextActionId": f"to-{index}"},
        }
        for index, (name, condition) in enumerate(conditions)
    ]
    return ListBranchFields.model_validate(
        {"listBranches": listed, "defaultBranch": {"edgeType": "STANDARD", "nextActionId": "none-met"}}
    )


URGENT = where("visits", "NUMBER", "IS_GREATER_THAN", value=5)
CARDS = where("topic", "ENUMERATION", "IS_ANY_OF", values=["CARDS"])
OUTPUT = "action_outputs.action_output_1"


@pytest.mark.parametrize(
    ("values", "leads_to"),
    [
        ({"visits": "9", "topic": "CARDS"}, "to-0"),
        ({"visits": "2", "topic": "CARDS"}, "to-1"),
        ({"visits": "2"}, "none-met"),
        ({}, "none-met"),
    ],
)
def test_the_first_branch_that_matches_is_taken(
    values: dict[str, str], leads_to: str, step: StepMaker
) -> None:
    fields = branches(("Urgent", URGENT), ("Urgent", CARDS))
    outcome = run(fields, step(**values))
    assert isinstance(outcome, Done)
    assert fields.exits()[outcome.branch] == leads_to


@pytest.mark.parametrize(
    ("key", "condition"),
    [
        ("topic", ("ENUMERATION", "IS_ANY_OF", {"values": ["CARDS", "LOANS"]})),
        ("sure", ("BOOL", "IS_EQUAL_TO", {"value": True})),
        ("score", ("NUMBER", "IS_GREATER_THAN", {"value": 11})),
        ("summary", ("STRING", "CONTAINS", {"value": "lost card"})),
        ("empty", ("ALL_PROPERTY", "IS_UNKNOWN", {})),
    ],
)
def test_a_filter_can_look_at_an_output_of_any_type(
    key: str, condition: tuple[str, str, dict[str, Json]], step: StepMaker
) -> None:
    kind, operator, keys = condition
    outputs: dict[str, JsonObject] = {
        "1": {"topic": "CARDS", "sure": True, "score": 12.0, "summary": "A lost card.", "empty": None}
    }
    outcome = run(branches(("Yes", where(f"{OUTPUT}.{key}", kind, operator, **keys))), step(outputs))
    assert isinstance(outcome, Done)
    assert outcome.branch == "Yes"


def test_a_filter_that_cannot_be_run_stops_the_record_instead_of_choosing_for_it(
    step: StepMaker, checking: CheckMaker
) -> None:
    strange: Json = {
        "filterBranchType": "AND",
        "filterBranches": [],
        "filters": [{"filterType": "PAGE_VIEW", "pageUrl": "x"}],
    }
    fields = branches(("Seen", strange), ("Cards", CARDS))
    outcome = run(fields, step(topic="CARDS"))
    assert isinstance(outcome, Fail)
    assert outcome.failure.code == "UNSUPPORTED_FILTER"
    assert [problem.code for problem in check(fields, checking(), "f")] == ["UNSUPPORTED_FILTER"]


def test_checks_name_the_place_of_unknown_properties_and_outputs(checking: CheckMaker) -> None:
    known = {"1": (OutputSpec("topic", "Topic", OutputType.STRING),)}
    fields = branches(
        ("a", where("subjekt", "ALL_PROPERTY", "IS_KNOWN")),
        ("b", where(f"{OUTPUT}.topik", "ALL_PROPERTY", "IS_KNOWN")),
        ("c", where(f"{OUTPUT}.topic", "ALL_PROPERTY", "IS_KNOWN")),
        ("d", None),
    )
    problems = check(fields, checking(known), "f")
    assert [(one.path, one.code) for one in problems] == [
        ("f.listBranches[0].filterBranch.filters[0].property", "UNKNOWN_PROPERTY"),
        ("f.listBranches[1].filterBranch.filters[0].property", "UNKNOWN_OUTPUT"),
        ("f.listBranches[3].filterBranch", "MISSING_FILTER"),
    ]


def test_21_branches_are_one_too_many(checking: CheckMaker) -> None:
    fields = branches(*[(str(number), CARDS) for number in range(21)])
    assert [problem.code for problem in check(fields, checking(), "f")] == ["TOO_MANY_BRANCHES"]
