"""What a dry run tells beside its steps."""

from __future__ import annotations

from penstock.cli.dry_run import remarks


def test_tokens_without_a_value_and_parameters_not_sent_are_told() -> None:
    told = remarks(
        {
            "model": "m",
            "warnings": ["'enrolled_object.summary' has no value."],
            "dropped": [{"field": "temperature", "reason": "refused while the model reasons"}],
        }
    )
    assert told == [
        "'enrolled_object.summary' has no value.",
        "temperature was not sent as set: refused while the model reasons",
    ]
    assert remarks({"model": "m"}) == []
