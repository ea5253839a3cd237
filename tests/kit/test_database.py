from datetime import UTC, datetime

import asyncpg
import pytest

from penstock.errors import ConfigurationProblem, DatabaseProblem
from penstock.kit.database import Connection, Pool, connect, database_problem, open_pool, transaction
from penstock.kit.json import Json


@pytest.mark.parametrize("value", [{"a": [1, None, "ö\n"]}, [], "text", 1.5, True])
async def test_json_columns_are_python_values_both_ways(db: Connection, value: Json) -> None:
    row = await db.fetchrow("SELECT $1::jsonb AS b, $2::json AS j, jsonb_typeof($1) AS type", value, value)
    assert row is not None
    assert row["b"] == row["j"] == value
    assert type(row["b"]) is type(value)


async def test_objects_travel_in_batches(db: Connection) -> None:
    rows = await db.fetch(
        "SELECT b->>'a' AS a, b FROM unnest($1::jsonb[]) AS t(b)", [{"a": "1"}, {"a": "2"}, None]
    )
    assert [(row["a"], row["b"]) for row in rows] == [("1", {"a": "1"}), ("2", {"a": "2"}), (None, None)]


async def test_a_session_names_itself_and_keeps_utc(db: Connection) -> None:
    row = await db.fetchrow("SELECT current_setting('application_name') a, current_setting('jit') j, $1::timestamptz t",
                            datetime(2026, 3, 1, tzinfo=UTC))  # fmt: skip
    assert row is not None
    assert (row["a"], row["j"], row["t"]) == ("penstock", "off", datetime(2026, 3, 1, tzinfo=UTC))


async def test_an_exception_rolls_the_transaction_back_and_passes_unchanged(pool: Pool) -> None:
    with pytest.raises(FileNotFoundError):
        async with transaction(pool) as db:
            await db.execute("INSERT INTO workspaces (name) VALUES ('lost')")
            raise FileNotFoundError("of the caller, not of the database")
    async with transaction(pool) as db:
        assert await db.fetchval("SELECT count(*) FROM workspaces") == 1


async def test_a_broken_constraint_passes_unchanged(pool: Pool) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        async with transaction(pool) as db:
            await db.execute("INSERT INTO workspaces (id, name) VALUES (1, 'again')")


async def test_a_missing_database_is_named_with_a_remedy(database_url: str) -> None:
    with pytest.raises(DatabaseProblem, match=r"no database the local socket/missing.*createdb"):
        await open_pool(database_url.replace("penstock_test", "missing"))


async def test_a_refused_connection_names_the_host_and_never_the_password() -> None:
    with pytest.raises(DatabaseProblem) as caught:
        await connect("postgresql://me:hunter2@127.0.0.1:1/app")
    assert "127.0.0.1:1/app cannot be reached" in str(caught.value)
    assert "hunter2" not in str(caught.value)


async def test_a_server_that_hangs_up_mid_transaction_is_a_database_problem(pool: Pool) -> None:
    async with pool.acquire() as other:
        with pytest.raises(DatabaseProblem, match=r"closed the connection|cannot be reached"):
            async with transaction(pool) as db:
                await other.execute(
                    "SELECT pg_terminate_backend($1)", await db.fetchval("SELECT pg_backend_pid()")
                )
                await db.fetchval("SELECT pg_sleep(10)")


async def test_another_kind_of_url_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigurationProblem, match="PENSTOCK_DATABASE_URL"):
        await open_pool("mysql://localhost/app")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (asyncpg.DiskFullError("could not extend file"), "disk of the database db/app is full"),
        (asyncpg.TooManyConnectionsError("too many clients"), "no connection left"),
        (asyncpg.OutOfMemoryError("out of shared memory"), "ran out of memory"),
        (asyncpg.InvalidPasswordError("password"), "refused the user or password"),
        (asyncpg.ReadOnlySQLTransactionError("read-only"), "read-only"),
        (asyncpg.InterfaceError("connection is closed"), "cannot be reached"),
    ],
)
def test_each_failure_of_the_server_has_its_own_words(error: Exception, message: str) -> None:
    problem = database_problem(error, "postgresql://me:secret@db/app")
    assert problem is not None
    assert message in problem.message
    assert problem.remedy


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.UniqueViolationError("x"),
        asyncpg.InterfaceError("another operation is in progress"),
        ValueError("x"),
    ],
)
def test_mistakes_of_ours_are_not_blamed_on_the_server(error: Exception) -> None:
    assert database_problem(error) is None
