"""The shapes of record lists, shared by the table, exports and edits of many records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from penstock.api.json_body import JsonBody
from penstock.api.shapes import Id, Paging, Shape, Time, Wish
from penstock.crm.listing import Count
from penstock.crm.records import Record

LARGEST_PAGE = 100
# How the OpenAPI document describes an answer that is a CSV file.
CSV_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The CSV file."}
}


class SortWish(Wish):
    """The property to sort by. Records without a value come last either way."""

    property: str
    direction: Literal["ASCENDING", "DESCENDING"] = "ASCENDING"


class MatchingWish(Wish):
    """Which records: `filter` is a filterBranch as in enrollment triggers, each word of `search` begins a word."""

    filter: JsonBody | None = None
    search: str = ""


class QueryWish(MatchingWish):
    """One page of a table. Without `sort` the newest records come first."""

    sort: SortWish | None = None
    properties: list[str] = []  # noqa: RUF012 - Pydantic copies defaults
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = 50
    after: str | None = None


class RowShape(Shape):
    """A record in a table."""

    id: Id
    properties: dict[str, str | None]
    created_at: Time
    updated_at: Time


class RowPage(Shape):
    """A page of a table. With `searchedAll` false it is short because time was up: `paging.next.after` goes on."""

    results: list[RowShape]
    searched_all: bool
    paging: Paging | None = None


class RecordCountShape(Shape):
    """How many match. Not `exact`: at least `count`, and about `estimate` where anybody can tell."""

    count: int
    exact: bool
    estimate: int | None


class NameShape(Shape):
    """What people call a record."""

    id: Id
    object_type_id: str
    name: str


def row_shape(record: Record, properties: Sequence[str]) -> RowShape:
    """A record with these properties."""
    return RowShape(
        id=record.id,
        properties={name: record.properties.get(name) for name in properties},
        created_at=record.created_at,
        updated_at=record.updated_at,
    )


def count_shape(count: Count) -> RecordCountShape:
    """A count."""
    return RecordCountShape(count=count.count, exact=count.exact, estimate=count.estimate)
