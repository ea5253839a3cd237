"""What differs between two documents of a workflow, step by step and field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from penstock.actions.registry import find_action
from penstock.kit.json import Json, JsonObject
from penstock.workflows.document import USE_CUSTOM_LLM
from penstock.workflows.flows import SERVER_FIELDS

Change = Literal["added", "removed", "changed", "moved"]

# Where a step leads is its place in the workflow, not one of its inputs.
EDGES = frozenset({"connection", "defaultBranch"})
BRANCH_LISTS = frozenset({"listBranches", "staticBranches", "testBranches"})
# What holds a step together and says nothing to people.
IDENTITY = frozenset({"actionId", "type", "actionTypeId", "actionTypeVersion"})
# Kept by the editor for itself, or compared step by step.
NOT_SETTINGS = frozenset(
    {*SERVER_FIELDS, "actions", "nextAvailableActionId", "type", "flowType", "customProperties"}
)
# HubSpot's flow JSON has no place for names of steps, so the editor keeps them in the flow's customProperties.
STEP_NAME = "action_name_"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with its value before and after; None where it was, or is, not there."""

    path: str
    before: Json
    after: Json


@dataclass(frozen=True, slots=True)
class StepChange:
    """What became of a step. One that `moved` only leads, or is led to, elsewhere.

    `title` is that of its action, `name` the one that somebody gave to the step ("" for none).
    """

    action_id: str
    title: str
    name: str
    action_type_id: str
    change: Change
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """All changed steps in the order of the newer document, removed ones last, and the changed settings."""

    steps: tuple[StepChange, ...]
    settings: tuple[FieldChange, ...]

    @property
    def none(self) -> bool:
        """Whether the documents say the same."""
        return not self.steps and not self.settings


def compare(before: JsonObject, after: JsonObject) -> Differences:
    """Compares two documents. Steps are the same when they have the same actionId and type."""
    old, new = _steps(before), _steps(after)
    steps = [change for key, step in new.items() if (change := _step_change(old.get(key), step)) is not None]
    steps += [_whole(step, "removed") for key, step in old.items() if key not in new]
    names = [name for name in dict.fromkeys((*before, *after)) if name not in NOT_SETTINGS]
    settings = [
        FieldChange(name, before.get(name), after.get(name))
        for name in names
        if _meaning(before.get(name)) != _meaning(after.get(name))
        # Where the flow starts says something only when no step tells of it.
        and not (name == "startActionId" and steps)
    ]
    settings += _field_changes("customProperties", _customs(before), _customs(after))
    return Differences(tuple(steps), tuple(settings))


def _customs(document: JsonObject) -> JsonObject:
    """The customProperties but for the names of steps."""
    found = document.get("customProperties")
    every = found if isinstance(found, dict) else {}
    return {name: value for name, value in every.items() if not name.startswith(STEP_NAME)}


@dataclass(frozen=True, slots=True)
class _Step:
    """A step as people know it: its inputs under the names that forms have for them, and where it leads."""

    action_id: str
    type_id: str
    title: str
    inputs: JsonObject
    leads: list[Json]

    @property
    def name(self) -> str:
        return str(self.inputs.get("stepName") or "")


def _steps(document: JsonObject) -> dict[tuple[str, str], _Step]:
    actions, customs = document.get("actions"), document.get("customProperties")
    found: dict[tuple[str, str], _Step] = {}
    for action in actions if isinstance(actions, list) else ():
        if not isinstance(action, dict):
            continue
        action_id, type_id = str(action.get("actionId")), _type_id(action)
        known = find_action(str(action.get("type")), type_id)
        given = customs.get(STEP_NAME + action_id) if isinstance(customs, dict) else None
        name: JsonObject = {"stepName": given} if isinstance(given, str) and given else {}
        step = _Step(
            action_id, type_id, known.title if known else type_id, {**name, **_inputs(action)}, _leads(action)
        )
        found.setdefault((action_id, type_id), step)
    return found


def _step_change(before: _Step | None, after: _Step) -> StepChange | None:
    if before is None:
        return _whole(after, "added")
    fields = tuple(_field_changes("", before.inputs, after.inputs))
    if fields:
        return _change(after, "changed", fields)
    return None if before.leads == after.leads else _change(after, "moved", ())


def _whole(step: _Step, change: Change) -> StepChange:
    nothing: JsonObject = {}
    pair = (nothing, step.inputs) if change == "added" else (step.inputs, nothing)
    return _change(step, change, tuple(_field_changes("", *pair)))


def _change(step: _Step, change: Change, fields: tuple[FieldChange, ...]) -> StepChange:
    return StepChange(step.action_id, step.title, step.name, step.type_id, change, fields)


def _type_id(step: JsonObject) -> str:
    return str(step.get("actionTypeId") if step.get("type") == "SINGLE_CONNECTION" else step.get("type"))


def _inputs(step: JsonObject) -> JsonObject:
    """The inputs of a step under the names that forms have for them: without ids, and without where it leads."""
    inputs: dict[str, Json] = {}
    for name, value in step.items():
        if name in EDGES or name in IDENTITY:
            continue
        if name == "fields" and isinstance(value, dict):
            # Of a path for failed records only that it is there; its edge says where the step leads.
            path: JsonObject = {} if _error_path(step) is None else {"error_path": True}
            inputs.update({**value, **path})
        elif name in BRANCH_LISTS and isinstance(value, list):
            inputs[name] = [_without_edge(branch) for branch in value]
        else:
            inputs[name] = value
    return inputs


def _leads(step: JsonObject) -> list[Json]:
    edges = [_target(step.get(name)) for name in sorted(EDGES)]
    if (path := _error_path(step)) is not None:
        edges.append(_target(path.get("connection")))
    for name in sorted(BRANCH_LISTS):
        branches = step.get(name)
        edges += [
            _target(branch.get("connection")) if isinstance(branch, dict) else None
            for branch in (branches if isinstance(branches, list) else ())
        ]
    return edges


def _error_path(step: JsonObject) -> JsonObject | None:
    """The path for failed records of an LLM step; None for all that have none."""
    fields = step.get("fields")
    path = fields.get("error_path") if isinstance(fields, dict) and _type_id(step) == USE_CUSTOM_LLM else None
    return path if isinstance(path, dict) else None


def _target(edge: Json) -> Json:
    return [edge.get("edgeType", "STANDARD"), edge.get("nextActionId")] if isinstance(edge, dict) else None


def _without_edge(branch: Json) -> Json:
    return (
        {name: value for name, value in branch.items() if name != "connection"}
        if isinstance(branch, dict)
        else branch
    )


def _field_changes(path: str, before: JsonObject, after: JsonObject) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        at = f"{path}.{name}" if path else name
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _field_changes(at, old, new)
        elif _meaning(old) != _meaning(new):
            yield FieldChange(at, old, new)


def _meaning(value: Json) -> Json:
    """An empty text, list or object says the same as none at all."""
    return None if value in ("", [], {}) else value
