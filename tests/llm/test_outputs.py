"""Declared outputs: the schema that goes out, and what comes back into values."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.kit.json import Json
from penstock.llm.errors import LlmError
from penstock.llm.outputs import Option, OutputField, instruction, parse, schema
from penstock.llm.strict_schema import is_strict

PRODUCT = OutputField(
    "product", "choice", "What it is about", options=(Option("cc", "Credit card"), Option("loan", "Loan"))
)
TOPICS = OutputField(
    "topics",
    "choices",
    options=(Option("fees", "Fees"), Option("loans", "Loans"), Option("debit", "Cards, debit")),
)
FIELDS = (
    PRODUCT,
    OutputField("score", "number"),
    OutputField("urgent", "yes_no", required=False),
    OutputField("due", "date", "When to answer", required=False),
    OutputField("summary", "text"),
)
ANSWER = {"product": "Credit card", "score": 80, "urgent": True, "due": "2026-11-30", "summary": "Fees."}
VALUES = {"product": "cc", "score": 80.0, "urgent": True, "due": "2026-11-30", "summary": "Fees."}


def test_the_schema_is_strict_nullable_where_optional_and_speaks_in_labels() -> None:
    made = schema(FIELDS)
    assert is_strict(made)
    assert made == {
        "type": "object",
        "properties": {
            "product": {"type": "string", "description": "What it is about", "enum": ["Credit card", "Loan"]},
            "score": {"type": "number"},
            "urgent": {"type": ["boolean", "null"]},
            "due": {"type": ["string", "null"], "description": "When to answer (a date as YYYY-MM-DD)"},
            "summary": {"type": "string"},
        },
        "required": ["product", "score", "urgent", "due", "summary"],
        "additionalProperties": False,
    }
    assert json.dumps(made, separators=(",", ":")) in instruction(FIELDS)


@pytest.mark.parametrize(
    "wrap",
    [
        "{}",
        "```json\n{}\n```",
        "Sure! Here is the result:\n\n{}\n\nLet me know {{if}} you need more.",
        "<think>The {{braces}} here are not it.</think>\n{}",
        "[{}]",
        "Set notation {{a, b}} first. ```\n{}```",
    ],
    ids=["bare", "fence", "prose", "reasoning", "list of one", "prose and fence"],
)
def test_an_answer_is_found_inside_what_models_put_around_it(wrap: str) -> None:
    assert (
        parse(wrap.replace("{}", json.dumps(ANSWER)).replace("{{", "{").replace("}}", "}"), FIELDS).values
        == VALUES
    )


@pytest.mark.parametrize(
    ("field", "said", "value"),
    [
        (PRODUCT, "loan", "loan"),
        (PRODUCT, "LOAN", "loan"),
        (PRODUCT, " credit card ", "cc"),
        (OutputField("n", "number"), "$1,250.50", 1250.5),
        (OutputField("n", "number"), "85 %", 85.0),
        (OutputField("n", "number"), -3, -3.0),
        (OutputField("b", "yes_no"), "Yes", True),
        (OutputField("b", "yes_no"), "no.", False),
        (OutputField("d", "date"), "2026-02-28T10:00:00Z", "2026-02-28"),
        (OutputField("t", "text"), 12, "12"),
        (TOPICS, ["Fees", "LOANS", "fees"], ["fees", "loans"]),
        (TOPICS, "Fees; loans", ["fees", "loans"]),
        (TOPICS, "Cards, debit", ["debit"]),
        (OutputField("l", "list"), ["a", " ", 3], ["a", "3"]),
        (OutputField("l", "list"), "- first\n2. second, and more\n", ["first", "second, and more"]),
        (OutputField("l", "list", required=False), [], None),
        (OutputField("t", "text", required=False), None, None),
        (OutputField("t", "text", required=False), "  ", None),
    ],
)
def test_values_are_read_as_people_mean_them(field: OutputField, said: Json, value: object) -> None:
    assert parse(json.dumps({field.name.upper(): said}), [field]).values == {field.name: value}


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (PRODUCT, "Mortgage"),
        (PRODUCT, None),
        (PRODUCT, ["loan", "cc"]),
        (OutputField("n", "number"), "between 3 and 5"),
        (OutputField("n", "number"), True),
        (OutputField("n", "number"), "nan"),
        (OutputField("n", "number"), 10**400),
        (TOPICS, ["Fees", "Weather"]),
        (TOPICS, []),
        (OutputField("l", "list"), [{"a": 1}]),
        (OutputField("l", "list"), " \n"),
        (OutputField("b", "yes_no"), "maybe"),
        (OutputField("d", "date"), "tomorrow"),
        (OutputField("d", "date"), "2026-02-30"),
        (OutputField("t", "text"), {"a": 1}),
        (OutputField("t", "text"), ""),
    ],
)
def test_a_value_that_does_not_fit_is_an_error_that_names_its_field(field: OutputField, said: Json) -> None:
    with pytest.raises(LlmError, match=f"'{field.name}'") as caught:
        parse(json.dumps({field.name: said}), [field])
    assert (caught.value.kind, caught.value.retriable, caught.value.field) == ("malformed", False, field.name)


def test_several_choices_and_lists_are_arrays_in_the_schema() -> None:
    made = schema([TOPICS, OutputField("points", "list", required=False)])
    assert is_strict(made)
    assert made["properties"] == {
        "topics": {"type": "array", "items": {"type": "string", "enum": ["Fees", "Loans", "Cards, debit"]}},
        "points": {"type": ["array", "null"], "items": {"type": "string"}},
    }


@pytest.mark.parametrize(
    ("field", "said", "value"),
    [
        (replace(PRODUCT, fallback="loan"), "Mortgage", "loan"),
        (replace(TOPICS, fallback="debit"), ["Weather", "Fees", "Sports"], ["debit", "fees"]),
    ],
    ids=["one", "several"],
)
def test_what_is_no_option_becomes_the_fallback_and_says_so(
    field: OutputField, said: Json, value: object
) -> None:
    answer = parse(json.dumps({field.name: said}), [field])
    assert (answer.values, answer.fell_back) == ({field.name: value}, (field.name,))


def test_options_of_one_label_are_put_to_the_model_by_their_values() -> None:
    twins = OutputField("x", "choice", options=(Option("a", "Other"), Option("b", "other"), Option("c", "C")))
    assert schema([twins])["properties"] == {"x": {"type": "string", "enum": ["a", "b", "C"]}}
    assert parse('{"x": "b"}', [twins]).values == {"x": "b"}


@pytest.mark.parametrize(
    ("said", "sure"),
    [(0.8, 0.8), (85, 0.85), ("85 %", 0.85), (1, 1.0), (None, 0.0), ("high", 0.0), (True, 0.0), (-1, 0.0)],
)
def test_a_confidence_is_a_share_and_one_that_is_not_said_is_none(said: Json, sure: float) -> None:
    asked = replace(PRODUCT, confidence=True)
    assert schema([asked])["required"] == ["product", "product_confidence"]
    answer = parse(json.dumps({"product": "loan", "product_confidence": said}), [asked])
    assert answer.confidences == {"product": sure}


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from([*FIELDS, TOPICS, OutputField("l", "list")]), ANY_JSON, st.booleans())
def test_whatever_is_said_a_choice_is_one_of_its_options_and_a_value_of_its_type(
    field: OutputField, said: Json, falls_back: bool
) -> None:
    declared = replace(field, fallback=field.options[0].value) if falls_back and field.options else field
    try:
        value = parse(json.dumps({field.name: said}), [declared]).values[field.name]
    except LlmError:
        return
    kinds = {"number": float, "yes_no": bool, "choices": list, "list": list}
    assert value is None or isinstance(value, kinds.get(field.type, str))
    if field.options:
        chosen = value if isinstance(value, list) else [value]
        assert set(chosen) <= {option.value for option in field.options}


def test_an_option_whose_value_is_anothers_label_means_itself() -> None:
    swapped = OutputField("x", "choice", options=(Option("high", "low"), Option("low", "high")))
    assert parse('{"x": "high"}', [swapped]).values == {"x": "high"}


@given(st.text(max_size=300))
def test_any_text_is_parsed_or_refused_never_a_crash(text: str) -> None:
    for answer in (text, "{" * 50 + text, '{"t": ' + json.dumps(text) + "}"):
        with contextlib.suppress(LlmError):
            assert isinstance(parse(answer, [OutputField("t", "text")]).values["t"], str)


def test_a_hostile_answer_of_braces_costs_little() -> None:
    with pytest.raises(LlmError, match="no JSON object"):
        parse('{"a":' * 20_000, FIELDS)
