"""The shapes of a record's past."""

from __future__ import annotations

from typing import Literal

from penstock.api.penstock.record_shapes import RowShape
from penstock.api.shapes import Id, Paging, Shape, Time
from penstock.workflows.record_page.sources import ReadableSource, SourceKind
from penstock.workflows.record_page.timeline import Event
from penstock.workflows.record_page.versions import PastValue


class StepSource(Shape):
    """The step of a workflow that wrote a value.

    `model` and `promptHash` are there where a model's answer was written, with the step that asked it (`asked…`);
    `confidence`, from 0 to 1, where the model was asked how sure it is.
    """

    flow_id: str
    flow_name: str
    revision_id: str | None
    action_id: str | None
    step_title: str | None
    step_number: int | None
    run_id: str | None
    provider: str | None
    model: str | None
    connection_id: str | None
    prompt_hash: str | None
    confidence: float | None
    asked_action_id: str | None
    asked_step_title: str | None
    asked_step_number: int | None


class UndoSource(Shape):
    """The version that was taken back."""

    version_id: str


class SourceShape(Shape):
    """Who or what wrote a value. `undoOf` is there for an undo (`undoId`: of many values), `bulkEditId` for an edit of
    many records."""

    kind: SourceKind
    id: str
    name: str
    undo_of: UndoSource | None
    undo_id: str | None
    bulk_edit_id: str | None
    workflow: StepSource | None


class PastVersionShape(Shape):
    """A version of a value. `id` is null for the one that the record was created with."""

    id: Id | None
    property: str
    label: str
    value: str | None
    previous_value: str | None
    at: Time
    source: SourceShape
    current: bool
    undoable: bool


class Versions(Shape):
    """A page of versions, newest first."""

    results: list[PastVersionShape]
    paging: Paging | None = None


class OriginShape(Shape):
    """Where the value of a property comes from. `versionId` is null for one that the record was created with."""

    property: str
    version_id: Id | None
    at: Time
    source: SourceShape


class Origins(Shape):
    """The origin of every value of a record."""

    results: list[OriginShape]


class UndoneShape(Shape):
    """A record after an undo, and the version that the undo made."""

    record: RowShape
    version: PastVersionShape


class WrittenShape(Shape):
    """A value that a write changed."""

    version_id: Id | None
    property: str
    label: str
    before: str | None
    after: str | None


class EventRun(Shape):
    """A run that began or ended."""

    id: Id
    flow_id: Id
    flow_name: str
    status: str
    error_message: str | None


class EventMail(Shape):
    """An e-mail of a run."""

    id: Id
    subject: str
    recipients: list[str]
    status: str


class EventWebhook(Shape):
    """A webhook of a run."""

    id: Id
    method: str
    host: str
    status: str
    response_status: int | None


class EventAssociation(Shape):
    """The other end of an association that was made or removed."""

    record_id: Id
    object_type_id: str
    name: str
    label: str | None


EventKind = Literal[
    "created",
    "archived",
    "restored",
    "values",
    "run_began",
    "run_ended",
    "mail",
    "webhook",
    "associated",
    "dissociated",
]


class EventShape(Shape):
    """Something that happened to a record. One of `run`, `mail`, `webhook`, `association` is there, by its kind."""

    id: str
    kind: EventKind
    at: Time
    source: SourceShape | None
    values: list[WrittenShape]
    more_values: int
    run: EventRun | None
    mail: EventMail | None
    webhook: EventWebhook | None
    association: EventAssociation | None


class TimelineShape(Shape):
    """A page of events, newest first."""

    results: list[EventShape]
    paging: Paging | None = None


def source_shape(source: ReadableSource) -> SourceShape:
    """A source."""
    return SourceShape(
        kind=source.kind,
        id=source.id,
        name=source.name,
        undo_of=UndoSource(version_id=source.undo_of) if source.undo_of else None,
        undo_id=source.undo_id,
        bulk_edit_id=source.bulk_edit_id,
        workflow=StepSource.model_validate(source.workflow) if source.workflow else None,
    )


def version_shape(version: PastValue) -> PastVersionShape:
    """A version."""
    return PastVersionShape(
        id=version.id,
        property=version.property,
        label=version.label,
        value=version.value,
        previous_value=version.previous,
        at=version.at,
        source=source_shape(version.source),
        current=version.current,
        undoable=version.undoable,
    )


def event_shape(event: Event) -> EventShape:
    """An event."""
    what = {"id": event.id.partition("-")[2], **event.what}
    return EventShape(
        id=event.id,
        kind=event.kind,
        at=event.at,
        source=source_shape(event.source) if event.source else None,
        values=[WrittenShape.model_validate(value) for value in event.values],
        more_values=event.more_values,
        run=EventRun.model_validate(what) if event.kind.startswith("run_") else None,
        mail=EventMail.model_validate(what) if event.kind == "mail" else None,
        webhook=EventWebhook.model_validate(what) if event.kind == "webhook" else None,
        association=(
            EventAssociation.model_validate(what) if event.kind in ("associated", "dissociated") else None
        ),
    )
