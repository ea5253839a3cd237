"""What differs between two documents, as people read it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from penstock.workflows.editing.differences import FieldChange, compare


def document(**changes: Any) -> dict[str, Any]:
    return {
        "type": "PLATFORM_FLOW",
        "objectTypeId": "0-5",
        "name": "Triage",
        "startActionId": "1",
        "actions": [
            {
                "type": "SINGLE_CONNECTION",
                "actionId": "1",
                "actionTypeId": "1-1000",
                "fields": {"prompt": "Sort it", "model": "m", "output": {"type": "text"}},
                "connection": {"edgeType": "STANDARD", "nextActionId": "2"},
            },
            {
                "type": "STATIC_BRANCH",
                "actionId": "2",
                "inputValue": {"type": "FIELD_DATA", "actionId": "1", "dataKey": "text"},
                "staticBranches": [{"branchValue": "a", "connection": {"nextActionId": "3"}}],
            },
            {"type": "SINGLE_CONNECTION", "actionId": "3", "actionTypeId": "0-99", "fields": {"x": "1"}},
        ],
        **changes,
    }


def test_a_document_does_not_differ_from_itself() -> None:
    assert compare(document(), deepcopy(document())).none


def test_a_changed_prompt_is_named_with_both_texts_and_nothing_else_is() -> None:
    after = document()
    after["actions"][0]["fields"]["prompt"] = "Sort it well"
    [step] = compare(document(), after).steps
    assert (step.title, step.change) == ("Use a custom LLM", "changed")
    assert step.fields == (FieldChange("prompt", "Sort it", "Sort it well"),)


def test_nested_inputs_are_compared_field_by_field() -> None:
    after = document()
    after["actions"][0]["fields"]["output"] = {"type": "fields", "fields": [{"name": "a"}]}
    [step] = compare(document(), after).steps
    assert [change.path for change in step.fields] == ["output.type", "output.fields"]


def test_a_step_that_is_only_led_to_elsewhere_has_moved() -> None:
    after = document()
    after["actions"][1]["staticBranches"][0]["connection"] = {"nextActionId": "1"}
    [step] = compare(document(), after).steps
    assert (step.action_id, step.change, step.fields) == ("2", "moved", ())


def test_a_path_for_failed_records_is_a_field_and_where_it_leads_is_not() -> None:
    empty, leading = document(), document()
    empty["actions"][0]["fields"]["error_path"] = {}
    leading["actions"][0]["fields"]["error_path"] = {"connection": {"nextActionId": "3"}}
    [added] = compare(document(), empty).steps
    assert added.fields == (FieldChange("error_path", None, True),)
    [moved] = compare(empty, leading).steps
    assert (moved.action_id, moved.change, moved.fields) == ("1", "moved", ())


def test_added_and_removed_steps_come_with_their_inputs_and_unknown_ones_with_their_type() -> None:
    after = document()
    after["actions"][2] = {**after["actions"][2], "actionId": "4"}
    added, removed = compare(document(), after).steps
    assert (added.action_id, added.change, added.title) == ("4", "added", "0-99")
    assert (removed.action_id, removed.change) == ("3", "removed")
    assert removed.fields == (FieldChange("x", "1", None),)


def test_settings_are_compared_and_what_the_server_owns_or_says_nothing_is_left_out() -> None:
    after = document(name="Sort", revisionId="7", nextAvailableActionId="9", timeWindows=[], description="")
    found = compare(document(), after)
    assert found.settings == (FieldChange("name", "Triage", "Sort"),)
    assert found.steps == ()


def test_an_id_given_to_another_kind_of_action_is_another_step() -> None:
    after = document()
    after["actions"][0] = {"type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "0-5", "fields": {}}
    assert {(step.action_type_id, step.change) for step in compare(document(), after).steps} == {
        ("0-5", "added"),
        ("1-1000", "removed"),
    }


def test_the_name_of_a_step_is_a_field_of_the_step_and_other_custom_properties_are_settings() -> None:
    after = document(customProperties={"action_name_1": "Sort", "action_name_9": "Nobody's", "team": "B"})
    before = document(customProperties={"team": "A"})
    found = compare(before, after)
    [step] = found.steps
    assert (step.name, step.fields) == ("Sort", (FieldChange("stepName", None, "Sort"),))
    assert found.settings == (FieldChange("customProperties.team", "A", "B"),)


def test_another_first_step_is_told_only_when_no_step_tells_of_it() -> None:
    assert [change.path for change in compare(document(), document(startActionId="2")).settings] == [
        "startActionId"
    ]
    shorter = document(startActionId="2")
    del shorter["actions"][0]
    assert compare(document(), shorter).settings == ()
