"""What calls cost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from genai_prices import Usage as ListedUsage
from genai_prices import calc_price

from penstock.llm.catalog import price
from penstock.llm.prices import LISTED_AS
from penstock.llm.result import Usage


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("openai", "gpt-5.4-2026-03-05"),
        ("openai", "gpt-4.1-mini"),
        ("anthropic", "claude-opus-5"),
        ("anthropic", "claude-haiku-4-5-20251001"),
        ("google", "gemini-2.5-pro"),
        ("xai", "grok-4.3"),
        ("cohere", "command-a-03-2025"),
    ],
)
@pytest.mark.parametrize(
    "usage", [Usage(1_000, 100), Usage(5_000, 10, 4_000, 500), Usage(600_000, 10, 1_000)]
)
def test_our_price_is_the_price_lists_also_beyond_a_price_step(
    provider: str, model: str, usage: Usage
) -> None:
    listed = calc_price(
        ListedUsage(
            input_tokens=usage.input,
            output_tokens=usage.output,
            cache_read_tokens=usage.cached,
            cache_write_tokens=usage.cache_write,
        ),
        model,
        provider_id=LISTED_AS[provider],
    )
    assert price(provider, model, usage, 1) == listed.total_price


def test_what_the_reply_states_wins_over_the_list() -> None:
    # xAI's recorded answer xai-01: 5,743,500 ticks; the list gives the same for its 71 + 128 cached + 184 tokens.
    assert price("xai", "grok-4.3", Usage(reported_usd=Decimal("0.00057435")), 1) == Decimal("0.00057435")
    assert price("xai", "grok-4.3", Usage(199, 184, 128), 1) == Decimal("0.00057435")
    # Cohere charges for 8 of the 503 tokens that the model saw (recorded answer cohere-01).
    assert price(
        "cohere", "command-a-03-2025", Usage(503, 11, 448, billed_input=8, billed_output=8), 1
    ) == Decimal("0.0001")


def test_an_unlisted_model_has_no_price_and_a_local_one_costs_nothing() -> None:
    assert price("openai", "gpt-99", Usage(10, 10), 1) is None
    assert price("openai", "ft:gpt-4.1-mini:acme::x", Usage(10, 10), 1) is None
    assert price("compatible", "gpt-4.1", Usage(10, 10), 1) is None
    assert price("local", "smollm2-135m", Usage(10, 10), 1) == 0
