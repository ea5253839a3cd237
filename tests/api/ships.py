"""A custom type of a dozen ships, for tests of the record screens."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import aiohttp
import pytest
from tests.api.calling import Client, Running

V1 = "/penstock/v1"


TYPES = itertools.count(1)


@pytest.fixture(scope="session")
def vessels(running: Running) -> str:
    """A custom type with twelve records, which the tests of the session share and change."""
    return make_type(running, "ships")


@pytest.fixture
def untouched_vessels(running: Running) -> str:
    """A type like `vessels` of the test's own, whose records are as they were made."""
    return make_type(running, f"ships_{next(TYPES)}")


def make_type(running: Running, name: str) -> str:
    """Makes a custom type with twelve records; returns its name."""

    async def make() -> str:
        async with aiohttp.ClientSession(running.url) as session:
            owner = Client(session, running.tokens["owner"])
            await owner.ok(
                "POST",
                "/crm/v3/schemas",
                {
                    "name": name,
                    "labels": {"singular": "Ship", "plural": "Ships"},
                    "primaryDisplayProperty": "hull",
                    "searchableProperties": ["hull"],
                    "properties": [
                        {"name": "hull", "label": "Hull", "type": "string", "fieldType": "text"},
                        {"name": "tons", "label": "Tons", "type": "number", "fieldType": "number"},
                        {
                            "name": "call_sign",
                            "label": "Call sign",
                            "type": "string",
                            "fieldType": "text",
                            "hasUniqueValue": True,
                        },
                        {
                            "name": "state",
                            "label": "State",
                            "type": "enumeration",
                            "fieldType": "select",
                            "options": [
                                {"value": "sea", "label": "At sea"},
                                {"value": "dock", "label": "In dock"},
                            ],
                        },
                    ],
                },
                status=201,
            )
            inputs = [
                {
                    "properties": {
                        "hull": f"Steel {number}",
                        "tons": number * 10,
                        "state": "sea" if number % 3 else "dock",
                        "call_sign": f"OX{number}",
                    }
                }
                for number in range(12)
            ]
            await owner.ok("POST", f"/crm/v3/objects/{name}/batch/create", {"inputs": inputs}, status=201)
        return name

    return asyncio.run(make())


def state_is(value: str) -> dict[str, Any]:
    """The filter that triggers would have."""
    operation = {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": [value]}
    test = {"filterType": "PROPERTY", "property": "state", "operation": operation}
    return {"filterBranchType": "AND", "filterBranches": [], "filters": [test]}


async def make_ship(owner: Client, **properties: str) -> str:
    """A ship of a test's own."""
    made = await owner.ok("POST", "/crm/v3/objects/ships", {"properties": properties}, status=201)
    return str(made["id"])


async def type_id(owner: Client) -> str:
    """The objectTypeId of ships."""
    return str((await owner.ok("GET", "/crm/v3/schemas/ships"))["objectTypeId"])


async def ended(owner: Client, bulk_edit_id: str) -> Any:
    """The edit once it is over; it goes on in the background."""
    while True:
        found = await owner.ok("GET", f"{V1}/bulk-edits/{bulk_edit_id}")
        if found["state"] not in ("WAITING", "RUNNING"):
            return found
        await asyncio.sleep(0.01)
