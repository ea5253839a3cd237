"""Whatever is sent, no route answers with a mistake of ours: no 5xx, and every refusal has the error body."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.api.calling import Client

from penstock.api.access import ACCESS

ODD_BODIES: tuple[Any, ...] = (
    [],
    "text",
    7,
    {},
    {"inputs": []},
    {"inputs": [{}]},
    {
        "inputs": [
            {"id": "1", "idProperty": "email", "name": "x", "flowId": "1", "properties": {"email": ["a"]}}
        ]
    },
    {"inputs": [{"id": {"a": 1}, "properties": None}]},
    {"properties": {"email": {"deep": [1]}, "a" * 5000: "\ud7ff", "firstname": 1e308, "lastname": True}},
    {"name": "\u202e\x01", "label": "x" * 100_000, "type": "string", "fieldType": "\x7f", "groupName": "🦆"},
    {"filterGroups": [{"filters": [{"propertyName": 1, "operator": None}]}], "after": -1, "limit": 10**30},
    {"filterGroups": [[[]]], "sorts": [{}], "query": "%_\\", "limit": 0},
    {"revisionId": {}, "type": [], "actions": [None, 7, {"actionId": {}}], "enrollmentCriteria": "x"},
    {
        "type": "PLATFORM_FLOW",
        "objectTypeId": "0-5",
        "revisionId": "1",
        "actions": [{"type": "LIST_BRANCH", "actionId": "1"}],
    },
    {"flow": {"type": "CONTACT_FLOW", "objectTypeId": "0-1", "actions": [{}] * 50}},
    {"recordIds": ["9223372036854775807"]},
    {"enrollmentIds": ["9223372036854775807"]},
    {"provider": "compatible", "name": "x", "key": "", "baseUrl": "http://[::1"},
    {"provider": "local", "baseUrl": "file:///etc/passwd", "key": "k" * 100_000},
    {"email": "@", "role": "viewer", "firstName": "\n", "expiresAt": "0001-01-01T00:00:00+23:59"},
    {
        "labels": {"singular": "", "plural": ""},
        "name": "x",
        "properties": [{"name": "1", "label": "", "type": "bool"}],
    },
)
ODD_QUERIES = (
    "limit=0&after=x&archived=perhaps&refresh=2",
    "limit=1e3&after=-1&status=ODD&flowId=%FF&recordId=",
    "properties=%F0%28%8C&propertiesWithHistory=a,,b&associations=%2F..%2F&idProperty=%27%20OR%201=1",
    "associations=contacts,companies&propertiesWithHistory=subject&limit=1",
    "email=%25&after=9223372036854775807&limit=1",
)
ODD_NAMES = ("..%2F", "%F0%28%8C", "a" * 3000, "'", "999999999")
NAMED = {"objectType": "contacts", "fromObjectType": "contacts", "toObjectType": "companies"}


def path_of(template: str, other: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: NAMED.get(found[1], other), template)


def is_error(body: Any) -> bool:
    """Ours, or that of JSON-RPC (specification 2.0, section 5.1), which MCP speaks."""
    return body.get("status") == "error" or isinstance(body.get("error", {}).get("code"), int)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
async def test_no_odd_body_makes_a_route_fail(owner: Client, method: str) -> None:
    failed = []
    for key in ACCESS:
        verb, template = key.split(" ", 1)
        if verb != method or template.endswith("/connections"):
            continue  # Connecting asks a provider; its inputs are tested where no provider is asked.
        for number, body in enumerate(ODD_BODIES):
            answer = await owner(verb, path_of(template, "999999999"), body)
            if answer.status >= 500 or (answer.status >= 400 and not is_error(answer.json)):
                failed.append(f"{key} body {number}: {answer.status} {answer.text[:200]}")
    assert failed == []


async def test_no_odd_query_or_path_makes_a_route_fail(owner: Client) -> None:
    failed = []
    for key in ACCESS:
        verb, template = key.split(" ", 1)
        if verb not in ("GET", "DELETE"):
            continue
        for query, other in zip(ODD_QUERIES, ODD_NAMES, strict=True):
            answer = await owner(verb, f"{path_of(template, other)}?{query}")
            if answer.status >= 500 or (answer.status >= 400 and answer.json["status"] != "error"):
                failed.append(f"{key} {query} {other[:20]}: {answer.status} {answer.text[:200]}")
    assert failed == []
