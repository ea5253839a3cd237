"""Search: filter groups with HubSpot's operators, words, sorting and paging, on real records."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from penstock.crm import records
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.crm.search import parse, search
from penstock.crm.source import Source
from penstock.errors import InvalidInput
from penstock.kit.database import Connection
from penstock.kit.json import Json, JsonObject

NOW = datetime(2026, 3, 29, tzinfo=UTC)


@pytest.fixture
async def companies(crm: Connection, source: Source) -> ObjectSchema:
    """The schema of companies, of which there are four."""
    schema = await load_schema(crm, 1, "0-2")
    made: list[dict[str, Json]] = [
        {
            "name": "Acme Ltd",
            "annualrevenue": 9,
            "is_public": True,
            "closedate": "2026-01-31T10:00:00Z",
            "type": "VENDOR",
        },
        {"name": "Beta Bank", "annualrevenue": 100, "type": "PARTNER", "domain": "beta.example"},
        {"name": "acme bank", "annualrevenue": 20.5, "closedate": "2026-02-01"},
        {"name": "Årsta"},
    ]
    await records.create_many(crm, 1, schema, made, source)
    return schema


async def _names(crm: Connection, schema: ObjectSchema, raw: JsonObject) -> list[str]:
    page = await search(crm, 1, schema, parse(raw, schema), NOW)
    assert page.total == len(page.records)
    return [record.properties["name"] for record in page.records]


OPERATORS: list[tuple[JsonObject, list[str]]] = [
    ({"propertyName": "name", "operator": "EQ", "value": "ACME LTD"}, ["Acme Ltd"]),
    (
        {"propertyName": "name", "operator": "NEQ", "value": "acme ltd"},
        ["Beta Bank", "acme bank", "Årsta"],
    ),
    ({"propertyName": "annualrevenue", "operator": "GT", "value": "9.0"}, ["Beta Bank", "acme bank"]),
    ({"propertyName": "annualrevenue", "operator": "LTE", "value": 20.5}, ["Acme Ltd", "acme bank"]),
    (
        {"propertyName": "annualrevenue", "operator": "BETWEEN", "value": "9", "highValue": "50"},
        ["Acme Ltd", "acme bank"],
    ),
    (
        {"propertyName": "annualrevenue", "operator": "IN", "values": ["9.00", "100"]},
        ["Acme Ltd", "Beta Bank"],
    ),
    (
        {"propertyName": "annualrevenue", "operator": "NOT_IN", "values": ["9"]},
        ["Beta Bank", "acme bank"],
    ),
    ({"propertyName": "annualrevenue", "operator": "NOT_HAS_PROPERTY"}, ["Årsta"]),
    ({"propertyName": "type", "operator": "HAS_PROPERTY"}, ["Acme Ltd", "Beta Bank"]),
    ({"propertyName": "closedate", "operator": "GTE", "value": "1769904000000"}, ["acme bank"]),
    ({"propertyName": "closedate", "operator": "LT", "value": "2026-02-01"}, ["Acme Ltd"]),
    ({"propertyName": "is_public", "operator": "EQ", "value": "true"}, ["Acme Ltd"]),
    ({"propertyName": "name", "operator": "CONTAINS_TOKEN", "value": "acme"}, ["Acme Ltd", "acme bank"]),
    ({"propertyName": "name", "operator": "CONTAINS_TOKEN", "value": "acm"}, []),
    ({"propertyName": "name", "operator": "CONTAINS_TOKEN", "value": "*ank"}, ["Beta Bank", "acme bank"]),
    ({"propertyName": "name", "operator": "CONTAINS_TOKEN", "value": "års*"}, ["Årsta"]),
    ({"propertyName": "name", "operator": "NOT_CONTAINS_TOKEN", "value": "bank"}, ["Acme Ltd", "Årsta"]),
]


async def test_every_operator_finds_what_hubspot_finds(crm: Connection, companies: ObjectSchema) -> None:
    for found, names in OPERATORS:
        assert await _names(crm, companies, {"filterGroups": [{"filters": [found]}]}) == names, found


async def test_groups_are_alternatives_and_filters_within_one_are_all_needed(
    crm: Connection, companies: ObjectSchema
) -> None:
    acme: JsonObject = {"propertyName": "name", "operator": "CONTAINS_TOKEN", "value": "acme"}
    bank: JsonObject = {"propertyName": "name", "operator": "CONTAINS_TOKEN", "value": "bank"}
    partner: JsonObject = {"propertyName": "type", "operator": "IN", "values": ["PARTNER"]}
    groups: list[Json] = [{"filters": [acme, bank]}, {"filters": [partner]}]
    assert await _names(crm, companies, {"filterGroups": groups}) == ["Beta Bank", "acme bank"]


async def test_a_query_finds_records_that_hold_every_word_in_a_searchable_property(
    crm: Connection, companies: ObjectSchema
) -> None:
    assert await _names(crm, companies, {"query": "BANK  beta.ex"}) == ["Beta Bank"]
    assert await _names(crm, companies, {"query": "ÅRS"}) == ["Årsta"]


async def test_sorting_knows_numbers_and_ignores_case_and_puts_missing_values_last(
    crm: Connection, companies: ObjectSchema
) -> None:
    by_revenue: JsonObject = {"sorts": [{"propertyName": "annualrevenue", "direction": "DESCENDING"}]}
    assert await _names(crm, companies, by_revenue) == ["Beta Bank", "acme bank", "Acme Ltd", "Årsta"]
    assert await _names(crm, companies, {"sorts": ["name"]}) == [
        "acme bank",
        "Acme Ltd",
        "Beta Bank",
        "Årsta",
    ]


async def test_pages_follow_one_another_until_the_last(crm: Connection, companies: ObjectSchema) -> None:
    first = await search(crm, 1, companies, parse({"limit": 3}, companies), NOW)
    assert (first.total, len(first.records), first.next_after) == (4, 3, 3)
    last = await search(crm, 1, companies, parse({"limit": 3, "after": "3"}, companies), NOW)
    assert (len(last.records), last.next_after) == (1, None)
    other = await search(crm, 2, companies, parse({}, companies), NOW)
    assert (other.total, other.records) == (0, [])


def test_a_bad_request_names_everything_that_is_wrong(companies: ObjectSchema) -> None:
    filters: list[Json] = [
        {"propertyName": "nope", "operator": "EQ", "value": "1"},
        {"propertyName": "name", "operator": "LIKE", "value": "1"},
        {"propertyName": "name", "operator": "GT", "value": "1"},
        {"propertyName": "annualrevenue", "operator": "EQ", "value": "many"},
        {"propertyName": "annualrevenue", "operator": "IN", "values": []},
    ]
    raw: JsonObject = {
        "filterGroups": [{"filters": filters}],
        "limit": 201,
        "sorts": ["nope"],
        "after": "9999",
    }
    with pytest.raises(InvalidInput) as caught:
        parse(raw, companies)
    assert [problem.path for problem in caught.value.problems] == [
        "filterGroups[0].filters[0].propertyName",
        "filterGroups[0].filters[1].operator",
        "filterGroups[0].filters[2].operator",
        "filterGroups[0].filters[3].value",
        "filterGroups[0].filters[4].values",
        "sorts[0]",
        "limit",
        "after",
    ]
