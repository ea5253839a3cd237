"""Saved views of the tables of records."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from penstock.api.hubspot.object_reading import schema_of
from penstock.api.json_body import JsonBody
from penstock.api.penstock.record_shapes import SortWish
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.api.shapes import Id, PathId, Shape, Time, Wish
from penstock.crm import views
from penstock.crm.object_types import resolve

router = APIRouter(route_class=GuardedRoute, tags=["views"])


class ColumnShape(Shape):
    """A column of a table: a property, and its width in pixels where somebody chose one."""

    property: str
    width: int | None = None


class ColumnWish(Wish):
    """A column of a table."""

    property: str
    width: int | None = None


class ViewOwner(Shape):
    """Who made a view."""

    id: str
    name: str


class ViewSort(Shape):
    """The order of a view."""

    property: str
    direction: str


class ViewShape(Shape):
    """A saved view. `own` tells whether the caller made it; changes name the `version` that was seen."""

    id: Id
    object_type_id: str
    name: str
    filter: JsonBody | None
    search: str
    sort: ViewSort | None
    columns: list[ColumnShape]
    shared: bool
    position: int
    owner: ViewOwner
    own: bool
    version: int
    created_at: Time
    updated_at: Time


class Views(Shape):
    """The caller's own views and the shared ones, in their order."""

    results: list[ViewShape]


class ViewWish(Wish):
    """A view to save."""

    object_type: str
    name: str
    filter: JsonBody | None = None
    search: str = ""
    sort: SortWish | None = None
    columns: list[ColumnWish] = []  # noqa: RUF012 - Pydantic copies defaults
    shared: bool = False


class ViewChange(Wish):
    """What to change in the view of this `version`; fields that are left out stay."""

    version: int
    name: str | None = None
    filter: JsonBody | None = None
    search: str | None = None
    sort: SortWish | None = None
    columns: list[ColumnWish] | None = None
    shared: bool | None = None
    position: int | None = None


@router.get("/views")
async def list_views(call: Caller, objectType: Annotated[str | None, Query()] = None) -> Views:  # noqa: N803
    """The views of an object type, or of all."""
    async with call.transaction() as db:
        type_id = (await resolve(db, call.workspace_id, objectType)).id if objectType else None
        several = await views.list_views(db, call.workspace_id, call.actor, type_id)
    return Views(results=[view_shape(view, call) for view in several])


@router.post("/views", status_code=201)
async def create(wish: ViewWish, call: Caller) -> ViewShape:
    """Saves a view. One that is `shared` needs the permission to change records."""
    content = views.ViewContent(
        wish.name,
        wish.filter,
        wish.search,
        wish.sort.model_dump() if wish.sort else None,
        tuple(views.ViewColumn(column.property, column.width) for column in wish.columns),
        wish.shared,
    )
    async with call.transaction() as db:
        schema = await schema_of(db, call, wish.object_type)
        view = await views.create(db, call.workspace_id, call.actor, schema, content)
    return view_shape(view, call)


@router.patch("/views/{viewId}")
async def update(viewId: PathId, wish: ViewChange, call: Caller) -> ViewShape:  # noqa: N803
    """Changes a view. 409 when somebody changed it meanwhile."""
    changes: dict[str, object] = {
        name: getattr(wish, name)
        for name in ("name", "search", "shared", "position")
        if getattr(wish, name) is not None
    }
    if "filter" in wish.model_fields_set:
        changes["filter"] = wish.filter
    if "sort" in wish.model_fields_set:
        changes["sort"] = wish.sort.model_dump() if wish.sort else None
    if wish.columns is not None:
        changes["columns"] = tuple(views.ViewColumn(column.property, column.width) for column in wish.columns)
    async with call.transaction() as db:
        view = await views.update(db, call.workspace_id, call.actor, viewId, wish.version, changes)
    return view_shape(view, call)


@router.delete("/views/{viewId}", status_code=204)
async def delete(viewId: PathId, call: Caller) -> None:  # noqa: N803
    """Deletes a view; the records stay."""
    async with call.transaction() as db:
        await views.delete(db, call.workspace_id, call.actor, viewId)


def view_shape(view: views.View, call: Call) -> ViewShape:
    """A view as this caller sees it."""
    content = view.content
    return ViewShape(
        id=view.id,
        object_type_id=view.object_type_id,
        name=content.name,
        filter=content.filter,
        search=content.search,
        sort=ViewSort.model_validate(content.sort) if content.sort else None,
        columns=[ColumnShape(property=column.property, width=column.width) for column in content.columns],
        shared=content.shared,
        position=content.position,
        owner=ViewOwner(id=view.owner_id, name=view.owner_name),
        own=view.own(call.actor),
        version=view.version,
        created_at=view.created_at,
        updated_at=view.updated_at,
    )
