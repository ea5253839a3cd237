"""Object types in HubSpot's v3 schemas API: the standard ones to read, custom ones to create."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from penstock.api.hubspot.property_shapes import PropertyShape, PropertyWish, property_shape
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import ForeignWish, Shape, Time
from penstock.crm import object_types, properties
from penstock.crm.object_types import ObjectType
from penstock.crm.properties import Property
from penstock.errors import InvalidInput
from penstock.kit.database import Connection

router = APIRouter(route_class=GuardedRoute, tags=["schemas"])


class Labels(ForeignWish):
    """The words for one record and for several."""

    singular: str
    plural: str


class SchemaShape(Shape):
    """HubSpot's ObjectSchema."""

    id: str
    object_type_id: str
    fully_qualified_name: str
    name: str
    labels: Labels
    primary_display_property: str
    required_properties: list[str]
    searchable_properties: list[str]
    properties: list[PropertyShape]
    archived: bool
    created_at: Time | None = None


class Schemas(Shape):
    """The object types."""

    results: list[SchemaShape]


class SchemaWish(ForeignWish):
    """A custom object type to create, with its properties."""

    name: str
    labels: Labels
    properties: Annotated[list[PropertyWish], Field(min_length=1, max_length=500)]
    primary_display_property: str | None = None
    required_properties: list[str] = []  # noqa: RUF012 - Pydantic copies defaults
    searchable_properties: list[str] = []  # noqa: RUF012 - Pydantic copies defaults


@router.get("")
async def list_schemas(call: Caller, archived: bool = False) -> Schemas:
    """The custom object types, as HubSpot lists them; archived ones are not kept for listing."""
    async with call.transaction() as db:
        found = [] if archived else await object_types.list_all(db, call.workspace_id)
        shapes = [await _shape(db, call.workspace_id, one) for one in found if one.custom]
    return Schemas(results=shapes)


@router.post("", status_code=201)
async def create(wish: SchemaWish, call: Caller) -> SchemaShape:
    """Creates a custom object type with its properties: all of it, or nothing."""
    definitions = [one.definition() for one in wish.properties]
    display = wish.primary_display_property or definitions[0].name
    _check_names(wish, display, definitions)
    async with call.transaction() as db:
        made = await object_types.create(
            db,
            call.workspace_id,
            wish.name,
            singular_label=wish.labels.singular,
            plural_label=wish.labels.plural,
            primary_display_property=display,
            required_properties=wish.required_properties,
            searchable_properties=wish.searchable_properties,
        )
        await properties.create_many(db, call.workspace_id, made.id, definitions)
        return await _shape(db, call.workspace_id, made)


@router.get("/{objectType}")
async def read(objectType: str, call: Caller) -> SchemaShape:  # noqa: N803
    """One object type, custom or standard, with its properties."""
    async with call.transaction() as db:
        return await _shape(
            db, call.workspace_id, await object_types.resolve(db, call.workspace_id, objectType)
        )


def _check_names(wish: SchemaWish, display: str, definitions: list[Property]) -> None:
    known = {definition.name for definition in definitions}
    for field, names in (
        ("primaryDisplayProperty", [display]),
        ("requiredProperties", wish.required_properties),
        ("searchableProperties", wish.searchable_properties),
    ):
        unknown = [name for name in names if name not in known]
        if unknown:
            raise InvalidInput(
                f"{field} names '{unknown[0][:100]}', which is not among properties.",
                remedy="Name one of them, or add the property.",
            )


async def _shape(db: Connection, workspace_id: int, found: ObjectType) -> SchemaShape:
    made = {} if found.created_at is None else {"created_at": found.created_at}
    return SchemaShape(
        id=found.id,
        object_type_id=found.id,
        fully_qualified_name=f"p{workspace_id}_{found.name}",
        name=found.name,
        labels=Labels(singular=found.singular_label, plural=found.plural_label),
        primary_display_property=found.primary_display_property,
        required_properties=list(found.required_properties),
        searchable_properties=list(found.searchable_properties),
        properties=[property_shape(prop) for prop in await properties.list_all(db, workspace_id, found.id)],
        archived=found.archived_at is not None,
        **made,
    )
