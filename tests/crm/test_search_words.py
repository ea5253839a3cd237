"""The words that records are found by: kept with every way of writing, and written for nothing else."""

from __future__ import annotations

import pytest

from penstock.crm import object_types, records
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.crm.search_words import query_of, words_of
from penstock.crm.source import Source
from penstock.kit.database import Connection

FOUND = "SELECT record_id FROM record_words WHERE words @@ $1::text::tsquery ORDER BY record_id"


async def found(db: Connection, object_type_id: str, search: str) -> list[int]:
    """The records of a type that a search finds."""
    rows = await db.fetch(FOUND, query_of(1, object_type_id, words_of(search)))
    return [row["record_id"] for row in rows]


async def test_a_record_is_found_by_the_beginnings_of_its_words_in_any_case(
    crm: Connection, contacts: ObjectSchema, source: Source
) -> None:
    made = await records.create_many(
        crm,
        1,
        contacts,
        [
            {"firstname": "Søren", "email": "soren.berg@acme.example", "phone": "+45 31 23 45 67"},
            {"firstname": "İnci", "message": "Søren knows me"},
        ],
        source,
    )
    for search in ("SØR", "berg@acme", "soren.berg@acme.example", "4531234", "31 45", "acme søren"):
        assert await found(crm, "0-1", search) == [made[0].id], search
    assert await found(crm, "0-1", "inci") == [made[1].id]
    assert await found(crm, "0-1", "erg") == []


async def test_a_changed_value_is_found_by_its_new_words_only(
    crm: Connection, contacts: ObjectSchema, source: Source
) -> None:
    made = await records.create(crm, 1, contacts, {"lastname": "Jensen"}, source)
    await records.update(crm, 1, contacts, made.id, {"lastname": "Hansen"}, source)
    assert await found(crm, "0-1", "jensen") == []
    assert await found(crm, "0-1", "hansen") == [made.id]
    await records.update(crm, 1, contacts, made.id, {"lastname": None}, source)
    assert await found(crm, "0-1", "hansen") == []


async def test_writing_a_value_that_is_not_searched_leaves_the_words_untouched(
    crm: Connection, contacts: ObjectSchema, source: Source
) -> None:
    made = await records.create(crm, 1, contacts, {"lastname": "Jensen"}, source)
    before = await crm.fetchval("SELECT xmin::text FROM record_words WHERE record_id = $1", made.id)
    await records.update(crm, 1, contacts, made.id, {"city": "Aarhus", "message": "Hello"}, source)
    assert await crm.fetchval("SELECT xmin::text FROM record_words WHERE record_id = $1", made.id) == before


async def test_words_of_other_types_are_not_looked_at(
    crm: Connection, contacts: ObjectSchema, tickets: ObjectSchema, source: Source
) -> None:
    await records.create(crm, 1, contacts, {"lastname": "Refund"}, source)
    ticket = await records.create(crm, 1, tickets, {"subject": "Refund"}, source)
    assert await found(crm, "0-5", "refund") == [ticket.id]


async def test_records_are_found_by_properties_that_become_searchable(
    crm: Connection, contacts: ObjectSchema, source: Source
) -> None:
    made = await records.create(crm, 1, contacts, {"city": "Aarhus", "lastname": "Jensen"}, source)
    await object_types.update(crm, 1, "0-1", searchable_properties=["city"])
    assert await found(crm, "0-1", "aarhus") == [made.id]
    assert await found(crm, "0-1", "jensen") == []
    await records.update(crm, 1, await load_schema(crm, 1, "0-1"), made.id, {"city": "Odense"}, source)
    assert await found(crm, "0-1", "odense") == [made.id]


@pytest.mark.parametrize("search", ["", "  ", "'&|!:*()\\", "--"])
def test_a_search_without_a_word_has_none(search: str) -> None:
    assert words_of(search) == ()


async def test_no_search_is_more_than_words_to_the_database(
    crm: Connection, contacts: ObjectSchema, source: Source
) -> None:
    made = await records.create(crm, 1, contacts, {"lastname": "O'Neil:*"}, source)
    assert await found(crm, "0-1", "o'neil':* | !x") == []
    assert await found(crm, "0-1", "o'neil:*") == [made.id]
