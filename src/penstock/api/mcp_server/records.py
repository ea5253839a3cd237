"""Tools for records: what properties there are, search, and one record with where its values come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from penstock.api.hubspot import objects, properties
from penstock.api.hubspot.object_reading import Wanted
from penstock.api.hubspot.object_shapes import SearchWish
from penstock.api.mcp_server.sensitive import refuse_to_compare, refuse_to_search, sensitive_names
from penstock.api.mcp_server.tool import Tool
from penstock.api.penstock import record_past, record_table
from penstock.api.penstock.past_shapes import SourceShape
from penstock.api.security import Call
from penstock.api.shapes import Id, Paging, Shape, Time, Wish, paging
from penstock.errors import InvalidInput, Problem
from penstock.kit.json import JsonObject

ObjectType = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        description="Name or objectTypeId, such as tickets, contacts, companies, deals or 2-17.",
    ),
]
Operator = Literal[
    "EQ",
    "NEQ",
    "LT",
    "LTE",
    "GT",
    "GTE",
    "BETWEEN",
    "IN",
    "NOT_IN",
    "HAS_PROPERTY",
    "NOT_HAS_PROPERTY",
    "CONTAINS_TOKEN",
    "NOT_CONTAINS_TOKEN",
]


class ListPropertiesArguments(Wish):
    """Which object type."""

    object_type: ObjectType


class OptionOfProperty(Shape):
    """A choice: `value` is stored and searched for, `label` is shown."""

    value: str
    label: str


class PropertyForAgent(Shape):
    """A property. Values of a `sensitive` one are never shown here."""

    name: str
    label: str
    type: str
    description: str
    options: list[OptionOfProperty]
    sensitive: bool


class PropertyList(Shape):
    """All properties of an object type."""

    results: list[PropertyForAgent]


class Filter(Wish):
    """A condition. `value` goes with most operators, `values` with IN and NOT_IN, `value` and `highValue` with BETWEEN.

    Dates and times are milliseconds since 1970 or ISO 8601.
    """

    property_name: str
    operator: Operator
    value: str | None = None
    values: list[str] | None = None
    high_value: str | None = None


class SearchArguments(Wish):
    """What to search for. All `filters` must hold; each word of `query` must occur in a searchable property."""

    object_type: ObjectType
    query: Annotated[str, Field(max_length=3000)] = ""
    filters: Annotated[list[Filter], Field(max_length=18)] = []  # noqa: RUF012 - Pydantic copies defaults
    sort_by: Annotated[str | None, Field(description="A property; with - before it the largest first.")] = (
        None
    )
    properties: Annotated[
        list[str], Field(max_length=100, description="Which to show; without any the usual ones of the type.")
    ] = []  # noqa: RUF012 - Pydantic copies defaults
    after: Annotated[str | None, Field(description="paging.next.after of the page before.")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 10


class FoundRecord(Shape):
    """A record that was found."""

    id: Id
    properties: dict[str, str | None]
    created_at: Time
    updated_at: Time


class SearchAnswer(Shape):
    """A page of records; `total` counts all that match. `withheld` are properties that agents do not get to read."""

    total: int
    results: list[FoundRecord]
    withheld: list[str]
    paging: Paging | None = None


class GetRecordArguments(Wish):
    """Which record, and which of its properties; without any, all that have a value."""

    object_type: ObjectType
    record_id: Id
    properties: Annotated[list[str], Field(max_length=500)] = []  # noqa: RUF012 - Pydantic copies defaults


class ValueForAgent(Shape):
    """A value and who or what wrote it: `source.workflow` names workflow, step, model and confidence.

    `versionId` is what `preview_undo` and `undo` take; null for a value that the record was created with.
    """

    property: str
    value: str | None
    version_id: Id | None
    at: Time
    source: SourceShape


class RecordAnswer(Shape):
    """A record with the origin of every value. `withheld` are properties that agents do not get to read."""

    id: Id
    object_type_id: str
    name: str
    created_at: Time
    updated_at: Time
    values: list[ValueForAgent]
    withheld: list[str]


async def list_properties(call: Call, wanted: ListPropertiesArguments) -> PropertyList:
    """The properties with their options."""
    found = await properties.list_properties(wanted.object_type, call)
    return PropertyList(
        results=[
            PropertyForAgent(
                name=one.name,
                label=one.label,
                type=one.type,
                description=one.description,
                options=[OptionOfProperty(value=option.value, label=option.label) for option in one.options],
                sensitive=one.data_sensitivity != "non_sensitive",
            )
            for one in found.results
        ]
    )


async def search_records(call: Call, wanted: SearchArguments) -> SearchAnswer:
    """A page of records."""
    sensitive = await sensitive_names(call, wanted.object_type)
    named = [
        (f"filters[{place}].propertyName", one.property_name) for place, one in enumerate(wanted.filters)
    ]
    refuse_to_compare([*named, ("sortBy", wanted.sort_by or "")], sensitive)
    if wanted.query and sensitive:
        await refuse_to_search(call, wanted.object_type, sensitive)
    filters: list[JsonObject] = [one.model_dump(by_alias=True, exclude_none=True) for one in wanted.filters]
    search = SearchWish(
        filter_groups=[{"filters": [*filters]}] if filters else None,
        query=wanted.query or None,
        sorts=[wanted.sort_by] if wanted.sort_by else None,
        after=wanted.after,
        limit=wanted.limit,
        properties=wanted.properties,
    )
    try:
        found = await objects.find_many(wanted.object_type, search, call)
    except InvalidInput as error:
        raise InvalidInput(
            error.message, remedy=error.remedy, problems=_in_our_words(error.problems)
        ) from error
    shown = {name for record in found.results for name in record.properties}
    return SearchAnswer(
        total=found.total,
        results=[
            FoundRecord(
                id=record.id,
                properties={
                    name: value for name, value in record.properties.items() if name not in sensitive
                },
                created_at=record.created_at,
                updated_at=record.updated_at,
            )
            for record in found.results
        ],
        withheld=sorted(shown & sensitive),
        **paging(found.paging.next.after if found.paging else None),
    )


def _in_our_words(problems: Iterable[Problem]) -> list[Problem]:
    """The problems of a search request of HubSpot's, with the places named as they are in our arguments."""
    return [
        replace(one, path=one.path.removeprefix("filterGroups[0].").replace("sorts[0]", "sortBy"))
        for one in problems
    ]


async def get_record(call: Call, wanted: GetRecordArguments) -> RecordAnswer:
    """A record and the origins of its values."""
    sensitive = await sensitive_names(call, wanted.object_type)
    origins = await record_past.origins(wanted.object_type, wanted.record_id, call)
    asked = [one for one in origins.results if not wanted.properties or one.property in wanted.properties]
    shown = Wanted(tuple(one.property for one in asked if one.property not in sensitive) or ("hs_object_id",))
    record = await objects.read(wanted.object_type, str(wanted.record_id), call, shown)
    named = await record_table.name(wanted.object_type, wanted.record_id, call)
    return RecordAnswer(
        id=record.id,
        object_type_id=named.object_type_id,
        name=named.name,
        created_at=record.created_at,
        updated_at=record.updated_at,
        values=[
            ValueForAgent(
                property=one.property,
                value=record.properties.get(one.property),
                version_id=one.version_id,
                at=one.at,
                source=one.source,
            )
            for one in asked
            if one.property not in sensitive
        ],
        withheld=sorted({one.property for one in asked} & sensitive),
    )


LIST_PROPERTIES = Tool(
    name="list_properties",
    title="List properties",
    description="Lists the properties of an object type with their options: the names that search_records takes.",
    route="GET /crm/v3/properties/{objectType}",
    arguments=ListPropertiesArguments,
    result=PropertyList,
    run=list_properties,
)
SEARCH_RECORDS = Tool(
    name="search_records",
    title="Search records",
    description="Searches the live records of a type by words and conditions. A search ends at 10,000 records.",
    route="POST /crm/v3/objects/{objectType}/search",
    arguments=SearchArguments,
    result=SearchAnswer,
    run=search_records,
)
GET_RECORD = Tool(
    name="get_record",
    title="Get a record",
    description="Reads a record and, for every value, who wrote it: a person, an import, or a step of a workflow with its"
    " model.",
    route="GET /penstock/v1/records/{objectType}/{recordId}/values-origin",
    arguments=GetRecordArguments,
    result=RecordAnswer,
    run=get_record,
)
