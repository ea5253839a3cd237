"""The past of a record: versions of its values, where each value comes from, undo, and its timeline."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from penstock.accounts import audit
from penstock.api.hubspot.object_reading import schema_of
from penstock.api.hubspot.object_shapes import names
from penstock.api.penstock.past_shapes import (
    EventShape,
    Origins,
    OriginShape,
    TimelineShape,
    UndoneShape,
    Versions,
    event_shape,
    source_shape,
    version_shape,
)
from penstock.api.penstock.record_shapes import row_shape
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Limit, PathId, paging
from penstock.crm import records
from penstock.crm.undo import undo as undo_version
from penstock.workflows.record_page import timeline as timelines
from penstock.workflows.record_page import versions as past

router = APIRouter(route_class=GuardedRoute, tags=["recordPast"])


@router.get("/{recordId}/history")
async def history(
    objectType: str,  # noqa: N803
    recordId: PathId,  # noqa: N803
    call: Caller,
    property: Annotated[list[str] | None, Query()] = None,  # noqa: A002 - its name in the API
    after: After = None,
    limit: Limit = 50,
) -> Versions:
    """The versions of values, newest first. The last page ends with the values that the record was created with."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        page = await past.page(
            db,
            call.app.runner.plans,
            call.workspace_id,
            schema,
            recordId,
            names(property or []),
            before=after,
            limit=limit,
        )
    return Versions(results=[version_shape(version) for version in page.versions], **paging(page.next_before))


@router.get("/{recordId}/values-origin")
async def origins(objectType: str, recordId: PathId, call: Caller) -> Origins:  # noqa: N803
    """Where every value of today comes from, all in one answer."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        found = await past.origins(db, call.app.runner.plans, call.workspace_id, schema, recordId)
    return Origins(
        results=[
            OriginShape(
                property=one.property, version_id=one.version_id, at=one.at, source=source_shape(one.source)
            )
            for one in found
        ]
    )


@router.post("/{recordId}/history/{versionId}/undo")
async def undo(objectType: str, recordId: PathId, versionId: PathId, call: Caller) -> UndoneShape:  # noqa: N803
    """Writes the value before a version again, as a new version. 409 when the value is another by now."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        made = await undo_version(db, call.workspace_id, schema, recordId, versionId, call.source)
        await audit.record(
            db, call.actor, "record.value_undone", "record", recordId, {"version_id": str(versionId)}
        )
        record = await records.get(db, call.workspace_id, schema.object_type.id, recordId)
        version = await past.get(db, call.app.runner.plans, call.workspace_id, schema, recordId, made)
    return UndoneShape(record=row_shape(record, sorted(record.properties)), version=version_shape(version))


@router.get("/{recordId}/timeline")
async def timeline(
    objectType: str,  # noqa: N803
    recordId: PathId,  # noqa: N803
    call: Caller,
    kind: Annotated[list[timelines.Kind] | None, Query()] = None,
    after: str | None = None,
    limit: Limit = 30,
) -> TimelineShape:
    """What happened to a record, newest first."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        found = await timelines.timeline(
            db,
            call.app.runner.plans,
            call.workspace_id,
            schema,
            recordId,
            kind or (),
            after=after,
            limit=limit,
        )
    events: list[EventShape] = [event_shape(event) for event in found.events]
    return TimelineShape(results=events, **paging(found.next_after))
