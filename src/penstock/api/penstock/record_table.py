"""The table of records: pages by filter, words and order, and how many match."""

from __future__ import annotations

from fastapi import APIRouter, Request

from penstock.api.background import Background
from penstock.api.hubspot.object_reading import schema_of
from penstock.api.hubspot.object_shapes import shown
from penstock.api.penstock.record_shapes import (
    MatchingWish,
    NameShape,
    QueryWish,
    RecordCountShape,
    RowPage,
    count_shape,
    row_shape,
)
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.api.shapes import PathId, paging
from penstock.crm import listing, records, value_indexes
from penstock.crm.display_names import name_of
from penstock.crm.schema import ObjectSchema
from penstock.errors import BeingPrepared

router = APIRouter(route_class=GuardedRoute, tags=["records"])


@router.post("/query")
async def query(objectType: str, wish: QueryWish, call: Caller, request: Request) -> RowPage:  # noqa: N803
    """A page of live records. Sorting many records by a property for the first time is answered with 409 once."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
    matching = listing.parse_matching(wish.filter, wish.search, schema)
    sort = wish.sort
    order = listing.Order() if sort is None else listing.parse_order(sort.property, sort.direction, schema)
    mark = listing.fingerprint(schema.object_type.id, wish.filter, wish.search, order)
    after = listing.read_cursor(wish.after, mark, order)
    try:
        async with call.transaction() as db:
            page = await listing.list_page(
                db,
                call.workspace_id,
                schema,
                matching,
                order,
                after=after,
                limit=wish.limit,
                now=call.app.clock.now(),
            )
    except BeingPrepared as error:
        await prepare(call, request, schema, frozenset({error.context["property"]}))
        raise
    if page.helpful:
        await prepare(call, request, schema, page.helpful)
    properties = shown(schema, wish.properties)
    return RowPage(
        results=[row_shape(record, properties) for record in page.records],
        searched_all=page.searched_all,
        **paging(listing.cursor(mark, page.next, order) if page.next is not None else None),
    )


@router.post("/count")
async def count(objectType: str, wish: MatchingWish, call: Caller) -> RecordCountShape:  # noqa: N803
    """How many live records match: exactly up to 10,000, and no longer than a moment."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        matching = listing.parse_matching(wish.filter, wish.search, schema)
        found = await listing.count(db, call.workspace_id, schema, matching, now=call.app.clock.now())
    return count_shape(found)


@router.get("/{recordId}/name")
async def name(objectType: str, recordId: PathId, call: Caller) -> NameShape:  # noqa: N803
    """What people call a record: its primary display property, or its number."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        record = await records.get(db, call.workspace_id, schema.object_type.id, recordId)
    return NameShape(
        id=record.id, object_type_id=record.object_type_id, name=name_of(schema.object_type, record)
    )


async def prepare(call: Call, request: Request, schema: ObjectSchema, names: frozenset[str]) -> None:
    """Has indexes over these properties built, after the answer."""
    async with call.transaction() as db:
        wanted = await value_indexes.want(db, call.workspace_id, schema, names)
    if wanted:
        background: Background = request.app.state.background
        background.start(
            lambda: value_indexes.build(call.app.pool), "indexes over property values", lambda: None
        )
