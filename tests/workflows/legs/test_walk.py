"""Walking a leg is pure, so its rules are tried on documents, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from penstock.actions.outcome import Done, Fail, Failure, Retry
from penstock.crm.object_types import ObjectType
from penstock.crm.properties import Option, Property
from penstock.crm.schema import ObjectSchema
from penstock.kit.json import JsonObject
from penstock.workflows.document import parse
from penstock.workflows.legs.backoff import LONGEST_WAIT_SECONDS, wait_before
from penstock.workflows.legs.leg import LOCAL_LANE, Arrival, Called, Leg, LegKey, Walked, Workspace, World
from penstock.workflows.legs.walk import MAX_STEPS_PER_ENROLLMENT, walk
from penstock.workflows.plan import compile as compile_plan

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WORLD = World(NOW, {1: Workspace(people={7: "ann@penstock.test"})})
PRIORITY = Property(
    "hs_ticket_priority",
    "Priority",
    "enumeration",
    "select",
    options=(Option("LOW", "Low"), Option("HIGH", "High")),
)
SCHEMA = ObjectSchema(
    ObjectType("0-5", "tickets", "Ticket", "Tickets", "subject"),
    {
        "subject": Property("subject", "Subject", "string", "text"),
        "visits": Property("visits", "Visits", "number", "number"),
        "hs_ticket_priority": PRIORITY,
    },
    1,
)


def step(
    action_id: str, type_id: str, fields: JsonObject, after: str | None = None, edge: str = "STANDARD"
) -> JsonObject:
    node: JsonObject = {
        "type": "SINGLE_CONNECTION",
        "actionId": action_id,
        "actionTypeId": type_id,
        "actionTypeVersion": 0,
        "fields": fields,
    }
    if after is not None:
        node["connection"] = {"edgeType": edge, "nextActionId": after}
    return node


def edit(action_id: str, name: str, value: JsonObject, after: str | None = None) -> JsonObject:
    return step(action_id, "0-5", {"property_name": name, "value": value}, after)


def llm(action_id: str, after: str | None = None, connection: str | None = "9") -> JsonObject:
    fields: JsonObject = {
        "model": "m",
        "prompt": "Sort {{ enrolled_object.subject }}",
        "output": {"type": "text"},
    }
    if connection is not None:
        fields["connection_id"] = connection
    return step(action_id, "1-1000", fields, after)


def leg_of(
    *nodes: JsonObject, at: str | None = "1", values: dict[str, str] | None = None, **changes: object
) -> Leg:
    document: JsonObject = {
        "type": "PLATFORM_FLOW", "objectTypeId": "0-5", "flowType": "WORKFLOW", "name": "Triage", "isEnabled": True,
        "startActionId": "1", "nextAvailableActionId": "99", "actions": list(nodes),
    }  # fmt: skip
    leg = Leg(
        key=LegKey(5, 3), workspace_id=1, flow_id=2, revision_id=4, record_id=6, next_action_id=at, attempt=0, steps_taken=0,
        depth=0, outputs={}, plan=compile_plan(parse(document), 2, "Triage", 4), flow_enabled=True, flow_deleted=False,
        object_type_id="0-5", values=values if values is not None else {"subject": "Charged twice"},
    )  # fmt: skip
    for name, value in changes.items():
        setattr(leg, name, value)
    return leg


def go(leg: Leg, outcome: object = None, **more: object) -> Walked:
    return walk(leg, Arrival(leg.key, outcome), WORLD, SCHEMA, **more)  # type: ignore[arg-type]


def static(value: str) -> JsonObject:
    return {"type": "STATIC_VALUE", "staticValue": value}


def test_a_leg_ends_before_an_llm_step_in_the_lane_of_its_connection() -> None:
    walked = go(
        leg_of(edit("1", "subject", static("Seen"), "2"), llm("2", "3"), edit("3", "visits", static("1")))
    )
    assert (walked.status, walked.next_action_id, walked.lane) == ("ACTIVE", "2", "llm-9")
    assert [s.action_id for s in walked.steps] == ["1"]


def test_an_answer_carries_the_record_on_through_every_local_step_to_the_end() -> None:
    leg = leg_of(
        llm("1", "2"),
        {
            "type": "STATIC_BRANCH", "actionId": "2", "inputValue": {"type": "FIELD_DATA", "actionId": "1", "dataKey": "text"},
            "staticBranches": [{"branchValue": "urgent", "connection": {"edgeType": "STANDARD", "nextActionId": "3"}}],
            "defaultBranchName": "Other",
        },
        edit("3", "hs_ticket_priority", static("HIGH"), "4"),
        step("4", "0-8", {"user_ids": ["7"], "subject": "Look: {{ enrolled_object.hs_ticket_priority }}", "body": "<p>x</p>"}),
    )  # fmt: skip
    called = Called("5.3.1", NOW - timedelta(seconds=2), "openai", "m", 10, 2, "0.01", True)
    walked = walk(leg, Arrival(leg.key, Done({"text": "urgent"}), called), WORLD, SCHEMA)
    assert walked.status == "COMPLETED"
    assert [s.action_id for s in walked.steps] == ["1", "2", "3", "4"]
    assert walked.steps[0].started_at == called.started_at
    assert [(w.property, w.value) for w in walked.property_writes] == [("hs_ticket_priority", "HIGH")]
    [mail] = walked.mails
    assert mail.key == "5.3.4"
    assert mail.mail.recipients == ("ann@penstock.test",)
    assert mail.mail.subject == "Look: HIGH", "a later step reads what an earlier one of the same leg wrote"


def test_a_written_value_names_workflow_revision_action_and_the_model_behind_it() -> None:
    leg = leg_of(
        llm("1", "2"), edit("2", "subject", {"type": "FIELD_DATA", "actionId": "1", "dataKey": "text"})
    )
    walked = go(leg, Done({"text": "Double charge", "hs_model": "gpt-x", "hs_prompt_hash": "abc"}))
    [write] = walked.property_writes
    assert write.source.type == "AUTOMATION_PLATFORM"
    assert write.source.detail is not None
    origin = write.source.detail
    assert (origin["flow_id"], origin["revision_id"], origin["action_id"], origin["enrollment_id"]) == (
        "2",
        "4",
        "2",
        "5",
    )
    assert "gpt-x" in str(origin)
    assert "abc" in str(origin)
    assert write.source.depth == 1


def test_a_failed_step_stops_the_record_there_and_names_cause_and_remedy() -> None:
    walked = go(
        leg_of(llm("1", "2"), edit("2", "visits", static("1"))),
        Fail(Failure("AUTHENTICATION", "Refused.", "New key.")),
    )
    assert (walked.status, walked.next_action_id) == ("FAILED", "1")
    assert walked.error == {
        "code": "AUTHENTICATION",
        "message": "Refused.",
        "remedy": "New key.",
        "action_id": "1",
    }
    assert [s.status for s in walked.steps] == ["FAILED"]


def test_a_passing_failure_waits_in_its_lane_and_gives_up_after_the_last_attempt() -> None:
    retry = Retry(Failure("OVERLOADED", "Busy.", ""), 30.0)
    walked = go(leg_of(llm("1")), retry)
    assert (walked.status, walked.wait_for, walked.lane, walked.attempt) == ("WAITING", "retry", "llm-9", 1)
    assert walked.wake_at is not None
    assert walked.wake_at >= NOW + timedelta(seconds=30)
    last = go(leg_of(llm("1"), attempt=5), retry)
    assert last.status == "FAILED"
    assert last.error is not None
    assert "Tried 6 times" in str(last.error["message"])


@given(attempt=st.integers(1, 50), spread=st.floats(0, 0.999), asked=st.none() | st.floats(0, 1e6))
def test_waits_grow_are_bounded_and_never_shorter_than_asked_up_to_an_hour(
    attempt: int, spread: float, asked: float | None
) -> None:
    seconds = wait_before(attempt, asked, spread)
    if asked is None:
        assert min(2.0**attempt, LONGEST_WAIT_SECONDS) / 2 <= seconds <= LONGEST_WAIT_SECONDS
    else:
        assert seconds >= min(asked, 3600)


def test_a_delay_ends_the_leg_and_the_record_goes_on_behind_it() -> None:
    leg = leg_of(step("1", "0-1", {"delta": "10", "time_unit": "MINUTES"}, "2"), llm("2"))
    walked = go(leg)
    assert (walked.status, walked.wait_for, walked.next_action_id, walked.lane) == (
        "WAITING",
        "time",
        "2",
        "llm-9",
    )
    assert walked.wake_at == NOW + timedelta(minutes=10)


def test_a_workflow_that_is_off_skips_what_is_not_a_delay_or_a_branch() -> None:
    leg = leg_of(
        llm("1", "2"),
        edit("2", "subject", static("x"), "3"),
        step("3", "0-1", {"delta": "1", "time_unit": "DAYS"}),
        flow_enabled=False,
    )
    walked = go(leg)
    assert [(s.action_id, s.status) for s in walked.steps] == [
        ("1", "SKIPPED"),
        ("2", "SKIPPED"),
        ("3", "WAITING"),
    ]
    assert walked.property_writes == []


def test_a_loop_without_a_wait_is_stopped_and_says_so() -> None:
    leg = leg_of(
        edit("1", "visits", {"type": "INCREMENT", "incrementAmount": 1}, "2"),
        step("2", "0-5", {"property_name": "subject", "value": static("x")}, "1", "GOTO"),
    )
    walked = go(leg)
    while walked.status == "ACTIVE":
        leg.next_action_id, leg.steps_taken = walked.next_action_id, walked.steps_taken
        walked = go(leg)
    assert walked.status == "FAILED"
    assert walked.steps_taken == MAX_STEPS_PER_ENROLLMENT
    assert walked.error is not None
    assert walked.error["code"] == "TOO_MANY_STEPS"


def test_deleted_flows_records_and_unknown_actions_have_a_defined_ending() -> None:
    assert go(leg_of(llm("1"), flow_deleted=True)).status == "CANCELED"
    assert go(leg_of(llm("1"), record_archived=True)).status == "UNENROLLED"
    unknown = go(leg_of(step("1", "0-999", {"a": 1})))
    assert unknown.status == "FAILED"
    assert unknown.error is not None
    assert unknown.error["code"] == "UNSUPPORTED_ACTION"
    nameless = go(leg_of(llm("1", connection=None)))
    assert nameless.status == "FAILED"
    assert nameless.lane == LOCAL_LANE
    assert go(leg_of(at=None)).status == "COMPLETED"


def test_a_limit_stops_between_two_steps_and_leaves_the_rest_to_the_next_leg() -> None:
    walked = go(leg_of(edit("1", "subject", static("a"), "2"), edit("2", "visits", static("1"))), limit=1)
    assert (walked.status, walked.next_action_id, walked.steps_taken) == ("ACTIVE", "2", 1)
