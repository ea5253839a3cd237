from __future__ import annotations

from dataclasses import replace

import pytest
from tests.actions.action_contexts import CheckMaker, StepMaker

from penstock.actions.action import OutputOption
from penstock.actions.outcome import Done, Fail
from penstock.actions.use_custom_llm import (
    Prepared,
    UseCustomLlmFields,
    check,
    finish,
    outputs,
    prepare,
)
from penstock.crm.properties import Option
from penstock.crm.schema import ObjectSchema
from penstock.kit.json import Json
from penstock.llm.result import Dropped, LlmResult, Usage


def llm(**keys: Json) -> UseCustomLlmFields:
    return UseCustomLlmFields.model_validate(
        {
            "connection_id": "3",
            "model": "gpt-x",
            "prompt": "Sort: {{ enrolled_object.content | fenced }}",
            **keys,
        }
    )


TRIAGE: Json = {
    "type": "fields",
    "fields": [
        {"name": "topic", "label": "Topic", "type": "choice", "options_from_property": "topic"},
        {"name": "summary", "type": "text", "description": "One line."},
        {"name": "urgent", "type": "yes_no"},
        {"name": "score", "type": "number", "required": False},
    ],
}
RESULT = LlmResult("An answer", "complete", Usage(100, 20, 5, 0, 7), "gpt-x-2026", "req-1", (), 842)


def prepared(fields: UseCustomLlmFields, step: StepMaker, **values: str) -> Prepared:
    ready = prepare(fields, step(**values))
    assert isinstance(ready, Prepared), ready
    return ready


def test_settings_go_into_the_request_and_numbers_may_be_hubspots_texts(step: StepMaker) -> None:
    texts = llm(
        temperature="0.3",
        max_output_tokens="500",
        reasoning_effort="High",
        system_prompt="Be brief.",
        max_attempts="2",
    )
    numbers = llm(
        temperature=0.3,
        max_output_tokens=500,
        reasoning_effort="high",
        system_prompt="Be brief.",
        max_attempts=2,
    )
    request = prepared(texts, step, content="Hello").request
    assert request == prepared(numbers, step, content="Hello").request
    assert (request.prompt, request.system, request.model) == ("Sort: Hello", "Be brief.", "gpt-x")
    assert (request.temperature, request.max_output_tokens, request.effort) == (0.3, 500, "high")
    assert texts.max_attempts == 2


def test_what_is_unset_is_left_to_the_model(step: StepMaker) -> None:
    request = prepared(
        llm(temperature="", reasoning_effort="", max_output_tokens=None), step, content="x"
    ).request
    assert (request.temperature, request.effort, request.max_output_tokens) == (None, None, None)
    assert (request.system, request.schema) == (None, None)


def test_choices_are_those_that_the_property_has_and_shows(step: StepMaker, schema: ObjectSchema) -> None:
    ready = prepared(llm(output=TRIAGE), step, content="x")
    assert [option.value for option in ready.output_fields[0].options] == ["BILLING", "CARDS"]
    specs = {spec.name: spec for spec in outputs(llm(output=TRIAGE), schema)}
    assert specs["topic"].options == (OutputOption("BILLING", "Billing"), OutputOption("CARDS", "Cards"))
    assert list(specs)[:7] == ["topic", "summary", "urgent", "score", "text", "hs_model", "hs_prompt_hash"]
    assert list(specs)[7:] == ["hs_input_tokens", "hs_output_tokens", "hs_cost_usd"]


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"connection_id": None}, "CONNECTION_MISSING"),
        ({"connection_id": "my key"}, "CONNECTION_MISSING"),
        ({"model": " "}, "MODEL_MISSING"),
        ({"prompt": "{{ enrolled_object.due }}"}, "EMPTY_PROMPT"),
        (
            {
                "output": {
                    "type": "fields",
                    "fields": [{"name": "a", "type": "choice", "options_from_property": "due"}],
                }
            },
            "NO_OPTIONS",
        ),
    ],
)
def test_nothing_is_asked_when_the_question_is_not_whole(
    keys: dict[str, Json], code: str, step: StepMaker
) -> None:
    outcome = prepare(llm(**keys), step(content="x"))
    assert isinstance(outcome, Fail)
    assert outcome.failure.code == code
    assert outcome.failure.remedy


def test_a_token_without_a_value_is_a_warning_on_the_step(step: StepMaker) -> None:
    fields = llm(prompt="{{ enrolled_object.content }} by {{ enrolled_object.hubspot_owner_id }}")
    ready = prepared(fields, step, content="x")
    assert ready.request.prompt == "x by "
    outcome = finish(fields, ready, RESULT)
    assert isinstance(outcome, Done)
    assert outcome.detail is not None
    assert "enrolled_object.hubspot_owner_id" in str(outcome.detail["warnings"])


def test_a_record_cannot_add_tokens_of_its_own(step: StepMaker) -> None:
    ready = prepared(llm(), step, content="{{ enrolled_object.subject }}", subject="secret")
    assert ready.request.prompt == "Sort: {{ enrolled_object.subject }}"


def test_a_text_answer_is_an_output_with_its_origin_and_its_tokens(step: StepMaker) -> None:
    fields = llm()
    ready = prepared(fields, step, content="x")
    outcome = finish(
        fields, ready, replace(RESULT, dropped=(Dropped("temperature", "The model refuses it."),))
    )
    assert isinstance(outcome, Done)
    assert outcome.outputs == {
        "text": "An answer",
        "hs_model": "gpt-x-2026",
        "hs_prompt_hash": ready.prompt_hash,
    }
    assert outcome.detail == {
        "model": "gpt-x-2026",
        "prompt_hash": ready.prompt_hash,
        "request_id": "req-1",
        "latency_ms": 842,
        "stop": "complete",
        "tokens": {"input": 100, "output": 20, "cached": 5, "cache_write": 0, "reasoning": 7},
        "dropped": [{"field": "temperature", "reason": "The model refuses it."}],
    }
    assert outcome.inputs == {"connection_id": "3", "model": "gpt-x", "prompt": "Sort: x"}


def test_declared_fields_become_typed_outputs(step: StepMaker) -> None:
    fields = llm(output=TRIAGE)
    ready = prepared(fields, step, content="x")
    answer = '{"topic": "Cards", "summary": "A card was lost.", "urgent": true, "score": null}'
    outcome = finish(fields, ready, replace(RESULT, text=answer))
    assert isinstance(outcome, Done)
    named = {name: outcome.outputs[name] for name in ("topic", "summary", "urgent", "score")}
    assert named == {"topic": "CARDS", "summary": "A card was lost.", "urgent": True, "score": None}
    assert outcome.outputs["text"] == answer


@pytest.mark.parametrize(
    "answer", ["no idea", '{"topic": "WEATHER", "summary": "s", "urgent": true}', '{"topic": "CARDS"']
)
def test_an_answer_of_another_shape_fails_and_is_shown_for_repair(answer: str, step: StepMaker) -> None:
    fields = llm(output=TRIAGE)
    outcome = finish(fields, prepared(fields, step, content="x"), replace(RESULT, text=answer))
    assert isinstance(outcome, Fail)
    assert outcome.failure.code == "ANSWER_NOT_AS_DECLARED"
    assert outcome.failure.remedy
    assert outcome.detail is not None
    assert outcome.detail["answer"] == answer


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (replace(RESULT, stop="truncated"), "ANSWER_TRUNCATED"),
        (replace(RESULT, stop="refused"), "ANSWER_REFUSED"),
        (replace(RESULT, stop="content_filter"), "CONTENT_FILTERED"),
        (replace(RESULT, text=" \n"), "EMPTY_ANSWER"),
    ],
)
def test_an_answer_that_is_none_fails_with_a_remedy_and_its_cost(
    result: LlmResult, code: str, step: StepMaker
) -> None:
    outcome = finish(llm(), prepared(llm(), step, content="x"), result)
    assert isinstance(outcome, Fail)
    assert outcome.failure.code == code
    assert outcome.failure.remedy
    assert outcome.detail is not None
    assert outcome.detail["tokens"] == {
        "input": 100,
        "output": 20,
        "cached": 5,
        "cache_write": 0,
        "reasoning": 7,
    }


def test_the_prompts_fingerprint_follows_the_author_and_not_the_record_or_the_connection() -> None:
    assert llm().prompt_hash == llm(connection_id="4", max_attempts=1).prompt_hash
    changed = [
        llm(prompt="Other"),
        llm(system_prompt="s"),
        llm(model="b"),
        llm(temperature=1),
        llm(output=TRIAGE),
    ]
    assert len({fields.prompt_hash for fields in (llm(), *changed)}) == 6


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, []),
        ({"connection_id": None}, [("f.connection_id", "CONNECTION_MISSING", "error")]),
        ({"connection_id": "8"}, [("f.connection_id", "CONNECTION_NOT_FOUND", "error")]),
        ({"connection_id": "4"}, [("f.connection_id", "CONNECTION_UNINSTALLED", "error")]),
        ({"provider": "xai"}, [("f.provider", "PROVIDER_MISMATCH", "warning")]),
        ({"model": ""}, [("f.model", "MODEL_MISSING", "error")]),
        ({"prompt": ""}, [("f.prompt", "EMPTY_PROMPT", "error")]),
        ({"prompt": "{{ enrolled_object.nope }}"}, [("f.prompt", "UNKNOWN_TOKEN", "error")]),
        ({"prompt": "{{ fetched_objects.a.name }}"}, [("f.prompt", "UNSUPPORTED_TOKEN", "error")]),
        (
            {"system_prompt": "{{ enrolled_object.subject }}"},
            [("f.system_prompt", "TOKEN_IN_SYSTEM_PROMPT", "warning")],
        ),
        ({"temperature": 2.1}, [("f.temperature", "OUT_OF_RANGE", "error")]),
        ({"max_attempts": 0}, [("f.max_attempts", "OUT_OF_RANGE", "error")]),
        ({"output": {"type": "fields", "fields": [{"name": "error_code"}]}}, []),
        (
            {"output": {"type": "fields", "fields": [{"name": "error_code"}]}, "error_path": {}},
            [("f.output.fields[0].name", "RESERVED_OUTPUT", "error")],
        ),
        (
            {
                "output": {
                    "type": "fields",
                    "fields": [
                        {"name": "text"},
                        {"name": "a"},
                        {"name": "a"},
                        {"name": "c", "type": "choice"},
                    ],
                }
            },
            [
                ("f.output.fields[0].name", "RESERVED_OUTPUT", "error"),
                ("f.output.fields[2].name", "DUPLICATE_OUTPUT", "error"),
                ("f.output.fields[3].options", "MISSING_FIELD", "error"),
            ],
        ),
        (
            {
                "output": {
                    "type": "fields",
                    "fields": [
                        {"name": "c", "type": "choices", "options_from_property": "topic", "fallback": "OLD"},
                        {"name": "d", "type": "choice", "options": [{"value": "a"}], "fallback": "a"},
                    ],
                }
            },
            [("f.output.fields[0].fallback", "UNKNOWN_FALLBACK", "error")],
        ),
        (
            {
                "output": {
                    "type": "fields",
                    "fields": [
                        {"name": "a", "type": "number", "review_below": 70, "fallback": "many"},
                        {"name": "a_confidence"},
                    ],
                }
            },
            [
                ("f.output.fields[0].review_below", "OUT_OF_RANGE", "error"),
                ("f.output.fields[0].fallback", "UNKNOWN_FALLBACK", "error"),
                ("f.output.fields[1].name", "DUPLICATE_OUTPUT", "error"),
            ],
        ),
        (
            {"repair_prompt": "{{ answer }} {{ enrolled_object.content }}"},
            [("f.repair_prompt", "BAD_TOKEN", "error")],
        ),
    ],
)
def test_checks_name_the_place_and_the_fault(
    keys: dict[str, Json], expected: list[tuple[str, str, str]], checking: CheckMaker
) -> None:
    problems = check(llm(**keys), checking(), "f")
    assert [(one.path, one.code, one.severity) for one in problems] == expected


def test_new_options_of_a_property_are_offered_to_the_model_at_once(
    step: StepMaker, schema: ObjectSchema
) -> None:
    fields = llm(output=TRIAGE)
    prepared(fields, step, content="x")
    topic = replace(schema.properties["topic"], options=(Option("LOANS", "Loans"),))
    ready = prepare(fields, replace(step(content="x"), schema=replace(schema, properties={"topic": topic})))
    assert isinstance(ready, Prepared)
    assert [option.value for option in ready.output_fields[0].options] == ["LOANS"]
