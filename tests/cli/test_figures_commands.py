"""What needs attention and what was spent, on the command line."""

from __future__ import annotations

from tests.cli.conftest import Cli


def test_a_new_installation_needs_no_attention_and_spent_nothing(cli: Cli) -> None:
    assert cli("attention").out.strip() == "Nothing needs attention."
    assert cli("attention", "--json").json == {"results": []}
    spent = cli("spend", "--by", "day,model", "--from", "2026-01-01", "--to", "2026-01-31", "--json").json
    assert (spent["first"], spent["last"], spent["rows"]) == ("2026-01-01", "2026-01-31", [])
    assert (spent["totals"]["calls"], spent["totals"]["costUsd"]) == (0, "0")
    shown = cli("spend").out
    assert "all" in shown
    assert "0.00 USD so far" in shown
    refused = cli("spend", "--by", "weekday")
    assert refused.status == 2
    assert "Use one of day, flow, model, connection." in refused.err
