"""The change feed: every change is taken by exactly one reader, in order, or by nobody when the reader fails."""

from __future__ import annotations

import asyncio

import pytest

from penstock.crm import records
from penstock.crm.changes import Change, take
from penstock.crm.schema import ObjectSchema
from penstock.crm.source import Source
from penstock.kit.database import Connection, Pool, transaction


async def test_readers_at_the_same_time_share_the_changes_and_none_is_taken_twice(
    pool: Pool, crm: Connection, tickets: ObjectSchema, source: Source
) -> None:
    await records.create_many(crm, 1, tickets, [{"subject": str(n)} for n in range(100)], source)
    together = asyncio.Barrier(5)

    async def reader() -> list[Change]:
        async with transaction(pool) as db:
            taken = await take(db, 20)
            await together.wait()  # All hold their changes before the first commits.
            return taken

    shares = await asyncio.gather(*(reader() for _ in range(5)))
    assert sorted(len(share) for share in shares) == [20] * 5
    assert len({change.id for share in shares for change in share}) == 100
    for share in shares:
        assert [change.id for change in share] == sorted(change.id for change in share)
    assert await take(crm, 10) == []


async def test_changes_of_a_reader_that_fails_are_taken_by_the_next(
    pool: Pool, crm: Connection, tickets: ObjectSchema, source: Source
) -> None:
    made = await records.create(crm, 1, tickets, {"subject": "x"}, source)
    with pytest.raises(ZeroDivisionError):
        async with transaction(pool) as db:
            assert len(await take(db, 10)) == 1
            raise ZeroDivisionError
    [change] = await take(crm, 10)
    assert (change.record_id, change.kind, change.after) == (made.id, "created", {"subject": "x"})
    await records.archive(crm, 1, "0-5", [made.id], source)
    assert [change.kind for change in await take(crm, 10)] == ["archived"]
