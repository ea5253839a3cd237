"""Enrollments over HTTP: by hand, all that match, lists, one run, cancel and retry. No worker runs here."""

from __future__ import annotations

import asyncpg
from tests.api.calling import Client, Running
from tests.api.flow_documents import MATCHES_HIGH, ticket_flow

V1 = "/penstock/v1"


async def flow_of(owner: Client, **changes: object) -> str:
    made = await owner.ok("POST", "/automation/v4/flows", ticket_flow(isEnabled=True, **changes), status=201)
    flow_id: str = made["id"]
    return flow_id


async def tickets(owner: Client, *subjects: str) -> list[str]:
    inputs = [{"properties": {"subject": subject}} for subject in subjects]
    made = await owner.ok("POST", "/crm/v3/objects/tickets/batch/create", {"inputs": inputs}, status=201)
    return [one["id"] for one in made["results"]]


async def fail(running: Running, run_id: str, code: str) -> None:
    """What a worker does when a step fails."""
    db = await asyncpg.connect(running.database_url)
    error = f'{{"code": "{code}", "message": "It failed.", "remedy": ""}}'
    await db.execute(
        "UPDATE enrollments SET status = 'FAILED', error = $2::jsonb WHERE id = $1", int(run_id), error
    )
    await db.close()


async def test_records_are_enrolled_once_at_a_time_and_the_others_are_counted(owner: Client) -> None:
    flow, ids = await flow_of(owner), await tickets(owner, "a", "b")
    path = f"{V1}/flows/{flow}/enrollments"
    first = await owner.ok("POST", path, {"recordIds": [ids[0]]})
    again = await owner.ok("POST", path, {"recordIds": [ids[0], ids[1], ids[1]]})
    assert (first["enrolled"], first["skipped"]) == (1, 0)
    assert (again["enrolled"], again["skipped"]) == (1, 1)
    assert [one["recordId"] for one in again["results"]] == [ids[1]]
    runs = (await owner.ok("GET", f"{V1}/enrollments?flowId={flow}"))["results"]
    assert [(run["recordId"], run["status"]) for run in runs] == [(ids[1], "ACTIVE"), (ids[0], "ACTIVE")]


async def test_records_that_are_none_of_the_flows_type_are_named_and_nobody_is_enrolled(
    owner: Client,
) -> None:
    flow, ids = await flow_of(owner), await tickets(owner, "a")
    contact = await owner.ok("POST", "/crm/v3/objects/contacts", {"properties": {}}, status=201)
    answer = await owner("POST", f"{V1}/flows/{flow}/enrollments", {"recordIds": [ids[0], contact["id"]]})
    assert answer.status == 400
    assert contact["id"] in answer.json["message"]
    assert (await owner.ok("GET", f"{V1}/enrollments?flowId={flow}"))["results"] == []


async def test_a_wish_must_say_which_records_and_only_in_one_way(owner: Client) -> None:
    flow = await flow_of(owner)
    for wish in ({}, {"matching": False}, {"recordIds": []}, {"recordIds": ["1"], "matching": True}):
        answer = await owner("POST", f"{V1}/flows/{flow}/enrollments", wish)
        assert answer.status == 400, wish
        assert "recordIds" in answer.json["message"]


async def test_all_records_that_meet_the_criteria_are_enrolled_once(owner: Client) -> None:
    ids = await tickets(owner, "enroll me", "not me", "enroll me")
    flow = await flow_of(owner, enrollmentCriteria=MATCHES_HIGH)
    first = await owner.ok("POST", f"{V1}/flows/{flow}/enrollments", {"matching": True})
    assert {ids[0], ids[2]} <= {one["recordId"] for one in first["results"]}
    assert ids[1] not in {one["recordId"] for one in first["results"]}
    again = await owner.ok("POST", f"{V1}/flows/{flow}/enrollments", {"matching": True})
    assert (again["enrolled"], again["skipped"]) == (0, first["enrolled"])


async def test_matching_needs_criteria_and_enrolling_needs_a_flow_that_is_on(owner: Client) -> None:
    flow, ids = await flow_of(owner), await tickets(owner, "a")
    path = f"{V1}/flows/{flow}/enrollments"
    answer = await owner("POST", path, {"matching": True})
    assert (answer.status, "criteria" in answer.json["message"]) == (400, True)
    await owner.ok("PUT", f"{V1}/flows/{flow}/activation", {"enabled": False})
    for wish in ({"matching": True}, {"recordIds": ids}):
        assert (await owner("POST", path, wish)).status == 409


async def test_how_far_enrolling_in_the_background_is_can_be_read_and_it_can_be_stopped(
    owner: Client, running: Running
) -> None:
    flow = await flow_of(owner, enrollmentCriteria=MATCHES_HIGH)
    path = f"{V1}/flows/{flow}/enrolling"
    assert (await owner.ok("GET", path))["enrolling"] is None
    assert (await owner("POST", f"{path}/cancellation")).status == 404
    db = await asyncpg.connect(running.database_url)
    await db.execute(
        "INSERT INTO flow_enrollings (workspace_id, flow_id, revision_id, cause, cursor_id, until_id, enrolled)"
        " VALUES (1, $1, 1, 'matching:a', 25, 100, 20)",
        int(flow),
    )
    await db.close()
    seen = (await owner.ok("GET", path))["enrolling"]
    assert (seen["state"], seen["enrolled"], seen["lookedAt"], seen["finishedAt"]) == ("OPEN", 20, 0.25, None)
    ended = await owner.ok("POST", f"{path}/cancellation", status=201)
    assert (ended["state"], ended["enrolled"], "stopped" in ended["message"]) == ("ENDED", 20, True)
    assert (await owner.ok("GET", path))["enrolling"] == ended


async def test_turning_on_can_enroll_who_matches_and_is_refused_while_checks_find_errors(
    owner: Client,
) -> None:
    await tickets(owner, "enroll me")
    document = ticket_flow(enrollmentCriteria=MATCHES_HIGH)
    made = await owner.ok("POST", "/automation/v4/flows", document, status=201)
    path = f"{V1}/flows/{made['id']}/activation"
    on = await owner.ok("PUT", path, {"enabled": True, "enrollExisting": True})
    assert (on["enabled"], on["enrolled"] >= 1, on["revisionId"]) == (True, True, "1")
    assert (await owner.ok("PUT", path, {"enabled": True}))["enrolled"] == 0
    assert (await owner("PUT", path, {"enabled": False, "enrollExisting": True})).status == 400
    document = ticket_flow()
    document["actions"][0]["actionTypeId"] = "0-777"
    odd = await owner.ok("POST", "/automation/v4/flows", document, status=201)
    refused = await owner("PUT", f"{V1}/flows/{odd['id']}/activation", {"enabled": True})
    assert refused.status == 400
    assert refused.json["errors"][0]["in"].startswith("actions[0]")


async def test_a_run_is_shown_with_steps_and_effects_and_ends_when_it_is_canceled(owner: Client) -> None:
    flow, ids = await flow_of(owner), await tickets(owner, "a")
    enrolled = await owner.ok("POST", f"{V1}/flows/{flow}/enrollments", {"recordIds": ids})
    path = f"{V1}/enrollments/{enrolled['results'][0]['enrollmentId']}"
    run = await owner.ok("GET", path)
    assert (run["flowName"], run["recordId"], run["steps"], run["effects"]) == (
        "Raise priority",
        ids[0],
        [],
        [],
    )
    assert run["enrolledAt"].endswith("Z")
    canceled = await owner.ok("POST", f"{path}/cancellation", status=201)
    assert (canceled["status"], canceled["error"]["code"]) == ("CANCELED", "CANCELED")
    assert "owner of the tests" in canceled["error"]["message"]
    assert (await owner("POST", f"{path}/cancellation")).status == 409


async def test_a_failed_run_goes_on_from_where_it_failed_and_only_a_failed_one(
    owner: Client, running: Running
) -> None:
    flow, ids = await flow_of(owner), await tickets(owner, "a")
    enrolled = await owner.ok("POST", f"{V1}/flows/{flow}/enrollments", {"recordIds": ids})
    run_id = enrolled["results"][0]["enrollmentId"]
    path = f"{V1}/enrollments/{run_id}/retry"
    assert (await owner("POST", path, {"revision": "current"})).status == 409
    await fail(running, run_id, "KEY_REFUSED")
    assert (await owner("POST", path, {"revision": "latest"})).status == 400
    assert (await owner.ok("POST", path))["status"] == "ACTIVE"


async def test_failed_runs_are_retried_by_their_error_and_the_others_stay(
    owner: Client, running: Running
) -> None:
    flow, ids = await flow_of(owner), await tickets(owner, "a", "b", "c")
    enrolled = await owner.ok("POST", f"{V1}/flows/{flow}/enrollments", {"recordIds": ids})
    runs = [
        one["enrollmentId"] for one in sorted(enrolled["results"], key=lambda one: int(one["enrollmentId"]))
    ]
    for run_id, code in zip(runs, ("KEY_REFUSED", "KEY_REFUSED", "OTHER"), strict=True):
        await fail(running, run_id, code)
    wish = {"flowId": flow, "errorCode": "KEY_REFUSED"}
    assert (await owner.ok("POST", f"{V1}/enrollments/retry", wish))["retried"] == runs[:2]
    failed = (await owner.ok("GET", f"{V1}/enrollments?flowId={flow}&status=FAILED"))["results"]
    assert [run["id"] for run in failed] == runs[2:]
    mixed = await owner("POST", f"{V1}/enrollments/retry", {"enrollmentIds": [runs[2], runs[0]]})
    assert mixed.status == 409
    assert (await owner.ok("GET", f"{V1}/enrollments/{runs[2]}"))["status"] == "FAILED"


async def test_runs_come_in_pages_newest_first(owner: Client) -> None:
    flow, ids = await flow_of(owner), await tickets(owner, "a", "b", "c")
    await owner.ok("POST", f"{V1}/flows/{flow}/enrollments", {"recordIds": ids})
    first = await owner.ok("GET", f"{V1}/enrollments?flowId={flow}&limit=2")
    after = first["paging"]["next"]["after"]
    last = await owner.ok("GET", f"{V1}/enrollments?flowId={flow}&limit=2&after={after}")
    seen = [int(run["id"]) for run in first["results"] + last["results"]]
    assert seen == sorted(seen, reverse=True)
    assert (len(seen), "paging" in last) == (3, False)


async def test_deleting_a_flow_takes_its_records_out(owner: Client) -> None:
    flow, ids = await flow_of(owner), await tickets(owner, "a")
    enrolled = await owner.ok("POST", f"{V1}/flows/{flow}/enrollments", {"recordIds": ids})
    await owner.ok("DELETE", f"/automation/v4/flows/{flow}", status=204)
    run = await owner.ok("GET", f"{V1}/enrollments/{enrolled['results'][0]['enrollmentId']}")
    assert run["status"] == "CANCELED"


async def test_a_check_finds_the_problems_of_a_document_and_stores_nothing(owner: Client) -> None:
    before = len((await owner.ok("GET", "/automation/v4/flows?limit=100"))["results"])
    good = await owner.ok("POST", f"{V1}/flow-checks", {"flow": ticket_flow()})
    assert good["ok"] is True
    document = ticket_flow()
    document["actions"][0]["fields"]["property_name"] = "nonsense"
    bad = await owner.ok("POST", f"{V1}/flow-checks", {"flow": document, "moment": "turn on"})
    assert bad["ok"] is False
    assert any(
        one["path"].startswith("actions[0].fields") for one in bad["results"] if one["severity"] == "error"
    )
    assert len((await owner.ok("GET", "/automation/v4/flows?limit=100"))["results"]) == before
