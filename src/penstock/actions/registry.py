"""All actions. Adding one is its file, its test and its name in this tuple."""

from __future__ import annotations

from penstock.actions.action import AnyAction
from penstock.actions.delay_set_time import DELAY_SET_TIME
from penstock.actions.edit_record import EDIT_RECORD
from penstock.actions.go_to import GO_TO
from penstock.actions.if_then_branch import IF_THEN_BRANCH
from penstock.actions.internal_email import INTERNAL_EMAIL
from penstock.actions.send_webhook import SEND_WEBHOOK
from penstock.actions.use_custom_llm import USE_CUSTOM_LLM
from penstock.actions.value_equals_branch import VALUE_EQUALS_BRANCH
from penstock.kit.json import Json, JsonObject

ACTIONS: tuple[AnyAction, ...] = (
    USE_CUSTOM_LLM,
    EDIT_RECORD,
    INTERNAL_EMAIL,
    SEND_WEBHOOK,
    IF_THEN_BRANCH,
    VALUE_EQUALS_BRANCH,
    DELAY_SET_TIME,
)

BY_ACTION_TYPE_ID = {action.action_type_id: action for action in ACTIONS if action.action_type_id is not None}
BY_NODE_TYPE = {action.node_type: action for action in ACTIONS if action.action_type_id is None}


def find_action(node_type: str, action_type_id: str | None) -> AnyAction | None:
    """The action behind a node, or None when Penstock does not have it."""
    if node_type == "SINGLE_CONNECTION":
        return BY_ACTION_TYPE_ID.get(action_type_id or "")
    return BY_NODE_TYPE.get(node_type)


def catalog() -> list[JsonObject]:
    """Every palette entry as JSON: ids, words, effect and the JSON schema of its inputs (null for *Go to*)."""
    return [*(_entry(action) for action in ACTIONS), dict(GO_TO)]


def _entry(action: AnyAction) -> JsonObject:
    schema: Json = action.fields.model_json_schema(by_alias=True)
    return {
        "actionTypeId": action.action_type_id,
        "nodeType": action.node_type,
        "name": action.name,
        "title": action.title,
        "section": action.section.value,
        "description": action.description,
        "effect": action.effect.value,
        "fields": schema,
    }
