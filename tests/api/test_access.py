"""The permission table against every route: each role, each foreign id, and reading that changes nothing."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import aiohttp
import asyncpg
import pytest
from tests.api.calling import Client, Running
from tests.api.rows import rows_of

from penstock.accounts.actors import Role
from penstock.accounts.permissions import allows
from penstock.api.access import ACCESS

GUARDED = {key: permission for key, permission in ACCESS.items() if permission is not None}
ROLES = get_args(Role)
# Rows that reading may add: who looked, when a token was last used, a list of models kept for a day.
BOOKKEEPING = {"api_tokens", "audit_log", "model_lists", "workers"}


@dataclass(frozen=True)
class Things:
    """Ids of things of one workspace, by the names that routes give them."""

    ids: Mapping[str, str]

    def path(self, template: str) -> str:
        """A route's path with these ids put in."""
        return re.sub(r"\{(\w+)\}", lambda found: self.ids[found[1]], template)


async def things_of(client: Client, running: Running) -> Things:
    """Makes one of everything that a route can name."""
    schema = await client.ok(
        "POST",
        "/crm/v3/schemas",
        {
            "name": "vessels",
            "labels": {"singular": "Vessel", "plural": "Vessels"},
            "properties": [{"name": "hull", "label": "Hull", "type": "string", "fieldType": "text"}],
        },
        status=201,
    )
    record = await client.ok("POST", "/crm/v3/objects/vessels", {"properties": {"hull": "steel"}}, status=201)
    contact = await client.ok("POST", "/crm/v3/objects/contacts", {"properties": {}}, status=201)
    group = await client.ok(
        "POST", "/crm/v3/properties/vessels/groups", {"name": "rig", "label": "Rig"}, status=201
    )
    flow = await client.ok(
        "POST",
        "/automation/v4/flows",
        {
            "type": "PLATFORM_FLOW",
            "flowType": "WORKFLOW",
            "name": "Of vessels",
            "objectTypeId": schema["objectTypeId"],
            "isEnabled": False,
            "actions": [],
        },
        status=201,
    )
    connection = await client.ok(
        "POST",
        "/penstock/v1/connections",
        {"provider": "openai", "name": "OpenAI", "key": running.provider.key},
        status=201,
    )
    draft = {"version": 0, "document": {"name": "Of vessels, drafted"}}
    await client.ok("PUT", f"/penstock/v1/flows/{flow['id']}/draft", draft)
    await client.ok("PUT", "/penstock/v1/secrets/hook", {"value": "a-secret-of-a-webhook"})
    token = await client.ok("POST", "/penstock/v1/tokens", {"name": "more", "role": "viewer"}, status=201)
    user = await client.ok(
        "POST", "/penstock/v1/users", {"email": "second@example.com", "role": "viewer"}, status=201
    )
    invitation = await client.ok(
        "POST", "/penstock/v1/invitations", {"email": "third@example.com", "role": "viewer"}, status=201
    )
    await client.ok("PATCH", f"/crm/v3/objects/vessels/{record['id']}", {"properties": {"hull": "iron"}})
    history = await client.ok("GET", f"/penstock/v1/records/vessels/{record['id']}/history")
    view = await client.ok(
        "POST", "/penstock/v1/views", {"objectType": "vessels", "name": "All", "shared": True}, status=201
    )
    bulk_edit = await client.ok(
        "POST",
        "/penstock/v1/records/vessels/bulk-edits",
        {"recordIds": [record["id"]], "values": {"hull": "steel"}},
        status=201,
    )
    cap = await client.ok(
        "POST", "/penstock/v1/spend-caps", {"scope": "workspace", "period": "month", "limitUsd": 1000}
    )
    knowledge = await client.ok("POST", "/penstock/v1/knowledge-sets", {"name": "Rules"}, status=201)
    document = await client.ok(
        "POST",
        f"/penstock/v1/knowledge-sets/{knowledge['id']}/documents",
        data={"files": named_file("rules.md", b"# Refunds\n\nWithin 30 days.")},
    )
    rows = await rows_of(running, int(record["id"]), int(flow["id"]), schema["objectTypeId"])
    return Things(
        {
            "objectType": "vessels",
            "fromObjectType": "vessels",
            "toObjectType": "contacts",
            "objectId": record["id"],
            "recordId": record["id"],
            "versionId": history["results"][0]["id"],
            "viewId": view["id"],
            "bulkEditId": bulk_edit["id"],
            "toObjectId": contact["id"],
            "propertyName": "hull",
            "groupName": group["name"],
            "flowId": flow["id"],
            "revisionId": "1",
            "connectionId": connection["id"],
            "capId": cap["id"],
            "knowledgeSetId": knowledge["id"],
            "documentId": document["id"],
            "secretName": "hook",
            "tokenId": token["details"]["id"],
            "ownerId": user["id"],
            "userId": user["id"],
            "invitationId": invitation["invitation"]["id"],
            **rows,
        }
    )


def named_file(name: str, data: bytes) -> io.BytesIO:
    """A file as a form sends it."""
    file = io.BytesIO(data)
    file.name = name
    return file


@pytest.fixture(scope="module")
def foreign_things(running: Running) -> Things:
    """One of everything, in workspace 2."""

    async def make() -> Things:
        async with aiohttp.ClientSession(running.url) as session:
            return await things_of(Client(session, running.foreign_token), running)

    return asyncio.run(make())


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_is_let_into_exactly_the_routes_that_the_table_gives_it(
    owner: Client, running: Running, role: Role
) -> None:
    client = owner.with_token(running.tokens[role])
    nothing = Things(dict.fromkeys(_names(), "999999999"))
    wrong = []
    for key, permission in GUARDED.items():
        method, template = key.split(" ", 1)
        answer = await client(method, nothing.path(template), {} if method != "GET" else None)
        if (answer.status != 403) != allows(role, permission):
            wrong.append(f"{key}: {answer.status}")
    assert wrong == []


async def test_every_guarded_route_refuses_a_call_without_a_token(nobody: Client) -> None:
    nothing = Things(dict.fromkeys(_names(), "1"))
    for key in GUARDED:
        method, template = key.split(" ", 1)
        assert (await nobody(method, nothing.path(template), {})).status == 401, key


UPLOADS = {
    "POST /penstock/v1/eval-sets/{evalSetId}/case-imports",
    "POST /penstock/v1/knowledge-sets/{knowledgeSetId}/documents",
}
BODIES: Mapping[str, Any] = {
    "PATCH /penstock/v1/knowledge-sets/{knowledgeSetId}": {"name": "Mine now"},
    "POST /penstock/v1/knowledge-sets/{knowledgeSetId}/searches": {"query": "refund"},
    "POST /penstock/v1/flows/{flowId}/enrollment-estimates": {},
    "POST /penstock/v1/flows/{flowId}/eval-sets": {"name": "n", "actionId": "1"},
    "PUT /penstock/v1/eval-sets/{evalSetId}": {"name": "n"},
    "PUT /penstock/v1/eval-sets/{evalSetId}/gate": {"gates": False},
    "POST /penstock/v1/eval-sets/{evalSetId}/cases": {
        "checks": [{"field": "text", "kind": "equals", "value": "x"}]
    },
    "PUT /penstock/v1/eval-sets/{evalSetId}/cases/{caseId}": {
        "checks": [{"field": "text", "kind": "equals", "value": "x"}]
    },
    "POST /penstock/v1/eval-sets/{evalSetId}/kept-rows": {"sampleId": "1", "rows": [{"position": 1}]},
    "POST /penstock/v1/eval-sets/{evalSetId}/runs": {},
    "POST /penstock/v1/flows/{flowId}/samples": {"number": 1},
    "PATCH /penstock/v1/spend-caps/{capId}": {"limitUsd": 1},
    "PATCH /crm/v3/objects/{objectType}/{objectId}": {"properties": {"hull": "wood"}},
    "POST /crm/v3/objects/{objectType}": {"properties": {"hull": "wood"}},
    "POST /crm/v3/objects/{objectType}/batch/read": {"inputs": [{"id": "1"}]},
    "POST /crm/v3/objects/{objectType}/batch/create": {"inputs": [{"properties": {}}]},
    "POST /crm/v3/objects/{objectType}/batch/update": {"inputs": [{"id": "1", "properties": {}}]},
    "POST /crm/v3/objects/{objectType}/batch/upsert": {
        "inputs": [{"id": "1", "idProperty": "hull", "properties": {}}]
    },
    "POST /crm/v3/objects/{objectType}/batch/archive": {"inputs": [{"id": "1"}]},
    "POST /crm/v3/objects/{objectType}/search": {},
    "POST /crm/v3/objects/{objectType}/gdpr-delete": {"objectId": "1"},
    "POST /crm/v3/properties/{objectType}": {"name": "n", "label": "N", "type": "string"},
    "POST /crm/v3/properties/{objectType}/groups": {"name": "g", "label": "G"},
    "PATCH /crm/v3/properties/{objectType}/groups/{groupName}": {"label": "G"},
    "POST /crm/v3/properties/{objectType}/batch/create": {
        "inputs": [{"name": "n", "label": "N", "type": "string"}]
    },
    "POST /crm/v3/properties/{objectType}/batch/read": {"inputs": [{"name": "hull"}]},
    "POST /crm/v3/properties/{objectType}/batch/archive": {"inputs": [{"name": "hull"}]},
    "PATCH /crm/v3/properties/{objectType}/{propertyName}": {"label": "L"},
    "PUT /crm/v4/objects/{fromObjectType}/{objectId}/associations/{toObjectType}/{toObjectId}": [
        {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}
    ],
    "PUT /automation/v4/flows/{flowId}": {"revisionId": "1", "type": "PLATFORM_FLOW", "actions": []},
    "PUT /penstock/v1/flows/{flowId}/activation": {"enabled": True},
    "POST /penstock/v1/flows/{flowId}/enrollments": {"matching": True},
    "POST /penstock/v1/records/{objectType}/query": {},
    "POST /penstock/v1/records/{objectType}/count": {},
    "POST /penstock/v1/records/{objectType}/bulk-edits": {"recordIds": ["1"], "values": {"hull": "wood"}},
    "POST /penstock/v1/records/{objectType}/archivals": {"recordIds": ["1"]},
    "POST /penstock/v1/records/{objectType}/restorations": {"recordIds": ["1"]},
    "POST /penstock/v1/records/{objectType}/exports": {},
    "PATCH /penstock/v1/views/{viewId}": {"version": 1, "name": "Mine now"},
    "POST /penstock/v1/flows/{flowId}/duplicates": {},
    "PUT /penstock/v1/flows/{flowId}/folder": {"folder": "Mine now"},
    "PUT /penstock/v1/flows/{flowId}/log-keeping": {"prompts": 0, "replies": 0, "outputs": None},
    "PUT /penstock/v1/flows/{flowId}/presence": {"editing": True},
    "PUT /penstock/v1/flows/{flowId}/draft": {"version": 0, "document": {}},
    "POST /penstock/v1/flows/{flowId}/publications": {"version": 0},
    "POST /penstock/v1/flows/{flowId}/restorations": {"revisionId": "1", "replaceDraft": True},
    "POST /penstock/v1/flows/{flowId}/step-tests": {"document": {}, "actionId": "1", "recordId": "1"},
    "POST /penstock/v1/flows/{flowId}/flow-tests": {"document": {}, "recordId": "1"},
    "POST /penstock/v1/reviews/{reviewId}/approval": {},
    "POST /penstock/v1/reviews/{reviewId}/rejection": {},
    "PATCH /penstock/v1/users/{userId}": {"active": False},
    "PATCH /penstock/v1/connections/{connectionId}": {"name": "Mine now"},
    "PUT /penstock/v1/connections/{connectionId}/key": {"key": "sk-another-key-0123456789"},
}
# A secret is named by its owner: the same name in another workspace is another secret, and putting it makes one.
OWN_NAMES = {"PUT /penstock/v1/secrets/{secretName}"}
# HubSpot answers 204 when what is to be archived is not there; so a foreign record is archived as little as none.
AS_IF_NOT_THERE = {"DELETE /crm/v3/objects/{objectType}/{objectId}": 204}


# Answers that go on for as long as the page is open; `test_events` reads them.
STREAMS = {"GET /penstock/v1/events"}
# Parameters that a route cannot do without.
QUERIES = {
    "GET /penstock/v1/run-operations": "?flowId={flowId}",
    "GET /penstock/v1/views": "?objectType={objectType}",
    "GET /penstock/v1/listed-price": "?provider=openai&model=gpt-4.1-mini",
}


async def test_every_route_answers_404_for_ids_of_another_workspace_and_leaves_them_alone(
    owner: Client, running: Running, foreign_things: Things
) -> None:
    before = await _contents(running, workspace_id=2)
    wrong = []
    for key in GUARDED:
        method, template = key.split(" ", 1)
        if "{" not in template or key in OWN_NAMES:
            continue
        file = {"data": {"files": io.BytesIO(b"a\n")}} if key in UPLOADS else {}
        answer = await owner(method, foreign_things.path(template), BODIES.get(key), **file)
        if answer.status != 404:
            wrong.append(f"{key}: {answer.status} {answer.text[:200]}")
    assert wrong == []
    assert await _contents(running, workspace_id=2) == before


async def test_a_foreign_record_of_a_type_that_we_have_too_is_not_there(
    owner: Client, running: Running, foreign_things: Things
) -> None:
    before = await _contents(running, workspace_id=2)
    ids = foreign_things.ids
    contacts = Things(
        {**ids, "objectType": "contacts", "fromObjectType": "contacts", "objectId": ids["toObjectId"]}
    )
    for key in GUARDED:
        method, template = key.split(" ", 1)
        if "{objectId}" in template or "{recordId}" in template:
            answer = await owner(method, contacts.path(template), BODIES.get(key))
            assert answer.status == AS_IF_NOT_THERE.get(key, 404), f"{key}: {answer.status} {answer.text}"
    assert await _contents(running, workspace_id=2) == before


async def test_ids_of_another_workspace_inside_a_body_or_query_find_nothing(
    owner: Client, running: Running, foreign_things: Things
) -> None:
    ids = foreign_things.ids
    mine = await owner.ok("POST", "/crm/v3/objects/contacts", {"properties": {}}, status=201)
    read = await owner.ok(
        "POST", "/crm/v3/objects/contacts/batch/read", {"inputs": [{"id": ids["toObjectId"]}]}, status=207
    )
    assert read["results"] == []
    flows = {"inputs": [{"flowId": ids["flowId"], "type": "FLOW_ID"}]}
    assert (await owner.ok("POST", "/automation/v4/flows/batch/read", flows, status=207))["results"] == []
    for query in (f"flowId={ids['flowId']}", f"recordId={ids['objectId']}"):
        assert (await owner.ok("GET", f"/penstock/v1/enrollments?{query}"))["results"] == []
    retry = {"enrollmentIds": [ids["enrollmentId"]]}
    assert (await owner("POST", "/penstock/v1/enrollments/retry", retry)).status == 404
    retry_all = {"flowId": ids["flowId"]}
    assert (await owner("POST", "/penstock/v1/enrollments/retry", retry_all)).status == 404
    association = f"/crm/v4/objects/contacts/{mine['id']}/associations/default/contacts/{ids['toObjectId']}"
    assert (await owner("PUT", association)).status == 404
    update = {"inputs": [{"id": ids["toObjectId"], "properties": {"firstname": "Eve"}}]}
    assert (await owner("POST", "/crm/v3/objects/contacts/batch/update", update)).status in (207, 404)
    theirs = owner.with_token(running.foreign_token)
    contact = await theirs.ok("GET", f"/crm/v3/objects/contacts/{ids['toObjectId']}?properties=firstname")
    assert contact["properties"]["firstname"] is None


async def test_reading_changes_nothing_in_the_database(
    foreigner: Client, running: Running, foreign_things: Things
) -> None:
    before = await _contents(running)
    for key in ACCESS:
        method, template = key.split(" ", 1)
        if method == "GET" and key not in STREAMS:
            answer = await foreigner("GET", foreign_things.path(template + QUERIES.get(key, "")))
            assert answer.status == 200, f"{key}: {answer.status} {answer.text[:300]}"
    assert await _contents(running) == before


def _names() -> set[str]:
    return {name for key in ACCESS for name in re.findall(r"\{(\w+)\}", key)}


async def _contents(running: Running, workspace_id: int | None = None) -> dict[str, str]:
    """A digest of every table of ours, of one workspace or of all."""
    db = await asyncpg.connect(running.database_url)
    tables = await db.fetch(
        "SELECT table_name, bool_or(column_name = 'workspace_id') AS scoped FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name <> 'effects' GROUP BY table_name"
    )
    digests = {}
    for table in tables:
        name = table["table_name"]
        if name in BOOKKEEPING or (workspace_id is not None and not table["scoped"]):
            continue
        where = f"WHERE workspace_id = {workspace_id}" if workspace_id is not None else ""
        digests[name] = await db.fetchval(
            f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t {where}"  # noqa: S608
        )
    await db.close()
    return digests
