"""The list of workflows over HTTP: paging, search, folders, copies, templates, who has one open."""

from __future__ import annotations

from tests.api.calling import Client, Running
from tests.api.flow_documents import ticket_flow

V1 = "/penstock/v1"


async def test_workflows_are_listed_last_changed_first_and_each_page_once(owner: Client) -> None:
    names = [f"Paged {number}" for number in range(5)]
    for name in names:
        await owner.ok("POST", "/automation/v4/flows", ticket_flow(name=name), status=201)
    seen: list[str] = []
    after = ""
    while True:
        page = await owner.ok("GET", f"{V1}/flows-overview?search=paged&limit=2{after}")
        seen += [row["name"] for row in page["results"]]
        if "paging" not in page:
            break
        after = f"&after={page['paging']['next']['after']}"
    assert seen == list(reversed(names))


async def test_a_draft_counts_as_the_last_change_and_states_can_be_asked_for(owner: Client) -> None:
    made = await owner.ok(
        "POST",
        f"{V1}/flows",
        {"name": "Drafted", "objectTypeId": "0-5", "template": "triage_tickets"},
        status=201,
    )
    await owner.ok("POST", "/automation/v4/flows", ticket_flow(name="Drafted not"), status=201)
    page = await owner.ok("GET", f"{V1}/flows-overview?search=drafted&state=draft")
    [row] = page["results"]
    assert (row["id"], row["hasDraft"], row["isEnabled"]) == (made["id"], True, False)
    assert (row["active"], row["spend30DaysUsd"]) == ({"count": 0, "exact": True}, "0")
    assert (await owner.ok("GET", f"{V1}/flows-overview?search=drafted&state=on"))["results"] == []


async def test_moving_into_a_folder_makes_no_revision(owner: Client) -> None:
    flow = (await owner.ok("POST", "/automation/v4/flows", ticket_flow(name="Foldered"), status=201))["id"]
    await owner.ok("PUT", f"{V1}/flows/{flow}/folder", {"folder": "Support"}, status=204)
    page = await owner.ok("GET", f"{V1}/flows-overview?folder=Support&search=foldered")
    assert ([row["folder"] for row in page["results"]], page["folders"]) == (["Support"], ["Support"])
    assert (await owner.ok("GET", f"/automation/v4/flows/{flow}"))["revisionId"] == "1"


async def test_a_copy_is_off_and_holds_what_the_editor_shows(owner: Client) -> None:
    flow = (await owner.ok("POST", "/automation/v4/flows", ticket_flow(name="Origin"), status=201))["id"]
    copied = await owner.ok("POST", f"{V1}/flows/{flow}/duplicates", {}, status=201)
    opened = await owner.ok("GET", f"{V1}/flows/{copied['id']}/editor")
    assert (copied["name"], opened["isEnabled"]) == ("Copy of Origin", False)
    assert opened["draft"]["document"]["actions"] == ticket_flow()["actions"]


async def test_a_document_from_a_file_becomes_a_draft_word_for_word_whatever_it_holds(owner: Client) -> None:
    foreign = {"type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "9-77", "fields": {"ä": [1.5]}}
    file = ticket_flow(name="Exported", isEnabled=True, id="991", revisionId="4", actions=[foreign])
    wish = {"name": "Brought over", "objectTypeId": "0-5", "document": file}
    made = await owner.ok("POST", f"{V1}/flows", wish, status=201)
    opened = await owner.ok("GET", f"{V1}/flows/{made['id']}/editor")
    draft = opened["draft"]["document"]
    assert (opened["isEnabled"], opened["document"]["actions"], draft["name"]) == (False, [], "Brought over")
    assert (draft["actions"], {"id", "revisionId", "isEnabled"} & set(draft)) == ([foreign], set())
    both = await owner("POST", f"{V1}/flows", {**wish, "template": "triage_tickets"})
    assert both.status == 400


async def test_templates_say_what_they_do(owner: Client) -> None:
    found = (await owner.ok("GET", f"{V1}/flow-templates"))["results"]
    assert {"classify_leads", "summarise_ticket"} <= {template["name"] for template in found}
    assert found[0]["steps"][0] == {
        "name": "use_custom_llm",
        "title": "Use a custom LLM",
        "section": "AI",
    }


async def test_the_second_in_an_editor_is_told_of_the_first(owner: Client, running: Running) -> None:
    flow = (await owner.ok("POST", "/automation/v4/flows", ticket_flow(name="Shared"), status=201))["id"]
    builder = owner.with_token(running.tokens["builder"])
    here, gone = {"editing": True}, {"editing": False}
    assert (await owner.ok("PUT", f"{V1}/flows/{flow}/presence", here))["others"] == []
    assert len((await builder.ok("PUT", f"{V1}/flows/{flow}/presence", here))["others"]) == 1
    await owner.ok("PUT", f"{V1}/flows/{flow}/presence", gone)
    assert (await builder.ok("PUT", f"{V1}/flows/{flow}/presence", here))["others"] == []
