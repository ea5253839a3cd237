"""What `penstock runs show` says of a step whose failure did not stop the record (pure)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from penstock.cli.runs import _step_lines
from penstock.kit.json import JsonObject
from penstock.workflows.runs import Step

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "detail", "error", "says"),
    [
        (
            "RETRYING",
            None,
            {"asks_another": 1, "model": "gpt-4.1", "next_model": "claude-sonnet-4-6"},
            "RETRYING, asked another model: claude-sonnet-4-6, 0.00 s",
        ),
        ("FAILED", {"branch": "error"}, {}, "FAILED, went on by the path for failed records, 0.00 s"),
        ("FAILED", None, {}, "FAILED, 0.00 s"),
    ],
)
def test_a_step_that_failed_says_what_that_led_to(
    status: str, detail: JsonObject | None, error: JsonObject, says: str
) -> None:
    step = Step(1, 1, "1", "1-1000", status, 1, NOON, NOON, None, None, detail, error)
    [(_, shown), *_] = _step_lines(step)
    assert str(shown).startswith(says)
