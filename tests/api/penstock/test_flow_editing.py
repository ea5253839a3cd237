"""Editing a workflow over HTTP: drafts that cannot overwrite each other, publishing, revisions, restoring."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from tests.api.calling import Client, Running
from tests.api.flow_documents import MATCHES_HIGH, ticket_flow

V1 = "/penstock/v1"


@pytest.fixture
async def flow(owner: Client) -> str:
    """A workflow with one published revision; its id."""
    return str((await owner.ok("POST", "/automation/v4/flows", ticket_flow(), status=201))["id"])


async def opened(owner: Client, flow: str) -> Any:
    return await owner.ok("GET", f"{V1}/flows/{flow}/editor")


async def saved(owner: Client, flow: str, version: int | str, **changes: Any) -> Any:
    document = {**(await opened(owner, flow))["document"], **changes}
    body = {"version": int(version), "document": document}
    return await owner.ok("PUT", f"{V1}/flows/{flow}/draft", body)


async def test_the_editor_opens_with_the_document_its_findings_and_what_steps_put_out(
    owner: Client, flow: str
) -> None:
    found = await opened(owner, flow)
    assert (found["revisionId"], found["draft"], found["problems"]) == ("1", None, [])
    assert found["document"]["actions"][0]["actionId"] == "1"
    assert set(found["outputs"]) == set(found["earlier"]) == {"1"}


async def test_a_draft_may_be_unfinished_and_is_not_what_runs_see(owner: Client, flow: str) -> None:
    answer = await saved(owner, flow, 0, actions=[{"type": "SINGLE_CONNECTION", "actionTypeId": "1-1000"}])
    assert answer["problems"][0]["path"].startswith("actions[0]")
    assert (await owner.ok("GET", f"/automation/v4/flows/{flow}"))["revisionId"] == "1"
    assert (await opened(owner, flow))["draft"]["version"] == answer["version"]


async def test_a_stale_save_is_refused_with_who_saved_and_loses_nothing(owner: Client, flow: str) -> None:
    first = await saved(owner, flow, 0, name="First")
    second = await saved(owner, flow, first["version"], name="Second")
    stale = await owner(
        "PUT", f"{V1}/flows/{flow}/draft", {"version": int(first["version"]), "document": {"name": "Third"}}
    )
    assert stale.status == 409
    assert stale.json["context"]["version"] == [second["version"]]
    assert stale.json["context"]["by"] == ["owner of the tests"]
    assert (await owner.ok("GET", f"{V1}/flows/{flow}/draft"))["document"]["name"] == "Second"


async def test_a_version_that_was_discarded_never_comes_back(owner: Client, flow: str) -> None:
    first = await saved(owner, flow, 0, name="First")
    await owner.ok("DELETE", f"{V1}/flows/{flow}/draft", status=204)
    await saved(owner, flow, 0, name="Other")
    late = await owner(
        "PUT", f"{V1}/flows/{flow}/draft", {"version": int(first["version"]), "document": {"name": "Late"}}
    )
    assert late.status == 409


async def test_publishing_makes_the_draft_the_next_revision_and_can_turn_the_workflow_on(
    owner: Client, flow: str
) -> None:
    draft = await saved(owner, flow, 0, name="Better")
    seen = await owner.ok("GET", f"{V1}/flows/{flow}/publication-preview")
    assert seen["differences"]["settings"] == [
        {"path": "name", "before": "Raise priority", "after": "Better"}
    ]
    wish = {"version": int(draft["version"]), "enable": True}
    done = await owner.ok("POST", f"{V1}/flows/{flow}/publications", wish, status=201)
    assert done == {"revisionId": "2", "isEnabled": True, "enrolled": 0, "goesOn": False}
    assert (await owner("GET", f"{V1}/flows/{flow}/draft")).status == 404
    assert (await owner.ok("GET", f"/automation/v4/flows/{flow}"))["name"] == "Better"
    again = await owner("POST", f"{V1}/flows/{flow}/publications", wish)
    assert again.status == 409


async def test_an_unfinished_draft_is_not_published_even_when_the_workflow_stays_off(
    owner: Client, flow: str
) -> None:
    step = {"type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "1-1000", "fields": {}}
    draft = await saved(owner, flow, 0, actions=[step])
    refused = await owner("POST", f"{V1}/flows/{flow}/publications", {"version": int(draft["version"])})
    assert refused.status == 400
    assert "actions[0].fields.prompt" in {error["in"] for error in refused.json["errors"]}
    assert (await opened(owner, flow))["revisionId"] == "1"


async def test_a_draft_whose_base_was_overtaken_is_not_published_until_that_was_seen(
    owner: Client, flow: str
) -> None:
    draft = await saved(owner, flow, 0, name="Mine")
    live = await owner.ok("GET", f"/automation/v4/flows/{flow}")
    await owner.ok("PUT", f"/automation/v4/flows/{flow}", {**live, "name": "Theirs"})
    wish = {"version": int(draft["version"])}
    overtaken = await owner("POST", f"{V1}/flows/{flow}/publications", wish)
    assert (overtaken.status, overtaken.json["context"]["liveRevisionId"]) == (409, ["2"])
    document = (await owner.ok("GET", f"{V1}/flows/{flow}/draft"))["document"]
    based = {**wish, "document": document, "baseRevisionId": "2"}
    again = await owner.ok("PUT", f"{V1}/flows/{flow}/draft", based)
    done = await owner.ok(
        "POST", f"{V1}/flows/{flow}/publications", {"version": int(again["version"])}, status=201
    )
    assert done["revisionId"] == "3"


async def test_a_revision_comes_back_as_a_draft_and_never_over_one_unasked(owner: Client, flow: str) -> None:
    draft = await saved(owner, flow, 0, name="Second")
    await owner.ok("POST", f"{V1}/flows/{flow}/publications", {"version": int(draft["version"])}, status=201)
    listed = (await owner.ok("GET", f"{V1}/flows/{flow}/revisions"))["results"]
    assert [(row["revisionId"], row["isLive"]) for row in listed] == [("2", True), ("1", False)]
    assert listed[0]["changes"] == {"added": 0, "removed": 0, "changed": 0, "moved": 0, "settings": 1}
    back = await owner.ok("POST", f"{V1}/flows/{flow}/restorations", {"revisionId": "1"}, status=201)
    assert (back["document"]["name"], back["baseRevisionId"]) == ("Raise priority", "2")
    assert (await owner("POST", f"{V1}/flows/{flow}/restorations", {"revisionId": "2"})).status == 409
    found = await owner.ok("GET", f"{V1}/flows/{flow}/differences?from=2&to=draft")
    assert [change["path"] for change in found["settings"]] == ["name"]
    page = await owner.ok("GET", f"{V1}/flows/{flow}/revisions?limit=1")
    older = await owner.ok(
        "GET", f"{V1}/flows/{flow}/revisions?limit=1&after={page['paging']['next']['after']}"
    )
    assert [row["revisionId"] for row in older["results"]] == ["1"]


async def test_a_viewer_reads_and_a_builder_writes(owner: Client, running: Running, flow: str) -> None:
    viewer = owner.with_token(running.tokens["viewer"])
    assert (await viewer("GET", f"{V1}/flows/{flow}/editor")).status == 200
    assert (await viewer("PUT", f"{V1}/flows/{flow}/draft", {"version": 0, "document": {}})).status == 403
    operator = owner.with_token(running.tokens["operator"])
    assert (await operator("POST", f"{V1}/flows/{flow}/publications", {"version": 0})).status == 403


async def test_json_that_cannot_be_stored_is_refused_with_its_place(owner: Client, flow: str) -> None:
    bad = await owner("PUT", f"{V1}/flows/{flow}/draft", {"version": 0, "document": {"name": "a\x00b"}})
    assert bad.status == 400
    assert "U+0000" in bad.json["message"]


async def test_the_review_of_a_draft_that_cannot_be_read_counts_and_prices_nothing(
    owner: Client, flow: str
) -> None:
    await saved(owner, flow, 0, actions=[{"type": "SINGLE_CONNECTION"}])
    seen = await owner.ok("GET", f"{V1}/flows/{flow}/publication-preview")
    assert seen["problems"]
    assert (seen["matching"], seen["cost"]["perRecordUsd"], seen["monthlyUsd"]) == (None, None, None)
    assert "hold together" in seen["matchingNote"]


async def test_the_review_names_a_filter_property_that_is_gone(owner: Client, flow: str) -> None:
    criteria = deepcopy(MATCHES_HIGH)
    criteria["listFilterBranch"]["filterBranches"][0]["filters"][0]["property"] = "no_such_property"
    await saved(owner, flow, 0, enrollmentCriteria=criteria)
    seen = await owner.ok("GET", f"{V1}/flows/{flow}/publication-preview")
    assert seen["matching"] is None
    assert "no_such_property" in seen["matchingNote"]
