"""The review queue over HTTP: list, count, detail, approve, edit, reject, several at once. No worker runs here."""

from __future__ import annotations

import pytest
from tests.api.calling import Client, Running
from tests.api.penstock.test_enrollments import flow_of, tickets
from tests.reviewing import SOURCES, doubt

V1 = "/penstock/v1"


async def doubted(owner: Client, running: Running, *subjects: str) -> tuple[str, list[str]]:
    """A flow with runs that wait for a review each, oldest first; the flow's id and the reviews'."""
    flow = await flow_of(owner)
    ids = await tickets(owner, *subjects)
    enrolled = await owner.ok("POST", f"{V1}/flows/{flow}/enrollments", {"recordIds": ids})
    runs = sorted((one["enrollmentId"] for one in enrolled["results"]), key=int)
    return flow, [await doubt(running.database_url, run) for run in runs]


async def test_the_queue_is_listed_counted_and_shown_with_question_and_answer(
    owner: Client, running: Running
) -> None:
    before = (await owner.ok("GET", f"{V1}/reviews/count"))["waiting"]["count"]
    flow, [first, second] = await doubted(owner, running, "Fire", "Smoke?")
    page = await owner.ok("GET", f"{V1}/reviews?flowId={flow}&limit=1")
    assert [one["id"] for one in page["results"]] == [first]
    rest = await owner.ok("GET", f"{V1}/reviews?flowId={flow}&after={page['paging']['next']['after']}")
    assert [one["id"] for one in rest["results"]] == [second]
    assert (await owner.ok("GET", f"{V1}/reviews/count"))["waiting"]["count"] == before + 2
    shown = await owner.ok("GET", f"{V1}/reviews/{first}")
    assert (shown["recordName"], shown["prompt"], shown["answer"], shown["model"]) == (
        "Fire",
        "How urgent is this?",
        "High, I guess.",
        "m",
    )
    assert shown["sources"] == SOURCES
    assert [(one["passageId"], one["place"]) for one in shown["knowledge"]] == [("12", "fires.md > Alarms")]
    [field] = shown["fields"]
    assert (field["value"], field["confidence"], field["threshold"], field["doubtful"]) == (
        "HIGH",
        0.4,
        0.7,
        True,
    )
    assert field["options"] == [{"value": "LOW", "label": "Low"}, {"value": "HIGH", "label": "High"}]


async def test_an_answer_is_approved_with_another_value_once_and_the_run_goes_on(
    owner: Client, running: Running
) -> None:
    flow, [review] = await doubted(owner, running, "Fire")
    refused = await owner("POST", f"{V1}/reviews/{review}/approval", {"values": {"priority": "Ablaze"}})
    assert (refused.status, "values.priority" in refused.json["message"]) == (400, True)
    done = await owner.ok("POST", f"{V1}/reviews/{review}/approval", {"values": {"priority": "Low"}})
    assert (done["state"], done["fields"][0]["decided"], done["decidedBy"] != "") == ("EDITED", "LOW", True)
    again = await owner("POST", f"{V1}/reviews/{review}/approval", {})
    assert (again.status, again.json["subCategory"]) == (409, "CONFLICT")
    run = await owner.ok("GET", f"{V1}/enrollments/{done['enrollmentId']}")
    assert run["status"] == "COMPLETED"
    decided = await owner.ok("GET", f"{V1}/reviews?state=DECIDED&flowId={flow}")
    assert [one["id"] for one in decided["results"]] == [review]


async def test_an_approval_for_a_changed_record_names_the_changes_and_wants_to_know_that_they_were_seen(
    owner: Client, running: Running
) -> None:
    _, [review] = await doubted(owner, running, "Fire")
    record = (await owner.ok("GET", f"{V1}/reviews/{review}"))["recordId"]
    await owner.ok("PATCH", f"/crm/v3/objects/tickets/{record}", {"properties": {"subject": "Out again"}})
    refused = await owner("POST", f"{V1}/reviews/{review}/approval", {})
    assert (refused.status, refused.json["subCategory"]) == (409, "CHANGED_MEANWHILE")
    shown = await owner.ok("GET", f"{V1}/reviews/{review}")
    assert shown["changes"] == [
        {"name": "subject", "label": "Ticket name", "before": "Fire", "now": "Out again"}
    ]
    wish = {"recordVersion": shown["recordVersion"]}
    done = await owner.ok("POST", f"{V1}/reviews/{review}/approval", wish)
    assert (done["state"], done["changed"]) == ("APPROVED", [])


@pytest.mark.parametrize(("verdict", "state"), [("approve", "APPROVED"), ("reject", "REJECTED")])
async def test_several_are_decided_each_by_itself(
    verdict: str, state: str, owner: Client, running: Running
) -> None:
    _, reviews = await doubted(owner, running, "Fire", "Smoke?")
    wish = {"verdict": verdict, "ids": [*reviews, reviews[0], "999999999"], "reason": "Looked at"}
    results = (await owner.ok("POST", f"{V1}/reviews/decisions", wish))["results"]
    assert [(one["id"], one["state"], one["code"]) for one in results] == [
        (reviews[0], state, None),
        (reviews[1], state, None),
        ("999999999", None, "NOT_FOUND"),
    ]


async def test_who_may_only_look_decides_nothing(owner: Client, running: Running) -> None:
    _, [review] = await doubted(owner, running, "Fire")
    viewer = owner.with_token(running.tokens["viewer"])
    assert (await viewer("POST", f"{V1}/reviews/{review}/approval", {})).status == 403
    assert (await viewer.ok("GET", f"{V1}/reviews/{review}"))["state"] == "WAITING"
