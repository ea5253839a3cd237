"""Saved views: a filter, words, an order and columns under a name, for their owner or for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from penstock.accounts.actors import Actor
from penstock.accounts.permissions import allows
from penstock.crm.listing import parse_matching, parse_order
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.errors import ChangedMeanwhile, Conflict, Forbidden, InvalidInput, NotFound, Problem
from penstock.kit.database import Connection, Row
from penstock.kit.json import Json, JsonObject

MOST_VIEWS = 100  # of one type that a person sees
MOST_COLUMNS = 60
LONGEST_NAME = 120
NARROWEST, WIDEST = 40, 2000  # pixels


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """A column: a property, and its width in pixels where somebody chose one."""

    property: str
    width: int | None = None


@dataclass(frozen=True, slots=True)
class ViewContent:
    """What a person decides about a view. `sort` is `{property, direction}` or None for newest first."""

    name: str
    filter: JsonObject | None = None
    search: str = ""
    sort: JsonObject | None = None
    columns: tuple[ViewColumn, ...] = ()
    shared: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """A saved view. `version` rises with every change; whoever changes it says which version they saw."""

    id: int
    object_type_id: str
    owner_type: str
    owner_id: str
    owner_name: str
    content: ViewContent
    version: int
    created_at: datetime
    updated_at: datetime

    def own(self, actor: Actor) -> bool:
        """Whether this actor made it."""
        return (self.owner_type, self.owner_id) == (actor.type, actor.id)


COLUMNS = (
    "id, object_type_id, owner_type, owner_id, owner_name, name, filter, search, sort, columns, shared, position,"
    " version, created_at, updated_at"
)
# Served by saved_views_of_type.
LIST = f"""
SELECT {COLUMNS} FROM saved_views
WHERE workspace_id = $1 AND ($2::text IS NULL OR object_type_id = $2) AND (shared OR (owner_type, owner_id) = ($3, $4))
ORDER BY position, id LIMIT $5
"""  # noqa: S608  (only our own column list is put in)
GET = f"SELECT {COLUMNS} FROM saved_views WHERE workspace_id = $1 AND id = $2"  # noqa: S608
CREATE = f"""
INSERT INTO saved_views (workspace_id, object_type_id, owner_type, owner_id, owner_name, name, filter, search, sort,
                         columns, shared, position)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce(max(position) + 1, 0)
FROM saved_views WHERE workspace_id = $1 AND object_type_id = $2
RETURNING {COLUMNS}
"""  # noqa: S608
# The version is the fence: of two people who change the same view, the second is told.
UPDATE = f"""
UPDATE saved_views
SET name = $4, filter = $5, search = $6, sort = $7, columns = $8, shared = $9, position = $10, version = version + 1,
    updated_at = now()
WHERE workspace_id = $1 AND id = $2 AND version = $3
RETURNING {COLUMNS}
"""  # noqa: S608
DELETE = "DELETE FROM saved_views WHERE workspace_id = $1 AND id = $2"


async def list_views(
    db: Connection, workspace_id: int, actor: Actor, object_type_id: str | None
) -> list[View]:
    """The actor's own views of a type (None: of all types) and the shared ones, in their order."""
    rows = await db.fetch(LIST, workspace_id, object_type_id, actor.type, actor.id, MOST_VIEWS)
    return [_read(row) for row in rows]


async def get(db: Connection, workspace_id: int, actor: Actor, view_id: int) -> View:
    """One view that the actor may see. Raises NotFound for any other."""
    row = await db.fetchrow(GET, workspace_id, view_id)
    view = None if row is None else _read(row)
    if view is None or not (view.content.shared or view.own(actor)):
        raise NotFound(f"There is no view {view_id}.", remedy="It may have been deleted; list the views.")
    return view


async def create(
    db: Connection, workspace_id: int, actor: Actor, schema: ObjectSchema, content: ViewContent
) -> View:
    """Saves a new view behind those there are.

    Raises InvalidInput with all problems, Forbidden when it is shared and the actor may not write records, and
    Conflict when there are `MOST_VIEWS` already.
    """
    _check(content, schema)
    if content.shared:
        _may_share(actor)
    if len(await list_views(db, workspace_id, actor, schema.object_type.id)) >= MOST_VIEWS:
        raise Conflict(f"There are {MOST_VIEWS} views already.", remedy="Delete one that nobody uses.")
    row = await db.fetchrow(
        CREATE,
        workspace_id,
        schema.object_type.id,
        actor.type,
        actor.id,
        actor.label,
        content.name.strip(),
        content.filter,
        content.search,
        content.sort,
        _columns_json(content.columns),
        content.shared,
    )
    assert row is not None  # noqa: S101  (INSERT … RETURNING)
    return _read(row)


async def update(
    db: Connection, workspace_id: int, actor: Actor, view_id: int, version: int, changes: dict[str, object]
) -> View:
    """Changes the fields of a view's content that are given.

    Raises NotFound, Forbidden for a shared view when the actor may not write records, InvalidInput, and Conflict
    when the view is not the one of `version` any more; the present one is in its context.
    """
    view = await get(db, workspace_id, actor, view_id)
    content = replace(view.content, **changes)  # type: ignore[arg-type]
    if content.shared or view.content.shared:
        _may_share(actor)
    _check(content, await load_schema(db, workspace_id, view.object_type_id))
    row = await db.fetchrow(
        UPDATE,
        workspace_id,
        view_id,
        version,
        content.name.strip(),
        content.filter,
        content.search,
        content.sort,
        _columns_json(content.columns),
        content.shared,
        content.position,
    )
    if row is None:
        raise ChangedMeanwhile(
            f"The view '{view.content.name}' was changed meanwhile.",
            remedy="Read it again, then change it.",
            version=str(view.version),
        )
    return _read(row)


async def delete(db: Connection, workspace_id: int, actor: Actor, view_id: int) -> View:
    """Deletes a view and returns it. Raises NotFound, and Forbidden as `update` does."""
    view = await get(db, workspace_id, actor, view_id)
    if view.content.shared:
        _may_share(actor)
    await db.execute(DELETE, workspace_id, view_id)
    return view


def _may_share(actor: Actor) -> None:
    if not allows(actor.role, "records.write"):
        raise Forbidden(
            "Views that everybody sees are made by those who may change records.",
            remedy="Save a view of your own.",
            permission="records.write",
        )


def _check(content: ViewContent, schema: ObjectSchema) -> None:
    """Raises InvalidInput for what the screen could not show."""
    problems: list[Problem] = []
    if not content.name.strip() or len(content.name) > LONGEST_NAME:
        problems.append(Problem("name", "INVALID_NAME", f"The name has 1 to {LONGEST_NAME} characters."))
    if len(content.columns) > MOST_COLUMNS:
        problems.append(Problem("columns", "TOO_MANY_COLUMNS", f"A view has at most {MOST_COLUMNS} columns."))
    for index, column in enumerate(content.columns):
        if column.property not in schema.properties:
            message = f"{schema.object_type.plural_label} have no property '{column.property[:100]}'."
            problems.append(Problem(f"columns[{index}].property", "UNKNOWN_PROPERTY", message))
        if column.width is not None and not NARROWEST <= column.width <= WIDEST:
            message = f"A width is {NARROWEST} to {WIDEST} pixels."
            problems.append(Problem(f"columns[{index}].width", "INVALID_WIDTH", message))
    if problems:
        raise InvalidInput("The view has problems.", problems=problems)
    parse_matching(content.filter, content.search, schema)
    if content.sort is not None:
        parse_order(str(content.sort.get("property")), "ASCENDING", schema)


def _columns_json(columns: Sequence[ViewColumn]) -> list[Json]:
    return [{"property": column.property, "width": column.width} for column in columns]


def _read(row: Row) -> View:
    columns = cast("list[JsonObject]", row["columns"])
    content = ViewContent(
        name=row["name"],
        filter=row["filter"],
        search=row["search"],
        sort=row["sort"],
        columns=tuple(
            ViewColumn(str(column["property"]), cast("int | None", column.get("width"))) for column in columns
        ),
        shared=row["shared"],
        position=row["position"],
    )
    return View(
        row["id"],
        row["object_type_id"],
        row["owner_type"],
        row["owner_id"],
        row["owner_name"],
        content,
        row["version"],
        row["created_at"],
        row["updated_at"],
    )
