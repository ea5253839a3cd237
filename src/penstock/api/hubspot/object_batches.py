"""Batches of records in HubSpot's v3 objects API: up to 100 in one request and one transaction."""

from __future__ import annotations

from fastapi import APIRouter, Response

from penstock.api.hubspot.batch import Batch, batch, missing_error, now, one_by_one
from penstock.api.hubspot.object_reading import Wanted, schema_of, shapes
from penstock.api.hubspot.object_shapes import (
    ArchiveWishes,
    CreateWish,
    CreateWishes,
    ObjectShape,
    ObjectWish,
    ReadWishes,
    UpdateWish,
    UpdateWishes,
    UpsertedShape,
    UpsertWish,
    UpsertWishes,
    names,
    object_fields,
    object_shape,
)
from penstock.api.hubspot.objects import find, record_id
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.crm import records
from penstock.crm.associations import Link, associate
from penstock.crm.records import Record
from penstock.crm.schema import ObjectSchema
from penstock.errors import NotFound, PenstockError
from penstock.kit.database import Connection

router = APIRouter(route_class=GuardedRoute, tags=["objects"])


@router.post("/batch/read")
async def batch_read(
    objectType: str,  # noqa: N803
    wishes: ReadWishes,
    call: Caller,
    response: Response,
) -> Batch[ObjectShape]:
    """Reads records by id or by a unique property; answers 207 when some do not exist, and names those."""
    started = now()
    asked = list(dict.fromkeys(one.id for one in wishes.inputs))
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        found = await _found(db, call, schema, asked, wishes)
        wanted = Wanted(names(wishes.properties), names(wishes.properties_with_history))
        results = await shapes(db, call, schema, list({r.id: r for r in found.values()}.values()), wanted)
    missing = [one for one in asked if one not in found]
    return batch(started, results, missing_error(call, missing, "records"), response)


@router.post("/batch/create", status_code=201)
async def batch_create(
    objectType: str,  # noqa: N803
    wishes: CreateWishes,
    call: Caller,
    response: Response,
) -> Batch[ObjectShape]:
    """Creates records: all or none. When every input has an `objectWriteTraceId`, the good ones are kept (207)."""
    started = now()
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)

        async def create(wish: CreateWish) -> ObjectShape:
            made = await records.create(
                db, call.workspace_id, schema, wish.properties, call.source, wish.new_associations()
            )
            return object_shape(made, None)

        try:
            async with db.transaction():
                made = await _create_all(db, call, schema, wishes)
        except PenstockError:
            if not all(wish.object_write_trace_id for wish in wishes.inputs):
                raise
            results, errors = await one_by_one(db, call, wishes.inputs, create, _named)
            return batch(started, results, errors, response, 201)
    return batch(started, [object_shape(record, None) for record in made], [], response, 201)


@router.post("/batch/update")
async def batch_update(
    objectType: str,  # noqa: N803
    wishes: UpdateWishes,
    call: Caller,
    response: Response,
) -> Batch[ObjectShape]:
    """Changes records. Those that cannot be changed are named (207), the others are changed."""
    started = now()
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)

        async def update(wish: UpdateWish) -> ObjectShape:
            record = await find(db, call, schema, wish.id, wish.id_property)
            changed = await records.update(
                db, call.workspace_id, schema, record.id, wish.properties, call.source
            )
            return object_shape(changed, None)

        results, errors = await one_by_one(db, call, wishes.inputs, update, _named)
    return batch(started, results, errors, response)


@router.post("/batch/upsert")
async def batch_upsert(
    objectType: str,  # noqa: N803
    wishes: UpsertWishes,
    call: Caller,
    response: Response,
) -> Batch[UpsertedShape]:
    """Changes the records that have the value of a unique property, and creates the others."""
    started = now()
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)

        async def upsert(wish: UpsertWish) -> UpsertedShape:
            record, new = await records.upsert(
                db, call.workspace_id, schema, wish.id_property, wish.id, wish.properties, call.source
            )
            return UpsertedShape(**object_fields(record, None), new=new)

        results, errors = await one_by_one(db, call, wishes.inputs, upsert, _named)
    return batch(started, results, errors, response)


@router.post("/batch/archive", status_code=204)
async def batch_archive(objectType: str, wishes: ArchiveWishes, call: Caller) -> None:  # noqa: N803
    """Archives records; ids that name nothing are passed over, as HubSpot does."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        ids = [one.id for one in wishes.inputs]
        await records.archive(db, call.workspace_id, schema.object_type.id, ids, call.source)


def _named(wish: ObjectWish) -> dict[str, str]:
    """What an error says of the input that it is about: its id, and the caller's own mark."""
    named = {"ids": wish.id} if isinstance(wish, UpdateWish) else {}
    return {**named, **({"objectWriteTraceId": mark} if (mark := wish.object_write_trace_id) else {})}


async def _found(
    db: Connection, call: Call, schema: ObjectSchema, asked: list[str], wishes: ReadWishes
) -> dict[str, Record]:
    """The records by what was asked for."""
    if wishes.id_property is None:
        numbers = {}
        for one in asked:
            try:
                numbers[record_id(one)] = one
            except NotFound:
                continue
        many = await records.get_many(
            db, call.workspace_id, schema.object_type.id, list(numbers), archived=wishes.archived
        )
        return {numbers[record.id]: record for record in many}
    found = {}
    for one in asked:
        record = await records.find_by_unique(db, call.workspace_id, schema, wishes.id_property, one)
        if record is not None:
            found[one] = record
    return found


async def _create_all(db: Connection, call: Call, schema: ObjectSchema, wishes: CreateWishes) -> list[Record]:
    made = await records.create_many(
        db, call.workspace_id, schema, [wish.properties for wish in wishes.inputs], call.source
    )
    links = [
        Link(record.id, new.to_record_id, new.type_id, new.category)
        for record, wish in zip(made, wishes.inputs, strict=True)
        for new in wish.new_associations()
    ]
    await associate(db, call.workspace_id, links, call.source)
    return made
