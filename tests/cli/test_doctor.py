"""The doctor looks at everything and names the remedy."""

from __future__ import annotations

import base64
import socket
import stat
from pathlib import Path

import psycopg
from tests.cli.conftest import Cli, Ended

from penstock.cli.doctor import machine
from penstock.llm.local.known_weights import DEFAULT_MODEL
from penstock.settings import Settings


def rows(ended: Ended) -> dict[str, dict[str, str]]:
    """Checks by name."""
    results = ended.json["results"]
    assert isinstance(results, list)
    return {row["name"]: row for row in results}


def test_in_a_healthy_installation_nothing_fails_and_every_part_is_looked_at(cli: Cli) -> None:
    ended = cli("doctor", "--json", env={"PENSTOCK_PORT": "0"})
    assert ended.status == 0, ended.out
    found = rows(ended)
    assert {
        "Python",
        "Open files",
        "Home folder",
        "Secret key",
        "Database socket",
        "Port",
        "Database",
        "Migrations",
    } <= found.keys()
    assert {"Workers", "Queue", "Connections", "Mail", f"Local model {DEFAULT_MODEL}"} <= found.keys()
    assert "fail" not in {row["state"] for row in found.values()}
    for row in found.values():
        assert (row["remedy"] == "") == (row["state"] == "ok")


def test_an_unreachable_database_is_one_failed_row_and_the_rest_is_still_looked_at(cli: Cli) -> None:
    ended = cli("doctor", "--json", env={"PENSTOCK_DATABASE_URL": "postgresql://a:geheim@127.0.0.1:1/b"})
    assert ended.status == 1
    found = rows(ended)
    assert found["Database"]["state"] == "fail"
    assert "PENSTOCK_DATABASE_URL" in found["Database"]["remedy"]
    assert found["Python"]["state"] == "ok"
    assert "geheim" not in ended.out


def test_work_that_waits_without_a_worker_is_a_warning_that_says_how_to_start_one(
    cli: Cli, settings: Settings, ticket: int
) -> None:
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as db:
        db.execute(
            "INSERT INTO enrollments (workspace_id, flow_id, revision_id, record_id, cause, status, lane)"
            " VALUES (1, 1, 1, %s, 'x', 'ACTIVE', 'local')",
            [ticket],
        )
    ended = cli("doctor", "--json")
    assert rows(ended)["Workers"]["state"] == "warn"
    assert "penstock worker" in rows(ended)["Workers"]["remedy"]


def test_a_mail_server_that_is_named_wrongly_or_not_there_fails(cli: Cli) -> None:
    wrong = cli("doctor", "--json", env={"PENSTOCK_SMTP_URL": "http://mail"})
    assert rows(wrong)["Mail"]["state"] == "fail"
    gone = cli("doctor", "--live", "--json", env={"PENSTOCK_SMTP_URL": "smtp://127.0.0.1:1"})
    assert gone.status == 1
    assert "cannot be reached" in rows(gone)["Mail"]["found"]


def test_a_key_file_that_others_can_read_fails_with_the_command_that_mends_it(tmp_path: Path) -> None:
    place = tmp_path / "secret.key"
    place.write_bytes(base64.b64encode(bytes(32)))
    place.chmod(0o644)
    check = machine.key_file(Settings(home=tmp_path))
    assert (check.state, f"chmod 600 {place}" in check.remedy) == ("fail", True)
    place.chmod(0o600)
    assert machine.key_file(Settings(home=tmp_path)).state == "ok"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_key_that_is_no_key_fails(tmp_path: Path) -> None:
    assert machine.key_file(Settings(home=tmp_path, secret_key="short")).state == "fail"


def test_a_port_in_use_is_a_warning_and_an_address_of_another_machine_a_failure() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert machine.port(Settings(home=Path("/nowhere"), port=port)).state == "warn"
    assert machine.port(Settings(home=Path("/nowhere"), port=port)).state == "ok"
    assert machine.port(Settings(home=Path("/nowhere"), host="203.0.113.7")).state != "ok"


def test_a_home_folder_that_is_a_file_fails(tmp_path: Path) -> None:
    place = tmp_path / "home"
    place.write_text("")
    check = machine.home_folder(Settings(home=place))
    assert check.state == "fail"
    assert "PENSTOCK_HOME" in check.remedy
    assert machine.home_folder(Settings(home=tmp_path)).state in {"ok", "warn"}
    assert [found.name for found in tmp_path.iterdir()] == ["home"]
