"""One record asked in Python and the same record asked in PostgreSQL give the same answer, whatever the filter."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from penstock.crm.computed import visible_values
from penstock.crm.filters import FilterBranch, matches, parse, predicate
from penstock.crm.filters.tree import PropertyFilter, TokenTest
from penstock.crm.object_types import ObjectType
from penstock.crm.properties import Property, PropertyType
from penstock.crm.schema import ObjectSchema
from penstock.crm.text import fold
from penstock.errors import InvalidInput
from penstock.kit.json import Json, JsonObject

NOW = datetime(2026, 3, 29, 1, 30, 15, 123_456, UTC)
TYPES = {
    "text": "string",
    "number": "number",
    "day": "date",
    "moment": "datetime",
    "kind": "enumeration",
    "yes": "bool",
}
SCHEMA = ObjectSchema(
    ObjectType("0-5", "tickets", "Ticket", "Tickets", "text"),
    {name: Property(name, name, cast("PropertyType", kind), "") for name, kind in TYPES.items()}
    | {
        "createdate": Property("createdate", "", "datetime", "date"),
        "hs_object_id": Property("hs_object_id", "", "number", ""),
    },
    1,
)

texts = st.text(st.sampled_from("aAbB éÉßİıΣσς%_'\\;-1€😀*"), min_size=1, max_size=6)
numbers = st.sampled_from(["0", "-1", "1", "1.5", "2", "10", "100000000000000000000.5", "-0.001"])
days = st.dates(datetime(2025, 1, 1).date(), datetime(2027, 12, 31).date()).map(lambda day: day.isoformat())  # noqa: DTZ001
moments = st.one_of(
    days.map(lambda day: f"{day}T00:00:00Z"),
    days.map(lambda day: f"{day}T23:59:59.999Z"),
    st.sampled_from(
        [
            "2026-03-29T01:30:15.123Z",
            "2026-03-29T01:30:15Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999Z",
        ]
    ),
)
options = st.lists(st.sampled_from(["a", "A", "b", "c"]), min_size=1, max_size=3, unique=True).map(";".join)
# What a property holds: what its type allows, or nothing.
records = st.fixed_dictionaries(
    {},
    optional={
        "text": st.one_of(texts, numbers, days),
        "number": numbers,
        "day": st.one_of(days, st.sampled_from(["0001-01-01", "9999-12-31", "2026-03-29"])),
        "moment": moments,
        "kind": options,
        "yes": st.sampled_from(["true", "false"]),
    },
)

zones = st.sampled_from([None, "UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati"])


def _operation(
    kind: str, operators: list[str], **members: st.SearchStrategy[Json]
) -> st.SearchStrategy[JsonObject]:
    return st.fixed_dictionaries(
        {
            "operationType": st.just(kind),
            "operator": st.sampled_from(operators),
            "includeObjectsWithNoValueSet": st.booleans(),
            **members,
        }
    )


date_points = st.builds(
    lambda day, hour, zone: {
        "timeType": "DATE", "year": int(day[:4]), "month": int(day[5:7]), "day": int(day[8:]), "hour": hour, "zoneId": zone,
    },
    st.one_of(days, st.sampled_from(["0001-01-01", "9999-12-31"])),
    st.integers(0, 23),
    zones,
)  # fmt: skip
indexed_points = st.builds(
    lambda reference, offset, zone: {
        "timeType": "INDEXED", "indexReference": reference, "offset": offset, "zoneId": zone,
    },
    st.fixed_dictionaries(
        {"referenceType": st.sampled_from(["NOW", "TODAY", "WEEK", "MONTH", "QUARTER", "YEAR"])},
        optional={"day": st.integers(1, 31), "hour": st.integers(0, 23), "dayOfWeek": st.sampled_from(["MONDAY", "SUNDAY"])},
    ),
    st.dictionaries(
        st.sampled_from(["years", "quarters", "months", "weeks", "days", "hours", "milliseconds"]),
        st.one_of(st.integers(-40, 40), st.sampled_from([9_000, -9_000])),
        max_size=2,
    ),
    zones,
)  # fmt: skip
points = cast("st.SearchStrategy[Json]", st.one_of(date_points, indexed_points))
behaviours = cast("st.SearchStrategy[Json]", st.sampled_from([None, "INCLUSIVE", "EXCLUSIVE"]))
milliseconds = cast(
    "st.SearchStrategy[Json]", st.sampled_from([0, 1774747815123, "1774747815000", 1774742400000])
)
number_values = cast("st.SearchStrategy[Json]", st.one_of(numbers, st.integers(-3, 3)))
text_values = cast("st.SearchStrategy[Json]", st.one_of(texts, st.lists(texts, min_size=1, max_size=2)))

operations = st.one_of(
    _operation("ALL_PROPERTY", ["IS_KNOWN", "IS_UNKNOWN"]),
    _operation(
        "MULTISTRING",
        ["IS_EQUAL_TO", "IS_NOT_EQUAL_TO", "CONTAINS", "DOES_NOT_CONTAIN", "STARTS_WITH", "ENDS_WITH"],
        values=text_values,
    ),
    _operation(
        "NUMBER",
        ["IS_EQUAL_TO", "IS_NOT_EQUAL_TO", "IS_GREATER_THAN", "IS_GREATER_THAN_OR_EQUAL_TO", "IS_LESS_THAN_OR_EQUAL_TO"],
        value=number_values,
    ),
    _operation("NUMBER_RANGED", ["IS_BETWEEN", "IS_NOT_BETWEEN"], lowerBound=number_values, upperBound=number_values),
    _operation("BOOL", ["IS_EQUAL_TO", "IS_NOT_EQUAL_TO"], value=st.sampled_from([True, "false"])),
    _operation(
        "ENUMERATION",
        ["IS_ANY_OF", "IS_NONE_OF", "IS_EXACTLY", "IS_NOT_EXACTLY", "CONTAINS_ALL", "DOES_NOT_CONTAIN_ALL"],
        values=cast("st.SearchStrategy[Json]", st.lists(options, min_size=1, max_size=2)),
    ),
    _operation("TIME_POINT", ["IS_BEFORE", "IS_AFTER"], timePoint=points, endpointBehavior=behaviours),
    _operation(
        "TIME_RANGED", ["IS_BETWEEN", "IS_NOT_BETWEEN"], lowerBoundTimePoint=points, upperBoundTimePoint=points,
        lowerBoundEndpointBehavior=behaviours, upperBoundEndpointBehavior=behaviours,
    ),
    _operation(
        "DATE", ["IS_EQUAL_TO", "IS_BEFORE", "IS_AFTER"],
        year=st.just(2026), month=st.sampled_from([3, "MARCH"]), day=st.integers(28, 30),
    ),
    _operation("DATETIME", ["IS_EQUAL_TO", "IS_BEFORE", "IS_AFTER"], timestamp=milliseconds),
    _operation("RANGED_DATE", ["IS_BETWEEN"], lowerBound=milliseconds, upperBound=milliseconds),
    _operation(
        "ROLLING_DATE_RANGE",
        ["IS_LESS_THAN_X_DAYS_AGO", "IS_MORE_THAN_X_DAYS_AGO", "IS_LESS_THAN_X_DAYS_FROM_NOW", "IS_MORE_THAN_X_DAYS_FROM_NOW"],
        numberOfDays=st.integers(0, 400),
    ),
    _operation(
        "CALENDAR_DATE", ["IN_THIS_TIME_UNIT", "IN_THIS_TIME_UNIT_SO_FAR", "IN_NEXT_TIME_UNIT", "IN_LAST_TIME_UNIT"],
        timeUnit=st.sampled_from(["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"]), timeUnitCount=st.integers(1, 3),
    ),
)  # fmt: skip
names = st.sampled_from([*TYPES, "createdate", "hs_object_id", "nothing_of_that_name"])
filters = st.builds(
    lambda name, op: {"filterType": "PROPERTY", "property": name, "operation": op}, names, operations
)
trees = st.recursive(
    st.builds(lambda found: {"filterBranchType": "AND", "filters": found}, st.lists(filters, max_size=2)),
    lambda inner: st.builds(
        lambda kind, found, branches: {
            "filterBranchType": kind,
            "filters": found,
            "filterBranches": branches,
        },
        st.sampled_from(["OR", "AND", "NOT_ALL", "NOT_ANY"]),
        st.lists(filters, max_size=2),
        st.lists(inner, max_size=2),
    ),
    max_leaves=3,
)


@pytest.fixture(scope="module")
def connection(embedded_server: object, template_database: str) -> Iterator[psycopg.Connection]:
    """A connection of another driver to the migrated template: nothing is written, so that it stays as it is."""
    url = str(getattr(embedded_server, "url")).replace("/penstock?", f"/{template_database}?")  # noqa: B009
    with psycopg.connect(url, autocommit=True) as db:
        yield db
    # Databases are copied from the template, which nobody may be connected to.


def _asked(db: psycopg.Connection, branch: FilterBranch, record: dict[str, str]) -> bool | None:
    found = predicate(branch, SCHEMA, NOW)
    cursor = psycopg.RawCursor(db)
    row = (
        f"SELECT 17::bigint AS id, '0-5'::text AS object_type_id, ${len(found.params) + 1}::jsonb AS properties,"
        " '2026-03-29 01:30:15.123456Z'::timestamptz AS created_at, now() AS updated_at"
    )
    cursor.execute(f"SELECT {found.sql} FROM ({row}) r", [*found.params, Jsonb(record)])  # noqa: S608
    answer = cursor.fetchone()
    return cast("bool | None", answer[0]) if answer else None


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees, record=records)
def test_the_database_and_python_agree_on_every_tree_and_record(
    connection: psycopg.Connection, tree: JsonObject, record: dict[str, str]
) -> None:
    branch = parse(tree)
    values = visible_values(17, record, NOW, NOW)
    assert _asked(connection, branch, record) is matches(branch, values, SCHEMA, NOW)


tokens = st.text(st.sampled_from("abÉ1*"), min_size=1, max_size=3).filter(lambda text: bool(text.strip("*")))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(tokens, min_size=1, max_size=2), negated=st.booleans(), record=records)
def test_the_database_and_python_agree_on_words(
    connection: psycopg.Connection, wanted: list[str], negated: bool, record: dict[str, str]
) -> None:
    bare = tuple(
        fold("*" * token.startswith("*") + token.strip("*").replace("*", "") + "*" * token.endswith("*"))
        for token in wanted
    )
    branch = FilterBranch("AND", (), (PropertyFilter("text", TokenTest(bare, negated)),))
    assert _asked(connection, branch, record) is matches(branch, record, SCHEMA, NOW)


def test_folding_is_the_same_for_every_letter(connection: psycopg.Connection) -> None:
    every = [chr(point) for point in range(1, 0x1_F000) if not 0xD800 <= point <= 0xDFFF]
    rows = connection.execute(
        "SELECT fold(c) FROM unnest(%s::text[]) WITH ORDINALITY AS u (c, n) ORDER BY n", [every]
    ).fetchall()
    different = [letter for letter, row in zip(every, rows, strict=True) if fold(letter) != row[0]]
    # Letters that only one of the two Unicode versions knows may differ; there are none in use before 2021.
    assert not [letter for letter in different if ord(letter) < 0x0870]
    assert len(different) < 60


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from([*TYPES, "PROPERTY", "AND"]),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["filterBranchType", "filterBranches", "filters", "filterType", "property", "operation", "operator",
                             "operationType", "value", "values", "timePoint", "offset"]),
            inner,
            max_size=5,
        ),
        max_leaves=12,
    )
)  # fmt: skip
def test_any_json_is_a_filter_or_a_list_of_problems(raw: Json) -> None:
    with contextlib.suppress(InvalidInput):
        parse(raw)
        return
    with pytest.raises(InvalidInput) as caught:
        parse(raw)
    assert caught.value.problems
    assert all(problem.code and problem.message for problem in caught.value.problems)
