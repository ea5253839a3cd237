"""The MCP server as agents meet it: the SDK's own client over real HTTP, with a token of each kind."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import asyncpg
import httpx2
import pytest
from mcp import Client as Agent
from mcp.client.streamable_http import streamable_http_client
from tests.api.calling import Client, Running
from tests.api.penstock.test_enrollments import flow_of, tickets
from tests.api.penstock.test_knowledge import filled
from tests.api.penstock.test_undos import written_by_a_workflow
from tests.api.ships import make_ship
from tests.reviewing import doubt

V1 = "/penstock/v1"
# The protocol's handshake of 2025, and its messages without one of 2026: both kinds of clients are about.
MODES: tuple[Literal["legacy", "auto"], ...] = ("legacy", "auto")


@asynccontextmanager
async def agent_of(
    running: Running, token: str | None = None, mode: Literal["legacy", "auto"] = "auto"
) -> AsyncIterator[Agent]:
    """An agent with a token, by default the owner's."""
    headers = {"Authorization": f"Bearer {token or running.tokens['owner']}"}
    async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
        transport = streamable_http_client(f"{running.url}/mcp", http_client=http)
        async with Agent(transport, mode=mode) as agent:
            yield agent


async def told(agent: Agent, tool: str, **arguments: Any) -> Any:
    """The structured result of a tool, which the SDK's client has checked against the tool's own schema."""
    result = await agent.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def refused(agent: Agent, tool: str, **arguments: Any) -> str:
    """What a tool says that did not do it."""
    result = await agent.call_tool(tool, arguments)
    assert result.is_error
    return str(getattr(result.content[0], "text", ""))


@pytest.mark.parametrize("mode", MODES)
async def test_an_agent_sees_the_tools_that_its_token_may_use_and_which_of_them_change_something(
    running: Running, mode: Literal["legacy", "auto"]
) -> None:
    async with agent_of(running, mode=mode) as agent:
        tools = {tool.name: tool for tool in (await agent.list_tools()).tools}
    async with agent_of(running, running.tokens["viewer"], mode) as agent:
        of_a_viewer = {tool.name for tool in (await agent.list_tools()).tools}
    changing = {
        name for name, tool in tools.items() if tool.annotations and not tool.annotations.read_only_hint
    }
    assert changing == {"enroll_records", "retry_runs", "approve_review", "reject_review", "undo"}
    assert of_a_viewer == tools.keys() - changing
    for tool in tools.values():
        assert tool.description
        assert tool.output_schema
        assert tool.input_schema["additionalProperties"] is False


async def test_an_agent_finds_a_record_learns_who_wrote_its_values_and_undoes_them(
    owner: Client, running: Running, vessels: str
) -> None:
    ship = await make_ship(owner, hull="Oak", call_sign="UNDO-ME")
    flow = await written_by_a_workflow(owner, running, ship)
    async with agent_of(running) as agent:
        names = {one["name"] for one in (await told(agent, "list_properties", objectType=vessels))["results"]}
        assert {"hull", "call_sign"} <= names
        where = [{"propertyName": "call_sign", "operator": "EQ", "value": "UNDO-ME"}]
        found = await told(agent, "search_records", objectType=vessels, filters=where, properties=["hull"])
        assert [(one["id"], one["properties"]) for one in found["results"]] == [(ship, {"hull": "Iron"})]
        record = await told(agent, "get_record", objectType=vessels, recordId=ship)
        [hull] = [one for one in record["values"] if one["property"] == "hull"]
        assert (hull["value"], hull["source"]["workflow"]["flowId"]) == ("Iron", flow)
        seen = await told(agent, "preview_undo", versionId=hull["versionId"])
        assert [(one["current"], one["before"]) for one in seen["results"]] == [("Iron", "Oak")]
        undo = await told(agent, "undo", versionId=hull["versionId"])
        assert (await told(agent, "get_undo", undoId=undo["id"]))["restored"] == 1
    read = await owner.ok("GET", f"/crm/v3/objects/{vessels}/{ship}?properties=hull")
    assert read["properties"]["hull"] == "Oak"
    [entry] = (await owner.ok("GET", f"{V1}/audit-log?action=undo.begun&limit=1"))["results"]
    assert (entry["actorType"], entry["subjectId"]) == ("api_token", undo["id"])


async def test_an_agent_estimates_enrolls_watches_the_run_and_decides_a_review(
    owner: Client, running: Running
) -> None:
    flow, ids = await flow_of(owner), await tickets(owner, "Fire", "Smoke?")
    rules = await filled(owner, "Promises to agents")
    async with agent_of(running) as agent:
        sets = await told(agent, "list_knowledge_sets")
        assert rules in {one["id"] for one in sets["results"]}
        said = await told(agent, "search_knowledge", knowledgeSetId=rules, query="escrow shortages", limit=1)
        assert said["results"][0]["place"] == "rules.md > Escrow"
        listed = await told(agent, "list_workflows", limit=100)
        assert flow in {one["id"] for one in listed["results"]}
        assert (await told(agent, "get_workflow", flowId=flow))["workflow"]["id"] == flow
        estimate = await told(agent, "estimate_enrollment", flowId=flow, recordIds=ids)
        assert estimate["records"] == 2
        enrolled = await told(agent, "enroll_records", flowId=flow, recordIds=ids)
        runs = [one["enrollmentId"] for one in enrolled["results"]]
        for run in runs:
            await doubt(running.database_url, run)
        first, second = (await told(agent, "list_reviews", flowId=flow))["results"]
        assert (await told(agent, "get_review", reviewId=first["id"]))["answer"] == "High, I guess."
        wrong = await refused(agent, "approve_review", reviewId=first["id"], values={"priority": "Ablaze"})
        assert "values.priority" in wrong
        edited = await told(agent, "approve_review", reviewId=first["id"], values={"priority": "Low"})
        assert edited["state"] == "EDITED"
        rejected = await told(agent, "reject_review", reviewId=second["id"], reason="Smoke only")
        assert rejected["state"] == "REJECTED"
        page = await told(agent, "list_runs", flowId=flow, status=["COMPLETED"])
        [done] = page["results"]
        assert (await told(agent, "get_run", runId=done["id"]))["workflow"]["isEnabled"] is True
        assert isinstance((await told(agent, "list_attention"))["groups"], list)
        assert (await told(agent, "get_spend", groupBy=["day", "flow"]))["totals"]["calls"] >= 0
    log = (await owner.ok("GET", f"{V1}/audit-log?action=flow.records_enrolled&limit=1"))["results"]
    assert (log[0]["actorType"], log[0]["subjectId"]) == ("api_token", flow)


async def test_what_an_agent_asks_wrongly_is_named_by_field_and_remedy(
    owner: Client, running: Running, vessels: str
) -> None:
    flow = await flow_of(owner)
    async with agent_of(running) as agent:
        assert "limit" in await refused(agent, "search_records", objectType=vessels, limit=1000)
        assert "recordId" in await refused(agent, "get_record", objectType=vessels)
        assert "send either recordIds or matching" in await refused(agent, "enroll_records", flowId=flow)
        unknown = [{"propertyName": "sails", "operator": "EQ", "value": "3"}]
        message = await refused(agent, "search_records", objectType=vessels, filters=unknown)
        assert "filters[0].propertyName: Ships have no property 'sails'." in message
        assert "U+0000" in await refused(agent, "search_records", objectType=vessels, query="a\0")
        assert "flowId" in await refused(agent, "retry_runs", actionId="1")
        with pytest.raises(Exception, match="no tool 'drop_tables'"):
            await agent.call_tool("drop_tables", {})
    async with agent_of(running, running.foreign_token) as agent:
        assert "no workflow" in await refused(agent, "get_workflow", flowId=flow)
    async with agent_of(running, running.tokens["viewer"]) as agent:
        message = await refused(agent, "enroll_records", flowId=flow, matching=True)
        assert "'runs.operate'" in message
    [entry] = (await owner.ok("GET", f"{V1}/audit-log?action=denied&limit=1"))["results"]
    assert (entry["subjectType"], entry["subjectId"]) == ("tool", "enroll_records")


async def that_edited(
    owner: Client, running: Running, object_type: str, record: str, name: str, value: str
) -> str:
    """A run whose step set a property, as a worker writes it down; its id."""
    schema = await owner.ok("GET", f"/crm/v3/schemas/{object_type}")
    action = {
        "type": "SINGLE_CONNECTION",
        "actionId": "1",
        "actionTypeId": "0-5",
        "actionTypeVersion": 0,
        "fields": {"property_name": name, "value": {"type": "STATIC_VALUE", "staticValue": value}},
    }
    flow = await flow_of(owner, objectTypeId=schema["objectTypeId"], actions=[action])
    enrolled = await owner.ok("POST", f"{V1}/flows/{flow}/enrollments", {"recordIds": [record]})
    run: str = enrolled["results"][0]["enrollmentId"]
    db = await asyncpg.connect(running.database_url)
    await db.execute(
        "INSERT INTO steps (workspace_id, enrollment_id, flow_id, seq, action_id, action_type_id, status, started_at, inputs)"
        " VALUES (1, $1, $2, 1, '1', '0-5', 'COMPLETED', now(), $3::jsonb)",
        int(run),
        int(flow),
        json.dumps({"property_name": name, "value": value, "previous_value": value}),
    )
    await db.close()
    return run


async def test_values_of_sensitive_properties_never_leave_by_this_door(
    owner: Client, running: Running, untouched_vessels: str
) -> None:
    secret = {"name": "captain", "label": "Captain", "type": "string", "dataSensitivity": "highly_sensitive"}
    await owner.ok("POST", f"/crm/v3/properties/{untouched_vessels}", secret, status=201)
    properties = {"hull": "Oak", "captain": "Ahab-4711"}
    path = f"/crm/v3/objects/{untouched_vessels}"
    ship = (await owner.ok("POST", path, {"properties": {**properties, "captain": "Nobody"}}, status=201))[
        "id"
    ]
    await owner.ok("PATCH", f"{path}/{ship}", {"properties": properties})
    version = (await owner.ok("GET", f"{V1}/records/{untouched_vessels}/{ship}/history"))["results"][0]["id"]
    run = await that_edited(owner, running, untouched_vessels, ship, "captain", "Ahab-4711")
    crews = f"{untouched_vessels}_crews"
    searched = {
        "name": crews,
        "labels": {"singular": "Crew", "plural": "Crews"},
        "primaryDisplayProperty": "hull",
        "searchableProperties": ["hull", "captain"],
        "properties": [{"name": "hull", "label": "Hull", "type": "string", "fieldType": "text"}, secret],
    }
    await owner.ok("POST", "/crm/v3/schemas", searched, status=201)
    async with agent_of(running) as agent:
        done = await told(agent, "get_run", runId=run)
        found = await told(
            agent, "search_records", objectType=untouched_vessels, query="Oak", properties=["hull", "captain"]
        )
        record = await told(agent, "get_record", objectType=untouched_vessels, recordId=ship)
        seen = await told(agent, "preview_undo", versionId=version)
        where = [{"propertyName": "captain", "operator": "GT", "value": "Ahab"}]
        message = await refused(agent, "search_records", objectType=untouched_vessels, filters=where)
        guess = await refused(agent, "search_records", objectType=crews, query="Ahab")
    assert found["results"][0]["properties"] == {"hull": "Oak"}
    assert (found["withheld"], record["withheld"]) == (["captain"], ["captain"])
    assert done["steps"][0]["inputs"]["property_name"] == "captain"
    assert "Ahab" not in f"{found}{record}{seen}{done}"
    assert "filters[0].propertyName: 'captain' is marked sensitive" in message
    assert "Words are looked for in captain too" in guess


HELLO = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ACCEPT = {"Accept": "application/json, text/event-stream"}


async def test_nobody_comes_in_without_a_token_nor_from_a_page_that_was_pointed_at_us(
    owner: Client, nobody: Client, running: Running
) -> None:
    answer = await nobody("POST", "/mcp", HELLO, headers=ACCEPT)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "Authorization: Bearer pst_" in answer.json["message"]
    # A page of evil.example whose name was pointed at this machine after it was loaded.
    rebound = {"Host": "evil.example:80", "Origin": "http://evil.example:80"}
    answer = await owner("POST", "/mcp", HELLO, headers={**ACCEPT, **rebound})
    assert (answer.status, "PENSTOCK_PUBLIC_URL" in answer.json["message"]) == (403, True)
    own = {"Origin": running.url}
    assert (await owner.ok("POST", "/mcp", HELLO, headers={**ACCEPT, **own}))["result"]["tools"]
    # There are no sessions to listen to or to end, and no server for OAuth behind the token.
    assert (await owner("GET", "/mcp", headers=ACCEPT)).status == 405
    assert (await nobody("GET", "/.well-known/oauth-protected-resource")).status == 404


async def test_an_operator_switches_it_off(
    owner: Client, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        type(running.settings), "mcp", False
    )  # the settings of a process never change otherwise
    answer = await owner("POST", "/mcp", HELLO, headers=ACCEPT)
    assert (answer.status, "PENSTOCK_MCP" in answer.json["message"]) == (404, True)
