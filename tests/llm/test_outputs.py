"""Declared outputs: the schema that goes out, and what comes back into values."""

from __future__ import annotations

import contextlib
import json

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
        parse(wrap.replace("{}", json.dumps(ANSWER)).replace("{{", "{").replace("}}", "}"), FIELDS) == VALUES
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
        (OutputField("t", "text", required=False), None, None),
        (OutputField("t", "text", required=False), "  ", None),
    ],
)
def test_values_are_read_as_people_mean_them(field: OutputField, said: Json, value: object) -> None:
    assert parse(json.dumps({field.name.upper(): said}), [field]) == {field.name: value}


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (PRODUCT, "Mortgage"),
        (PRODUCT, None),
        (PRODUCT, ["loan"]),
        (OutputField("n", "number"), "between 3 and 5"),
        (OutputField("n", "number"), True),
        (OutputField("n", "number"), "nan"),
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


def test_an_option_whose_value_is_anothers_label_means_itself() -> None:
    swapped = OutputField("x", "choice", options=(Option("high", "low"), Option("low", "high")))
    assert parse('{"x": "high"}', [swapped]) == {"x": "high"}


@given(st.text(max_size=300))
def test_any_text_is_parsed_or_refused_never_a_crash(text: str) -> None:
    for answer in (text, "{" * 50 + text, '{"t": ' + json.dumps(text) + "}"):
        with contextlib.suppress(LlmError):
            assert isinstance(parse(answer, [OutputField("t", "text")])["t"], str)


def test_a_hostile_answer_of_braces_costs_little() -> None:
    with pytest.raises(LlmError, match="no JSON object"):
        parse('{"a":' * 20_000, FIELDS)
