"""The application as a whole: spellings of paths, the description of the API."""

from __future__ import annotations

import pytest
from tests.api.calling import Client

from penstock.api.access import ACCESS
from penstock.api.app import MOUNTS


@pytest.mark.parametrize(
    "path",
    [
        "/automation/v4/flows",
        "/automation/2026-09-beta/flows",
        "/automation/v4/2027-03-beta/flows",
        "/automation/v4/action-types",
        "/crm/v3/objects/tickets",
        "/crm/objects/2026-03/tickets",
        "/crm/objects/2026-03/0-5",
        "/crm/v3/properties/tickets",
        "/crm/properties/2026-03/tickets",
        "/crm/v3/owners",
        "/crm/v3/imports",
        "/crm/v3/schemas",
        "/penstock/v1/enrollments",
    ],
)
async def test_a_path_works_with_and_without_a_slash_at_its_end_and_never_redirects(
    owner: Client, path: str
) -> None:
    without, with_slash = await owner("GET", path), await owner("GET", f"{path}/")
    assert without.status == 200, without.text
    assert with_slash.status == 200, with_slash.text
    assert without.json.keys() == with_slash.json.keys()


async def test_a_post_to_a_path_with_a_slash_keeps_its_body(owner: Client) -> None:
    wish = {"properties": {"subject": "Slash"}}
    made = await owner.ok("POST", "/crm/v3/objects/tickets/", wish, status=201)
    assert made["properties"]["subject"] == "Slash"


async def test_the_description_holds_every_route_once_and_nothing_of_the_framework(nobody: Client) -> None:
    document = await nobody.ok("GET", "/openapi.json")
    described = {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
        if method != "parameters"
    }
    # MCP describes its own messages, and its server its tools.
    assert described == set(ACCESS) - {"GET /openapi.json", "POST /mcp"}
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert "ErrorShape" in document["components"]["schemas"]
    ids = [
        operation["operationId"] for methods in document["paths"].values() for operation in methods.values()
    ]
    assert len(ids) == len(set(ids))


def test_every_route_has_a_row_in_the_permission_table_and_no_row_is_left_over() -> None:
    assert {key for mount in MOUNTS for key, _ in mount.endpoints()} == set(ACCESS)


async def test_health_needs_no_token_and_tells_nothing_else(nobody: Client) -> None:
    assert await nobody.ok("GET", "/penstock/v1/health") == {"status": "ok"}


async def test_status_counts_what_waits(owner: Client) -> None:
    status = await owner.ok("GET", "/penstock/v1/status")
    assert status["databaseVersion"].startswith("1")
    assert set(status["depths"]) == {
        "active",
        "waiting",
        "dueWaits",
        "failed",
        "changes",
        "mails",
        "webhooks",
    }
