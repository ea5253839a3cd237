"""Caps from the command line."""

from __future__ import annotations

from tests.cli.conftest import Cli


def test_caps_are_set_listed_changed_and_removed(cli: Cli) -> None:
    assert "penstock caps set" in cli("caps", "list").out
    made = cli("caps", "set", "2.50", "--per", "day", "--json")
    assert made.status == 0, made.err
    assert (made.json["scope"], made.json["period"], float(made.json["limitUsd"])) == (
        "workspace",
        "day",
        2.5,
    )
    assert made.json["alerts"] is True
    assert (
        "5.00 USD a day for the workspace, 5.00 left"
        in cli("caps", "set", "$5", "--per", "day", "--no-alerts").out
    )
    listed = cli("caps", "list").out
    assert "the workspace" in listed
    assert "a day" in listed
    assert "off" in listed
    assert cli("caps", "remove", made.json["id"]).status == 0
    assert cli("caps", "remove", made.json["id"]).status == 4


def test_a_cap_of_two_things_of_no_amount_or_of_nothing_is_refused(cli: Cli) -> None:
    assert cli("caps", "set", "1", "--flow", "1", "--each-run-of", "1").status == 2
    assert cli("caps", "set", "much").status == 2
    assert cli("caps", "set", "1", "--flow", "7").status == 4
    assert cli("caps", "set", "1", "--connection", "nobody").status == 4
