"""Contacts and filters for tests of lists: few values, so that many are equal, and many that are missing."""

from __future__ import annotations

import random
from collections.abc import Sequence

from penstock.kit.json import Json, JsonObject


def people(number: int, chance: random.Random) -> list[dict[str, Json]]:
    """Values of so many contacts."""
    found: list[dict[str, Json]] = []
    for index in range(number):
        values: dict[str, Json] = {
            "email": f"{chance.choice(['anna', 'bo', 'Carla'])}.{index}@{chance.choice(['x', 'acme'])}.example",
            "firstname": chance.choice(["Anna", "Annabel", "Bo", "Carla"]),
            "lastname": chance.choice(["Jensen", "Berg", "Åberg"]),
            "city": chance.choice(["Berlin", "berlin", "Aarhus", "Århus", "x" * 150, "x" * 150 + "y"]),
            "company": chance.choice(["Acme", "Berlin", "Ørsted", "ørsted"]),
            "jobtitle": chance.choice(["Buyer", "Founder"]),
            "hubspotscore": chance.choice(["0", "2", "10", "-1", "2.5", "100000000000000000000"]),
            "lifecyclestage": chance.choice(["lead", "customer", "evangelist", "other"]),
            "phone": chance.choice(["+45 31 23 45 67", "20 30", "+4512345678"]),
            "notes_last_contacted": chance.choice(
                [
                    "2026-01-01T00:00:00Z",
                    "2026-01-01T00:00:00.500Z",
                    "2026-01-01T00:00:01Z",
                    "2025-12-31T23:59:59Z",
                ]
            ),
        }
        found.append(
            {name: value for name, value in values.items() if name == "email" or chance.random() < 0.7}
        )
    return found


def _property(name: str, **operation: Json) -> JsonObject:
    return {"filterType": "PROPERTY", "property": name, "operation": operation}


def EQ(name: str, value: str) -> JsonObject:  # noqa: N802 - reads as an operator
    """The text equals."""
    return _property(name, operationType="MULTISTRING", operator="IS_EQUAL_TO", values=[value])


def EN(name: str, values: Sequence[str]) -> JsonObject:  # noqa: N802
    """The option is one of."""
    return _property(name, operationType="ENUMERATION", operator="IS_ANY_OF", values=list[Json](values))


def NUMBER(name: str, operator: str, value: int) -> JsonObject:  # noqa: N802
    """The number compares."""
    return _property(name, operationType="NUMBER", operator=operator, value=value)


def KNOWN(name: str, known: bool) -> JsonObject:  # noqa: N802
    """There is a value, or there is none."""
    return _property(name, operationType="ALL_PROPERTY", operator="IS_KNOWN" if known else "IS_UNKNOWN")


def all_of(tests: Sequence[JsonObject]) -> JsonObject:
    """The records that pass all tests, written as triggers write it."""
    group: JsonObject = {"filterBranchType": "AND", "filterBranches": [], "filters": list[Json](tests)}
    return {"filterBranchType": "OR", "filterBranches": [group], "filters": []}


def any_of(tests: Sequence[JsonObject]) -> JsonObject:
    """The records that pass some test."""
    groups: list[Json] = [
        {"filterBranchType": "AND", "filterBranches": [], "filters": [test]} for test in tests
    ]
    return {"filterBranchType": "OR", "filterBranches": groups, "filters": []}
