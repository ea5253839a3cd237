"""What is a loop: a workflow that its own changes lead back to, too deep down."""

from __future__ import annotations

import pytest

from penstock.workflows.enrollment import Candidate
from penstock.workflows.loops.chain import LONGEST_CHAIN, longer, loop_of, name_of_loop
from penstock.workflows.loops.guard import Limits, too_deep


@pytest.mark.parametrize(
    ("flow", "chain", "stopped"),
    [
        (1, (1, 2, 1, 2), True),
        (1, (1, 2, 1), False),
        (1, (), False),
        (9, (1, 2, 3, 4, 5, 6), False),
        (9, tuple(range(100, 100 + LONGEST_CHAIN)), True),
        (1, (1, 1, 1, 1), True),
    ],
    ids=[
        "two that start each other",
        "not so often yet",
        "a person's change",
        "a long row without a loop",
        "more workflows than are remembered",
        "one that starts itself",
    ],
)
def test_a_workflow_is_stopped_when_its_own_changes_lead_back_to_it(
    flow: int, chain: tuple[int, ...], stopped: bool
) -> None:
    limits = Limits(depth=4)
    assert too_deep(flow, Candidate(5, "change:1", len(chain), chain), limits) is stopped


def test_a_loop_names_its_workflows_in_the_order_in_which_they_start_each_other() -> None:
    assert loop_of(7, [3, 7, 4, 7, 4]) == [7, 4]
    assert loop_of(7, [7]) == [7]
    assert name_of_loop([7, 4, 7]) == "4,7"
    assert longer(range(LONGEST_CHAIN), 5)[-2:] == (LONGEST_CHAIN - 1, 5)
    assert len(longer(range(LONGEST_CHAIN), 5)) == LONGEST_CHAIN
