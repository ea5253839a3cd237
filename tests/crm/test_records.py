"""Records: what creating, changing and archiving leaves behind, all in the caller's transaction."""

from __future__ import annotations

import asyncio

import pytest

from penstock.crm import history, records
from penstock.crm.changes import take
from penstock.crm.object_types import update as update_type
from penstock.crm.records import PropertyWrite, write_values
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.crm.source import Source
from penstock.errors import Conflict, InvalidInput, InvalidProperty, NotFound
from penstock.kit.database import Connection, Pool, transaction

WORKFLOW = Source(
    "AUTOMATION_PLATFORM", "12", "Triage", {"flow_id": "12", "action_id": "3", "model": "gpt-5"}, depth=1
)


async def test_a_created_record_shows_its_values_and_the_computed_ones(
    crm: Connection, contacts: ObjectSchema, source: Source
) -> None:
    made = await records.create(crm, 1, contacts, {"email": "Ada@Example.com ", "city": ""}, source)
    read = await records.get(crm, 1, "0-1", made.id)
    assert read == made
    assert read.properties["email"] == "ada@example.com"
    assert "city" not in read.properties
    assert read.properties["hs_object_id"] == str(made.id)
    assert read.properties["createdate"] == read.properties["lastmodifieddate"]
    assert "hs_lastmodifieddate" not in read.properties
    stored = await crm.fetchval("SELECT properties FROM records WHERE id = $1", made.id)
    assert stored == {"email": "ada@example.com"}


async def test_all_problems_of_a_record_are_reported_at_once_and_nothing_is_written(
    crm: Connection, tickets: ObjectSchema, source: Source
) -> None:
    values = {"subjekt": "x", "hs_object_id": "5", "hs_ticket_priority": "SOON", "subject": "fine"}
    with pytest.raises(InvalidProperty) as caught:
        await records.create(crm, 1, tickets, dict(values), source)
    found = {problem.path: problem.code for problem in caught.value.problems}
    assert found == {
        "subjekt": "PROPERTY_DOESNT_EXIST",
        "hs_object_id": "READ_ONLY_VALUE",
        "hs_ticket_priority": "INVALID_OPTION",
    }
    assert "Did you mean 'subject'?" in caught.value.problems[0].message
    assert "LOW, MEDIUM, HIGH, URGENT" in caught.value.problems[2].message
    assert await crm.fetchval("SELECT count(*) FROM records") == 0


async def test_a_required_property_must_be_there_in_every_record_of_a_batch(
    crm: Connection, tickets: ObjectSchema, source: Source
) -> None:
    await update_type(crm, 1, "0-5", required_properties=["subject"])
    schema = await load_schema(crm, 1, "0-5")
    with pytest.raises(InvalidProperty) as caught:
        await records.create_many(crm, 1, schema, [{"subject": "a"}, {"content": "b"}], source)
    assert [problem.path for problem in caught.value.problems] == ["inputs[1].properties.subject"]


async def test_a_write_leaves_value_history_and_change_in_one_transaction(
    pool: Pool, crm: Connection, tickets: ObjectSchema, source: Source
) -> None:
    made = await records.create(crm, 1, tickets, {"subject": "Lost card", "content": "x"}, source)
    await take(crm, 10)
    writes = [
        PropertyWrite(made.id, "hs_ticket_priority", "HIGH", WORKFLOW),
        PropertyWrite(made.id, "subject", "Lost card", WORKFLOW),
        PropertyWrite(made.id, "content", None, WORKFLOW),
    ]
    with pytest.raises(ZeroDivisionError):
        async with transaction(pool) as db:
            assert await write_values(db, 1, tickets, writes) == 2
            raise ZeroDivisionError
    assert await take(crm, 10) == []
    assert (await records.get(crm, 1, "0-5", made.id)).properties["content"] == "x"

    async with transaction(pool) as db:
        await write_values(db, 1, tickets, writes)
    [change] = await take(crm, 10)
    assert (change.record_id, change.kind, change.depth) == (made.id, "updated", 1)
    assert change.before == {"hs_ticket_priority": None, "content": "x"}
    assert change.after == {"hs_ticket_priority": "HIGH", "content": None}
    assert (change.source_type, change.source_id) == ("AUTOMATION_PLATFORM", "12")
    after = await records.get(crm, 1, "0-5", made.id)
    assert after.properties["hs_ticket_priority"] == "HIGH"
    assert "content" not in after.properties
    assert after.updated_at > made.updated_at
    of_record = (await history.versions(crm, 1, [made.id]))[made.id]
    assert [(version.value, version.source_type) for version in of_record["content"]] == [
        (None, "AUTOMATION_PLATFORM"),
        ("x", "API"),
    ]
    assert of_record["hs_ticket_priority"][0].detail == WORKFLOW.detail
    assert [version.value for version in of_record["subject"]] == ["Lost card"]


async def test_a_batch_of_writes_takes_five_statements_however_many_records_it_changes(
    crm: Connection, contacts: ObjectSchema, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = [{"email": f"{n}@example.com"} for n in range(100)]
    made = await records.create_many(crm, 1, contacts, inputs, source)
    statements = 0

    class Counting:
        def __getattr__(self, name: str) -> object:
            nonlocal statements
            statements += name in ("fetch", "execute", "fetchrow", "fetchval", "executemany")
            return getattr(crm, name)

    writes = [
        PropertyWrite(record.id, name, value, source)
        for record in made
        for name, value in (("email", f"new-{record.id}@example.com"), ("city", "Rome"), ("state", "Lazio"))
    ]
    assert await write_values(Counting(), 1, contacts, writes) == 300  # type: ignore[arg-type]
    assert statements <= 5  # the fifth notes the words that records are found by
    assert len(await take(crm, 1000)) == 200


async def test_several_writes_to_one_property_keep_their_order_and_make_one_change(
    crm: Connection, tickets: ObjectSchema, source: Source
) -> None:
    made = await records.create(crm, 1, tickets, {"subject": "a", "content": "same"}, source)
    await take(crm, 10)
    steps = [("subject", "b"), ("content", "other"), ("subject", "c"), ("content", "same")]
    writes = [PropertyWrite(made.id, name, value, source) for name, value in steps]
    assert await write_values(crm, 1, tickets, writes) == 4
    [change] = await take(crm, 10)
    assert (change.before, change.after) == ({"subject": "a"}, {"subject": "c"})
    of_record = (await history.versions(crm, 1, [made.id]))[made.id]
    assert [version.value for version in of_record["subject"]] == ["c", "b", "a"]
    assert [version.value for version in of_record["content"]] == ["same", "other", "same"]


async def test_added_options_join_those_that_another_writer_added_meanwhile(
    crm: Connection, tickets: ObjectSchema, source: Source
) -> None:
    values = {"hs_ticket_category": ";BILLING_ISSUE"}
    made = await records.create(crm, 1, tickets, dict(values), source)
    assert made.properties["hs_ticket_category"] == "BILLING_ISSUE"
    added = {"hs_ticket_category": ";product issue;BILLING_ISSUE"}
    after = await records.update(crm, 1, tickets, made.id, dict(added), source)
    assert after.properties["hs_ticket_category"] == "BILLING_ISSUE;PRODUCT_ISSUE"
    subject = await records.update(crm, 1, tickets, made.id, {"subject": ";not options"}, source)
    assert subject.properties["subject"] == ";not options"


async def test_increments_at_the_same_moment_are_not_lost_when_the_callers_lock(
    pool: Pool, crm: Connection, source: Source
) -> None:
    schema = await load_schema(crm, 1, "0-2")
    made = await records.create(crm, 1, schema, {"numberofemployees": "0"}, source)

    async def increment() -> None:
        async with transaction(pool) as db:
            held = await db.fetchval(
                "SELECT properties FROM records WHERE id = $1 FOR NO KEY UPDATE", made.id
            )
            value = str(int(held["numberofemployees"]) + 1)
            await write_values(db, 1, schema, [PropertyWrite(made.id, "numberofemployees", value, source)])

    await asyncio.gather(*(increment() for _ in range(20)))
    assert (await records.get(crm, 1, "0-2", made.id)).properties["numberofemployees"] == "20"
    seen = (await history.versions(crm, 1, [made.id], ["numberofemployees"]))[made.id]["numberofemployees"]
    assert [version.value for version in seen] == [str(n) for n in range(20, -1, -1)]


async def test_the_difference_is_taken_from_the_locked_row_and_not_from_a_stale_one(
    pool: Pool, crm: Connection, tickets: ObjectSchema, source: Source
) -> None:
    made = await records.create(crm, 1, tickets, {"subject": "0"}, source)
    ids = [PropertyWrite(made.id, "subject", str(n), source) for n in range(1, 9)]

    async def write(one: PropertyWrite) -> None:
        async with transaction(pool) as db:
            await write_values(db, 1, tickets, [one])

    await asyncio.gather(*(write(one) for one in ids))
    rows = await crm.fetch("SELECT value, previous_value FROM property_history ORDER BY id")
    assert [row["previous_value"] for row in rows] == ["0", *(row["value"] for row in rows[:-1])]


async def test_two_contacts_cannot_have_one_address_and_the_error_names_the_other(
    pool: Pool, crm: Connection, contacts: ObjectSchema, source: Source
) -> None:
    first = await records.create(crm, 1, contacts, {"email": "a@example.com"}, source)
    with pytest.raises(Conflict, match=f"Record {first.id} already has email 'a@example.com'"):
        async with transaction(pool) as db:
            await records.create_many(
                db, 1, contacts, [{"email": "b@example.com"}, {"email": "A@example.com"}], source
            )
    assert await crm.fetchval("SELECT count(*) FROM records") == 1
    outcomes = await asyncio.gather(
        *(_create_in_transaction(pool, contacts, "c@example.com", source) for _ in range(5)),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict"] * 4 + ["int"]


async def _create_in_transaction(pool: Pool, schema: ObjectSchema, email: str, source: Source) -> int:
    async with transaction(pool) as db:
        return (await records.create(db, 1, schema, {"email": email}, source)).id


async def test_unique_values_can_be_swapped_within_a_batch_and_are_freed_by_clearing_and_archiving(
    crm: Connection, contacts: ObjectSchema, source: Source
) -> None:
    emails = [{"email": "a@example.com"}, {"email": "b@example.com"}]
    one, two = await records.create_many(crm, 1, contacts, emails, source)
    swap = [
        PropertyWrite(one.id, "email", "b@example.com", source),
        PropertyWrite(two.id, "email", "a@example.com", source),
    ]
    await write_values(crm, 1, contacts, swap)
    found = await records.find_by_unique(crm, 1, contacts, "email", "A@example.com")
    assert found is not None
    assert found.id == two.id
    await records.update(crm, 1, contacts, two.id, {"email": None}, source)
    assert await records.archive(crm, 1, "0-1", [one.id, 999], source) == 1
    assert await crm.fetchval("SELECT count(*) FROM unique_values") == 0
    with pytest.raises(NotFound):
        await records.get(crm, 1, "0-1", one.id)
    assert (await records.get(crm, 1, "0-1", one.id, archived=True)).archived_at is not None
    with pytest.raises(NotFound):
        await write_values(crm, 1, contacts, [PropertyWrite(one.id, "city", "Rome", source)])


async def test_upsert_creates_then_updates_by_a_unique_property(
    crm: Connection, contacts: ObjectSchema, source: Source
) -> None:
    made, new = await records.upsert(crm, 1, contacts, "email", "a@example.com", {"city": "Rome"}, source)
    again, newer = await records.upsert(crm, 1, contacts, "email", "A@Example.com", {"city": "Oslo"}, source)
    assert (new, newer, again.id) == (True, False, made.id)
    assert again.properties["city"] == "Oslo"
    with pytest.raises(InvalidInput, match="not a unique property"):
        await records.upsert(crm, 1, contacts, "city", "Oslo", {}, source)


async def test_pages_run_through_live_records_in_id_order(
    crm: Connection, tickets: ObjectSchema, source: Source
) -> None:
    made = await records.create_many(crm, 1, tickets, [{"subject": str(n)} for n in range(5)], source)
    await records.archive(crm, 1, "0-5", [made[1].id], source)
    first = await records.page(crm, 1, "0-5", limit=2)
    assert [record.id for record in first.records] == [made[0].id, made[2].id]
    rest = await records.page(crm, 1, "0-5", after=first.next_after, limit=2)
    assert [record.properties["subject"] for record in rest.records] == ["3", "4"]
    assert rest.next_after is None


async def test_a_workspace_neither_reads_nor_writes_the_records_of_another(
    crm: Connection, tickets: ObjectSchema, source: Source
) -> None:
    made = await records.create(crm, 1, tickets, {"subject": "mine"}, source)
    with pytest.raises(NotFound):
        await records.get(crm, 2, "0-5", made.id)
    with pytest.raises(NotFound):
        await write_values(crm, 2, tickets, [PropertyWrite(made.id, "subject", "theirs", source)])
    assert await records.archive(crm, 2, "0-5", [made.id], source) == 0
    assert await history.versions(crm, 2, [made.id]) == {}
    assert (await records.page(crm, 2, "0-5")).records == []


@pytest.mark.parametrize("poison", ["a\x00b", "\ud800", "x" * 65_537])
async def test_a_poisonous_value_is_refused_and_its_neighbours_can_be_written(
    crm: Connection, tickets: ObjectSchema, source: Source, poison: str
) -> None:
    with pytest.raises(InvalidProperty):
        await records.create(crm, 1, tickets, {"subject": poison}, source)
    odd = "\u202e{{ enrolled_object.x }} '; DROP TABLE records; -- \U0001f600"
    made = await records.create(crm, 1, tickets, {"subject": odd}, source)
    assert (await records.get(crm, 1, "0-5", made.id)).properties["subject"] == odd
