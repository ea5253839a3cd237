"""Many records at once: set values, archive, restore, and how far that is."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import model_validator

from penstock.accounts import audit
from penstock.api.background import Background
from penstock.api.hubspot.object_reading import schema_of
from penstock.api.json_body import JsonBody
from penstock.api.penstock.record_shapes import MatchingWish
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.api.shapes import After, Id, Limit, Paging, PathId, Shape, Time, Wish, paging
from penstock.crm import bulk
from penstock.crm.object_types import resolve

router = APIRouter(route_class=GuardedRoute, tags=["bulkEdits"])
of_type = APIRouter(route_class=GuardedRoute, tags=["bulkEdits"])

AT_ONCE = 500  # so many ids are done before the answer


class SelectionWish(Wish):
    """Which records: either `recordIds` or `matching`."""

    record_ids: list[Id] | None = None
    matching: MatchingWish | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> SelectionWish:
        if (self.record_ids is None) == (self.matching is None):
            raise ValueError("send either recordIds or matching")
        return self

    def selection(self) -> bulk.Selection:
        """The records meant."""
        if self.matching is None:
            return bulk.Selection(record_ids=self.record_ids)
        return bulk.Selection(filter=self.matching.filter, search=self.matching.search)


class BulkEditWish(SelectionWish):
    """Values to set in many records; null clears a property."""

    values: JsonBody


class RecordRestorationWish(Wish):
    """Which archived records to restore: either `recordIds`, or all that the archival `archivalId` archived."""

    record_ids: list[Id] | None = None
    archival_id: Id | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> RecordRestorationWish:
        if (self.record_ids is None) == (self.archival_id is None):
            raise ValueError("send either recordIds or archivalId")
        return self


class ExpectedCount(Shape):
    """How many records there were when it was asked for; not `exact`: at least so many."""

    count: int
    exact: bool


class RecordProblemShape(Shape):
    """A record that could not be changed, and why."""

    record_id: str
    message: str


class BulkEditShape(Shape):
    """An edit of many records and how far it is. `problems` are the first 20 of the `failed` ones."""

    id: Id
    object_type_id: str
    kind: Literal["edit", "archive", "restore"]
    state: Literal["WAITING", "RUNNING", "DONE", "CANCELED", "FAILED"]
    values: dict[str, str | None] | None
    expected: ExpectedCount
    done: int
    changed: int
    failed: int
    problems: list[RecordProblemShape]
    message: str
    by: str
    created_at: Time
    finished_at: Time | None


class BulkEdits(Shape):
    """A page of edits of many records, newest first."""

    results: list[BulkEditShape]
    paging: Paging | None = None


@of_type.post("/bulk-edits", status_code=201)
async def edit(objectType: str, wish: BulkEditWish, call: Caller, request: Request) -> BulkEditShape:  # noqa: N803
    """Sets values in many records. Up to 500 `recordIds` are done when the answer comes."""
    wanted = bulk.Wanted("edit", wish.values)
    return await _begin(objectType, wish.selection(), wanted, call, request)


@of_type.post("/archivals", status_code=201)
async def archive(
    objectType: str,  # noqa: N803
    wish: SelectionWish,
    call: Caller,
    request: Request,
) -> BulkEditShape:
    """Archives many records. `POST …/restorations` with this archival's id takes it back."""
    return await _begin(objectType, wish.selection(), bulk.Wanted("archive"), call, request)


@of_type.post("/restorations", status_code=201)
async def restore(
    objectType: str,  # noqa: N803
    wish: RecordRestorationWish,
    call: Caller,
    request: Request,
) -> BulkEditShape:
    """Restores archived records, but for those whose unique value another record has by now."""
    selection = bulk.Selection(record_ids=wish.record_ids, archival_id=wish.archival_id)
    return await _begin(objectType, selection, bulk.Wanted("restore"), call, request)


@router.get("/bulk-edits")
async def list_bulk_edits(
    call: Caller,
    objectType: Annotated[str | None, Query()] = None,  # noqa: N803
    after: After = None,
    limit: Limit = 20,
) -> BulkEdits:
    """The edits of an object type, or of all, newest first."""
    async with call.transaction() as db:
        type_id = (await resolve(db, call.workspace_id, objectType)).id if objectType else None
        several = await bulk.list_all(db, call.workspace_id, type_id, before=after, limit=limit + 1)
    page = several[:limit]
    return BulkEdits(
        results=[bulk_edit_shape(one) for one in page],
        **paging(page[-1].id if len(several) > limit else None),
    )


@router.get("/bulk-edits/{bulkEditId}")
async def read_bulk_edit(bulkEditId: PathId, call: Caller) -> BulkEditShape:  # noqa: N803
    """How far an edit is."""
    async with call.transaction() as db:
        return bulk_edit_shape(await bulk.get(db, call.workspace_id, bulkEditId))


@router.post("/bulk-edits/{bulkEditId}/cancellation", status_code=201)
async def cancel_bulk_edit(bulkEditId: PathId, call: Caller) -> BulkEditShape:  # noqa: N803
    """Stops an edit before its next batch; what is written stays."""
    async with call.transaction() as db:
        edit = await bulk.cancel(db, call.workspace_id, bulkEditId)
        await audit.record(db, call.actor, "records.bulk_edit_canceled", "bulk_edit", edit.id)
    return bulk_edit_shape(edit)


async def _begin(
    object_type: str, selection: bulk.Selection, wanted: bulk.Wanted, call: Call, request: Request
) -> BulkEditShape:
    clock = call.app.clock
    async with call.transaction() as db:
        schema = await schema_of(db, call, object_type)
        edit = await bulk.create(db, call.workspace_id, schema, selection, wanted, call.source, clock.now())
        deed = {"edit": "records.edited", "archive": "records.archived", "restore": "records.restored"}
        properties = sorted(edit.new_values or {})
        await audit.record(
            db,
            call.actor,
            deed[edit.kind],
            "bulk_edit",
            edit.id,
            {"object_type_id": edit.object_type_id, "records": edit.expected, "properties": [*properties]},
        )
    # What matches a filter is counted, not known: it may have become more by the time it is worked off.
    if (selection.record_ids or selection.archival_id) and edit.expected <= AT_ONCE:
        return bulk_edit_shape(await bulk.run_bulk_edit(call.app.pool, clock, call.workspace_id, edit.id))
    background: Background = request.app.state.background
    background.start(
        lambda: bulk.run_bulk_edit(call.app.pool, clock, call.workspace_id, edit.id),
        f"bulk edit {edit.id}",
        lambda: None,
    )
    return bulk_edit_shape(edit)


def bulk_edit_shape(edit: bulk.BulkEdit) -> BulkEditShape:
    """An edit of many records."""
    return BulkEditShape(
        id=edit.id,
        object_type_id=edit.object_type_id,
        kind=edit.kind,
        state=edit.state,
        values=edit.new_values,
        expected=ExpectedCount(count=edit.expected, exact=edit.expected_exact),
        done=edit.done,
        changed=edit.changed,
        failed=edit.failed,
        problems=[RecordProblemShape.model_validate(one) for one in edit.problems],
        message=edit.message,
        by=edit.source_label,
        created_at=edit.created_at,
        finished_at=edit.finished_at,
    )
