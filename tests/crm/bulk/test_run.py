"""Edits of many records: each record is changed once, whatever interrupts the edit."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from tests.crm.listing.people import EQ, all_of

from penstock.crm import bulk, records
from penstock.crm.bulk import BulkEdit, Selection, Wanted, run
from penstock.crm.record_writes import write_records
from penstock.crm.schema import ObjectSchema
from penstock.crm.source import Source
from penstock.errors import InvalidInput
from penstock.kit.clock import SystemClock
from penstock.kit.database import Connection, Pool, transaction
from penstock.kit.json import JsonObject

ANNA = Source("CRM_UI", "userId:1", "Anna")
NOW = datetime(2026, 3, 29, tzinfo=UTC)
IN_OSLO: JsonObject = all_of([EQ("city", "Oslo")])
TO_BERGEN = Wanted("edit", {"city": "Bergen"})


@pytest.fixture
async def people(crm: Connection, contacts: ObjectSchema, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nine contacts in Oslo and two elsewhere; edits take two records a batch and look at three."""
    monkeypatch.setattr(run, "BATCH", 2)
    monkeypatch.setattr(run, "WINDOW", 3)
    inputs = [{"city": "Rome" if n in (4, 5) else "Oslo"} for n in range(11)]
    made = await records.create_many(crm, 1, contacts, inputs, ANNA)
    return [record.id for n, record in enumerate(made) if n not in (4, 5)]


async def begin(
    db: Connection, contacts: ObjectSchema, selection: Selection, wanted: Wanted = TO_BERGEN
) -> BulkEdit:
    """An edit, not begun yet."""
    return await bulk.create(db, 1, contacts, selection, wanted, ANNA, NOW)


async def versions_made(db: Connection) -> list[int]:
    """The records whose city has a version, one entry a version."""
    rows = await db.fetch("SELECT record_id FROM property_history WHERE property = 'city' ORDER BY record_id")
    return [row["record_id"] for row in rows]


async def test_matching_records_are_changed_once_though_they_match_no_more_afterwards(
    pool: Pool, crm: Connection, contacts: ObjectSchema, people: list[int]
) -> None:
    edit = await begin(crm, contacts, Selection(filter=IN_OSLO))
    late = await records.create(crm, 1, contacts, {"city": "Oslo"}, ANNA)
    done = await bulk.run_bulk_edit(pool, SystemClock(), 1, edit.id)
    assert (done.state, done.done, done.changed, done.expected) == ("DONE", 9, 9, 9)
    assert await versions_made(crm) == people
    assert (await records.get(crm, 1, "0-1", late.id)).properties["city"] == "Oslo"


async def test_an_edit_that_was_interrupted_goes_on_where_it_stopped(
    pool: Pool, crm: Connection, contacts: ObjectSchema, people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = await begin(crm, contacts, Selection(record_ids=people))
    batches = 0

    async def dies(*arguments: object) -> object:
        nonlocal batches
        batches += 1
        if batches == 3:
            raise asyncio.CancelledError
        return await write_records(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "write_records", dies)
    with pytest.raises(asyncio.CancelledError):
        await bulk.run_bulk_edit(pool, SystemClock(), 1, edit.id)
    assert await versions_made(crm) == people[:4]
    assert await bulk.unfinished(crm) == [(1, edit.id)]
    done = await bulk.run_bulk_edit(pool, SystemClock(), 1, edit.id)
    assert (done.state, done.done, done.changed) == ("DONE", 9, 9)
    assert await versions_made(crm) == people


async def test_a_canceled_edit_takes_no_further_batch(
    pool: Pool, crm: Connection, contacts: ObjectSchema, people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = await begin(crm, contacts, Selection(record_ids=people))

    async def cancels(*arguments: object) -> object:
        written = await write_records(*arguments)  # type: ignore[arg-type]
        async with transaction(pool) as db:
            await bulk.cancel(db, 1, edit.id)
        return written

    monkeypatch.setattr(run, "write_records", cancels)
    done = await bulk.run_bulk_edit(pool, SystemClock(), 1, edit.id)
    assert (done.state, done.done) == ("CANCELED", 0)
    assert await versions_made(crm) == []


async def test_an_archival_is_undone_as_a_whole_and_only_what_it_archived(
    pool: Pool, crm: Connection, contacts: ObjectSchema, people: list[int]
) -> None:
    await records.archive(crm, 1, "0-1", people[:1], ANNA)
    archival = await begin(crm, contacts, Selection(record_ids=people[:5]), Wanted("archive"))
    done = await bulk.run_bulk_edit(pool, SystemClock(), 1, archival.id)
    assert (done.changed, done.failed) == (4, 1)
    back = await begin(crm, contacts, Selection(archival_id=archival.id), Wanted("restore"))
    assert (await bulk.run_bulk_edit(pool, SystemClock(), 1, back.id)).changed == 4
    live = (await records.page(crm, 1, "0-1")).records
    assert [record.id for record in live if record.id in people] == people[1:]
    kinds = await crm.fetch("SELECT kind FROM changes WHERE record_id = $1 ORDER BY id", people[1])
    assert [row["kind"] for row in kinds] == ["created", "archived", "restored"]


async def test_an_edit_that_cannot_be_is_refused_before_it_begins(
    crm: Connection, contacts: ObjectSchema
) -> None:
    for wanted in (
        Wanted("edit", {}),
        Wanted("edit", {"email": "same@example.com"}),
        Wanted("edit", {"sail": "x"}),
        Wanted("edit", {"createdate": "2026-01-01"}),
    ):
        with pytest.raises(InvalidInput):
            await begin(crm, contacts, Selection(record_ids=[1]), wanted)
    with pytest.raises(InvalidInput):
        await begin(crm, contacts, Selection(record_ids=[]))
