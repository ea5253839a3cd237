"""Records in HubSpot's v3 objects API: one at a time, and search."""

from __future__ import annotations

from fastapi import APIRouter

from penstock.api.hubspot.object_reading import Wanted, WantedQuery, schema_of, shapes
from penstock.api.hubspot.object_shapes import (
    CreateWish,
    Objects,
    ObjectShape,
    ObjectWish,
    SearchResult,
    SearchWish,
    names,
    object_shape,
)
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.api.shapes import LARGEST_ID, After, Limit, PathId, paging
from penstock.crm import records, search
from penstock.crm.records import Record
from penstock.crm.schema import ObjectSchema
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection

router = APIRouter(route_class=GuardedRoute, tags=["objects"])


@router.get("")
async def list_objects(
    objectType: str,  # noqa: N803
    call: Caller,
    wanted: WantedQuery,
    after: After = None,
    limit: Limit = 10,
    archived: bool = False,
) -> Objects:
    """A page of live records in the order of their ids."""
    if archived:
        raise InvalidInput(
            "archived: archived records are not listed.",
            remedy="Read one with GET …/{objectId}?archived=true.",
        )
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        page = await records.page(db, call.workspace_id, schema.object_type.id, after=after, limit=limit)
        return Objects(
            results=await shapes(db, call, schema, page.records, wanted), **paging(page.next_after)
        )


@router.post("", status_code=201)
async def create(objectType: str, wish: CreateWish, call: Caller) -> ObjectShape:  # noqa: N803
    """Creates a record, with its associations if any are sent."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        made = await records.create(
            db, call.workspace_id, schema, wish.properties, call.source, wish.new_associations()
        )
    return object_shape(made, None)


@router.post("/search")
async def find_many(objectType: str, wish: SearchWish, call: Caller) -> SearchResult:  # noqa: N803
    """A page of the live records that match; a search ends at 10,000 records, as in HubSpot."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        request = search.parse(wish.model_dump(by_alias=True, exclude={"properties"}), schema)
        page = await search.search(db, call.workspace_id, schema, request, call.app.clock.now())
        found = await shapes(db, call, schema, page.records, Wanted(names(wish.properties)))
    return SearchResult(total=page.total, results=found, **paging(page.next_after))


@router.get("/{objectId}")
async def read(
    objectType: str,  # noqa: N803
    objectId: str,  # noqa: N803
    call: Caller,
    wanted: WantedQuery,
    idProperty: str | None = None,  # noqa: N803
    archived: bool = False,
) -> ObjectShape:
    """One record by id, or by the unique property that `idProperty` names."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        record = await find(db, call, schema, objectId, idProperty, archived=archived)
        return (await shapes(db, call, schema, [record], wanted))[0]


@router.patch("/{objectId}")
async def update(
    objectType: str,  # noqa: N803
    objectId: str,  # noqa: N803
    wish: ObjectWish,
    call: Caller,
    idProperty: str | None = None,  # noqa: N803
) -> ObjectShape:
    """Changes the properties sent and leaves the rest; `""` clears one."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        record = await find(db, call, schema, objectId, idProperty)
        changed = await records.update(db, call.workspace_id, schema, record.id, wish.properties, call.source)
    return object_shape(changed, None)


@router.delete("/{objectId}", status_code=204)
async def archive(objectType: str, objectId: PathId, call: Caller) -> None:  # noqa: N803
    """Archives a record. As in HubSpot, archiving what is not there is answered with 204 too."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        await records.archive(db, call.workspace_id, schema.object_type.id, [objectId], call.source)


async def find(
    db: Connection,
    call: Call,
    schema: ObjectSchema,
    value: str,
    id_property: str | None,
    *,
    archived: bool = False,
) -> Record:
    """The record with this id, or with this value of a unique property. Raises NotFound, InvalidInput."""
    if id_property is not None:
        found = await records.find_by_unique(db, call.workspace_id, schema, id_property, value)
        if found is None:
            raise NotFound(
                f"No record of type {schema.object_type.name} has this value of '{id_property[:100]}'.",
                remedy="Create it, or look for it with a search.",
            )
        return found
    return await records.get(
        db, call.workspace_id, schema.object_type.id, record_id(value), archived=archived
    )


def record_id(value: str) -> int:
    """The number of a record's id. Raises NotFound for text that no record can have as its id."""
    if not (value.isascii() and value.isdecimal() and len(value) < 20 and 0 < int(value) <= LARGEST_ID):
        raise NotFound(
            f"objectId is no record id ({len(value)} characters).",
            remedy="Use the digits of a record's id, or name a unique property with idProperty.",
        )
    return int(value)
