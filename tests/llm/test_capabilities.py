"""What is sent to which model: temperature and effort by the table, each change reported."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.kit.json import JsonObject
from penstock.llm.capabilities import EFFORT_WORDS, Capabilities, Range, settle, snap
from penstock.llm.json_values import count, obj
from penstock.llm.model_facts import TABLES, known
from penstock.llm.providers import PROVIDERS
from penstock.llm.request import EFFORTS, Effort, LlmRequest


def build(provider: str, model: str, **wishes: object) -> tuple[JsonObject, dict[str, str]]:
    """The body for a model, and what was dropped with its reason."""
    request = LlmRequest(model, "Well?", **wishes)  # type: ignore[arg-type]
    call, dropped = PROVIDERS[provider].build(request, known(provider, model))
    return call.body or {}, {each.field: each.reason for each in dropped}


# The rules of the providers' reference pages, model by model: (provider, model, effort) -> what stands in the body
# for effort, and whether a temperature of 0.2 goes with it.
WIRE: tuple[tuple[str, str, Effort | None, object, bool], ...] = (
    ("openai", "gpt-4.1-mini", None, None, True),
    ("openai", "gpt-4.1-mini", "high", None, True),
    ("openai", "gpt-5-nano", None, None, False),
    ("openai", "gpt-5-nano", "none", {"reasoning": {"effort": "minimal"}}, False),
    ("openai", "gpt-5.1", None, None, True),
    ("openai", "gpt-5.1", "low", {"reasoning": {"effort": "low"}}, False),
    ("openai", "gpt-5.6-sol", None, None, False),
    ("openai", "gpt-5.6-sol", "none", {"reasoning": {"effort": "none"}}, True),
    ("openai", "gpt-5.4-pro", "low", {"reasoning": {"effort": "medium"}}, False),
    ("openai", "gpt-5.2-chat-latest", "high", {"reasoning": {"effort": "medium"}}, False),
    ("openai", "o4-mini", "none", {"reasoning": {"effort": "low"}}, False),
    ("openai", "gpt-6-astra", "none", {"reasoning": {"effort": "low"}}, False),
    ("openai", "ft:gpt-4.1-mini:acme::abc", None, None, True),
    ("openai", "gpt-99", "high", {"reasoning": {"effort": "high"}}, True),
    ("anthropic", "claude-haiku-4-5-20251001", None, None, True),
    ("anthropic", "claude-haiku-4-5-20251001", "none", None, True),
    ("anthropic", "claude-haiku-4-5-20251001", "medium", {"thinking": {"type": "enabled", "budget_tokens": 8192}}, False),
    ("anthropic", "claude-sonnet-4-20250514", "low", {"thinking": {"type": "enabled", "budget_tokens": 2048}}, False),
    ("anthropic", "claude-opus-4-6", "high", {"thinking": {"type": "adaptive"}, "output_config": {"effort": "high"}}, False),
    ("anthropic", "claude-opus-4-6", "none", {"thinking": {"type": "disabled"}}, True),
    ("anthropic", "claude-opus-4-7", None, None, False),
    ("anthropic", "claude-opus-5", "none", {"thinking": {"type": "disabled"}}, False),
    ("anthropic", "claude-opus-5-5", "none", {"thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}}, False),
    ("anthropic", "claude-sonnet-5-5", "none", {"thinking": {"type": "between_tools"}}, False),
    ("google", "gemini-2.5-flash", "none", {"thinkingConfig": {"thinkingBudget": 0}}, True),
    ("google", "gemini-2.5-pro", "none", {"thinkingConfig": {"thinkingBudget": 128}}, True),
    ("google", "gemini-3-flash-preview", "medium", {"thinkingConfig": {"thinkingLevel": "medium"}}, True),
    ("google", "gemini-3.1-pro-preview", "none", {"thinkingConfig": {"thinkingLevel": "low"}}, True),
    ("google", "gemini-2.0-flash", "high", None, True),
    ("xai", "grok-4.3", "none", {"reasoning": {"effort": "none"}}, True),
    ("xai", "grok-4.6", "none", {"reasoning": {"effort": "low"}}, True),
    ("xai", "grok-4.20-0309-reasoning", "high", None, True),
    ("cohere", "command-a-03-2025", "high", None, True),
    ("cohere", "command-a-reasoning-08-2025", "high", {"thinking": {"type": "enabled", "token_budget": 16384}}, True),
    ("cohere", "command-a-reasoning-08-2025", "none", {"thinking": {"type": "disabled"}}, True),
    ("compatible", "qwen3", "low", {"reasoning_effort": "low"}, True),
)  # fmt: skip


@pytest.mark.parametrize(("provider", "model", "effort", "wire", "temperature"), WIRE)
def test_effort_and_temperature_reach_each_model_as_it_takes_them(
    provider: str, model: str, effort: Effort | None, wire: JsonObject | None, temperature: bool
) -> None:
    body, dropped = build(provider, model, effort=effort, temperature=0.2)
    place = obj(body.get("generationConfig")) if provider == "google" else body
    names = ("reasoning", "reasoning_effort", "thinking", "output_config", "thinkingConfig")
    assert {name: place[name] for name in names if name in place} == (wire or {})
    assert place.get("temperature") == (0.2 if temperature else None)
    assert ("temperature" in dropped) is not temperature


@given(
    st.sampled_from(EFFORTS),
    st.none() | st.floats(0, 1),
    st.sampled_from([(provider, table[0]) for provider, rows in TABLES.items() for table in rows]),
)
def test_a_wish_is_either_sent_as_it_is_or_reported(
    effort: Effort, temperature: float | None, place: tuple[str, str]
) -> None:
    capabilities = known(*place)
    settled = settle(LlmRequest(place[1], "Well?", effort=effort, temperature=temperature), capabilities)
    reported = {dropped.field for dropped in settled.dropped}
    assert settled.temperature == temperature or "temperature" in reported
    fulfilled_by_nature = (
        effort == "none" and not capabilities.efforts and not capabilities.reasons_by_default
    )
    assert settled.effort == effort or "effort" in reported or fulfilled_by_nature
    assert settled.effort is None or settled.effort in capabilities.efforts


@given(st.sampled_from(EFFORT_WORDS), st.sets(st.sampled_from(EFFORT_WORDS)))
def test_snapping_takes_a_nearest_word_and_never_switches_off_what_was_asked_for(
    wanted: str, words: set[str]
) -> None:
    got = snap(wanted, words)
    allowed = words if wanted == "none" else words - {"none"}
    if not allowed:
        assert got is None
        return
    rank = EFFORT_WORDS.index
    assert got in allowed
    assert abs(rank(got or "") - rank(wanted)) == min(abs(rank(word) - rank(wanted)) for word in allowed)


@given(st.integers(1, 100_000), st.sampled_from(("low", "medium", "high")))
def test_anthropics_token_limit_always_exceeds_its_thinking_budget(limit: int, effort: Effort) -> None:
    body, dropped = build("anthropic", "claude-haiku-4-5", effort=effort, max_output_tokens=limit)
    sent = count(body["max_tokens"])
    assert sent > count(obj(body["thinking"])["budget_tokens"])
    assert sent == limit or "max_output_tokens" in dropped


def test_the_form_learns_why_a_temperature_is_refused() -> None:
    for provider, rows in TABLES.items():
        for beginning, capabilities in rows:
            refused = capabilities.temperature is None or (
                provider == "openai" and capabilities.temperature_needs_reasoning_off
            )
            assert bool(capabilities.temperature_note) or not refused, beginning


def test_a_model_without_system_part_or_schema_gets_both_in_its_prompt_and_the_log_says_so() -> None:
    schema: JsonObject = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    body, dropped = build("google", "gemma-3-27b-it", system="Be brief.", schema=schema)
    words = str(body["contents"])
    assert "Be brief." in words
    assert "JSON schema" in words
    assert set(dropped) == {"schema", "system"}
    assert obj(body["generationConfig"]) == {}


def test_nothing_is_added_to_what_the_author_wrote() -> None:
    for provider in ("openai", "anthropic", "google", "xai", "cohere", "compatible"):
        body, dropped = build(provider, "some-model")
        assert dropped == {}
        assert (
            not {"system", "instructions", "systemInstruction", "temperature", "tools", "stream"}
            & body.keys()
        )
        assert str(body).count("Well?") == 1


def test_offered_efforts_are_those_of_our_four_that_the_model_takes() -> None:
    assert Capabilities(efforts=("minimal", "low", "xhigh")).offered_efforts == ("low",)
    assert known("google", "models/gemini-2.5-flash").offered_efforts == EFFORTS
    assert known("anthropic", "claude-haiku-4-5").temperature == Range(0, 1)
