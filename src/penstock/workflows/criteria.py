"""Enrollment criteria made ready to evaluate: filters and events out of the flow JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from penstock.crm import filters
from penstock.crm.filters import FilterBranch
from penstock.errors import InvalidInput
from penstock.kit.json import Json, JsonObject
from penstock.workflows.document import (
    EventBasedCriteria,
    FlowDocument,
    ListBasedCriteria,
    ManualCriteria,
)

# HubSpot's ids of event types (automation API reference, enrollment triggers).
PROPERTY_CHANGED = "4-655002"
OBJECT_CREATED = "4-1463224"


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """An event that enrolls. `property` and `value_filter` are set for property changes (4-655002) only.

    `value_filter` looks at the property itself, so it is matched against the record's values after the change.
    `unsupported` says why this trigger never fires here.
    """

    event_type_id: str
    property: str | None = None
    value_filter: FilterBranch | None = None
    unsupported: str | None = None


@dataclass(frozen=True, slots=True)
class Criteria:
    """When records enroll by themselves.

    `filter` is the LIST_BASED filter (a record enrolls when it comes to match), or the refinement that must
    hold as well when one of `events` happens; `events` are OR'd; `manual_only` flows enroll only by hand.
    `re_enroll_events` are the re-enrollment triggers of a LIST_BASED flow: they count only together with
    `should_re_enroll` and while `filter` matches. `unsupported` says what of the criteria is not run here;
    such a flow cannot be turned on, because enrolling by half of its criteria would enroll the wrong records.
    """

    manual_only: bool = True
    filter: FilterBranch | None = None
    events: tuple[EventTrigger, ...] = ()
    should_re_enroll: bool = False
    re_enroll_events: tuple[EventTrigger, ...] = ()
    unsupported: str | None = None


def compile_criteria(document: FlowDocument) -> Criteria:
    """The criteria of a flow; parts that cannot be run are named in `unsupported`, and never fire."""
    unsupported: list[str] = []
    if document.header.enrollment_schedule:
        unsupported.append("Scheduled enrollment is not run yet.")
    match document.criteria:
        case None:
            return Criteria(unsupported=_sentences(unsupported))
        case ManualCriteria() as criteria:
            return Criteria(should_re_enroll=criteria.should_re_enroll, unsupported=_sentences(unsupported))
        case ListBasedCriteria() as criteria:
            return _list_based(document, criteria, unsupported)
        case EventBasedCriteria() as criteria:
            return _event_based(document, criteria, unsupported)
        case other:
            unsupported.append(f"Enrollment criteria of type {other.type} are not run.")
            return Criteria(should_re_enroll=other.should_re_enroll, unsupported=_sentences(unsupported))


def compile_event(branch: Mapping[str, Json]) -> EventTrigger:
    """One UNIFIED_EVENTS branch as a trigger: a property that changed (perhaps to a value), or a record created."""
    event_type_id = str(branch.get("eventTypeId") or "")
    if branch.get("filterBranchType") != "UNIFIED_EVENTS" or branch.get("filterBranches"):
        return EventTrigger(event_type_id, unsupported="The trigger is not a single event.")
    if branch.get("operator", "HAS_COMPLETED") != "HAS_COMPLETED":
        return EventTrigger(
            event_type_id, unsupported="Only events that happened can enroll (HAS_COMPLETED)."
        )
    raw = branch.get("filters")
    conditions = [item for item in raw if isinstance(item, dict)] if isinstance(raw, list) else []
    if event_type_id == OBJECT_CREATED:
        if conditions:
            return EventTrigger(
                event_type_id, unsupported="Filters inside 'object created' are not run; refine instead."
            )
        return EventTrigger(event_type_id)
    if event_type_id == PROPERTY_CHANGED:
        return _property_change(event_type_id, conditions)
    return EventTrigger(
        event_type_id, unsupported=f"Events of type {event_type_id or '(none)'} are not known here."
    )


def has_filters(branch: Mapping[str, Json] | None) -> bool:
    """Whether a filter tree holds any condition at all; HubSpot writes empty trees for "no filter"."""
    if not branch:
        return False
    inner, nested = branch.get("filters"), branch.get("filterBranches")
    if branch.get("filterBranchType") in ("UNIFIED_EVENTS", "ASSOCIATION") or (
        isinstance(inner, list) and inner
    ):
        return True
    return (
        any(has_filters(item) for item in nested if isinstance(item, dict))
        if isinstance(nested, list)
        else False
    )


def _list_based(document: FlowDocument, criteria: ListBasedCriteria, unsupported: list[str]) -> Criteria:
    raw = _criteria_json(document)
    condition = _filter(raw.get("listFilterBranch"), "enrollmentCriteria.listFilterBranch", unsupported)
    if criteria.un_enroll_objects_not_meeting_criteria:
        unsupported.append("Unenrolling records that stop meeting the criteria is not run yet.")
    triggers = _events(raw.get("reEnrollmentTriggersFilterBranches"))
    unsupported += [trigger.unsupported for trigger in triggers if trigger.unsupported]
    return Criteria(
        manual_only=condition is None,
        filter=condition,
        should_re_enroll=criteria.should_re_enroll,
        re_enroll_events=tuple(triggers),
        unsupported=_sentences(unsupported),
    )


def _event_based(document: FlowDocument, criteria: EventBasedCriteria, unsupported: list[str]) -> Criteria:
    raw = _criteria_json(document)
    triggers = _events(raw.get("eventFilterBranches"))
    unsupported += [trigger.unsupported for trigger in triggers if trigger.unsupported]
    if criteria.list_membership_filter_branches:
        unsupported.append("Joining or leaving a segment does not enroll yet.")
    refinement = _filter(raw.get("refinementCriteria"), "enrollmentCriteria.refinementCriteria", unsupported)
    return Criteria(
        manual_only=not triggers,
        filter=refinement,
        events=tuple(triggers),
        should_re_enroll=criteria.should_re_enroll,
        unsupported=_sentences(unsupported),
    )


def _sentences(reasons: list[str]) -> str | None:
    return " ".join(dict.fromkeys(reasons)) or None


def _property_change(event_type_id: str, conditions: Sequence[JsonObject]) -> EventTrigger:
    names = [item for item in conditions if item.get("property") == "hs_name"]
    values = [item for item in conditions if item.get("property") == "hs_value"]
    if len(names) != 1 or len(values) > 1 or len(names) + len(values) != len(conditions):
        return EventTrigger(
            event_type_id, unsupported="A property change takes one hs_name and at most one hs_value filter."
        )
    name = _single_value(names[0])
    if name is None:
        return EventTrigger(event_type_id, unsupported="The hs_name filter must equal one property's name.")
    if not values:
        return EventTrigger(event_type_id, name)
    condition: JsonObject = {
        "filterBranchType": "AND",
        "filterBranchOperator": "AND",
        "filterBranches": [],
        "filters": [{**values[0], "property": name}],
    }
    try:
        return EventTrigger(event_type_id, name, filters.parse(condition, "hs_value"))
    except InvalidInput as error:
        return EventTrigger(event_type_id, name, unsupported=error.message)


def _single_value(condition: JsonObject) -> str | None:
    operation = condition.get("operation")
    if not isinstance(operation, dict) or operation.get("operator") not in ("IS_EQUAL_TO", "IS_ANY_OF"):
        return None
    values = operation.get("values")
    value = operation.get("value", values[0] if isinstance(values, list) and len(values) == 1 else None)
    return value if isinstance(value, str) and value else None


def _events(raw: Json) -> list[EventTrigger]:
    return [compile_event(leaf) for item in _objects(raw) for leaf in _leaves(item)]


def _leaves(branch: JsonObject) -> Iterable[JsonObject]:
    """HubSpot wraps re-enrollment events in OR and AND branches of one; those are looked through."""
    inner = _objects(branch.get("filterBranches"))
    plain = branch.get("filterBranchType") == "OR" or (
        branch.get("filterBranchType") == "AND" and len(inner) == 1
    )
    if plain and inner and not branch.get("filters"):
        for item in inner:
            yield from _leaves(item)
    else:
        yield branch


def _filter(raw: Json, path: str, unsupported: list[str]) -> FilterBranch | None:
    if not isinstance(raw, dict) or not has_filters(raw):
        return None
    try:
        return filters.parse(raw, path)
    except InvalidInput as error:
        unsupported.append(error.message)
        return None


def _criteria_json(document: FlowDocument) -> JsonObject:
    raw = document.source.get("enrollmentCriteria")
    return raw if isinstance(raw, dict) else {}


def _objects(raw: Json) -> list[JsonObject]:
    return [item for item in raw if isinstance(item, dict)] if isinstance(raw, list) else []
