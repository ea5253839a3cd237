"""The shapes that the routes of the workflow editor share."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from penstock.api.json_body import JsonBody
from penstock.api.penstock.run_shapes import CountShape
from penstock.api.shapes import Id, Shape, Time
from penstock.crm.listing import Count as MatchCount
from penstock.kit.json import Json
from penstock.workflows.checks import Examined
from penstock.workflows.editing.differences import Differences, FieldChange
from penstock.workflows.editing.drafts import Draft
from penstock.workflows.trying.who import WhoMatches


class ProblemShape(Shape):
    """One thing wrong at one place: `path` is a JSON path such as `actions[2].fields.prompt`."""

    path: str
    code: str
    message: str
    severity: Literal["error", "warning"]


class OutputOptionShape(Shape):
    """One value that an output can take."""

    value: str
    label: str


class OutputShape(Shape):
    """One output of an action: later steps read it as `action_outputs.action_output_<actionId>.<name>`."""

    name: str
    label: str
    type: Literal["string", "number", "bool", "date", "enumeration"]
    options: list[OutputOptionShape]


class CheckedFlow(Shape):
    """What the checks found in a document, what each action puts out, and which can have run before it."""

    problems: list[ProblemShape]
    outputs: dict[str, list[OutputShape]]
    earlier: dict[str, list[str]]


class PersonShape(Shape):
    """Who did something."""

    id: str
    name: str


class DraftShape(Shape):
    """A draft. `baseRevisionId` is the published revision that it began from; `version` changes with every save."""

    document: JsonBody
    version: Id
    base_revision_id: Id
    saved_at: Time
    saved_by: PersonShape


class FieldChangeShape(Shape):
    """A field with its value before and after; null where it was, or is, not there."""

    path: str
    before: Json
    after: Json


class StepChangeShape(Shape):
    """What became of a step. One that `moved` only leads, or is led to, elsewhere. `name` was given by people."""

    action_id: str
    title: str
    name: str
    action_type_id: str
    change: Literal["added", "removed", "changed", "moved"]
    fields: list[FieldChangeShape]


class DifferencesShape(Shape):
    """What differs between two documents of a workflow."""

    steps: list[StepChangeShape]
    settings: list[FieldChangeShape]


class MatchCountShape(Shape):
    """How many records match. Not `exact`: at least so many, about `estimate` (null: nobody knows)."""

    count: int
    exact: bool
    estimate: int | None


class FlowMatches(Shape):
    """The records that meet the enrollment criteria now; `matching` null: that cannot be told, and `note` says why."""

    matching: MatchCountShape | None
    note: str


class FlowStanding(Shape):
    """How many runs are at an action, and how many failed there."""

    action_id: str
    here: CountShape
    failed: CountShape


def checked(examined: Examined) -> CheckedFlow:
    """The findings as the editor gets them; outputs that are not known count as none."""
    return CheckedFlow(
        problems=[ProblemShape.model_validate(problem) for problem in examined.problems],
        outputs={
            action_id: [OutputShape.model_validate(output) for output in outputs or ()]
            for action_id, outputs in examined.outputs.items()
        },
        earlier={action_id: sorted(before) for action_id, before in examined.earlier.items()},
    )


def draft_shape(draft: Draft) -> DraftShape:
    """A draft as it is shown."""
    return DraftShape(
        document=draft.document,
        version=draft.version,
        base_revision_id=draft.base_revision_id,
        saved_at=draft.saved_at,
        saved_by=PersonShape(id=draft.saved_by_id, name=draft.saved_by),
    )


def differences_shape(found: Differences) -> DifferencesShape:
    """Differences as they are shown."""
    return DifferencesShape(
        steps=[
            StepChangeShape(
                action_id=step.action_id,
                title=step.title,
                name=step.name,
                action_type_id=step.action_type_id,
                change=step.change,
                fields=_fields(step.fields),
            )
            for step in found.steps
        ],
        settings=_fields(found.settings),
    )


def matches_shape(found: WhoMatches) -> FlowMatches:
    """Who matches, as it is shown."""
    return FlowMatches(matching=_count(found.matching), note=found.note)


def usd(amount: Decimal | None) -> str | None:
    """Money as decimal text, with eight digits after the point at most."""
    return None if amount is None else f"{amount:.8f}".rstrip("0").rstrip(".") or "0"


def _count(found: MatchCount | None) -> MatchCountShape | None:
    return None if found is None else MatchCountShape.model_validate(found)


def _fields(changes: Iterable[FieldChange]) -> list[FieldChangeShape]:
    return [
        FieldChangeShape(path=change.path, before=change.before, after=change.after) for change in changes
    ]
