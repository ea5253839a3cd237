"""What a record is associated with, by type and with names."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from penstock.api.hubspot.object_reading import schema_of
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Limit, Paging, PathId, Shape, paging
from penstock.crm import association_panel, object_types, records
from penstock.crm.association_panel import AssociationGroup
from penstock.crm.association_types import AssociationType

router = APIRouter(route_class=GuardedRoute, tags=["recordAssociations"])


class AssociationKindShape(Shape):
    """A kind of association; `label` is null for the one without a label."""

    category: str
    type_id: int
    label: str | None


class OtherRecord(Shape):
    """A record at the other end."""

    record_id: Id
    name: str
    secondary: str | None
    labels: list[AssociationKindShape]


class GroupCount(Shape):
    """How many there are; not `exact`: at least so many."""

    count: int
    exact: bool


class AssociatedGroupShape(Shape):
    """The associated records of one type, and the kinds of association that can be chosen for it."""

    object_type_id: str
    singular_label: str
    plural_label: str
    count: GroupCount
    results: list[OtherRecord]
    labels: list[AssociationKindShape]


class AssociatedGroups(Shape):
    """Associated records by type. With `toObjectType` it is one group, and `paging` leads through it."""

    results: list[AssociatedGroupShape]
    paging: Paging | None = None


@router.get("/{recordId}/associations")
async def list_groups(
    objectType: str,  # noqa: N803
    recordId: PathId,  # noqa: N803
    call: Caller,
    toObjectType: Annotated[str | None, Query()] = None,  # noqa: N803
    after: After = None,
    limit: Limit = 10,
) -> AssociatedGroups:
    """The first records of every type that this one can be associated with, or a page of one type."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        type_id = schema.object_type.id
        await records.get(db, call.workspace_id, type_id, recordId)
        if toObjectType is None:
            found = await association_panel.groups(db, call.workspace_id, type_id, recordId, limit=limit)
            return AssociatedGroups(results=[group_shape(group) for group in found])
        other = await object_types.resolve(db, call.workspace_id, toObjectType)
        group = await association_panel.group(
            db, call.workspace_id, type_id, recordId, other, after=after or 0, limit=limit
        )
    return AssociatedGroups(results=[group_shape(group)], **paging(group.next_after))


def group_shape(group: AssociationGroup) -> AssociatedGroupShape:
    """A group."""
    return AssociatedGroupShape(
        object_type_id=group.object_type.id,
        singular_label=group.object_type.singular_label,
        plural_label=group.object_type.plural_label,
        count=GroupCount(count=group.count, exact=group.exact),
        results=[
            OtherRecord(
                record_id=one.record_id,
                name=one.name,
                secondary=one.secondary,
                labels=[_kind(kind) for kind in one.labels],
            )
            for one in group.records
        ],
        labels=[_kind(kind) for kind in group.kinds],
    )


def _kind(kind: AssociationType) -> AssociationKindShape:
    return AssociationKindShape(category=kind.category, type_id=kind.type_id, label=kind.label)
