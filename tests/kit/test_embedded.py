import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.conftest import folder_for_a_server

from penstock.errors import DatabaseProblem
from penstock.kit import embedded
from penstock.kit.postgres_programs import explain_os_error
from penstock.kit.postgres_state import is_listening, socket_folder

# A process that uses the server until its input ends, or for ever when it is killed.
USER = """
import sys
from pathlib import Path
from penstock.kit.embedded import start
server = start(Path(sys.argv[1]))
print(server.url, flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with folder_for_a_server() as home:
        yield home
        embedded.start(home).stop()


def another_process(home: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.communicate("")
    assert process.returncode == 0


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split("\n")[0])


def is_running(home: Path) -> bool:
    return is_listening(home / "postgres")


def test_the_server_is_durable_private_and_at_home_in_unicode(home: Path) -> None:
    server = embedded.start(home)
    with psycopg.connect(server.url) as db:

        def shown(setting: str) -> str:
            row = db.execute("SELECT current_setting(%s)", [setting]).fetchone()
            assert row is not None
            return str(row[0])

        assert [
            shown(name) for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums")
        ] == ["on"] * 4
        assert shown("listen_addresses") == ""
        assert shown("server_version_num").startswith("18")
        assert shown("server_encoding") == "UTF8"
        assert db.execute("SELECT lower('ÄÖÜ'), 'a' < 'B'").fetchone() == ("äöü", False)
        assert db.execute("SELECT current_database()").fetchone() == ("penstock",)
    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
    assert list((home / "postgres" / "log").glob("postgresql-*.log"))
    server.stop()
    server.stop()  # does nothing
    assert not is_running(home)


def test_the_last_process_out_stops_the_server(home: Path) -> None:
    first, second = another_process(home), another_process(home)
    pid = postmaster(home)
    end(first)
    assert is_running(home)
    assert postmaster(home) == pid
    end(second)
    assert not is_running(home)


def test_a_process_killed_with_sigkill_does_not_count_as_a_user(home: Path) -> None:
    kill(another_process(home))
    assert is_running(home)  # Nobody was left to stop it,
    end(another_process(home))
    assert not is_running(home)  # but the next one out does.


def test_a_killed_server_recovers_what_was_committed(home: Path) -> None:
    server = embedded.start(home)
    with psycopg.connect(server.url, autocommit=True) as db:
        db.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    os.kill(postmaster(home), signal.SIGKILL)
    again = embedded.start(home)
    with psycopg.connect(again.url) as db:
        assert db.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    server.stop()
    again.stop()
    assert not is_running(home)


def test_a_process_id_that_now_belongs_to_somebody_else_does_not_keep_the_server_down(home: Path) -> None:
    server = embedded.start(home)
    data = home / "postgres"
    files = {path: path.read_text() for path in (data / "postmaster.pid", data / ".s.PGSQL.5432.lock")}
    os.kill(postmaster(home), signal.SIGQUIT)
    server.stop()
    for path, text in files.items():
        path.write_text(text.replace(text.split("\n")[0], str(os.getpid()), 1))
    again = embedded.start(home)
    assert is_running(home)
    again.stop()


def test_processes_that_start_together_share_one_server(home: Path) -> None:
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", USER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    urls = {process.stdout.readline() for process in starting if process.stdout}
    assert len(urls) == 1
    for process in starting:
        end(process)
    assert not is_running(home)


def test_an_operators_own_setting_survives_a_restart(home: Path) -> None:
    server = embedded.start(home)
    with psycopg.connect(server.url, autocommit=True) as db:
        db.execute("ALTER SYSTEM SET work_mem = '7MB'")
    server.stop()
    server = embedded.start(home)
    with psycopg.connect(server.url) as db:
        assert db.execute("SHOW work_mem").fetchone() == ("7MB",)
    server.stop()


def test_the_environment_does_not_reach_the_server(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_OPENAI_API_KEY", "sk-canary-canary")
    monkeypatch.setenv("PGPORT", "1")
    server = embedded.start(home)
    assert b"canary" not in Path(f"/proc/{postmaster(home)}/environ").read_bytes()
    server.stop()


def test_data_of_another_major_version_are_named_and_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    data.mkdir(mode=0o700)
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(
        DatabaseProblem, match=r"written by PostgreSQL 16; this Penstock brings 18.*PENSTOCK_HOME"
    ):
        embedded.start(tmp_path)
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_folder_with_other_files_is_not_taken_for_a_database(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "notes.txt").write_text("mine")
    with pytest.raises(DatabaseProblem, match="holds files, but no PostgreSQL database"):
        embedded.start(tmp_path)


def test_what_a_killed_initdb_left_is_replaced(server_home: Path) -> None:
    (server_home / "postgres.new").mkdir()
    (server_home / "postgres.new" / "PG_VERSION").write_text("18\n")
    server = embedded.start(server_home / "." / "x" / "..")
    assert is_running(server_home)
    assert not (server_home / "postgres.new").exists()
    server.stop()


def test_a_home_too_deep_for_a_socket_gets_a_private_one_elsewhere(server_home: Path) -> None:
    deep = server_home / ("d" * 60) / ("e, 'f' %" * 5)
    server = embedded.start(deep)
    with psycopg.connect(server.url) as db:
        (sockets,) = db.execute("SELECT current_setting('unix_socket_directories')").fetchone() or ("",)
    folder = Path(sockets.strip('"'))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    server.stop()
    assert not folder.exists()


def test_a_foreign_folder_in_the_place_of_the_socket_is_refused(
    server_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(server_home))  # tmp_path may be too long by itself for a socket
    monkeypatch.setattr("tempfile.tempdir", None)
    data = Path("/" + "x" * 200)
    folder = socket_folder(data, None)
    folder.chmod(0o755)
    with pytest.raises(DatabaseProblem, match="not a private folder"):
        socket_folder(data, None)


def test_a_socket_path_that_is_too_long_everywhere_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/" + "t" * 120)
    with pytest.raises(DatabaseProblem, match=r"longer than 10\d bytes.*shorter path"):
        socket_folder(Path("/" + "x" * 200), None)


def test_a_path_that_would_reach_a_shell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseProblem, match="pass to a shell"):
        embedded.start(tmp_path / "$(touch x)")


def test_a_home_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseProblem, match=r"cannot use .*file.*PENSTOCK_HOME"):
        embedded.start(tmp_path / "file" / "home")


@pytest.mark.parametrize(
    ("code", "cause", "remedy"),
    [
        (errno.ENOSPC, "disk .* is full", "Free space"),
        (errno.EACCES, "may not write", "PENSTOCK_HOME"),
        (errno.EROFS, "may not write", "PENSTOCK_HOME"),
    ],
)
def test_each_trouble_with_files_has_its_own_remedy(code: int, cause: str, remedy: str) -> None:
    with pytest.raises(DatabaseProblem, match=rf"{cause}.*{remedy}"):
        raise explain_os_error(OSError(code, "x"), Path("/home/me/penstock"))


def test_a_program_that_fails_is_quoted(home: Path) -> None:
    with pytest.raises(
        DatabaseProblem, match=r"pg_ctl says: .*unrecognized configuration parameter.*nonsense"
    ):
        embedded.start(home, {"nonsense": "1"})
    embedded.start(home).stop()
