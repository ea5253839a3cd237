"""What replies say of limits, in the words of each provider."""

from __future__ import annotations

import pytest

from penstock.llm.limit_headers import NOTHING, Gauge, Stated, stated_limits

# Recorded from OpenAI, Anthropic and xAI.
OPENAI = {
    "x-ratelimit-limit-requests": "5000",
    "x-ratelimit-remaining-requests": "4999",
    "x-ratelimit-reset-requests": "12ms",
    "x-ratelimit-limit-tokens": "2000000",
    "x-ratelimit-remaining-tokens": "1999465",
    "x-ratelimit-reset-tokens": "16ms",
}
ANTHROPIC = {
    "date": "Wed, 19 Aug 2026 14:34:10 GMT",
    "anthropic-ratelimit-requests-limit": "10000",
    "anthropic-ratelimit-requests-remaining": "9997",
    "anthropic-ratelimit-requests-reset": "2026-08-19T14:34:11Z",
    "anthropic-ratelimit-tokens-limit": "12000000",
    "anthropic-ratelimit-tokens-remaining": "11999000",
    "anthropic-ratelimit-tokens-reset": "2026-08-19T14:34:13Z",
}
XAI = {
    "x-ratelimit-limit-requests": "1800",
    "x-ratelimit-remaining-requests": "1800",
    "x-ratelimit-limit-tokens": "10000000",
    "x-ratelimit-remaining-tokens": "10000000",
}


@pytest.mark.parametrize(
    ("headers", "stated"),
    [
        (OPENAI, Stated(Gauge(5000, 4999, 0.012), Gauge(2_000_000, 1_999_465, 0.016))),
        (ANTHROPIC, Stated(Gauge(10_000, 9_997, 1.0), Gauge(12_000_000, 11_999_000, 3.0))),
        (XAI, Stated(Gauge(1800, 1800), Gauge(10_000_000, 10_000_000))),
        ({}, NOTHING),
        ({**OPENAI, "x-ratelimit-limit-requests": "0"}, Stated(None, Gauge(2_000_000, 1_999_465, 0.016))),
        ({"x-ratelimit-limit-requests": "many"}, NOTHING),
        # A limit a day is the provider's plan, not a pace.
        ({"x-ratelimit-limit-requests": "10000", "x-ratelimit-reset-requests": "6h3m"}, NOTHING),
        ({"anthropic-ratelimit-requests-limit": "50", "anthropic-ratelimit-requests-reset": "soon"}, Stated(Gauge(50))),
    ],
    ids=["openai", "anthropic", "xai", "none", "zero", "no number", "a day", "no time"],
)  # fmt: skip
def test_the_limits_are_read_in_the_words_of_each_provider(headers: dict[str, str], stated: Stated) -> None:
    assert stated_limits(headers) == stated


def test_a_bucket_that_refills_is_told_from_a_window_that_ends() -> None:
    assert Gauge(5000, 4999, 0.012).refills
    assert Gauge(600, 0, 60.0).refills
    assert Gauge(600, 300, 30.0).refills
    assert not Gauge(600, 500, 58.0).refills
    assert not Gauge(600, 10, 20.0).refills
