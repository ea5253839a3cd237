"""Samples from the command line: a table, a CSV file, JSON, and an exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Cli
from tests.cli.test_flows_commands import tagging


def test_a_sample_shows_each_record_and_writes_a_csv_file(cli: Cli, ticket: int, tmp_path: Path) -> None:
    flow: dict[str, Any] = cli("flows", "put", "-", "--json", stdin=json.dumps(tagging())).json
    file = tmp_path / "rows.csv"
    shown = cli("sample", flow["id"], "--number", 5, "--csv", file)
    assert shown.status == 0, shown.err
    assert "Card charged twice" in shown.out
    assert "1 of 1 records, 0 failed, 0 USD. Nothing was written or sent." in shown.out
    assert file.read_text().splitlines()[0].startswith("record,name,status,path,")
    [listed] = cli("samples", "list", flow["id"], "--json").json["results"]  # type: ignore[misc]
    assert listed["state"] == "DONE"
    again: Any = cli("samples", "show", listed["id"], "--json").json
    assert again["results"][0]["path"] == "1"
    assert cli("samples", "cancel", listed["id"]).status == 5
    assert cli("sample", flow["id"], "--record", 999_999).status == 4
    assert cli("sample", flow["id"], "--max-usd", "nothing").status == 2


def test_a_price_of_ones_own_is_set_listed_and_removed(cli: Cli) -> None:
    stated = cli("prices", "set", "openai", "gpt-4.1-mini", "--input", "0.30", "--output", 1.2)
    assert stated.status == 0, stated.err
    [listed] = cli("prices", "list", "--json").json["results"]  # type: ignore[misc]
    assert (listed["model"], listed["inputUsd"]) == ("gpt-4.1-mini", "0.30")
    assert cli("prices", "set", "openai", "x", "--input", "cheap", "--output", 1).status == 2
    assert cli("prices", "remove", "openai", "gpt-4.1-mini").status == 0
    assert cli("prices", "remove", "openai", "gpt-4.1-mini").status == 4
