"""The owner's limits of a connection: checked, set one by one, removed, and in the audit log."""

from __future__ import annotations

import pytest

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.connections.limits import Limit, OwnerLimits, set_limits
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection

ACTOR = Actor(1, "person", "7", "Ann", "admin")


async def a_connection(db: Connection, workspace_id: int = 1) -> int:
    connection_id: int = await db.fetchval(
        "INSERT INTO connections (workspace_id, name, provider) VALUES ($1, 'Ours', 'openai') RETURNING id",
        workspace_id,
    )
    return connection_id


async def test_each_limit_is_set_and_removed_without_touching_the_others(db: Connection) -> None:
    ours = await a_connection(db)
    async with db.transaction():
        await set_limits(db, 1, ACTOR, ours, {"requests_per_minute": 60, "tokens_per_minute": 90_000})
        await set_limits(db, 1, ACTOR, ours, {"concurrency": 3})
        after = await set_limits(db, 1, ACTOR, ours, {"requests_per_minute": None})
        assert OwnerLimits.of(after) == OwnerLimits(3, None, 90_000)
        await set_limits(db, 1, ACTOR, ours, {"concurrency": 3})
    noted = [
        entry.detail for entry in await audit.list_entries(db, 1) if entry.action == "connection.limits_set"
    ]
    assert noted == [
        {"requests_per_minute": None},
        {"concurrency": 3},
        {"requests_per_minute": 60, "tokens_per_minute": 90_000},
    ]


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("concurrency", 0),
        ("concurrency", 10_001),
        ("concurrency", None),
        ("requests_per_minute", 0),
        ("tokens_per_minute", 999),
        ("tokens_per_minute", 3_000_000_000),
    ],
)
async def test_a_limit_out_of_its_range_is_refused_with_the_range(
    db: Connection, limit: Limit, value: int | None
) -> None:
    ours = await a_connection(db)
    async with db.transaction():
        with pytest.raises(InvalidInput, match=limit) as refused:
            await set_limits(db, 1, ACTOR, ours, {limit: value})
    assert "from 1" in refused.value.remedy


async def test_the_connection_of_another_workspace_is_not_there(db: Connection) -> None:
    await db.execute("INSERT INTO workspaces (id, name) VALUES (2, 'Other')")
    theirs = await a_connection(db, 2)
    async with db.transaction():
        with pytest.raises(NotFound):
            await set_limits(db, 1, ACTOR, theirs, {"concurrency": 3})
