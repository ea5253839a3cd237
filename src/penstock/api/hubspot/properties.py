"""Properties and property groups in HubSpot's v3 API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from penstock.api.hubspot.batch import Batch, batch, missing_error, now
from penstock.api.hubspot.property_shapes import (
    GroupPatch,
    Groups,
    GroupShape,
    GroupWish,
    NameInputs,
    Properties,
    PropertyPatch,
    PropertyShape,
    PropertyWish,
    PropertyWishes,
    group_shape,
    property_shape,
)
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.crm import properties, property_groups
from penstock.crm.object_types import resolve
from penstock.errors import NotFound
from penstock.kit.database import Connection

router = APIRouter(route_class=GuardedRoute, tags=["properties"])


async def named_type(objectType: str) -> str:  # noqa: N803
    """The object type of the path, as it was spelled there."""
    return objectType


TypeName = Annotated[str, Depends(named_type)]


async def type_id(db: Connection, call: Call, name: str) -> str:
    """The objectTypeId behind any spelling of it. Raises NotFound."""
    return (await resolve(db, call.workspace_id, name)).id


@router.get("")
async def list_properties(name: TypeName, call: Caller, archived: bool = False) -> Properties:
    """All properties of an object type."""
    async with call.transaction() as db:
        type_ = await type_id(db, call, name)
        found = await properties.list_all(db, call.workspace_id, type_, archived=archived)
    return Properties(results=[property_shape(prop) for prop in found])


@router.post("", status_code=201)
async def create(name: TypeName, wish: PropertyWish, call: Caller) -> PropertyShape:
    """Creates a property."""
    async with call.transaction() as db:
        type_ = await type_id(db, call, name)
        return property_shape(await properties.create(db, call.workspace_id, type_, wish.definition()))


@router.get("/groups")
async def list_groups(name: TypeName, call: Caller) -> Groups:
    """All property groups of an object type."""
    async with call.transaction() as db:
        found = await property_groups.list_all(db, call.workspace_id, await type_id(db, call, name))
    return Groups(results=[group_shape(group) for group in found])


@router.post("/groups", status_code=201)
async def create_group(name: TypeName, wish: GroupWish, call: Caller) -> GroupShape:
    """Creates a property group."""
    async with call.transaction() as db:
        type_ = await type_id(db, call, name)
        made = await property_groups.create(
            db, call.workspace_id, type_, wish.name, wish.label, wish.display_order
        )
    return group_shape(made)


@router.get("/groups/{groupName}")
async def read_group(name: TypeName, groupName: str, call: Caller) -> GroupShape:  # noqa: N803
    """One property group."""
    async with call.transaction() as db:
        for group in await property_groups.list_all(db, call.workspace_id, await type_id(db, call, name)):
            if group.name == groupName:
                return group_shape(group)
    raise NotFound(
        f"{name} has no property group '{groupName[:100]}'.", remedy="List the groups of the object type."
    )


@router.patch("/groups/{groupName}")
async def update_group(name: TypeName, groupName: str, wish: GroupPatch, call: Caller) -> GroupShape:  # noqa: N803
    """Changes a property group's label or order."""
    async with call.transaction() as db:
        type_ = await type_id(db, call, name)
        changed = await property_groups.update(
            db, call.workspace_id, type_, groupName, label=wish.label, display_order=wish.display_order
        )
    return group_shape(changed)


@router.delete("/groups/{groupName}", status_code=204)
async def archive_group(name: TypeName, groupName: str, call: Caller) -> None:  # noqa: N803
    """Archives an empty property group."""
    async with call.transaction() as db:
        await property_groups.archive(db, call.workspace_id, await type_id(db, call, name), groupName)


@router.post("/batch/create", status_code=201)
async def batch_create(
    name: TypeName, wishes: PropertyWishes, call: Caller, response: Response
) -> Batch[PropertyShape]:
    """Creates properties: all of them, or none when one of them cannot be."""
    started = now()
    async with call.transaction() as db:
        type_ = await type_id(db, call, name)
        await properties.create_many(
            db, call.workspace_id, type_, [wish.definition() for wish in wishes.inputs]
        )
        made = {prop.name: prop for prop in await properties.list_all(db, call.workspace_id, type_)}
    return batch(started, [property_shape(made[wish.name]) for wish in wishes.inputs], [], response, 201)


@router.post("/batch/read")
async def batch_read(
    name: TypeName, wishes: NameInputs, call: Caller, response: Response
) -> Batch[PropertyShape]:
    """Reads properties by name; answers 207 when some do not exist, and names those."""
    started = now()
    async with call.transaction() as db:
        type_ = await type_id(db, call, name)
        found = await properties.list_all(db, call.workspace_id, type_, archived=wishes.archived)
    there = {prop.name: prop for prop in found}
    names = list(dict.fromkeys(one.name for one in wishes.inputs))
    results = [property_shape(there[one]) for one in names if one in there]
    missing = [one for one in names if one not in there]
    return batch(started, results, missing_error(call, missing, "properties"), response)


@router.post("/batch/archive", status_code=204)
async def batch_archive(name: TypeName, wishes: NameInputs, call: Caller) -> None:
    """Archives properties: all of them, or none when one of them cannot be."""
    async with call.transaction() as db:
        type_ = await type_id(db, call, name)
        for one in wishes.inputs:
            await properties.archive(db, call.workspace_id, type_, one.name)


@router.get("/{propertyName}")
async def read(name: TypeName, propertyName: str, call: Caller) -> PropertyShape:  # noqa: N803
    """One property, archived or not."""
    async with call.transaction() as db:
        type_ = await type_id(db, call, name)
        return property_shape(await properties.get(db, call.workspace_id, type_, propertyName))


@router.patch("/{propertyName}")
async def update(name: TypeName, propertyName: str, wish: PropertyPatch, call: Caller) -> PropertyShape:  # noqa: N803
    """Changes what is sent of a property."""
    async with call.transaction() as db:
        type_ = await type_id(db, call, name)
        current = await properties.get(db, call.workspace_id, type_, propertyName)
        return property_shape(await properties.update(db, call.workspace_id, type_, wish.applied_to(current)))


@router.delete("/{propertyName}", status_code=204)
async def archive(name: TypeName, propertyName: str, call: Caller) -> None:  # noqa: N803
    """Archives a property; its values stay and come back with it."""
    async with call.transaction() as db:
        await properties.archive(db, call.workspace_id, await type_id(db, call, name), propertyName)
