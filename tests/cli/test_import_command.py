"""Importing from the command line: good rows are kept, bad ones listed, nothing is left out silently."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.cli.conftest import Cli

from penstock.cli.imports import read_maps
from penstock.errors import InvalidInput

TICKETS = """\
Number,Title,Priority,Note
a1,Card charged twice,HIGH,=cmd()
a2,Login fails,huge,
a3,"Letter, unanswered",low,"two
lines"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Three tickets, of which the second has an impossible priority."""
    place = tmp_path / "tickets.csv"
    place.write_text(TICKETS)
    return place


ARGUMENTS = (
    "--type", "tickets", "--map", "Number=ticket_number", "--map", "Title=subject", "--map", "Priority=hs_ticket_priority",
    "--create-properties", "--unique", "ticket_number",
)  # fmt: skip


def test_good_rows_are_kept_and_every_bad_one_is_listed_with_line_column_and_reason(
    cli: Cli, file: Path, tmp_path: Path
) -> None:
    errors = tmp_path / "errors.csv"
    done = cli("import", file, *ARGUMENTS, "--errors-to", errors, "--json")
    assert done.status == 1, done.err
    assert (done.json["createdCount"], done.json["errorCount"], done.json["state"]) == (2, 1, "DONE")
    [bad] = done.json["errors"]
    assert (bad["line"], bad["column"]) == (3, "Priority")
    with errors.open(newline="") as opened:
        assert [row[:2] for row in csv.reader(opened)] == [["line", "column"], ["3", "Priority"]]
    values = [row["properties"] for row in cli("records", "list", "tickets", "--json").json["results"]]
    assert [value["ticket_number"] for value in values] == ["a1", "a3"]
    assert values[1]["hs_ticket_priority"] == "LOW"


def test_a_second_import_finds_the_records_of_the_first(cli: Cli, file: Path) -> None:
    cli("import", file, *ARGUMENTS)
    again = cli("import", file, *ARGUMENTS, "--json")
    assert (again.json["createdCount"], again.json["unchangedCount"]) == (0, 2)


def test_people_read_counts_rate_and_bad_rows_and_progress_goes_to_standard_error(
    cli: Cli, file: Path
) -> None:
    done = cli("import", file, *ARGUMENTS)
    assert "3 rows: 2 created" in done.out
    assert "Bad rows" in done.out
    assert "Import tickets.csv: 3 of 3 rows" in done.err


def test_a_column_that_fits_nowhere_stops_the_import_before_the_first_row(cli: Cli, file: Path) -> None:
    refused = cli("import", file, "--type", "tickets")
    assert refused.status == 2
    assert "Column 'Number'" in refused.err
    assert "Column 'Note'" in refused.err
    assert cli("records", "list", "tickets", "--json").json["results"] == []
    assert cli("import", file, "--type", "tikets").status == 4


def test_a_file_that_is_not_there_or_holds_nothing(cli: Cli, tmp_path: Path) -> None:
    assert cli("import", tmp_path / "gone.csv", "--type", "tickets").status == 2
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    assert "no header row" in cli("import", empty, "--type", "tickets").err


def test_a_header_may_hold_an_equals_sign_and_an_empty_property_leaves_the_column_out() -> None:
    assert read_maps(["a=b=subject", "Note="]) == {"a=b": "subject", "Note": None}
    with pytest.raises(InvalidInput, match="HEADER=PROPERTY"):
        read_maps(["subject"])
