"""What filters mean, in HubSpot's words, and what happens to those that are not evaluated."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from penstock.crm.filters import check, matches, parse
from penstock.crm.schema import ObjectSchema
from penstock.errors import InvalidInput
from penstock.kit.json import Json, JsonObject

NOW = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def _filter(name: str, **operation: Json) -> JsonObject:
    return {"filterType": "PROPERTY", "property": name, "operation": operation}


def _branch(kind: str, *parts: JsonObject) -> JsonObject:
    return {
        "filterBranchType": kind,
        "filters": [part for part in parts if "filterType" in part],
        "filterBranches": [part for part in parts if "filterBranchType" in part],
    }


def _holds(tickets: ObjectSchema, values: dict[str, str], *parts: JsonObject, kind: str = "AND") -> bool:
    return matches(parse(_branch(kind, *parts)), values, tickets, NOW)


def test_the_refinement_of_hubspots_flow_example_matches(tickets: ObjectSchema) -> None:
    stage = _filter("hs_pipeline_stage", operationType="ENUMERATION", operator="IS_ANY_OF", values=["1"])
    assert _holds(tickets, {"hs_pipeline_stage": "1"}, _branch("AND", stage), kind="OR")
    assert not _holds(tickets, {"hs_pipeline_stage": "2"}, _branch("AND", stage), kind="OR")


@pytest.mark.parametrize(("included", "answer"), [(None, False), (False, False), (True, True)])
def test_a_record_without_a_value_passes_only_where_the_filter_includes_it(
    tickets: ObjectSchema, included: bool | None, answer: bool
) -> None:
    for operator in ("IS_EQUAL_TO", "IS_NOT_EQUAL_TO"):
        one = _filter(
            "subject",
            operationType="STRING",
            operator=operator,
            value="x",
            includeObjectsWithNoValueSet=included,
        )
        assert _holds(tickets, {}, one) is answer


def test_value_and_values_mean_the_same_and_case_does_not_matter(tickets: ObjectSchema) -> None:
    for members in ({"value": "DELAYED"}, {"values": ["delayed", "late"]}):
        one = _filter("subject", operationType="MULTISTRING", operator="CONTAINS", **members)
        assert _holds(tickets, {"subject": "My Delayed card"}, one)


def test_branches_without_parts_match_all_or_nothing(tickets: ObjectSchema) -> None:
    answers = {kind: _holds(tickets, {}, kind=kind) for kind in ("AND", "OR", "NOT_ALL", "NOT_ANY")}
    assert answers == {"AND": True, "OR": False, "NOT_ALL": False, "NOT_ANY": True}


def test_a_day_of_a_zone_begins_at_its_own_midnight(tickets: ObjectSchema) -> None:
    """In Berlin it is 03:30 on the day that summer time begins; in New York it is still the day before."""

    def today(zone: str) -> JsonObject:
        point: JsonObject = {
            "timeType": "INDEXED",
            "indexReference": {"referenceType": "TODAY"},
            "zoneId": zone,
        }
        return _filter(
            "closed_date",
            operationType="TIME_POINT",
            operator="IS_AFTER",
            timePoint=point,
            endpointBehavior="INCLUSIVE",
        )

    assert _holds(tickets, {"closed_date": "2026-03-28T23:00:00Z"}, today("Europe/Berlin"))
    assert not _holds(tickets, {"closed_date": "2026-03-28T22:59:59Z"}, today("Europe/Berlin"))
    assert _holds(tickets, {"closed_date": "2026-03-28T04:00:00Z"}, today("America/New_York"))


def test_an_output_that_no_schema_has_is_compared_as_what_it_looks_like(tickets: ObjectSchema) -> None:
    name = "action_outputs.action_output_1.score"
    above = _filter(name, operationType="NUMBER", operator="IS_GREATER_THAN", value="9")
    assert _holds(tickets, {name: "10"}, above)
    assert not _holds(tickets, {name: "many"}, above)
    point: JsonObject = {"timeType": "DATE", "year": 2026, "month": 1, "day": 1}
    after = _filter(name, operationType="TIME_POINT", operator="IS_AFTER", timePoint=point)
    assert _holds(tickets, {name: "2026-01-02"}, after)


def test_what_is_not_evaluated_is_a_problem_with_its_place_and_never_true() -> None:
    raw = _branch(
        "OR",
        {"filterType": "IN_LIST", "listId": "7"},
        _filter("a", operationType="STRING", operator="HAS_EVER_BEEN_EQUAL_TO", value="x"),
        _filter("a", operationType="COMPARATIVE_DATE", operator="IS_BEFORE", comparisonPropertyName="b"),
        _filter("a", operationType="NUMBER", operator="IS_EQUAL_TO", value="many"),
        _branch("ASSOCIATION"),
    )
    with pytest.raises(InvalidInput) as caught:
        parse(raw, "actions[2].filterBranch")
    assert {
        problem.path.removeprefix("actions[2].filterBranch."): problem.code
        for problem in caught.value.problems
    } == {
        "filters[0].filterType": "UNSUPPORTED_FILTER",
        "filters[1].operation.operator": "UNSUPPORTED_OPERATOR",
        "filters[2].operation.operationType": "UNSUPPORTED_OPERATION",
        "filters[3].operation.value": "INVALID_FILTER",
        "filterBranches[0].filterBranchType": "UNSUPPORTED_FILTER",
    }


def test_too_many_and_too_deep_filters_are_refused() -> None:
    known = _filter("a", operationType="ALL_PROPERTY", operator="IS_KNOWN")
    deep = _branch("AND", known)
    for _ in range(30):
        deep = _branch("AND", deep)
    for raw, code in ((_branch("AND", *[known] * 251), "TOO_MANY_FILTERS"), (deep, "TOO_DEEP")):
        with pytest.raises(InvalidInput) as caught:
            parse(raw)
        assert [problem.code for problem in caught.value.problems] == [code]


def test_a_filter_on_an_unknown_property_is_found_at_its_place(tickets: ObjectSchema) -> None:
    known = _filter("no_such", operationType="ALL_PROPERTY", operator="IS_KNOWN")
    [problem] = check(parse(_branch("OR", _branch("AND", known)), "f"), tickets)
    assert (problem.path, problem.code) == ("f.filterBranches[0].filters[0].property", "UNKNOWN_PROPERTY")
