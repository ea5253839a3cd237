"""The requests behind the screens of records, and `CASES`: those of all screens. A new screen adds its rows."""

from __future__ import annotations

import random
from typing import Any

from bench.million import CITIES, FIRST_NAMES, LAST_NAMES
from bench.screen_case import V1, Case, Get, Request, someone
from bench.workflow_cases import WORKFLOW_CASES

CONTACTS = f"{V1}/records/contacts"
COLUMNS = [
    "email",
    "firstname",
    "lastname",
    "phone",
    "city",
    "lifecyclestage",
    "hs_lead_status",
    "createdate",
]


def _query(**wish: Any) -> Request:
    return Request("POST", f"{CONTACTS}/query", {"properties": COLUMNS, "limit": 50, **wish})


def _count(**wish: Any) -> Request:
    return Request("POST", f"{CONTACTS}/count", wish)


def _filter(name: str, **operation: Any) -> dict[str, Any]:
    test = {"filterType": "PROPERTY", "property": name, "operation": operation}
    group = {"filterBranchType": "AND", "filterBranches": [], "filters": [test]}
    return {"filterBranchType": "OR", "filterBranches": [group], "filters": []}


def _city(chance: random.Random) -> dict[str, Any]:
    return _filter(
        "city", operationType="MULTISTRING", operator="IS_EQUAL_TO", values=[chance.choice(CITIES)]
    )


def _stage(stage: str) -> dict[str, Any]:
    return _filter("lifecyclestage", operationType="ENUMERATION", operator="IS_ANY_OF", values=[stage])


def _score(chance: random.Random) -> dict[str, Any]:
    low = chance.randrange(0, 9_990)
    return _filter(
        "hubspotscore",
        operationType="NUMBER_RANGED",
        operator="IS_BETWEEN",
        lowerBound=low,
        upperBound=low + 5,
    )


def _known(name: str, known: bool) -> dict[str, Any]:
    return _filter(name, operationType="ALL_PROPERTY", operator="IS_KNOWN" if known else "IS_UNKNOWN")


def _contains(chance: random.Random) -> dict[str, Any]:
    text = f"{chance.choice(LAST_NAMES)}.{chance.randrange(1_000_000)}@".lower()
    return _filter("email", operationType="MULTISTRING", operator="CONTAINS", values=[text])


def _sort(name: str, direction: str = "DESCENDING") -> dict[str, str]:
    return {"property": name, "direction": direction}


def _names(chance: random.Random) -> str:
    return f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"


# What the table is read with when nothing is asked of it but fifty records whose ids are known.
FLOOR = Case(
    "floor",
    "50 records by primary key",
    lambda chance, scene: Request(
        "POST",
        "/crm/v3/objects/contacts/batch/read",
        {
            "properties": COLUMNS,
            "inputs": [{"id": str(number)} for number in range(start, start + 50)],
        }
        if (start := min(someone(chance, scene), scene.last_record - 50))
        else None,
    ),
)

RECORD_CASES: tuple[Case, ...] = (
    Case("records", "newest first", lambda chance, scene: _query()),
    Case("records", "10,000 records down", lambda chance, scene: _query(after=scene.deep["newest"])),
    Case("records", "sorted by text", lambda chance, scene: _query(sort=_sort("city", "ASCENDING"))),
    Case("records", "sorted by number", lambda chance, scene: _query(sort=_sort("hubspotscore"))),
    Case("records", "sorted by date", lambda chance, scene: _query(sort=_sort("notes_last_contacted"))),
    Case(
        "records", "sorted by creation", lambda chance, scene: _query(sort=_sort("createdate", "ASCENDING"))
    ),
    Case(
        "records",
        "sorted by text, 10,000 down",
        lambda chance, scene: _query(sort=_sort("city", "ASCENDING"), after=scene.deep["city"]),
    ),
    Case("records", "search: first and last name", lambda chance, scene: _query(search=_names(chance))),
    Case(
        "records",
        "search: first letters",
        lambda chance, scene: _query(search=chance.choice(FIRST_NAMES)[:3]),
    ),
    Case(
        "records", "search: one record", lambda chance, scene: _query(search=str(chance.randrange(1_000_000)))
    ),
    Case(
        "records",
        "search: name, sorted by text",
        lambda chance, scene: _query(search=_names(chance), sort=_sort("city", "ASCENDING")),
    ),
    Case("records", "search: nobody", lambda chance, scene: _query(search=f"zzz{chance.randrange(1000)}")),
    Case("records", "filter: text equals", lambda chance, scene: _query(filter=_city(chance))),
    Case(
        "records",
        "filter: text equals, sorted",
        lambda chance, scene: _query(filter=_city(chance), sort=_sort("hubspotscore")),
    ),
    Case("records", "filter: common option", lambda chance, scene: _query(filter=_stage("lead"))),
    Case("records", "filter: rare option", lambda chance, scene: _query(filter=_stage("evangelist"))),
    Case("records", "filter: range of numbers", lambda chance, scene: _query(filter=_score(chance))),
    Case("records", "filter: has no value", lambda chance, scene: _query(filter=_known("city", False))),
    Case("records", "filter: contains, no index", lambda chance, scene: _query(filter=_contains(chance))),
    Case("records", "count: all", lambda chance, scene: _count()),
    Case("records", "count: common option", lambda chance, scene: _count(filter=_stage("lead"))),
    Case("records", "count: rare option", lambda chance, scene: _count(filter=_stage("evangelist"))),
    Case("records", "count: contains, no index", lambda chance, scene: _count(filter=_contains(chance))),
    Case("records", "count: search", lambda chance, scene: _count(search=_names(chance))),
    Case("records", "saved views", Get("/views?objectType=contacts")),
    Case(
        "record",
        "values",
        lambda chance, scene: Request("GET", f"/crm/v3/objects/contacts/{someone(chance, scene)}"),
    ),
    Case(
        "record",
        "where values come from",
        Get("/records/contacts/{busy_record}/values-origin"),
    ),
    Case("record", "history", Get("/records/contacts/{busy_record}/history")),
    Case(
        "record",
        "history of one property",
        Get("/records/contacts/{busy_record}/history?property=city"),
    ),
    Case("record", "timeline", Get("/records/contacts/{busy_record}/timeline")),
    Case(
        "record",
        "associations",
        Get("/records/contacts/{busy_record}/associations"),
    ),
    Case(
        "record",
        "workflows it is in",
        Get("/enrollments?recordId={busy_record}"),
    ),
)

CASES = (*RECORD_CASES, *WORKFLOW_CASES)
