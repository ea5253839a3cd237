from __future__ import annotations

import pytest
from tests.actions.action_contexts import CheckMaker, StepMaker

from penstock.actions.action import OutputSpec, OutputType
from penstock.actions.tokens import check_text, lookup_token, text_of
from penstock.kit.json import Json

KNOWN = {"1": (OutputSpec("topic", "Topic", OutputType.STRING),), "2": (), "9": None}


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        ("{{ enrolled_object.subjekt }}", "UNKNOWN_TOKEN", "error"),
        ("{{ action_outputs.action_output_1.topik }}", "UNKNOWN_TOKEN", "error"),
        ("{{ action_outputs.action_output_2.x }}", "UNKNOWN_TOKEN", "error"),
        ("{{ action_outputs.action_output_5.x }}", "UNKNOWN_TOKEN", "error"),
        ("{{ subject }}", "UNKNOWN_TOKEN", "error"),
        ("{{ _0_2.name }}", "UNKNOWN_TOKEN", "error"),
        ("{{ enrolled_object }}", "UNKNOWN_TOKEN", "error"),
        ("{{ fetched_objects.company.name }}", "UNSUPPORTED_TOKEN", "error"),
        ("{{ enrollment_events.enrollment_event_6.prop }}", "UNSUPPORTED_TOKEN", "error"),
        ("{{ action_outputs.action_output_9.anything }}", "OUTPUT_NOT_YET_THERE", "warning"),
        ("{{ enrolled_object.subject | shout }}", "BAD_TOKEN", "error"),
    ],
)
def test_a_token_that_cannot_have_a_value_is_named(
    text: str, code: str, severity: str, checking: CheckMaker
) -> None:
    problems = [problem for problem in check_text(text, checking(KNOWN), "f.prompt") if problem.code == code]
    assert [(problem.path, problem.severity) for problem in problems][:1] == [("f.prompt", severity)]


@pytest.mark.parametrize(
    "text",
    [
        "{{ enrolled_object.subject }} {{enrolled_object.hs_object_id}} {{ enrolled_object.createdate }}",
        "{{ action_outputs.action_output_1.topic | upper }}",
        'No {tokens} here: {"a": {"b": 1}}',
    ],
)
def test_a_text_that_is_right_has_no_problems(text: str, checking: CheckMaker) -> None:
    assert check_text(text, checking(KNOWN), "f") == []


def test_close_names_are_offered(checking: CheckMaker) -> None:
    (problem,) = check_text("{{ enrolled_object.subjekt }}", checking(), "f")
    assert "Did you mean subject" in problem.message


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", None),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (12.0, "12"),
        (12.5, "12.5"),
        (1e300, "1e+300"),
        (["a", None, "b"], "a;b"),
        ([], None),
        ({"a": 1}, '{"a":1}'),
    ],
)
def test_outputs_are_spelled_as_property_values_are(value: Json, text: str | None) -> None:
    assert text_of(value) == text


def test_a_record_without_the_value_has_none(step: StepMaker) -> None:
    ctx = step({"1": {"topic": "CARDS"}}, subject="Hi", content="")
    assert lookup_token(ctx, ("enrolled_object", "subject")) == "Hi"
    assert lookup_token(ctx, ("enrolled_object", "content")) is None
    assert lookup_token(ctx, ("action_outputs", "action_output_1", "topic")) == "CARDS"
    assert lookup_token(ctx, ("action_outputs", "action_output_2", "topic")) is None
