"""Knowledge sets over HTTP: made, filled, searched, previewed in a step, and kept while a workflow needs them."""

from __future__ import annotations

import io
from typing import Any

from tests.api.calling import Answer, Client, Running
from tests.api.flow_documents import ticket_flow
from tests.llm_stand_in import GOOD_KEY

SETS = "/penstock/v1/knowledge-sets"
RULES = b"# Refunds\n\nMoney comes back within thirty days.\n\n# Escrow\n\nA shortage is spread over a year."


async def upload(owner: Client, knowledge_set: str, name: str, data: bytes) -> Answer:
    file = io.BytesIO(data)
    file.name = name
    return await owner("POST", f"{SETS}/{knowledge_set}/documents", data={"files": file})


async def filled(owner: Client, name: str) -> str:
    made = await owner.ok("POST", SETS, {"name": name, "description": "What we promise"}, status=201)
    added = await upload(owner, made["id"], "rules.md", RULES)
    assert (added.status, added.json["version"], added.json["passages"]) == (200, 1, 2), added.text
    return str(made["id"])


async def test_a_set_is_filled_searched_changed_and_deleted(owner: Client) -> None:
    rules = await filled(owner, "Promises")
    [document] = (await owner.ok("GET", f"{SETS}/{rules}/documents"))["results"]
    one = f"{SETS}/{rules}/documents/{document['id']}"
    first = await owner.ok("GET", f"{one}/passages?limit=1")
    assert [(part["position"], part["headings"]) for part in first["results"]] == [(1, ["Refunds"])]
    last = await owner.ok("GET", f"{one}/passages?after={first['paging']['next']['after']}")
    assert ([part["headings"] for part in last["results"]], "paging" in last) == ([["Escrow"]], False)
    found = await owner.ok("POST", f"{SETS}/{rules}/searches", {"query": "escrow shortages", "limit": 1})
    assert [(hit["place"], hit["documentId"]) for hit in found["results"]] == [
        ("rules.md > Escrow", document["id"])
    ]
    refused = await upload(owner, rules, "offer.docx", b"PK")
    assert (refused.status, "offer.docx" in refused.text, ".md" in refused.text) == (400, True, True)
    assert (await upload(owner, rules, "rules.md", b"Other words.")).json["version"] == 2
    named = await owner.ok("PATCH", f"{SETS}/{rules}", {"name": "Promises kept"})
    assert (named["name"], named["revision"], named["description"]) == ("Promises kept", 2, "What we promise")
    assert (await owner("POST", SETS, {"name": "promises KEPT"})).status == 409
    listed = await owner.ok("GET", SETS)
    assert rules in [each["id"] for each in listed["results"]]
    assert {"english", "danish", "simple"} <= set(listed["languages"])
    await owner.ok("DELETE", one, status=204)
    assert (await owner("GET", one)).status == 404
    await owner.ok("DELETE", f"{SETS}/{rules}", status=204)
    assert (await owner("GET", f"{SETS}/{rules}")).status == 404


async def step_on(owner: Client, knowledge_set: str) -> dict[str, Any]:
    wish = {"provider": "openai", "name": f"For {knowledge_set}", "key": GOOD_KEY}
    connection = await owner.ok("POST", "/penstock/v1/connections", wish, status=201)
    fields = {
        "connection_id": connection["id"],
        "model": "gpt-4.1-mini",
        "prompt": "{{ knowledge | fenced }} {{ enrolled_object.subject }}",
        "knowledge": [knowledge_set],
    }
    action = {
        "type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "1-1000", "actionTypeVersion": 1, "fields": fields,
    }  # fmt: skip
    return ticket_flow(actions=[action])


async def test_a_step_is_previewed_with_its_passages_exactly_as_they_are_sent_and_keeps_its_set(
    owner: Client, running: Running
) -> None:
    rules = await filled(owner, "Previewed")
    document = await step_on(owner, rules)
    ticket = await owner.ok(
        "POST", "/crm/v3/objects/tickets", {"properties": {"subject": "My escrow shortage"}}, status=201
    )
    wish = {"document": document, "actionId": "1", "recordId": ticket["id"]}
    shown = await owner.ok("POST", "/penstock/v1/flow-previews", wish)
    [source] = shown["knowledge"]
    assert (source["number"], source["place"]) == (1, "rules.md > Escrow")
    piece = next(one for one in shown["texts"][0]["segments"] if one["token"] == "knowledge")
    assert "[1] rules.md > Escrow\nA shortage is spread over a year." in piece["text"]
    flow = await owner.ok("POST", "/automation/v4/flows", document, status=201)
    tried = await owner.ok("POST", f"/penstock/v1/flows/{flow['id']}/step-tests", wish)
    assert shown["sent"] == running.provider.seen[-1].body
    assert tried["steps"][0]["outputs"]["hs_knowledge_sources"].startswith("[1] rules.md > Escrow (passage ")
    assert tried["steps"][0]["knowledge"] == shown["knowledge"]
    kept = await owner("DELETE", f"{SETS}/{rules}")
    assert (kept.status, "Workflows answer from 'Previewed'" in kept.text, flow["id"] in kept.text) == (
        409, True, True,
    )  # fmt: skip
    assert (await owner.ok("GET", f"{SETS}/{rules}"))["usedBy"] == [
        {"id": flow["id"], "name": document["name"]}
    ]


async def test_a_step_cannot_name_a_set_of_another_workspace(owner: Client, foreigner: Client) -> None:
    theirs = await foreigner.ok("POST", SETS, {"name": "Theirs"}, status=201)
    document = await step_on(owner, theirs["id"])
    checked = await owner.ok("POST", "/penstock/v1/flow-checks", {"flow": document, "moment": "turn on"})
    assert "KNOWLEDGE_NOT_FOUND" in str(checked)
