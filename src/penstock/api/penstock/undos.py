"""Undo: take back what a workflow wrote, after having seen what would change."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field, model_validator

from penstock.accounts import audit
from penstock.api.penstock.past_shapes import SourceShape, source_shape
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Limit, Paging, PathId, Shape, Time, Wish, paging
from penstock.workflows.undos import undos, work
from penstock.workflows.undos.preview import Item, left_by, preview
from penstock.workflows.undos.selection import Selection
from penstock.workflows.undos.standing import Verdict
from penstock.workflows.undos.undos import Undo

router = APIRouter(route_class=GuardedRoute, tags=["undos"])


class UndoSelectionWish(Wish):
    """What to take back: the version `versionId` of a value, what the run `runId` wrote, what the workflow `flowId`
    wrote, or what the undo `undoId` wrote.

    `actionId` and `property` narrow it to a step and a property, `revisionId`, `from` (inclusive) and `until`
    (exclusive) what a workflow wrote.
    """

    version_id: Id | None = None
    run_id: Id | None = None
    flow_id: Id | None = None
    undo_id: Id | None = None
    revision_id: Id | None = None
    action_id: str | None = Field(default=None, max_length=200)
    property: str | None = Field(default=None, max_length=200)
    from_: AwareDatetime | None = Field(default=None, alias="from")
    until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _one(self) -> UndoSelectionWish:
        named = (self.version_id, self.run_id, self.flow_id, self.undo_id)
        if sum(one is not None for one in named) != 1:
            raise ValueError("send one of versionId, runId, flowId and undoId")
        return self

    def selection(self) -> Selection:
        """The versions meant."""
        return Selection(
            version_id=self.version_id,
            run_id=self.run_id,
            flow_id=self.flow_id,
            undone_id=self.undo_id,
            revision_id=self.revision_id,
            action_id=self.action_id,
            property=self.property,
            from_at=self.from_,
            until_at=self.until,
        )


class UndoPreviewWish(UndoSelectionWish):
    """What to show of it: the values that would go back (`RESTORE`) or those that would be left (`LEFT`)."""

    show: Literal["RESTORE", "LEFT"] = "RESTORE"
    after: int = Field(default=0, ge=0)
    limit: int = Field(default=50, ge=1, le=100)


class UndoWish(UndoSelectionWish):
    """An undo. With `startWorkflows`, workflows other than the one whose values they were may start from them."""

    start_workflows: bool = False


class UndoItemShape(Shape):
    """A value of a record: what is there, what was before, and what becomes of it. `newestBy` wrote what is there."""

    record_id: Id
    object_type_id: str
    record_name: str
    property: str
    label: str
    current: str | None
    before: str | None
    verdict: Verdict
    message: str
    newest_by: SourceShape
    newest_at: Time


class UndoLeftCount(Shape):
    """How many values are left for a reason."""

    reason: Verdict
    values: int


class UndoPreviewShape(Shape):
    """What an undo would do now.

    `values` of `records` would go back, `unchanged` ones are as before already. With `exact` false there are more
    records than were looked at, and the numbers are of those that were.
    """

    values: int
    records: int
    unchanged: int
    left: list[UndoLeftCount]
    exact: bool
    results: list[UndoItemShape]
    paging: Paging | None = None


class UndoShape(Shape):
    """An undo and how far it is. `records` is null while they are being found; `leftOut` values stay as they are."""

    id: Id
    version_id: Id | None
    run_id: Id | None
    flow_id: Id | None
    undo_id: Id | None
    revision_id: Id | None
    action_id: str | None
    property: str | None
    from_: Time | None = Field(serialization_alias="from")
    until: Time | None
    start_workflows: bool
    state: Literal["WAITING", "RUNNING", "DONE", "CANCELED", "FAILED"]
    records: int | None
    done: int
    restored: int
    unchanged: int
    left_out: int
    message: str
    by: str
    created_at: Time
    updated_at: Time
    finished_at: Time | None


class Undos(Shape):
    """A page of undos, newest first."""

    results: list[UndoShape]
    paging: Paging | None = None


class UndoItems(Shape):
    """A page of values that an undo left."""

    results: list[UndoItemShape]
    paging: Paging | None = None


@router.post("/undos/previews")
async def preview_undo(wish: UndoPreviewWish, call: Caller) -> UndoPreviewShape:
    """What an undo would do now, value by value. Nothing is written."""
    async with call.transaction() as db:
        found = await preview(
            db,
            call.app.runner.plans,
            call.workspace_id,
            wish.selection(),
            wish.show,
            after=wish.after,
            limit=wish.limit,
        )
    return UndoPreviewShape(
        values=found.values,
        records=found.records,
        unchanged=found.unchanged,
        left=[UndoLeftCount(reason=reason, values=values) for reason, values in sorted(found.left.items())],
        exact=found.exact,
        results=[_item(item) for item in found.items],
        **paging(found.next_after),
    )


@router.post("/undos", status_code=201)
async def begin(wish: UndoWish, call: Caller) -> UndoShape:
    """Takes values back where the one that was written still stands. Those of up to 500 records are done when the
    answer comes; workers do larger ones. 409 when nothing was written there."""
    async with call.transaction() as db:
        undo = await work.begin(
            db, call.workspace_id, wish.selection(), call.source, start_workflows=wish.start_workflows
        )
        detail = wish.model_dump(mode="json", exclude_unset=True, by_alias=True)
        await audit.record(db, call.actor, "undo.begun", "undo", undo.id, detail)
    return undo_shape(undo)


@router.get("/undos")
async def list_undos(
    call: Caller,
    flowId: Annotated[Id | None, Query()] = None,  # noqa: N803
    runId: Annotated[Id | None, Query()] = None,  # noqa: N803
    after: After = None,
    limit: Limit = 20,
) -> Undos:
    """Undos, newest first: of a workflow and its runs, of a run, or all."""
    async with call.transaction() as db:
        found = await undos.list_all(
            db, call.workspace_id, flow_id=flowId, run_id=runId, before=after, limit=limit + 1
        )
    page = [undo_shape(undo) for undo in found[:limit]]
    return Undos(results=page, **paging(page[-1].id if len(found) > limit else None))


@router.get("/undos/{undoId}")
async def read(undoId: PathId, call: Caller) -> UndoShape:  # noqa: N803
    """How far an undo is."""
    async with call.transaction() as db:
        return undo_shape(await undos.get(db, call.workspace_id, undoId))


@router.get("/undos/{undoId}/left")
async def left(undoId: PathId, call: Caller, after: After = None, limit: Limit = 50) -> UndoItems:  # noqa: N803
    """The values that an undo left as they are, with the reason and who wrote what stands there."""
    async with call.transaction() as db:
        items, next_after = await left_by(
            db, call.app.runner.plans, call.workspace_id, undoId, after=after, limit=limit
        )
    return UndoItems(results=[_item(item) for item in items], **paging(next_after))


@router.post("/undos/{undoId}/cancellation", status_code=201)
async def stop(undoId: PathId, call: Caller) -> UndoShape:  # noqa: N803
    """Ends an undo before its next batch; what was restored stays, and can be undone as well."""
    async with call.transaction() as db:
        undo = await undos.stop(db, call.workspace_id, undoId)
        await audit.record(db, call.actor, "undo.stopped", "undo", undoId)
    return undo_shape(undo)


def undo_shape(undo: Undo) -> UndoShape:
    """An undo."""
    wanted = undo.selection
    return UndoShape.model_validate(
        {
            "id": undo.id,
            "versionId": wanted.version_id,
            "runId": wanted.run_id,
            "flowId": wanted.flow_id,
            "undoId": wanted.undone_id,
            "revisionId": wanted.revision_id,
            "actionId": wanted.action_id,
            "property": wanted.property,
            "from_": wanted.from_at,
            "until": wanted.until_at,
            "startWorkflows": undo.start_workflows,
            "state": undo.state,
            "records": undo.records,
            "done": undo.done,
            "restored": undo.restored,
            "unchanged": undo.unchanged,
            "leftOut": undo.left_out,
            "message": undo.message,
            "by": undo.by.label,
            "createdAt": undo.created_at,
            "updatedAt": undo.updated_at,
            "finishedAt": undo.finished_at,
        }
    )


def _item(item: Item) -> UndoItemShape:
    return UndoItemShape(
        record_id=item.record_id,
        object_type_id=item.object_type_id,
        record_name=item.record_name,
        property=item.property,
        label=item.label,
        current=item.current,
        before=item.before,
        verdict=item.verdict,
        message=item.message,
        newest_by=source_shape(item.newest_by),
        newest_at=item.newest_at,
    )
