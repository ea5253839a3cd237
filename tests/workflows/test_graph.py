from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from penstock.workflows.document import parse
from penstock.workflows.graph import Graph

IDS = [str(number) for number in range(8)]


def graph(edges: dict[str, list[str]]) -> Graph:
    actions = [
        {
            "type": "LIST_BRANCH",
            "actionId": name,
            "listBranches": [
                {"connection": {"edgeType": "STANDARD", "nextActionId": target}} for target in targets
            ],
            **({"defaultBranch": {"edgeType": "GOTO", "nextActionId": targets[0]}} if targets else {}),
        }
        for name, targets in edges.items()
    ]
    return Graph.of(parse({"type": "PLATFORM_FLOW", "objectTypeId": "0-5", "actions": actions}))


def test_a_loop_without_a_way_out_is_told_from_one_with() -> None:
    closed, left, ended = (
        graph({"1": ["2"], "2": ["1"]}),
        graph({"1": ["2"], "2": ["1", "3"], "3": []}),
        graph({"1": ["1"]}),
    )
    assert [closed.has_way_out(loop) for loop in closed.loops()] == [False]
    assert [left.has_way_out(loop) for loop in left.loops()] == [True]
    assert [ended.has_way_out(loop) for loop in ended.loops()] == [False]


def test_an_action_comes_before_another_when_a_way_leads_from_it() -> None:
    assert graph({"1": ["2", "3"], "2": ["4"], "3": ["4"], "4": [], "5": []}).before("4") == {"1", "2", "3"}


def test_the_free_action_id_is_above_all_numbers_and_leaves_names_aside() -> None:
    assert graph({"7": [], "12": [], "step": []}).free_id == "13"
    assert graph({}).free_id == "1"


@given(st.dictionaries(st.sampled_from(IDS), st.lists(st.sampled_from(IDS), max_size=3)))
def test_before_and_reachable_are_two_sides_of_one_relation(edges: dict[str, list[str]]) -> None:
    made = graph(edges)
    for name in made.nodes:
        for other in made.nodes:
            if name != other:
                assert (other in made.reachable(name)) == (name in made.before(other))
                together = any({name, other} <= loop for loop in made.loops())
                assert together == (other in made.reachable(name) and name in made.reachable(other))
        in_loop = any(name in loop for loop in made.loops())
        assert in_loop == (name in made.before(name))
