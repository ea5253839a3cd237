"""People over HTTP, in our words and as HubSpot's owners."""

from __future__ import annotations

from tests.api.calling import Client, Running
from tests.api.people import in_a_browser, person

USERS = "/penstock/v1/users"


async def test_a_person_that_was_added_is_listed_as_user_and_as_owner_under_one_id(owner: Client) -> None:
    wish = {"email": "Ada@Example.com", "role": "builder", "firstName": "Ada", "lastName": "Lovelace"}
    made = await owner.ok("POST", USERS, wish, status=201)
    assert made["email"] == "ada@example.com"
    assert made in (await owner.ok("GET", USERS))["results"]
    seen = await owner.ok("GET", f"/crm/v3/owners/{made['id']}")
    assert (seen["firstName"], seen["userId"], seen["archived"]) == ("Ada", int(made["id"]), False)
    found = await owner.ok("GET", "/crm/v3/owners/?email=ada@example.com&archived=false")
    assert [one["id"] for one in found["results"]] == [made["id"]]
    archived = (await owner.ok("GET", "/crm/v3/owners?archived=true"))["results"]
    assert made["id"] not in [one["id"] for one in archived]


async def test_owners_come_in_pages_that_end_without_paging(owner: Client) -> None:
    for number in range(3):
        await owner.ok("POST", USERS, {"email": f"p{number}@example.com", "role": "viewer"}, status=201)
    ids: list[str] = []
    after = "0"
    while after:
        path = "/crm/v3/owners?limit=2" + (f"&after={after}" if after != "0" else "")
        page = await owner.ok("GET", path)
        ids += [one["id"] for one in page["results"]]
        after = page.get("paging", {}).get("next", {}).get("after")
    assert ids == sorted(set(ids), key=int)
    everybody = (await owner.ok("GET", USERS))["results"]
    assert ids == [one["id"] for one in everybody if one["deactivatedAt"] is None]


async def test_the_same_address_twice_is_a_conflict(owner: Client) -> None:
    wish = {"email": "twin@example.com", "role": "viewer"}
    await owner.ok("POST", USERS, wish, status=201)
    answer = await owner("POST", USERS, wish)
    assert (answer.status, answer.json["category"]) == (409, "CONFLICT")


async def test_people_come_in_pages(owner: Client) -> None:
    ids: list[str] = []
    after = ""
    while True:
        page = await owner.ok("GET", f"{USERS}?limit=2{after}")
        ids += [one["id"] for one in page["results"]]
        if "paging" not in page:
            break
        after = f"&after={page['paging']['next']['after']}"
    assert ids == sorted(set(ids), key=int)
    assert len(ids) >= 3


async def test_a_change_of_role_acts_on_the_next_request_of_the_person(
    owner: Client, running: Running
) -> None:
    user, cookie = await person(running, "promoted@x.test", "viewer")
    them = in_a_browser(owner, cookie)
    assert (await them("POST", "/automation/v4/flows", {})).status == 403
    changed = await owner.ok("PATCH", f"{USERS}/{user.id}", {"role": "builder", "firstName": "Pro"})
    assert (changed["role"], changed["firstName"]) == ("builder", "Pro")
    assert (await them("POST", "/automation/v4/flows", {})).status == 400


async def test_a_deactivated_person_is_out_at_once_and_back_only_with_a_new_sign_in(
    owner: Client, running: Running
) -> None:
    user, cookie = await person(running, "leaver@x.test", "builder")
    token = {"name": "of the leaver", "role": "viewer", "userId": str(user.id)}
    issued = await owner.ok("POST", "/penstock/v1/tokens", token, status=201)
    them, program = in_a_browser(owner, cookie), owner.with_token(issued["token"])
    assert await owner.ok("GET", f"{USERS}/{user.id}/holdings") == {
        "sessions": 1,
        "tokens": ["of the leaver"],
    }
    await owner.ok("PATCH", f"{USERS}/{user.id}", {"active": False})
    for caller in (them, program):
        assert (await caller("GET", "/automation/v4/flows")).status == 401
    again = await owner.ok("PATCH", f"{USERS}/{user.id}", {"active": True})
    assert again["deactivatedAt"] is None
    assert (await them("GET", "/automation/v4/flows")).status == 401
    await program.ok("GET", "/automation/v4/flows")


async def test_an_admin_has_no_power_over_an_owner(owner: Client, running: Running) -> None:
    boss, _ = await person(running, "boss@x.test", "owner")
    _, cookie = await person(running, "deputy@x.test", "admin")
    deputy = in_a_browser(owner, cookie)
    for wish in ({"role": "viewer"}, {"active": False}, {"firstName": "Eve"}):
        assert (await deputy("PATCH", f"{USERS}/{boss.id}", wish)).status == 403
    assert (await deputy("POST", f"{USERS}/{boss.id}/reset-links")).status == 403
    assert (
        await deputy("POST", "/penstock/v1/invitations", {"email": "up@x.test", "role": "owner"})
    ).status == 403


async def test_a_link_to_reset_a_password_is_handed_over_once(owner: Client, running: Running) -> None:
    user, _ = await person(running, "forgot@x.test", "viewer")
    made = await owner.ok("POST", f"{USERS}/{user.id}/reset-links", status=201)
    assert made["url"].startswith(f"{running.url}/link#")
    link = {"token": made["url"].partition("#")[2]}
    inspected = await owner.with_token(None).ok("POST", "/penstock/v1/link-inspections", link)
    assert (inspected["purpose"], inspected["expiresAt"]) == ("password_reset", made["expiresAt"])


async def test_an_invitation_is_listed_until_it_is_taken_up_or_back(owner: Client) -> None:
    wish = {"email": "guest@x.test", "role": "operator"}
    made = await owner.ok("POST", "/penstock/v1/invitations", wish, status=201)
    assert (made["mailed"], "mailProblem" in made) == (False, False), "no mail server is named"
    listed = (await owner.ok("GET", "/penstock/v1/invitations"))["results"]
    assert made["invitation"] in listed
    await owner.ok("DELETE", f"/penstock/v1/invitations/{made['invitation']['id']}", status=204)
    assert made["invitation"] not in (await owner.ok("GET", "/penstock/v1/invitations"))["results"]
    link = {"token": made["url"].partition("#")[2]}
    assert (await owner.with_token(None)("POST", "/penstock/v1/link-inspections", link)).status == 404
