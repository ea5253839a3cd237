"""Knowledge sets from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli


def test_a_set_is_made_filled_from_a_folder_searched_and_deleted(cli: Cli, tmp_path: Path) -> None:
    assert "penstock knowledge create" in cli("knowledge", "list").out
    assert cli("knowledge", "create", "Rules", "--language", "danish", "--json").json["language"] == "danish"
    (tmp_path / "retur.md").write_text("# Retur\n\nKunderne sender varerne tilbage.")
    (tmp_path / "notes.xlsx").write_bytes(b"PK")
    added = cli("knowledge", "add", "Rules", tmp_path)
    assert (added.status, "retur.md" in added.out, "notes" in added.out) == (0, True, False), added.err
    refused = cli("knowledge", "add", "rules", tmp_path / "notes.xlsx")
    assert (refused.status, "'notes.xlsx' is of no kind" in refused.err) == (2, True)
    missing = cli("knowledge", "add", "rules", tmp_path / "none.md")
    assert (missing.status, "There is no file" in missing.err) == (2, True)
    assert "retur.md > Retur" in cli("knowledge", "search", "1", "vare").out
    assert cli("knowledge", "documents", "Rules").out.count("retur.md") == 1
    assert cli("knowledge", "remove", "Rules", "1").status == 0
    assert cli("knowledge", "delete", "Rules").status == 0
    gone = cli("knowledge", "documents", "Rules")
    assert (gone.status, "penstock knowledge list" in gone.err) == (4, True)
