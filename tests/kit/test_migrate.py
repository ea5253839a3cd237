import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from penstock.errors import DatabaseProblem
from penstock.kit.embedded import EmbeddedServer
from penstock.kit.migrate import MIGRATION_LOCK, MIGRATIONS, migrate

MIGRATION = """
from alembic import op
revision, down_revision = {revision!r}, {before!r}
def upgrade():
    op.execute({sql!r})
"""


@pytest.fixture
def empty_database(embedded_server: EmbeddedServer) -> Iterator[str]:
    with psycopg.connect(embedded_server.url, autocommit=True) as db:
        db.execute("CREATE DATABASE penstock_empty")
        yield embedded_server.url.replace("/penstock?", "/penstock_empty?")
        db.execute("DROP DATABASE penstock_empty WITH (FORCE)")


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """Alembic scripts with one migration, in a folder whose name needs care."""
    folder = tmp_path / "100% of them"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text((MIGRATIONS / "env.py").read_text())
    add(folder, "0001", None, "CREATE TABLE first (n int)")
    return folder


def add(scripts: Path, revision: str, before: str | None, sql: str) -> None:
    (scripts / "versions" / f"{revision}.py").write_text(
        MIGRATION.format(revision=revision, before=before, sql=sql)
    )


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as db:
        return {row[0] for row in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def test_only_what_is_new_is_run(empty_database: str, scripts: Path) -> None:
    migrate(empty_database, scripts)
    add(scripts, "0002", "0001", "CREATE TABLE second (n int)")
    migrate(empty_database, scripts)
    migrate(empty_database, scripts)
    assert tables(empty_database) == {"alembic_version", "first", "second"}


def test_a_migration_that_fails_leaves_nothing_and_runs_again(empty_database: str, scripts: Path) -> None:
    add(scripts, "0002", "0001", "CREATE TABLE second (n int); SELECT 1/0")
    with pytest.raises(Exception, match="division by zero"):
        migrate(empty_database, scripts)
    assert tables(empty_database) == set()
    add(scripts, "0002", "0001", "CREATE TABLE second (n int)")
    migrate(empty_database, scripts)
    assert {"first", "second"} <= tables(empty_database)


def test_a_process_killed_in_the_middle_leaves_nothing_and_its_lock_goes_with_it(
    empty_database: str, scripts: Path
) -> None:
    add(scripts, "0002", "0001", "CREATE TABLE second (n int); SELECT pg_sleep(60)")
    failures: list[Exception] = []

    def run() -> None:
        try:
            migrate(empty_database, scripts)
        except DatabaseProblem as problem:
            failures.append(problem)

    running = threading.Thread(target=run)
    running.start()
    with psycopg.connect(empty_database, autocommit=True) as db:
        while not db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND pid <> pg_backend_pid()"
        ).fetchall():
            db.execute("SELECT pg_sleep(0.01)")
    running.join()
    assert len(failures) == 1
    assert tables(empty_database) == set()
    add(scripts, "0002", "0001", "CREATE TABLE second (n int)")
    migrate(empty_database, scripts)
    assert "second" in tables(empty_database)


def test_processes_that_start_together_wait_for_each_other(empty_database: str, scripts: Path) -> None:
    with psycopg.connect(empty_database, autocommit=True) as db:
        db.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        waiting = [threading.Thread(target=migrate, args=(empty_database, scripts)) for _ in range(3)]
        for thread in waiting:
            thread.start()
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while db.execute(query).fetchone() != (3,):
            db.execute("SELECT pg_sleep(0.01)")
        assert tables(empty_database) == set()
        db.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
        for thread in waiting:
            thread.join()
    assert tables(empty_database) == {"alembic_version", "first"}


def test_a_database_of_a_newer_version_is_left_alone(empty_database: str, scripts: Path) -> None:
    add(scripts, "0002", "0001", "CREATE TABLE second (n int)")
    migrate(empty_database, scripts)
    (scripts / "versions" / "0002.py").unlink()
    with pytest.raises(DatabaseProblem, match="written by a newer Penstock"):
        migrate(empty_database, scripts)


def test_an_unreachable_database_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseProblem, match=r"127\.0\.0\.1:1/app cannot be reached") as caught:
        migrate("postgresql://me:hunter2@127.0.0.1:1/app")
    assert "hunter2" not in str(caught.value)
