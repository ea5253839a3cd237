"""Errors become a message with its remedy on standard error, and an exit status that means something."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from penstock.cli.main import EXIT_STATUS, main
from penstock.errors import NotFound, PenstockError, Problem
from penstock.settings import Settings


def test_help_lists_every_command_and_what_exit_statuses_mean(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name in (
        "serve",
        "worker",
        "demo",
        "doctor",
        "import",
        "connect",
        "models",
        "flows",
        "runs",
        "outbox",
    ):
        assert f"  {name} " in shown
    for status, meaning in EXIT_STATUS:
        assert f"{status:<4} {meaning}" in shown


def test_every_exit_status_of_an_error_class_is_documented() -> None:
    def below(kind: type[PenstockError]) -> set[type[PenstockError]]:
        return {kind}.union(*(below(child) for child in kind.__subclasses__()))

    documented = {status for status, _ in EXIT_STATUS}
    assert {kind.exit_status for kind in below(PenstockError)} <= documented


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["runs", "show"], ["runs", "show", "seven"], ["runs", "list", "--limit", "0"]]
)
def test_a_wrong_command_line_ends_with_2_and_says_what_is_wrong_with_it(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Error:" in captured.err


def test_an_error_is_a_message_and_its_remedy_for_people_and_one_json_line_for_programs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_PORT", "many")
    assert main(["doctor"]) == 78
    assert capsys.readouterr().err.splitlines() == [
        "error: PENSTOCK_PORT is not a number from 0 to 65535.",
        "  Set PENSTOCK_PORT to such a number or unset it.",
    ]
    assert main(["doctor", "--json"]) == 78
    captured = capsys.readouterr()
    assert captured.out == ""
    assert json.loads(captured.err)["code"] == "CONFIGURATION"


def test_an_unreachable_database_ends_with_69_and_names_the_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PENSTOCK_HOME", str(tmp_path))
    monkeypatch.setenv("PENSTOCK_DATABASE_URL", "postgresql://someone:geheim@127.0.0.1:1/nowhere")
    assert main(["flows", "list"]) == 69
    said = capsys.readouterr().err
    assert "PENSTOCK_DATABASE_URL" in said
    assert "geheim" not in said


def test_an_error_of_our_own_ends_with_70_and_leaves_its_details_in_a_file_without_secrets(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PENSTOCK_HOME", str(tmp_path))

    def broken(_: object = None) -> Settings:
        raise RuntimeError("key sk-abcdefghijklmnop")

    monkeypatch.setattr(Settings, "from_environment", broken)
    monkeypatch.setattr("penstock.cli.main._home", lambda: tmp_path)
    assert main(["doctor"]) == 70
    said = capsys.readouterr().err
    [details] = (tmp_path / "logs").glob("crash-*.log")
    assert str(details) in said
    assert "RuntimeError" in details.read_text()
    assert "sk-abcdefghijklmnop" not in said + details.read_text()


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("penstock.cli.main.app", interrupted)
    assert main(["flows", "list"]) == 130


def test_the_version_is_told_in_both_forms(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    plain = capsys.readouterr().out
    assert main(["--json", "--version"]) == 0
    assert plain == f"penstock {json.loads(capsys.readouterr().out)['version']}\n"


def test_problems_of_an_error_are_listed_with_their_paths(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise NotFound("Nothing there.", problems=[Problem("actions[2]", "DANGLING", "Goes nowhere.")])

    monkeypatch.setattr("penstock.cli.main.app", refuse)
    assert main([]) == 4
    assert capsys.readouterr().err.splitlines()[1] == "  error: actions[2]: Goes nowhere. [DANGLING]"
