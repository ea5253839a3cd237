"""What goes where, and what it looks like there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from penstock.cli.output import Column, Output, shortened, shown


@dataclass(frozen=True, slots=True)
class Ticket:
    id: int
    subject: str


COLUMNS: tuple[Column[Ticket], ...] = (
    Column("Ticket", lambda ticket: ticket.id, number=True),
    Column("Subject", lambda ticket: ticket.subject),
)


def test_with_json_standard_output_is_one_document_and_remarks_are_silent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = Output()
    output.json = True
    output.line("Tickets:")
    output.note("There are more.")
    output.results([Ticket(1, "Ärger")], COLUMNS, note="Older ones: --before 1")
    with output.progress("Import", "rows") as progress:
        progress(1, 2)
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"results": [{"id": "1", "subject": "Ärger"}]}
    assert captured.err == ""


def test_a_list_of_nothing_is_an_empty_list_for_programs_and_a_sentence_for_people(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = Output()
    output.results([], COLUMNS, empty="No tickets.")
    output.json = True
    output.results([], COLUMNS, empty="No tickets.")
    said, document = capsys.readouterr().out.split("\n", 1)
    assert said == "No tickets."
    assert json.loads(document) == {"results": []}


def test_in_a_pipe_a_table_is_plain_aligned_text_with_nothing_cut_off(
    capsys: pytest.CaptureFixture[str],
) -> None:
    long = "word " * 100 + "end"
    Output().results([Ticket(1, long), Ticket(23, "short")], COLUMNS)
    header, first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("end")
    assert header.index("Subject") == first.index("word") == second.index("short")
    assert "\x1b" not in header + first + second
    assert not any(line.endswith(" ") for line in (header, first, second))


def test_text_from_a_record_reaches_the_terminal_without_escape_sequences_or_markup(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = Output()
    output.results([Ticket(1, "\x1b]0;owned\x07 [red]bold[/red] \u202egnp.exe")], COLUMNS)
    output.item(Ticket(1, ""), [("Subject", "\x9b31m"), ("Properties", {"a": "\x1b[2J"})])
    output.line("\x1b[2J[bold]")
    shown_text = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown_text)
    assert "[red]bold[/red]" in shown_text
    assert "[bold]" in shown_text


def test_long_work_in_a_pipe_ends_with_a_line_that_says_how_much_was_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Output().progress("Import", "rows") as progress:
        progress(10, 1580)
        progress(1580, 1580, "3 errors")
    with Output().progress("Model", "bytes") as progress:
        progress(5_000_000, 10_000_000)
    rows, megabytes = capsys.readouterr().err.splitlines()
    assert rows.startswith("Import: 1,580 of 1,580 rows, ")
    assert rows.endswith("3 errors")
    assert megabytes.startswith("Model: 5.0 of 10.0 MB, ")


def test_cells_are_written_for_people() -> None:
    at = datetime(2026, 1, 31, 9, 30, 1, 999, tzinfo=UTC)
    assert shown(at) == at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    assert [shown(None), shown(True), shown(("a", 2)), shown({"a": None})] == [
        "",
        "yes",
        "a, 2",
        '{"a":null}',
    ]
    assert shortened("one\n two   three", 9) == "one two…"
