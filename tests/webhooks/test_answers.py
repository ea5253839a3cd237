from datetime import UTC, datetime

import pytest

from penstock.webhooks.answers import asked_wait, described, verdict

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_every_status_is_success_or_worth_another_attempt_or_final() -> None:
    by_verdict = {
        want: {status for status in range(200, 600) if verdict(status) == want}
        for want in ("delivered", "again")
    }
    assert by_verdict == {"delivered": set(range(200, 300)), "again": {408, 429, *range(500, 600)}}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Tue, 24 Nov 2026 12:01:30 GMT", 90.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("9" * 400, 999_999_999.0),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_nonsense_asks_nothing(
    header: str | None, seconds: float | None
) -> None:
    assert asked_wait(header, NOW) == seconds


def test_an_answer_that_was_no_success_is_told_with_what_to_do() -> None:
    assert "Enter the final address" in described(301)
    assert "wants this webhook no more" in described(410)
    assert described(503) == "The receiver answered 503."
