"""Associations between records in HubSpot's v4 API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from penstock.api.hubspot.object_reading import schema_of
from penstock.api.hubspot.object_shapes import AssociationKind
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.api.shapes import After, Id, Paging, PathId, Shape, paging
from penstock.crm import records
from penstock.crm.association_types import AssociationType, default_type
from penstock.crm.associations import Link, associate, dissociate, list_associated
from penstock.kit.database import Connection

router = APIRouter(route_class=GuardedRoute, tags=["associations"])

Kinds = Annotated[list[AssociationKind], Field(min_length=1, max_length=100)]


class KindShape(Shape):
    """One kind of association. `label` is null for the kind without one."""

    category: str
    type_id: int
    label: str | None


class MultiAssociation(Shape):
    """A record at the other end, with all kinds of associations to it."""

    to_object_id: int
    association_types: list[KindShape]


class MultiAssociations(Shape):
    """A page of associated records."""

    results: list[MultiAssociation]
    paging: Paging | None = None


class LabelsBetween(Shape):
    """What was made between two records."""

    from_object_type_id: str
    from_object_id: int
    to_object_type_id: str
    to_object_id: int
    labels: list[str]


class DefaultAssociation(Shape):
    """One direction of an association without a label."""

    from_: Annotated[dict[str, str], Field(alias="from")]
    to: dict[str, str]
    association_spec: dict[str, str | int]


class DefaultAssociations(Shape):
    """Both directions."""

    status: str
    results: list[DefaultAssociation]


@router.get("/{toObjectType}")
async def list_associations(
    fromObjectType: str,  # noqa: N803
    objectId: PathId,  # noqa: N803
    toObjectType: str,  # noqa: N803
    call: Caller,
    after: After = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 500,
) -> MultiAssociations:
    """The records of one type that a record is associated with, in the order of their ids."""
    async with call.transaction() as db:
        start = await schema_of(db, call, fromObjectType)
        other = await schema_of(db, call, toObjectType)
        await records.get(db, call.workspace_id, start.object_type.id, objectId)
        found = await list_associated(
            db, call.workspace_id, [objectId], other.object_type.id, after=after or 0, limit=limit + 1
        )
    page = found[objectId][:limit]
    results = [
        MultiAssociation(to_object_id=one.to_record_id, association_types=[_kind(kind) for kind in one.types])
        for one in page
    ]
    more = len(found[objectId]) > limit
    return MultiAssociations(results=results, **paging(page[-1].to_record_id if more else None))


@router.put("/default/{toObjectType}/{toObjectId}")
async def associate_default(
    fromObjectType: str,  # noqa: N803
    objectId: PathId,  # noqa: N803
    toObjectType: str,  # noqa: N803
    toObjectId: PathId,  # noqa: N803
    call: Caller,
) -> DefaultAssociations:
    """Associates two records without a label."""
    async with call.transaction() as db:
        start, other = await _ends(db, call, fromObjectType, objectId, toObjectType, toObjectId)
        kind = default_type(start, other)
        await associate(db, call.workspace_id, [Link(objectId, toObjectId, kind.type_id)], call.source)
    there = _direction(objectId, toObjectId, kind.type_id)
    back = _direction(toObjectId, objectId, kind.inverse_id)
    return DefaultAssociations(status="COMPLETE", results=[there, back])


@router.put("/{toObjectType}/{toObjectId}", status_code=201)
async def associate_labelled(
    fromObjectType: str,  # noqa: N803
    objectId: PathId,  # noqa: N803
    toObjectType: str,  # noqa: N803
    toObjectId: PathId,  # noqa: N803
    kinds: Kinds,
    call: Caller,
) -> LabelsBetween:
    """Associates two records with the kinds sent; those that exist stay."""
    async with call.transaction() as db:
        start, other = await _ends(db, call, fromObjectType, objectId, toObjectType, toObjectId)
        links = [
            Link(objectId, toObjectId, kind.association_type_id, kind.association_category) for kind in kinds
        ]
        await associate(db, call.workspace_id, links, call.source)
        found = await list_associated(db, call.workspace_id, [objectId], other, after=toObjectId - 1, limit=1)
    labels = [kind.label for one in found[objectId] for kind in one.types if kind.label]
    return LabelsBetween(
        from_object_type_id=start,
        from_object_id=objectId,
        to_object_type_id=other,
        to_object_id=toObjectId,
        labels=labels,
    )


@router.delete("/{toObjectType}/{toObjectId}", status_code=204)
async def remove(
    fromObjectType: str,  # noqa: N803
    objectId: PathId,  # noqa: N803
    toObjectType: str,  # noqa: N803
    toObjectId: PathId,  # noqa: N803
    call: Caller,
) -> None:
    """Removes all associations between two records, in both directions."""
    async with call.transaction() as db:
        await _ends(db, call, fromObjectType, objectId, toObjectType, toObjectId)
        await dissociate(db, call.workspace_id, objectId, toObjectId, call.source)


async def _ends(
    db: Connection, call: Call, from_type: str, from_id: int, to_type: str, to_id: int
) -> tuple[str, str]:
    """The type ids of two records that exist. Raises NotFound for a type or record that does not."""
    start = (await schema_of(db, call, from_type)).object_type.id
    other = (await schema_of(db, call, to_type)).object_type.id
    await records.get(db, call.workspace_id, start, from_id)
    await records.get(db, call.workspace_id, other, to_id)
    return start, other


def _kind(kind: AssociationType) -> KindShape:
    return KindShape(category=kind.category, type_id=kind.type_id, label=kind.label)


def _direction(start: Id, end: Id, type_id: int) -> DefaultAssociation:
    return DefaultAssociation(
        from_={"id": str(start)},
        to={"id": str(end)},
        association_spec={"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id},
    )
