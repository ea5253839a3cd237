"""The way of a run is read from its action log alone."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.workflows.scene_of_runs import branch, edit

from penstock.kit.json import JsonObject
from penstock.workflows.document import parse
from penstock.workflows.plan import compile as compile_plan
from penstock.workflows.run_history.path import PathPart, path_of
from penstock.workflows.runs import Run, Step

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PLAN = compile_plan(
    parse(
        {
            "type": "PLATFORM_FLOW", "objectTypeId": "0-5", "flowType": "WORKFLOW", "name": "Triage", "startActionId": "1",
            "actions": [edit("1", "2"), branch("2", "urgent", "3", "4"), edit("3", "4"), edit("4")],
        }
    ),
    1, "Triage", 1,
)  # fmt: skip


def step(action_id: str, status: str, detail: JsonObject | None = None) -> Step:
    return Step(1, 0, action_id, "0-5", status, 1, NOW, NOW, None, None, detail, None)


def run(status: str, next_action_id: str | None) -> Run:
    return Run(1, 1, "Triage", 1, 1, None, "0-5", "test", status, next_action_id, 0, None, None, None, {}, None, NOW, NOW, None)  # fmt: skip


def test_attempts_at_one_action_are_one_stop_and_the_branch_taken_is_named() -> None:
    steps = [
        step("1", "RETRYING"),
        step("1", "FAILED"),
        step("1", "COMPLETED"),
        step("2", "COMPLETED", {"branch": "urgent"}),
        step("3", "SKIPPED"),
        step("4", "COMPLETED"),
    ]
    assert path_of(run("COMPLETED", None), steps, PLAN) == [
        PathPart("1", None, "2", left=True),
        PathPart("2", "urgent", "3", left=True),
        PathPart("3", None, "4", left=True),
        PathPart("4", None, None, left=True),
    ]


def test_a_run_that_stands_at_an_action_has_not_left_it() -> None:
    parts = path_of(run("FAILED", "2"), [step("1", "COMPLETED"), step("2", "FAILED")], PLAN)
    assert parts[-1] == PathPart("2", None, None, left=False)


def test_a_delay_whose_time_is_counted_has_been_left_for_the_action_after_it() -> None:
    parts = path_of(run("WAITING", "2"), [step("1", "WAITING")], PLAN)
    assert parts == [PathPart("1", None, "2", left=True)]


def test_a_loop_is_walked_twice_and_an_older_row_without_a_branch_is_told_by_where_it_led() -> None:
    again = [
        step("2", "COMPLETED"),
        step("3", "COMPLETED"),
        step("2", "COMPLETED", {"branch": None}),
        step("4", "COMPLETED"),
    ]
    parts = path_of(run("COMPLETED", None), again, PLAN)
    assert [(part.action_id, part.branch) for part in parts] == [
        ("2", "urgent"),
        ("3", None),
        ("2", None),
        ("4", None),
    ]
