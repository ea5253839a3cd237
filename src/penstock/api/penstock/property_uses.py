"""What uses the properties of an object type, for asking before one is archived."""

from __future__ import annotations

from fastapi import APIRouter

from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, Shape
from penstock.crm.object_types import resolve
from penstock.workflows.property_uses import list_uses

router = APIRouter(route_class=GuardedRoute, tags=["properties"])


class UsingFlow(Shape):
    """A workflow that names the property in a filter, an action or a token."""

    id: Id
    name: str
    is_enabled: bool


class UsingView(Shape):
    """A shared view that shows, filters or sorts by the property."""

    id: Id
    name: str


class PropertyUse(Shape):
    """A property and what would notice if it were gone."""

    property: str
    flows: list[UsingFlow]
    views: list[UsingView]


class PropertyUses(Shape):
    """The properties that something uses, by name."""

    results: list[PropertyUse]


@router.get("/property-uses/{objectType}")
async def list_property_uses(objectType: str, call: Caller) -> PropertyUses:  # noqa: N803
    """The workflows and shared views that use each property of an object type; unused ones are left out."""
    async with call.transaction() as db:
        object_type = await resolve(db, call.workspace_id, objectType)
        found = await list_uses(db, call.workspace_id, object_type.id)
    return PropertyUses(results=[PropertyUse.model_validate(use) for use in found])
