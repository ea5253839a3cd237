"""The audit log over HTTP."""

from __future__ import annotations

from tests.api.calling import Client, Running
from tests.api.people import in_a_browser, person

LOG = "/penstock/v1/audit-log"


async def test_an_entry_says_who_did_what_to_which_thing_and_from_where(
    owner: Client, running: Running
) -> None:
    user, cookie = await person(running, "auditor@x.test", "admin")
    me = in_a_browser(owner, cookie)
    issued = await me.ok("POST", "/penstock/v1/tokens", {"name": "nightly", "role": "viewer"}, status=201)
    entry = (await owner.ok("GET", f"{LOG}?actorType=person&actorId={user.id}&action=token.created"))[
        "results"
    ][0]
    assert (entry["actorLabel"], entry["address"]) == ("Ada admin", "127.0.0.1")
    assert (entry["subjectType"], entry["subjectId"]) == ("api_token", issued["details"]["id"])
    assert entry["detail"] == {"name": "nightly", "role": "viewer"}
    assert issued["token"] not in str(entry)


async def test_the_log_is_read_in_pages_and_by_what_was_done(owner: Client) -> None:
    for number in range(3):
        await owner.ok("POST", "/penstock/v1/tokens", {"name": f"t{number}", "role": "viewer"}, status=201)
    actions = (await owner.ok("GET", f"{LOG}/actions"))["results"]
    assert actions == sorted(set(actions))
    assert "token.created" in actions
    first = await owner.ok("GET", f"{LOG}?action=token.created&limit=2")
    after = first["paging"]["next"]["after"]
    second = await owner.ok("GET", f"{LOG}?action=token.created&limit=2&after={after}")
    ids = [int(entry["id"]) for entry in first["results"] + second["results"]]
    assert ids == sorted(set(ids), reverse=True)
    assert {entry["action"] for entry in first["results"] + second["results"]} == {"token.created"}


async def test_the_actions_of_another_workspace_are_not_listed(foreigner: Client) -> None:
    everything = await foreigner.ok("GET", f"{LOG}?limit=100")
    actions = (await foreigner.ok("GET", f"{LOG}/actions"))["results"]
    assert {entry["action"] for entry in everything["results"]} <= set(actions)
    assert "session.started" not in actions
