from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.workflows import flow_documents

from penstock.actions.action import AnyAction, Effect, StepContext
from penstock.actions.outcome import Done, Fail, Wait
from penstock.actions.registry import ACTIONS
from penstock.kit.json import Json, JsonObject
from penstock.workflows.document import parse
from penstock.workflows.plan import Plan, next_action
from penstock.workflows.plan import compile as compile_plan


def plan_of(document: Json) -> Plan:
    return compile_plan(parse(document), 7, "Triage", 2)


def example(name: str) -> Plan:
    return plan_of(flow_documents.example(name))


def test_the_example_becomes_nodes_with_their_actions_and_exits() -> None:
    plan = example("ticket_triage")
    assert (plan.start, plan.object_type_id, plan.flow_name, plan.revision_id) == ("1", "0-5", "Triage", 2)
    assert {
        node.action_id: (node.action_type_id, node.effect, dict(node.exits)) for node in plan.nodes.values()
    } == {
        "1": ("1-1000", Effect.LLM, {None: "2"}),
        "2": ("STATIC_BRANCH", Effect.BRANCH, {None: "5", "BILLING": "3"}),
        "3": ("0-5", Effect.LOCAL, {None: "4"}),
        "4": ("0-8", Effect.MAIL, {None: None}),
        "5": ("0-29", Effect.LOCAL, {None: "6"}),
        "6": ("STATIC_BRANCH", Effect.BRANCH, {None: "7", "true": "3"}),
        "7": ("WEBHOOK", Effect.WEBHOOK, {None: None}),
    }
    assert [node.action_id for node in plan.nodes.values() if node.unsupported] == ["5"]


def test_parts_of_others_stay_in_the_plan_with_their_reason_and_their_edges() -> None:
    plan = example("parts_of_others")
    assert {node.action_id: node.exits[None] for node in plan.nodes.values()} == {
        "1": "2",
        "2": None,
        "3": None,
        "4": "1",
        "8": None,
    }
    for node in plan.nodes.values():
        assert node.unsupported is not None
        assert node.action_type_id in node.unsupported


def test_a_record_that_reaches_a_node_of_others_fails_there_with_the_reason() -> None:
    outcome = example("ticket_triage").nodes["5"].run(StepContext.__new__(StepContext))
    assert isinstance(outcome, Fail)
    assert outcome.failure.code == "UNSUPPORTED_ACTION"
    assert "0-29" in outcome.failure.message


def test_inputs_of_a_wrong_shape_make_a_node_that_says_which() -> None:
    node: Json = {
        "type": "SINGLE_CONNECTION",
        "actionId": "1",
        "actionTypeId": "0-1",
        "fields": {"delta": "3", "time_unit": "MOONS"},
    }
    plan = plan_of({"type": "PLATFORM_FLOW", "objectTypeId": "0-5", "startActionId": "1", "actions": [node]})
    reason = plan.nodes["1"].unsupported
    assert reason is not None
    assert "time_unit" in reason
    assert plan.nodes["1"].effect is Effect.LOCAL


def test_next_action_follows_the_branch_that_was_taken_and_the_only_exit_after_a_wait() -> None:
    nodes = example("welcome_leads").nodes
    assert next_action(nodes["1"], Done(branch="At a company")) == "2"
    assert next_action(nodes["1"], Done()) == "3"
    assert next_action(nodes["3"], Wait()) == "4"
    assert next_action(nodes["4"], Done()) is None


def test_branches_without_a_name_or_with_the_same_one_keep_their_own_exits() -> None:
    def listed(name: str | None, target: str) -> JsonObject:
        named: JsonObject = {"branchName": name} if name is not None else {}
        return {**named, "connection": {"edgeType": "STANDARD", "nextActionId": target}}

    node: Json = {
        "type": "LIST_BRANCH",
        "actionId": "1",
        "listBranches": [
            listed("a", "2"),
            listed("a", "3"),
            listed(None, "4"),
            listed("#2", "5"),
            {"branchName": "end"},
        ],
    }
    plan = plan_of({"type": "PLATFORM_FLOW", "objectTypeId": "0-5", "actions": [node]})
    assert list(plan.nodes["1"].exits.values()) == [None, "2", "3", "4", "5", None]


@given(flow_documents.DOCUMENTS, st.sampled_from([Done(), Wait()]))
def test_every_flow_that_can_be_read_can_be_compiled_and_every_node_has_a_next(
    document: JsonObject, outcome: Done | Wait
) -> None:
    plan = plan_of(document)
    for node in plan.nodes.values():
        assert next_action(node, outcome) in (None, "1", "2", "3", "x")
        assert (node.unsupported is None) == (node.action is not None and node.fields is not None)


@pytest.mark.parametrize(
    "action", [action for action in ACTIONS if action.action_type_id], ids=lambda action: action.name
)
def test_empty_inputs_never_stop_a_plan(action: AnyAction) -> None:
    node: Json = {
        "type": "SINGLE_CONNECTION",
        "actionId": "1",
        "actionTypeId": action.action_type_id,
        "fields": {},
    }
    assert plan_of({"type": "PLATFORM_FLOW", "objectTypeId": "0-5", "actions": [node]}).nodes["1"].exits == {
        None: None
    }
