"""The LLM step that an eval tries: found in a document, with another model if wished, and its fingerprint (pure)."""

from __future__ import annotations

import copy
import hashlib

from penstock.errors import InvalidInput, NotFound
from penstock.kit.json import JsonObject, dumps

USE_CUSTOM_LLM = "1-1000"
# What changes no answer: how patiently the call is made.
LEFT_OUT = frozenset({"max_attempts", "timeout_seconds"})


def fields_of_step(document: JsonObject, action_id: str) -> JsonObject | None:
    """The inputs of an LLM step of a document as its author set them; None when there is no such step."""
    actions = document.get("actions")
    for action in actions if isinstance(actions, list) else []:
        if (
            isinstance(action, dict)
            and str(action.get("actionId")) == action_id
            and action.get("actionTypeId") == USE_CUSTOM_LLM
        ):
            fields = action.get("fields")
            return fields if isinstance(fields, dict) else {}
    return None


def path_of_step(document: JsonObject, action_id: str) -> str:
    """Where an action stands in a document, as a JSON path; `actions` when it is not there."""
    actions = document.get("actions")
    for index, action in enumerate(actions if isinstance(actions, list) else []):
        if isinstance(action, dict) and str(action.get("actionId")) == action_id:
            return f"actions[{index}]"
    return "actions"


def llm_steps(document: JsonObject) -> list[str]:
    """The actionIds of the LLM steps of a document, in its order."""
    actions = document.get("actions")
    return [
        str(action.get("actionId"))
        for action in (actions if isinstance(actions, list) else [])
        if isinstance(action, dict) and action.get("actionTypeId") == USE_CUSTOM_LLM
    ]


def step_of(document: JsonObject, action_id: str) -> JsonObject:
    """As `fields_of_step`; raises NotFound, or InvalidInput when the action is of another type."""
    fields = fields_of_step(document, action_id)
    if fields is not None:
        return fields
    actions = document.get("actions")
    there = any(
        isinstance(action, dict) and str(action.get("actionId")) == action_id
        for action in (actions if isinstance(actions, list) else [])
    )
    if there:
        raise InvalidInput(
            f"Action {action_id} asks no model.", remedy="Name an action that is Use a custom LLM."
        )
    raise NotFound(f"The document has no action {action_id}.", remedy="Name an action of the document.")


def fingerprint(fields: JsonObject) -> str:
    """Sixteen hex digits that change whenever an input that can change the answer does."""
    asked = {name: value for name, value in fields.items() if name not in LEFT_OUT}
    return hashlib.sha256(dumps(_sorted(asked))).hexdigest()[:16]


def with_model(
    document: JsonObject, action_id: str, *, connection_id: int | None = None, model: str | None = None
) -> JsonObject:
    """A copy of a document whose step asks another model, through another connection if one is given."""
    changed = copy.deepcopy(document)
    fields = step_of(changed, action_id)
    if model is not None:
        fields["model"] = model
    if connection_id is not None:
        fields["connection_id"] = str(connection_id)
        fields.pop("provider", None)
    return changed


def asked_models(fields: JsonObject) -> list[JsonObject]:
    """The parts of a step's inputs that name a connection and a model: the inputs themselves, then its other models."""
    others = fields.get("fallbacks")
    return (
        [fields, *(one for one in others if isinstance(one, dict))] if isinstance(others, list) else [fields]
    )


def with_model_replaced(
    document: JsonObject, action_id: str, old: str, new: str, connection: str | None
) -> JsonObject:
    """A copy of a document whose step asks `new` wherever it asked `old`, also among its other models.

    `connection` limits it to what is asked through the connection of this id.
    """
    changed = copy.deepcopy(document)
    for asked in asked_models(step_of(changed, action_id)):
        if asks(asked, old, connection):
            asked["model"] = new
    return changed


def asks(asked: JsonObject, model: str, connection: str | None) -> bool:
    """Whether a part of a step's inputs names a model, and this connection if one is given."""
    named = str(asked.get("model") or "").strip() == model
    return named and (connection is None or str(asked.get("connection_id") or "").strip() == connection)


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [_sorted(one) for one in value]
    return value
