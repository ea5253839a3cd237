from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.actions.action_contexts import CheckMaker, StepMaker

from penstock.actions.action import OutputSpec, OutputType, StepContext
from penstock.actions.edit_record import EDIT_RECORD, EditRecordFields, check, run
from penstock.actions.outcome import Done, Fail, SetProperties
from penstock.crm.schema import ObjectSchema
from penstock.crm.values import normalise
from penstock.kit.json import Json, JsonObject


def edit(name: str, value: Json) -> EditRecordFields:
    return EditRecordFields.model_validate({"property_name": name, "value": value})


def static(text: Json) -> JsonObject:
    return {"type": "STATIC_VALUE", "staticValue": text}


def written(fields: EditRecordFields, ctx: StepContext) -> str | None:
    outcome = run(fields, ctx)
    assert isinstance(outcome, Done), outcome
    (write,) = outcome.writes
    assert isinstance(write, SetProperties)
    return write.values[fields.property_name]


def failure(fields: EditRecordFields, ctx: StepContext) -> str:
    outcome = run(fields, ctx)
    assert isinstance(outcome, Fail), outcome
    assert outcome.failure.remedy
    return outcome.failure.code


OUTPUTS: dict[str, JsonObject] = {
    "1": {
        "topic": "CARDS",
        "score": 12.0,
        "sure": True,
        "none": None,
        "topic_confidence": 0.4,
        "hs_model": "m-1",
    }
}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (
            "subject",
            static("Re: {{ enrolled_object.content }} ({{ action_outputs.action_output_1.score }})"),
            "Re: Hi (12)",
        ),
        ("subject", static(""), None),
        ("subject", "plain", "plain"),
        ("subject", {"type": "OBJECT_PROPERTY", "propertyName": "content"}, "Hi"),
        ("subject", {"type": "OBJECT_PROPERTY", "propertyName": "due"}, None),
        ("topic", static("Billing"), "BILLING"),
        ("topic", {"type": "FIELD_DATA", "actionId": "1", "dataKey": "topic"}, "CARDS"),
        ("topic", {"type": "FIELD_DATA", "actionId": "1", "dataKey": "none"}, None),
        ("spam", {"type": "FIELD_DATA", "actionId": "1", "dataKey": "sure"}, "true"),
        ("due", {"type": "TIMESTAMP", "timestampType": "EXECUTION_TIME"}, "2026-03-23"),
        ("seen_at", {"type": "TIMESTAMP", "timestampType": "EXECUTION_TIME"}, "2026-03-23T09:00:00Z"),
        (
            "due",
            {"type": "RELATIVE_DATETIME", "timeDelay": {"delta": 2, "timeUnit": "DAYS", "daysOfWeek": []}},
            "2026-03-25",
        ),
        ("visits", {"type": "INCREMENT", "incrementAmount": 5}, "5"),
        ("tags", {"type": "STATIC_APPEND_VALUE", "staticAppendValue": "c;a"}, "a;b;c"),
        ("tags", static(";c"), "a;b;c"),
        (
            "content",
            {"type": "STATIC_APPEND_VALUE", "staticAppendValue": ", {{ enrolled_object.content }}"},
            "Hi, Hi",
        ),
        ("content", {"type": "APPEND_OBJECT_PROPERTY", "appendPropertyName": "subject"}, "Hi"),
    ],
)
def test_what_each_kind_of_value_writes(
    name: str, value: Json, expected: str | None, step: StepMaker
) -> None:
    assert written(edit(name, value), step(OUTPUTS, content="Hi", tags="a;b")) == expected


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("topic", static("Weather"), "INVALID_PROPERTY_VALUE"),
        ("visits", static("many"), "INVALID_PROPERTY_VALUE"),
        ("tags", {"type": "STATIC_APPEND_VALUE", "staticAppendValue": "z"}, "INVALID_PROPERTY_VALUE"),
        ("subject", {"type": "INCREMENT", "incrementAmount": 1}, "INVALID_PROPERTY_VALUE"),
        ("visits", {"type": "INCREMENT", "incrementAmount": "a lot"}, "INVALID_PROPERTY_VALUE"),
        ("visits", {"type": "INCREMENT", "incrementAmount": "NaN"}, "INVALID_PROPERTY_VALUE"),
        ("due", {"type": "STATIC_APPEND_VALUE", "staticAppendValue": "x"}, "INVALID_PROPERTY_VALUE"),
        ("subject", {"type": "FIELD_DATA", "actionId": "1", "dataKey": "not_there"}, "MISSING_OUTPUT"),
        ("subject", {"type": "FIELD_DATA", "actionId": "5", "dataKey": "topic"}, "MISSING_OUTPUT"),
        ("subject", {"type": "FETCHED_OBJECT_PROPERTY", "propertyToken": "{{ x.y }}"}, "UNSUPPORTED_VALUE"),
        ("nowhere", static("x"), "UNKNOWN_PROPERTY"),
        ("hs_object_id", static("1"), "READ_ONLY_PROPERTY"),
    ],
)
def test_what_does_not_fit_fails_with_a_remedy_and_writes_nothing(
    name: str, value: Json, code: str, step: StepMaker
) -> None:
    assert failure(edit(name, value), step(OUTPUTS, visits="3", tags="a")) == code


def test_a_failure_does_not_show_the_value(step: StepMaker) -> None:
    outcome = run(
        edit("visits", {"type": "OBJECT_PROPERTY", "propertyName": "content"}), step(content="My PIN is 4711")
    )
    assert isinstance(outcome, Fail)
    assert "4711" not in str(outcome)


def test_ten_times_a_tenth_makes_one(step: StepMaker) -> None:
    value = "0"
    for _ in range(10):
        value = (
            written(edit("visits", {"type": "INCREMENT", "incrementAmount": 0.1}), step(visits=value)) or ""
        )
    assert Decimal(value) == 1


def test_a_value_from_a_model_keeps_where_it_came_from_and_missing_tokens_are_named(step: StepMaker) -> None:
    copied = run(edit("topic", {"type": "FIELD_DATA", "actionId": "1", "dataKey": "topic"}), step(OUTPUTS))
    assert isinstance(copied, Done)
    assert copied.detail == {"source_action_id": "1", "model": "m-1", "confidence": 0.4}
    blank = run(edit("subject", static("To {{ enrolled_object.due }}!")), step())
    assert isinstance(blank, Done)
    assert blank.detail is not None
    assert "enrolled_object.due" in str(blank.detail["warnings"])


@pytest.mark.parametrize(
    "value",
    [
        static("{{ enrolled_object.subject }}: {{ action_outputs.action_output_1.topic }}"),
        static("{{ action_outputs.action_output_2.status }} {{ action_outputs.action_output_1.topic }}"),
        {
            "type": "STATIC_APPEND_VALUE",
            "staticAppendValue": " {{ action_outputs.action_output_1.topic | upper }}",
        },
    ],
    ids=["in a text", "behind an output that no model gave", "appended"],
)
def test_a_models_words_inside_a_text_keep_where_they_came_from(value: Json, step: StepMaker) -> None:
    outputs: dict[str, JsonObject] = {**OUTPUTS, "2": {"status": "ok"}}
    outcome = run(edit("subject", value), step(outputs, subject="Hi"))
    assert isinstance(outcome, Done)
    assert outcome.detail == {"source_action_id": "1", "model": "m-1", "confidence": 0.4}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.text(max_size=40),
    name=st.sampled_from(["subject", "visits", "due", "topic", "tags", "spam", "seen_at"]),
)
def test_whatever_is_written_is_in_the_propertys_own_spelling(
    value: str, name: str, step: StepMaker, schema: ObjectSchema
) -> None:
    outcome = run(edit(name, {"type": "OBJECT_PROPERTY", "propertyName": "content"}), step(content=value))
    if isinstance(outcome, Done):
        (write,) = outcome.writes
        assert isinstance(write, SetProperties)
        stored = write.values[name]
        assert stored is None or normalise(schema.properties[name], stored) == stored


def test_checks_find_what_can_never_be_written(checking: CheckMaker) -> None:
    def codes(name: str, value: Json) -> list[str]:
        outputs = {"1": (OutputSpec("topic", "Topic", OutputType.STRING),)}
        return [problem.code for problem in check(edit(name, value), checking(outputs), "f")]

    assert codes("subject", static("fine {{ enrolled_object.content }}")) == []
    assert codes("subjekt", static("x")) == ["UNKNOWN_PROPERTY"]
    assert codes("hs_object_id", static("1")) == ["READ_ONLY_PROPERTY"]
    assert codes("topic", static("Weather")) == ["INVALID_PROPERTY_VALUE"]
    assert codes("topic", {"type": "FIELD_DATA", "actionId": "1", "dataKey": "topic"}) == [
        "OUTPUT_MAY_NOT_FIT"
    ]
    assert codes("subject", {"type": "INCREMENT", "incrementAmount": 1}) == ["WRONG_PROPERTY_TYPE"]
    assert codes("subject", {"type": "LIST", "values": []}) == ["UNSUPPORTED_VALUE"]
    assert codes("subject", static("{{ enrolled_object.nowhere }}")) == ["UNKNOWN_TOKEN"]


def test_the_form_of_the_action_comes_from_its_fields() -> None:
    schema = EDIT_RECORD.fields.model_json_schema()
    assert schema["properties"]["property_name"]["control"] == "property"
    assert schema["required"] == ["property_name", "value"]
