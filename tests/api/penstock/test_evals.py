"""Eval sets over HTTP: from a sample to a gate that refuses, and overriding it in writing."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from tests.api.calling import Client, Running
from tests.api.penstock.test_flow_trying import connection as connection
from tests.api.penstock.test_flow_trying import document
from tests.api.penstock.test_flow_trying import flow as flow
from tests.api.penstock.test_flow_trying import ticket as ticket
from tests.api.penstock.test_samples import ended

V1 = "/penstock/v1"


async def finished(client: Client, run_id: str) -> dict[str, Any]:
    """The run once it is over."""
    for _ in range(500):
        found: dict[str, Any] = await client.ok("GET", f"{V1}/eval-runs/{run_id}")
        if found["state"] not in ("WAITING", "RUNNING"):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(found)


async def test_a_kept_sample_gates_publishing_until_the_evals_agree_or_a_reason_is_written(
    owner: Client, running: Running, connection: str, ticket: str, flow: str
) -> None:
    running.provider.answer = lambda prompt: "LOW" if "Worse" in prompt else "HIGH"
    draft = await owner.ok(
        "PUT", f"{V1}/flows/{flow}/draft", {"version": 0, "document": document(connection)}
    )
    sample = await owner.ok("POST", f"{V1}/flows/{flow}/samples", {"recordIds": [ticket]}, status=201)
    await ended(owner, sample["id"])
    made = await owner.ok(
        "POST", f"{V1}/flows/{flow}/eval-sets", {"name": "Urgency", "actionId": "1"}, status=201
    )
    place = f"{V1}/eval-sets/{made['id']}"
    wish = {"sampleId": sample["id"], "rows": [{"position": 1}]}
    [case] = (await owner.ok("POST", f"{place}/kept-rows", wish, status=201))["results"]
    assert case["checks"] == [{"field": "text", "kind": "equals", "value": "HIGH"}]
    run = await finished(owner, (await owner.ok("POST", f"{place}/runs", {}, status=201))["id"])
    assert (run["score"]["checks"], run["confusions"][0]["counts"]) == (
        {"passed": 1, "total": 1, "agreement": 1.0},
        [[1]],
    )
    gated = await owner.ok("PUT", f"{place}/gate", {"gates": True, "margin": 0, "baselineRunId": run["id"]})
    assert (gated["gates"], gated["baselineRunId"]) == (True, run["id"])
    assert (await owner.ok("GET", f"{V1}/flows/{flow}/gate"))["opens"] is True

    worse = document(connection)
    worse["actions"][0]["fields"]["prompt"] = "Worse: {{ enrolled_object.subject }}"
    saved = await owner.ok(
        "PUT", f"{V1}/flows/{flow}/draft", {"version": int(draft["version"]), "document": worse}
    )
    publication = {"version": int(saved["version"])}
    refused = await owner("POST", f"{V1}/flows/{flow}/publications", publication)
    assert (refused.status, refused.json["subCategory"]) == (409, "EVALS_REFUSE")
    again = await finished(owner, (await owner.ok("POST", f"{place}/runs", {}, status=201))["id"])
    compared = await owner.ok("GET", f"{V1}/eval-runs/{again['id']}/comparison?before={run['id']}")
    assert [(one["before"], one["after"]) for one in compared["broken"]] == [("HIGH", "LOW")]
    [verdict] = (await owner.ok("GET", f"{V1}/flows/{flow}/gate"))["verdicts"]
    assert (verdict["code"], verdict["before"], verdict["after"]) == ("BELOW_BASELINE", 1.0, 0.0)
    [row] = (await owner.ok("GET", f"{V1}/eval-runs/{again['id']}/rows"))["results"]
    assert (row["passed"], row["verdicts"][0]["got"]) == (False, "LOW")
    overridden = {**publication, "overrideReason": "Marketing wants it."}
    assert (await owner.ok("POST", f"{V1}/flows/{flow}/publications", overridden, status=201))[
        "revisionId"
    ] == "2"


async def test_cases_come_from_a_csv_file_all_or_none_and_can_be_changed(
    owner: Client, connection: str, ticket: str, flow: str
) -> None:
    await owner.ok("PUT", f"{V1}/flows/{flow}/draft", {"version": 0, "document": document(connection)})
    made = await owner.ok(
        "POST", f"{V1}/flows/{flow}/eval-sets", {"name": "File", "actionId": "1"}, status=201
    )
    place = f"{V1}/eval-sets/{made['id']}"

    async def send(text: str, status: int) -> Any:
        form = aiohttp.FormData()
        form.add_field("files", text.encode(), filename="cases.csv", content_type="text/csv")
        return await owner.ok("POST", f"{place}/case-imports", status=status, data=form)

    bad = await send("subject,mood,expected.text\nA,B,HIGH\n", 400)
    assert "mood" in bad["message"]
    empty = await send("subject,expected.text.matches\nA,(\nB,\n", 400)
    assert [error["message"].split(":")[0] for error in empty["errors"]]
    rows = f"name,record_id,subject,expected.text,expected.text.one_of\nFirst,{ticket},Flood,HIGH,low; high\n,,Rain,LOW,\n"
    first, second = (await send(rows, 201))["results"]
    assert (first["values"]["subject"], first["values"]["content"], first["recordId"]) == (
        "Flood",
        "The house burns",
        ticket,
    )
    assert [check["kind"] for check in first["checks"]] == ["equals", "one_of"]
    assert (second["name"], second["values"]) == ("Line 3", {"subject": "Rain"})
    change = {"name": "Second", "checks": [{"field": "text", "kind": "contains", "value": "low"}]}
    changed = await owner.ok("PUT", f"{place}/cases/{second['id']}", change)
    assert (changed["name"], changed["checks"]) == ("Second", change["checks"])
    wrong = await owner(
        "PUT", f"{place}/cases/{second['id']}", {"checks": [{"field": "text", "kind": "matches"}]}
    )
    assert wrong.status == 400
    assert (await owner("DELETE", f"{place}/cases/{first['id']}")).status == 204
    by_hand = {"recordId": ticket, "values": {"subject": "Ice"}, "checks": change["checks"]}
    added = await owner.ok("POST", f"{place}/cases", by_hand, status=201)
    assert (added["values"]["subject"], added["values"]["content"]) == ("Ice", "The house burns")
    assert (await owner("POST", f"{place}/cases", {**by_hand, "recordId": "999999999"})).status == 404
    judged = {"name": "Judged", "checks": [{"field": "text", "kind": "judge", "criterion": "Is calm."}]}
    assert "no judge" in (await owner("PUT", f"{place}/cases/{second['id']}", judged)).text
    judge = {"connectionId": connection, "model": "gpt-4.1"}
    assert (await owner.ok("PUT", place, {"name": "File", "judge": judge}))["judge"] == judge
    assert (await owner.ok("PUT", f"{place}/cases/{second['id']}", judged))["checks"] == judged["checks"]
    assert (await owner.ok("GET", place))["cases"] == 2
    twice = await owner("POST", f"{V1}/flows/{flow}/eval-sets", {"name": "file", "actionId": "1"})
    assert twice.status == 409
    no_model = await owner("POST", f"{V1}/flows/{flow}/eval-sets", {"name": "Other", "actionId": "2"})
    assert "asks no model" in no_model.text
