"""What counts as the expected answer, and what is no check."""

from __future__ import annotations

import time

import pytest

from penstock.errors import InvalidInput
from penstock.kit.json import Json, JsonObject
from penstock.workflows.evals.checks import passes, read_checks

EQUALS: JsonObject = {"field": "f", "kind": "equals"}


@pytest.mark.parametrize(
    ("check", "got", "passed"),
    [
        ({**EQUALS, "value": "Credit card"}, "  credit  CARD ", True),
        ({**EQUALS, "value": "Credit card"}, "Credit cards", False),
        ({**EQUALS, "value": "3"}, 3.0, True),
        ({**EQUALS, "value": 0.3}, 0.1 + 0.2, True),
        ({**EQUALS, "value": "yes"}, True, True),
        ({**EQUALS, "value": False}, "true", False),
        ({**EQUALS, "value": "perhaps"}, True, False),
        ({**EQUALS, "value": ["b", "a"]}, ["A", "b"], True),
        ({**EQUALS, "value": "a;b"}, ["a"], False),
        ({**EQUALS, "value": None}, "", True),
        ({"field": "f", "kind": "one_of", "values": ["low", "high"]}, "HIGH", True),
        ({"field": "f", "kind": "one_of", "values": ["low", "high"]}, "urgent", False),
        ({"field": "f", "kind": "contains", "value": "refund"}, "They want a Refund now", True),
        ({"field": "f", "kind": "contains", "value": "fee"}, ["interest", "fee"], True),
        ({"field": "f", "kind": "contains", "value": "fee"}, ["fees"], False),
        ({"field": "f", "kind": "matches", "pattern": r"^\d{3}$"}, 404, True),
        ({"field": "f", "kind": "matches", "pattern": r"^\d{3}$"}, "4040", False),
        ({"field": "f", "kind": "within", "low": 0, "high": 1}, "0.5", True),
        ({"field": "f", "kind": "within", "low": 0}, -1, False),
        ({"field": "f", "kind": "within", "high": 5}, "five", False),
        ({"field": "f", "kind": "within", "high": 5}, True, False),
    ],
)
def test_an_answer_is_as_expected_or_not(check: JsonObject, got: Json, passed: bool) -> None:
    [read] = read_checks([check])
    assert passes(read, got) is passed
    assert read_checks([read.to_json()]) == (read,)


def test_a_pattern_that_would_take_python_years_is_answered_at_once() -> None:
    [check] = read_checks([{"field": "f", "kind": "matches", "pattern": "^(a+)+$"}])
    begun = time.process_time()
    assert passes(check, "a" * 50_000 + "!") is False
    assert time.process_time() - begun < 5, "the pattern is matched by backtracking"


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ([], "checks"),
        ([{"kind": "equals", "value": "x"}], "checks[0].field"),
        ([{"field": "f", "kind": "like", "value": "x"}], "checks[0].kind"),
        ([{"field": "f", "kind": "equals", "value": {"a": 1}}], "checks[0].value"),
        ([{"field": "f", "kind": "matches", "pattern": "("}], "checks[0].pattern"),
        ([{"field": "f", "kind": "matches", "pattern": r"(a)\1"}], "checks[0].pattern"),
        ([{"field": "f", "kind": "within", "low": 2, "high": 1}], "checks[0].high"),
        ([{"field": "f", "kind": "within"}], "checks[0].low"),
        ([{"field": "f", "kind": "judge", "criterion": " "}], "checks[0].criterion"),
        ([{"field": "f", "kind": "equals", "value": "x", "pattern": "y"}], "checks[0].pattern"),
        (["equals"], "checks[0]"),
    ],
)
def test_what_is_no_check_is_named_with_its_place(raw: Json, path: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_checks(raw)
    assert [problem.path for problem in caught.value.problems] == [path]
