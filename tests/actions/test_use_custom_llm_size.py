"""A prompt that is too long: fails, or is cut by the rule that its author chose; and what stands in front of it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.actions.action_contexts import CheckMaker, StepMaker

from penstock.actions.outcome import Fail
from penstock.actions.use_custom_llm import Terms, UseCustomLlmFields, check, prepare
from penstock.actions.use_custom_llm_request import fixed_tokens, render_texts
from penstock.kit.json import Json
from penstock.llm.prompt import estimate_tokens, request_tokens

PROMPT = "Sort this: {{ enrolled_object.content | fenced }} From: {{ enrolled_object.subject }}"


def llm(**keys: Json) -> UseCustomLlmFields:
    return UseCustomLlmFields.model_validate({"connection_id": "3", "model": "m", "prompt": PROMPT, **keys})


def test_the_longest_values_are_cut_to_the_same_length_and_the_step_says_so(step: StepMaker) -> None:
    fields = llm(when_too_long="cut_longest", max_prompt_tokens=100)
    ready = prepare(fields, step(content="word " * 400, subject="other " * 100), Terms("0123456789ab"))
    assert not isinstance(ready, Fail)
    assert 80 < request_tokens(ready.request) <= 100
    assert set(ready.cuts) == {"enrolled_object.content", "enrolled_object.subject"}
    lengths = list(ready.cuts.values())
    assert abs(lengths[0] - lengths[1]) < 10
    assert ready.request.prompt.count("0123456789ab") == 2
    assert "…</data-0123456789ab>" in ready.request.prompt
    assert "enrolled_object.content }} ends after" in ready.warnings[0]


def test_a_short_value_stays_whole_beside_a_long_one(step: StepMaker) -> None:
    fields = llm(when_too_long="cut_longest", max_prompt_tokens=100)
    ready = prepare(fields, step(content="word " * 400, subject="Ann"))
    assert not isinstance(ready, Fail)
    assert list(ready.cuts) == ["enrolled_object.content"]
    assert ready.request.prompt.endswith("From: Ann")


def test_a_named_token_alone_is_cut_and_when_that_is_not_enough_nothing_is_sent(step: StepMaker) -> None:
    fields = llm(when_too_long="cut_token", cut_token="enrolled_object.subject", max_prompt_tokens=100)
    ready = prepare(fields, step(content="word " * 40, subject="other " * 100))
    assert not isinstance(ready, Fail)
    assert list(ready.cuts) == ["enrolled_object.subject"]
    refused = prepare(fields, step(content="word " * 400, subject="other"))
    assert isinstance(refused, Fail)
    assert refused.failure.code == "PROMPT_TOO_LONG"
    assert "enrolled_object.subject" in refused.failure.message


@pytest.mark.parametrize(
    ("keys", "window", "sent"),
    [
        ({"max_prompt_tokens": 100}, None, False),
        ({"when_too_long": "cut_longest"}, 2_000, True),
        ({"when_too_long": "cut_longest", "max_output_tokens": 1_999}, 2_000, False),
    ],
    ids=["fails by the author's limit", "cut to the model's window", "no room beside the answer"],
)
def test_the_limit_is_the_authors_or_the_models(
    keys: dict[str, Json], window: int | None, sent: bool, step: StepMaker
) -> None:
    ready = prepare(llm(**keys), step(content="word " * 4000), Terms(window=window))
    assert isinstance(ready, Fail) is not sent
    if not isinstance(ready, Fail):
        assert request_tokens(ready.request) <= 1_500  # a quarter of the window is kept for the answer


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.text(max_size=3000), subject=st.text(max_size=3000), room=st.integers(40, 400))
def test_whatever_the_values_a_cut_prompt_fits(
    content: str, subject: str, room: int, step: StepMaker
) -> None:
    fields = llm(when_too_long="cut_longest", max_prompt_tokens=room)
    ready = prepare(fields, step(content=content, subject=subject))
    assert not isinstance(ready, Fail)
    assert request_tokens(ready.request) <= room


def test_letters_of_other_scripts_count_for_more_tokens() -> None:
    assert estimate_tokens("hello") == 2
    assert estimate_tokens("你好你好你") >= 5
    assert estimate_tokens("Ærlig") <= 3


def test_what_is_the_same_for_every_record_is_counted_up_to_the_first_token(step: StepMaker) -> None:
    fields = llm(system_prompt="You sort tickets. " * 20)
    texts = render_texts(fields, step(content="x"), "", {})
    assert fixed_tokens(texts) == estimate_tokens("You sort tickets. " * 20) + estimate_tokens("Sort this: ")


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ({"when_too_long": "cut_token", "cut_token": "enrolled_object.content"}, []),
        ({"when_too_long": "cut_token", "cut_token": "enrolled_object.due"}, ["UNKNOWN_CUT"]),
        ({"when_too_long": "cut_token"}, ["UNKNOWN_CUT"]),
        ({"max_prompt_tokens": 0}, ["OUT_OF_RANGE"]),
        ({"prompt": "{{ enrolled_object.content }}"}, ["UNFENCED_TEXT"]),
    ],
)
def test_checks_of_size_and_fence(keys: dict[str, Json], codes: list[str], checking: CheckMaker) -> None:
    assert [problem.code for problem in check(llm(**keys), checking(), "f")] == codes
