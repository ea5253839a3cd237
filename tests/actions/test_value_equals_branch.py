from __future__ import annotations

import pytest
from tests.actions.action_contexts import CheckMaker, StepMaker

from penstock.actions.action import OutputOption, OutputSpec, OutputType
from penstock.actions.outcome import Done, Fail
from penstock.actions.value_equals_branch import StaticBranchFields, check, run
from penstock.kit.json import Json


def branch(value: Json, *names: str) -> StaticBranchFields:
    branches: list[Json] = [
        {"branchValue": name, "connection": {"edgeType": "STANDARD", "nextActionId": f"to-{name}"}}
        for name in names
    ]
    default: Json = {"edgeType": "GOTO", "nextActionId": "default"}
    return StaticBranchFields.model_validate(
        {"inputValue": value, "staticBranches": branches, "defaultBranch": default}
    )


TOPIC: Json = {"type": "OBJECT_PROPERTY", "propertyName": "topic"}
OUTPUT: Json = {"type": "FIELD_DATA", "actionId": "1", "dataKey": "answer"}


@pytest.mark.parametrize(
    ("answer", "names", "leads_to"),
    [
        ("BILLING", ("CARDS", "BILLING"), "to-BILLING"),
        ("billing", ("CARDS", "BILLING"), "default"),
        (True, ("true", "false"), "to-true"),
        (5.0, ("5", "6"), "to-5"),
        (None, ("CARDS", ""), "to-"),
        (None, ("CARDS",), "default"),
    ],
)
def test_the_branch_that_equals_the_output_exactly_is_taken(
    answer: Json, names: tuple[str, ...], leads_to: str, step: StepMaker
) -> None:
    fields = branch(OUTPUT, *names)
    outcome = run(fields, step({"1": {"answer": answer}}))
    assert isinstance(outcome, Done)
    assert fields.exits()[outcome.branch] == leads_to


def test_an_output_that_never_came_takes_the_default_and_says_so(step: StepMaker) -> None:
    outcome = run(branch(OUTPUT, "a"), step())
    assert isinstance(outcome, Done)
    assert outcome.branch is None
    assert outcome.detail is not None
    assert "gave no output 'answer'" in str(outcome.detail)


def test_the_first_of_two_equal_branches_is_taken_and_the_second_is_warned_of(
    step: StepMaker, checking: CheckMaker
) -> None:
    fields = branch(TOPIC, "CARDS", "CARDS")
    outcome = run(fields, step(topic="CARDS"))
    assert isinstance(outcome, Done)
    assert list(fields.exits()) == [None, "CARDS", "#2"]
    assert outcome.branch == "CARDS"
    assert [problem.code for problem in check(fields, checking(), "f")] == ["DUPLICATE_BRANCH"]


def test_a_value_that_no_branch_can_look_at_fails(step: StepMaker, checking: CheckMaker) -> None:
    fields = branch({"type": "INCREMENT", "incrementAmount": 1}, "1")
    assert isinstance(run(fields, step()), Fail)
    assert [problem.code for problem in check(fields, checking(), "f")] == ["UNSUPPORTED_VALUE"]


def test_literals_that_cannot_come_are_warned_of(checking: CheckMaker) -> None:
    outputs = {"1": (OutputSpec("answer", "", OutputType.ENUMERATION, (OutputOption("YES", "Yes"),)),)}
    for fields in (branch(TOPIC, "CARDS", "WEATHER"), branch(OUTPUT, "YES", "MAYBE")):
        problems = check(fields, checking(outputs), "f")
        assert [(one.path, one.code, one.severity) for one in problems] == [
            ("f.staticBranches[1].branchValue", "BRANCH_NEVER_TAKEN", "warning")
        ]


def test_251_branches_are_one_too_many(checking: CheckMaker) -> None:
    names = [str(number) for number in range(251)]
    fields = branch({"type": "OBJECT_PROPERTY", "propertyName": "subject"}, *names)
    assert [problem.code for problem in check(fields, checking(), "f")] == ["TOO_MANY_BRANCHES"]
