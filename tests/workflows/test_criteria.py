from __future__ import annotations

import pytest
from tests.workflows import flow_documents

from penstock.kit.json import Json, JsonObject
from penstock.workflows.criteria import Criteria, compile_criteria
from penstock.workflows.document import parse


def criteria_of(criteria: Json, **keys: Json) -> Criteria:
    flow: JsonObject = {
        "type": "PLATFORM_FLOW",
        "objectTypeId": "0-5",
        "enrollmentCriteria": criteria,
        **keys,
    }
    return compile_criteria(parse(flow))


def condition(name: str, operator: str = "IS_EQUAL_TO", kind: str = "STRING", **keys: Json) -> JsonObject:
    operation: Json = {
        "operationType": kind,
        "operator": operator,
        "includeObjectsWithNoValueSet": False,
        **keys,
    }
    return {"filterType": "PROPERTY", "property": name, "operation": operation}


def event(type_id: str, *filters: Json, **keys: Json) -> JsonObject:
    return {
        "filterBranchType": "UNIFIED_EVENTS",
        "filterBranchOperator": "AND",
        "operator": "HAS_COMPLETED",
        "eventTypeId": type_id,
        "filterBranches": [],
        "filters": list(filters),
        **keys,
    }


def events_of(*branches: Json) -> Criteria:
    return criteria_of({"type": "EVENT_BASED", "shouldReEnroll": True, "eventFilterBranches": list(branches)})


def example(name: str) -> Criteria:
    return compile_criteria(parse(flow_documents.example(name)))


def test_the_example_enrolls_when_the_description_changes_in_the_first_stage() -> None:
    criteria = example("ticket_triage")
    (trigger,) = criteria.events
    assert (trigger.event_type_id, trigger.property, trigger.unsupported) == ("4-655002", "content", None)
    assert trigger.value_filter is not None
    assert [one.property for one in trigger.value_filter.all_filters()] == ["content"]
    assert criteria.filter is not None
    assert [one.property for one in criteria.filter.all_filters()] == ["hs_pipeline_stage"]
    assert (criteria.manual_only, criteria.should_re_enroll, criteria.unsupported) == (False, True, None)


def test_filters_enroll_and_their_re_enrollment_triggers_are_found_inside_their_wrapping() -> None:
    criteria = example("welcome_leads")
    assert criteria.filter is not None
    assert (criteria.manual_only, criteria.events, criteria.unsupported) == (False, (), None)
    (trigger,) = criteria.re_enroll_events
    assert trigger.property == "lifecyclestage"
    assert trigger.value_filter is not None


def test_a_flow_without_criteria_or_with_manual_ones_or_empty_filters_enrolls_by_hand_only() -> None:
    empty: Json = {
        "filterBranchType": "OR",
        "filterBranches": [{"filterBranchType": "AND", "filters": []}],
        "filters": [],
    }
    for criteria in (
        example("minimal"),
        criteria_of({"type": "MANUAL", "shouldReEnroll": False}),
        criteria_of({"type": "LIST_BASED", "shouldReEnroll": False, "listFilterBranch": empty}),
        criteria_of({"type": "EVENT_BASED", "shouldReEnroll": False, "eventFilterBranches": []}),
    ):
        assert (criteria.manual_only, criteria.filter, criteria.events, criteria.unsupported) == (
            True,
            None,
            (),
            None,
        )


def test_a_created_object_enrolls() -> None:
    criteria = events_of(event("4-1463224"), event("4-655002", condition("hs_name", value="subject")))
    assert [(one.event_type_id, one.property, one.unsupported) for one in criteria.events] == [
        ("4-1463224", None, None),
        ("4-655002", "subject", None),
    ]


@pytest.mark.parametrize(
    "branch",
    [
        event("4-667638"),
        event("4-655002"),
        event("4-655002", condition("hs_name", value="a"), condition("hs_name", value="b")),
        event("4-655002", condition("hs_name", "CONTAINS", value="a")),
        event("4-655002", condition("hs_name", value="a"), condition("other", value="b")),
        event("4-655002", condition("hs_name", value="a"), condition("hs_value", "SOUNDS_LIKE", value="b")),
        event("4-1463224", condition("subject", value="b")),
        event("4-1463224", operator="HAS_NOT_COMPLETED"),
        event("4-1463224", filterBranches=[event("4-655002")]),
        {"filterBranchType": "AND", "filters": [condition("subject", value="b")]},
    ],
)
def test_an_event_that_is_not_run_is_named_and_never_fires(branch: Json) -> None:
    criteria = events_of(branch)
    assert criteria.unsupported
    assert all(one.unsupported for one in criteria.events)


@pytest.mark.parametrize(
    "criteria",
    [
        {"type": "DATASET", "shouldReEnroll": False},
        {
            "type": "LIST_BASED",
            "listFilterBranch": {
                "filterBranchType": "AND",
                "filters": [{"filterType": "IN_LIST", "listId": "1"}],
            },
        },
        {
            "type": "LIST_BASED",
            "unEnrollObjectsNotMeetingCriteria": True,
            "listFilterBranch": {"filterBranchType": "AND", "filters": [condition("subject", value="x")]},
        },
        {
            "type": "EVENT_BASED",
            "eventFilterBranches": [],
            "listMembershipFilterBranches": [{"filterBranchType": "AND"}],
        },
        {
            "type": "EVENT_BASED",
            "eventFilterBranches": [event("4-1463224")],
            "refinementCriteria": {
                "filterBranchType": "AND",
                "filters": [{"filterType": "IN_LIST", "listId": "1"}],
            },
        },
    ],
)
def test_criteria_that_are_not_run_say_so_instead_of_enrolling_by_half(criteria: Json) -> None:
    assert criteria_of(criteria).unsupported


def test_a_schedule_says_so() -> None:
    criteria = criteria_of(
        {"type": "MANUAL"}, enrollmentSchedule={"type": "DAILY", "timeOfDay": {"hour": 9, "minute": 0}}
    )
    assert criteria.unsupported == "Scheduled enrollment is not run yet."
