from __future__ import annotations

import pytest

from penstock.actions.action import AnyAction, Effect
from penstock.actions.registry import ACTIONS, catalog, find_action
from penstock.kit.json import dumps


def test_every_action_is_found_by_what_a_node_carries() -> None:
    for action in ACTIONS:
        assert find_action(action.node_type, action.action_type_id) is action
    assert find_action("SINGLE_CONNECTION", "0-777") is None
    assert find_action("SINGLE_CONNECTION", None) is None
    assert find_action("CUSTOM_CODE", None) is None


def test_names_and_ids_are_unique() -> None:
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)
    assert len({action.type_id for action in ACTIONS}) == len(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_every_input_has_a_title_for_the_form(action: AnyAction) -> None:
    for name, field in action.fields.model_fields.items():
        assert field.title, f"{action.name}.{name}"


def test_only_the_step_that_the_engine_calls_for_has_no_run() -> None:
    assert [action.effect for action in ACTIONS if action.run is None] == [Effect.LLM]


def test_the_catalog_is_json_with_a_schema_for_every_form() -> None:
    entries = catalog()
    assert dumps(entries)
    assert {entry["name"] for entry in entries} == {action.name for action in ACTIONS} | {"go_to"}
    webhook = next(entry for entry in entries if entry["name"] == "send_webhook")
    assert isinstance(webhook["fields"], dict)
    assert "webhookUrl" in webhook["fields"]["properties"]
