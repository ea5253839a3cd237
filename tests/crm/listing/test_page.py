"""Pages of records: whatever is filtered, searched and sorted by, paging visits each match once and in order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.crm.listing.people import EN, EQ, KNOWN, NUMBER, all_of, any_of, people

from penstock.crm import records, value_indexes
from penstock.crm.computed import visible_values
from penstock.crm.defaults import install
from penstock.crm.filters import matches
from penstock.crm.listing import (
    Budget,
    Count,
    Matching,
    Order,
    Place,
    count,
    cursor,
    fingerprint,
    list_page,
    parse_matching,
    parse_order,
    read_cursor,
)
from penstock.crm.listing.bounds import too_slow
from penstock.crm.records import Record
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.crm.search_words import words_of
from penstock.crm.source import Source
from penstock.crm.text import fold
from penstock.errors import BeingPrepared, InvalidInput
from penstock.kit.database import Connection, Pool, open_pool, transaction
from penstock.kit.json import JsonObject

NOW = datetime(2026, 3, 29, tzinfo=UTC)
SOURCE = Source("IMPORT", "1", "people.csv")
INDEXED = ("city", "hubspotscore", "notes_last_contacted", "lifecyclestage", "lastmodifieddate")
UNINDEXED = ("company", "jobtitle")

TESTS = st.one_of(
    st.builds(EQ, st.sampled_from(["city", "company"]), st.sampled_from(["Berlin", "AARHUS", "nowhere"])),
    st.builds(
        EN,
        st.just("lifecyclestage"),
        st.lists(st.sampled_from(["lead", "customer", "evangelist"]), min_size=1, max_size=2),
    ),
    st.builds(
        NUMBER,
        st.just("hubspotscore"),
        st.sampled_from(["IS_GREATER_THAN", "IS_LESS_THAN"]),
        st.integers(0, 20),
    ),
    st.builds(KNOWN, st.sampled_from([*INDEXED, *UNINDEXED]), st.booleans()),
)
FILTERS = st.one_of(
    st.none(),
    st.builds(all_of, st.lists(TESTS, min_size=1, max_size=3)),
    st.builds(any_of, st.lists(TESTS, min_size=1, max_size=3)),
)
SEARCHES = st.sampled_from(["", "", "a", "anna", "ber", "45", "anna jensen", "b@x"])
SORTS = st.sampled_from([None, "createdate", "hs_object_id", *INDEXED, *UNINDEXED])
DIRECTIONS = st.sampled_from(["ASCENDING", "DESCENDING"])
BUDGETS = st.builds(
    Budget,
    window=st.integers(1, 40),
    gathered=st.sampled_from([0, 5, 100]),
    small=st.just(1000),
    seconds=st.sampled_from([0.0, 10.0]),
)


def test_paging_visits_every_match_once_and_in_order_whatever_is_asked_for(database_url: str) -> None:
    with asyncio.Runner() as runner:
        pool, schema, made = runner.run(_people(database_url))

        @settings(max_examples=250)
        @given(FILTERS, SEARCHES, SORTS, DIRECTIONS, st.integers(1, 30), BUDGETS)
        def check(
            filter: JsonObject | None,  # noqa: A002
            search: str,
            sort: str | None,
            direction: Literal["ASCENDING", "DESCENDING"],
            limit: int,
            budget: Budget,
        ) -> None:
            matching = parse_matching(filter, search, schema)
            order = Order() if sort is None else parse_order(sort, direction, schema)
            mark = fingerprint("0-1", filter, search, order)
            expected = [
                record.id for record in sorted_by(order, made) if is_match(matching, search, record, schema)
            ]
            seen = runner.run(_visit(pool, schema, matching, order, mark, limit, budget))
            assert seen == expected
            found = runner.run(_counted(pool, schema, matching, budget))
            assert found.count == len(expected) if found.exact else found.count <= len(expected)

        check()
        runner.run(pool.close())


async def _people(url: str) -> tuple[Pool, ObjectSchema, list[Record]]:
    pool = await open_pool(url, min_size=1, max_size=2)
    async with transaction(pool) as db:
        await install(db, 1)
        schema = await load_schema(db, 1, "0-1")
    for values in people(60, random.Random(7)):  # noqa: S311
        async with transaction(pool) as db:
            await records.create(db, 1, schema, values, SOURCE)
    async with transaction(pool) as db:
        await records.archive(db, 1, "0-1", [5, 6], SOURCE)
        await value_indexes.want(db, 1, schema, frozenset(INDEXED))
        made = (await records.page(db, 1, "0-1", limit=100)).records
    assert await value_indexes.build(pool) == len(INDEXED)
    return pool, schema, made


async def _visit(
    pool: Pool, schema: ObjectSchema, matching: Matching, order: Order, mark: str, limit: int, budget: Budget
) -> list[int]:
    seen: list[int] = []
    after: str | None = None
    while True:
        async with transaction(pool) as db:
            place = read_cursor(after, mark, order)
            page = await list_page(
                db, 1, schema, matching, order, after=place, limit=limit, now=NOW, budget=budget
            )
        assert len(page.records) <= limit
        assert page.searched_all or page.next is not None
        seen += [record.id for record in page.records]
        if page.next is None:
            return seen
        after = cursor(mark, page.next, order)


async def _counted(pool: Pool, schema: ObjectSchema, matching: Matching, budget: Budget) -> Count:
    async with transaction(pool) as db:
        return await count(db, 1, schema, matching, now=NOW, budget=budget)


def is_match(matching: Matching, search: str, record: Record, schema: ObjectSchema) -> bool:
    """The oracle for filters is the one that asks a record in Python; for words it is plain text."""
    values = visible_values(record.id, record.properties, record.created_at, record.updated_at)
    if matching.filter is not None and not matches(matching.filter, values, schema, NOW):
        return False
    texts = [values.get(name, "") for name in schema.object_type.searchable_properties]
    held = [word for text in texts for word in words_of(text)]
    held += ["".join(filter(str.isdigit, text)) for text in texts if text.startswith("+")]
    return all(any(word.startswith(wanted) for word in held) for wanted in words_of(search))


def sorted_by(order: Order, made: list[Record]) -> list[Record]:
    """Records in an order, by Python's own sort: those without a value last, equal ones by id."""
    key = order.key
    if key is None:
        return sorted(made, key=lambda record: record.id, reverse=order.descending)
    keys: dict[str, Callable[[str], object]] = {
        "text": lambda text: fold(text)[:100],
        "number": Decimal,
        "moment": lambda text: text.rstrip("Z"),
    }

    def value(record: Record) -> object:
        if key.kind == "time":
            return record.created_at if key.name == "createdate" else record.updated_at
        text = record.properties.get(key.name)
        return None if text is None else keys[key.kind](text)

    have = [record for record in made if value(record) is not None]
    lack = [record for record in made if value(record) is None]
    have.sort(key=lambda record: (value(record), record.id), reverse=order.descending)
    lack.sort(key=lambda record: record.id, reverse=order.descending)
    return have + lack


async def test_many_records_are_not_sorted_by_a_property_without_an_index(
    crm: Connection, contacts: ObjectSchema
) -> None:
    await records.create_many(crm, 1, contacts, [{"city": "Oslo"}, {"city": "Bergen"}], SOURCE)
    order = parse_order("city", "ASCENDING", contacts)
    with pytest.raises(BeingPrepared) as caught:
        async with crm.transaction():
            await list_page(crm, 1, contacts, Matching(), order, now=NOW, budget=Budget(small=1))
    assert caught.value.context == {"property": "city"}


async def test_a_filter_that_an_index_would_have_served_says_so(
    crm: Connection, contacts: ObjectSchema
) -> None:
    await records.create_many(crm, 1, contacts, [{"city": f"City {n}"} for n in range(9)], SOURCE)
    matching = parse_matching(all_of([EQ("city", "city 0")]), "", contacts)
    async with crm.transaction():
        page = await list_page(
            crm, 1, contacts, matching, Order(), now=NOW, budget=Budget(window=2, seconds=0.0)
        )
    assert page.helpful == {"city"}
    assert not page.searched_all


async def test_a_cursor_of_another_list_is_refused(contacts: ObjectSchema) -> None:
    order = parse_order("city", "ASCENDING", contacts)
    mine = fingerprint("0-1", None, "", order)
    other = fingerprint("0-1", None, "", parse_order("city", "DESCENDING", contacts))
    assert mine != other
    for text in ("nonsense", "17", cursor(other, Place(True, "oslo", 3), order)):
        with pytest.raises(InvalidInput):
            read_cursor(text, mine, order)


async def test_a_statement_that_takes_too_long_is_ended_with_a_word_on_what_to_do(
    crm: Connection, contacts: ObjectSchema
) -> None:
    async with crm.transaction():
        await crm.execute("SET LOCAL statement_timeout = 5")
        with pytest.raises(Exception) as caught:
            await crm.fetchval("SELECT pg_sleep(2)")
    error = too_slow(caught.value)
    assert getattr(error, "code", "") == "TOO_SLOW"
