"""What differs between two documents of a workflow, step by step and field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from penstock.actions.registry import find_action
from penstock.kit.json import Json, JsonObject
from penstock.workflows.flows import SERVER_FIELDS

Change = Literal["added", "removed", "changed", "moved"]

# Where a step leads is its place in the workflow, not one of its inputs.
EDGES = frozenset({"connection", "defaultBranch"})
BRANCH_LISTS = frozenset({"listBranches", "staticBranches", "testBranches"})
# What holds a step together and says nothing to people.
IDENTITY = frozenset({"actionId", "type", "actionTypeId", "actionTypeVersion"})
# Kept by the editor for itself, or compared step by step.
NOT_SETTINGS = frozenset({*SERVER_FIELDS, "actions", "nextAvailableActionId", "type", "flowType"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with its value before and after; None where it was, or is, not there."""

    path: str
    before: Json
    after: Json


@dataclass(frozen=True, slots=True)
class StepChange:
    """What became of a step. One that `moved` only leads, or is led to, elsewhere."""

    action_id: str
    title: str
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
    ]
    return Differences(tuple(steps), tuple(settings))


def _steps(document: JsonObject) -> dict[tuple[str, str], JsonObject]:
    actions = document.get("actions")
    found: dict[tuple[str, str], JsonObject] = {}
    for action in actions if isinstance(actions, list) else ():
        if isinstance(action, dict):
            found.setdefault((str(action.get("actionId")), _type_id(action)), action)
    return found


def _step_change(before: JsonObject | None, after: JsonObject) -> StepChange | None:
    if before is None:
        return _whole(after, "added")
    fields = tuple(_field_changes("", _inputs(before), _inputs(after)))
    if fields:
        return StepChange(*_name(after), "changed", fields)
    return None if _leads(before) == _leads(after) else StepChange(*_name(after), "moved")


def _whole(step: JsonObject, change: Change) -> StepChange:
    nothing: JsonObject = {}
    pair = (nothing, _inputs(step)) if change == "added" else (_inputs(step), nothing)
    return StepChange(*_name(step), change, tuple(_field_changes("", *pair)))


def _name(step: JsonObject) -> tuple[str, str, str]:
    kind, type_id = step.get("type"), _type_id(step)
    action = find_action(str(kind), type_id)
    return str(step.get("actionId")), action.title if action else type_id, type_id


def _type_id(step: JsonObject) -> str:
    return str(step.get("actionTypeId") if step.get("type") == "SINGLE_CONNECTION" else step.get("type"))


def _inputs(step: JsonObject) -> JsonObject:
    """The inputs of a step under the names that forms have for them: without ids, and without where it leads."""
    inputs: dict[str, Json] = {}
    for name, value in step.items():
        if name in EDGES or name in IDENTITY:
            continue
        if name == "fields" and isinstance(value, dict):
            inputs.update(value)
        elif name in BRANCH_LISTS and isinstance(value, list):
            inputs[name] = [_without_edge(branch) for branch in value]
        else:
            inputs[name] = value
    return inputs


def _leads(step: JsonObject) -> list[Json]:
    edges = [_target(step.get(name)) for name in sorted(EDGES)]
    for name in sorted(BRANCH_LISTS):
        branches = step.get(name)
        edges += [
            _target(branch.get("connection")) if isinstance(branch, dict) else None
            for branch in (branches if isinstance(branches, list) else ())
        ]
    return edges


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
