"""Runs over HTTP: the page of a run, counts, the action log, skip, operations, attention and figures. No worker runs here."""

from __future__ import annotations

import asyncpg
from tests.api.calling import Client, Running
from tests.api.flow_documents import ticket_flow
from tests.api.penstock.test_enrollments import fail, flow_of, tickets

V1 = "/penstock/v1"


async def failed_runs(
    owner: Client, running: Running, count: int, code: str = "TIMEOUT"
) -> tuple[str, list[str]]:
    """A flow with `count` failed runs, oldest first."""
    flow = await flow_of(owner)
    ids = await tickets(owner, *(f"Ticket {n}" for n in range(count)))
    enrolled = await owner.ok("POST", f"{V1}/flows/{flow}/enrollments", {"recordIds": ids})
    runs = sorted((one["enrollmentId"] for one in enrolled["results"]), key=int)
    for run in runs:
        await fail(running, run, code)
    return flow, runs


async def test_the_page_of_a_run_holds_the_workflow_as_it_was_and_where_the_run_stands(
    owner: Client, running: Running
) -> None:
    flow, [run] = await failed_runs(owner, running, 1)
    page = await owner.ok("GET", f"{V1}/enrollments/{run}")
    assert page["flow"]["document"]["actions"] == ticket_flow()["actions"]
    assert (page["flow"]["name"], page["flow"]["isDeleted"]) == ("Raise priority", False)
    assert (page["recordName"], page["nextActionTitle"], page["path"]) == ("Ticket 0", "Edit record", [])
    assert page["totals"] == {
        "calls": 0, "inputTokens": 0, "outputTokens": 0, "costUsd": "0", "unpricedCalls": 0, "seconds": page["totals"]["seconds"],
    }  # fmt: skip
    listed = (
        await owner.ok("GET", f"{V1}/enrollments?flowId={flow}&status=FAILED&actionId=1&errorCode=TIMEOUT")
    )["results"]
    assert [(one["id"], one["nextActionTitle"], one["recordName"]) for one in listed] == [
        (run, "Edit record", "Ticket 0")
    ]
    assert (await owner("GET", f"{V1}/enrollments?enrolledFrom=2026-01-01T00:00:00")).status == 400
    counts = await owner.ok("GET", f"{V1}/flows/{flow}/run-counts")
    assert (counts["failed"], counts["paused"]) == ({"count": 1, "exact": True}, {"count": 0, "exact": True})


async def test_skipping_the_failed_step_completes_the_run_and_stands_in_the_log(
    owner: Client, running: Running
) -> None:
    flow, [run] = await failed_runs(owner, running, 1)
    assert (await owner("POST", f"{V1}/enrollments/{run}/skip", {"branch": "nonsense"})).status == 409
    skipped = await owner.ok("POST", f"{V1}/enrollments/{run}/skip")
    assert skipped["status"] == "COMPLETED"
    page = await owner.ok("GET", f"{V1}/enrollments/{run}")
    assert page["path"] == [{"actionId": "1", "branch": None, "nextActionId": None, "left": True}]
    [step] = page["steps"]
    assert (step["status"], step["actionTitle"], step["call"], step["values"]) == (
        "SKIPPED",
        "Edit record",
        None,
        [],
    )
    log = await owner.ok("GET", f"{V1}/flows/{flow}/action-log?status=SKIPPED")
    assert [(row["enrollmentId"], row["recordName"]) for row in log["results"]] == [(run, "Ticket 0")]
    assert (await owner("POST", f"{V1}/enrollments/{run}/skip")).status == 409


async def test_an_operation_is_begun_watched_and_stopped(owner: Client, running: Running) -> None:
    flow, _ = await failed_runs(owner, running, 3)
    wish = {"operation": "retry", "flowId": flow, "actionId": "1", "errorCode": "TIMEOUT"}
    begun = await owner.ok("POST", f"{V1}/run-operations", wish, status=202)
    assert (begun["state"], begun["expected"], begun["done"]) == ("WAITING", {"count": 3, "exact": True}, 0)
    assert (await owner.ok("GET", f"{V1}/run-operations?flowId={flow}"))["results"] == [begun]
    stopped = await owner.ok("POST", f"{V1}/run-operations/{begun['id']}/cancellation", status=201)
    assert stopped["state"] == "CANCELED"
    assert (await owner("POST", f"{V1}/run-operations", {**wish, "errorCode": "OTHER"})).status == 409
    for odd in ({"operation": "retry", "standing": "PAUSED"}, {"operation": "skip", "standing": "ALL"}):
        assert (await owner("POST", f"{V1}/run-operations", {"flowId": flow, **odd})).status == 400


async def test_attention_names_the_group_and_its_deeds(owner: Client, running: Running) -> None:
    flow, runs = await failed_runs(owner, running, 2, "ANSWER_TRUNCATED")
    found = await owner.ok("GET", f"{V1}/attention")
    [group] = [one for one in found["groups"] if one["flowId"] == flow]
    assert (group["kind"], group["title"], group["count"]) == (
        "failed_runs",
        "Answers were cut off",
        {"count": 2, "exact": True},
    )
    assert [sample["id"] for sample in group["samples"]] == runs[::-1]
    assert {
        "kind": "retry_group",
        "flowId": flow,
        "actionId": "1",
        "errorCode": "ANSWER_TRUNCATED",
        "connectionId": None,
        "objectType": None,
        "loop": None,
        "capId": None,
    } in group["remedies"]
    counted = await owner.ok("GET", f"{V1}/attention/count")
    assert counted["runs"]["count"] >= 2
    assert counted["level"] == "some"


async def test_spend_and_performance_are_told_by_day_in_the_workspaces_zone(
    owner: Client, running: Running
) -> None:
    flow, _ = await failed_runs(owner, running, 1)
    db = await asyncpg.connect(running.database_url)
    await db.execute(
        "INSERT INTO step_tallies VALUES (1, $1, '2026-03-01', '1', 0, 'openai', 'gpt', 20, 3, 1, 0, 0, 300, 30, 0.0123, 0)",
        int(flow),
    )
    await db.close()
    path = f"{V1}/spend?from=2026-03-01&to=2026-03-31&groupBy=day&groupBy=model&flowId={flow}"
    spend = await owner.ok("GET", path)
    assert (spend["first"], spend["last"], spend["timeZone"]) == ("2026-03-01", "2026-03-31", "UTC")
    [row] = spend["rows"]
    assert (row["day"], row["model"], row["calls"], row["failures"], row["costUsd"]) == (
        "2026-03-01",
        "gpt",
        4,
        1,
        "0.0123",
    )
    assert (spend["totals"]["costUsd"], spend["totals"]["inputTokens"]) == ("0.0123", 300)
    assert spend["forecast"]["basis"] == "mean_of_last_7_complete_days"
    performance = await owner.ok("GET", f"{V1}/flows/{flow}/performance?from=2026-03-01&to=2026-03-02")
    assert [(day["day"], day["calls"]) for day in performance["days"]] == [
        ("2026-03-01", 4),
        ("2026-03-02", 0),
    ]
    [step] = performance["steps"]
    assert (step["title"], step["done"], step["failed"], step["costUsd"]) == ("Edit record", 3, 1, "0.0123")
    today = await owner.ok("GET", f"{V1}/flows/{flow}/performance")
    assert (len(today["days"]), today["totals"]["enrolled"]) == (30, 1)
    assert (await owner("GET", f"{V1}/spend?from=2026-03-02&to=2026-03-01")).status == 400
