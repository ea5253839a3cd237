"""What a call that may search is taken to cost before it is made."""

from __future__ import annotations

from decimal import Decimal

from penstock.llm.catalog import price
from penstock.llm.request import LlmRequest, WebSearch
from penstock.llm.result import Usage
from penstock.workflows.spending.estimates import Estimates

EACH = Decimal("0.014")


def test_every_search_is_reserved_and_more_where_a_step_was_seen_to_make_more() -> None:
    estimates = Estimates()
    model = "gemini-3.5-flash"
    request = LlmRequest(model, "What does Acme do?", search=WebSearch(2))
    tokens = price("google", model, Usage(9_000, 200), 1)
    assert tokens is not None

    def reserved() -> Decimal:
        found = estimates.of(1, "1", "google", request, 1)
        assert found is not None
        return found

    assert reserved() > 2 * EACH
    usd = tokens + 6 * EACH
    estimates.learn(1, "1", "google", request, 200, usd, 1, searches=6)
    assert abs(reserved() - usd) < Decimal("0.0001"), "six searches, and tokens as they were"
    half = estimates.of(1, "1", "google", request, 1, part=Decimal("0.5"))
    assert half is not None
    assert abs(half - tokens / 2 - 6 * EACH) < Decimal("0.0001"), "a batch halves the tokens alone"
    for _ in range(200):
        estimates.learn(1, "1", "google", request, 200, tokens + EACH, 1, searches=1)
    assert abs(reserved() - tokens - 2 * EACH) < Decimal("0.0001"), "as many as allowed again"
