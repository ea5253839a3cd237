"""Signing in over HTTP: the cookie, what ends it, and what a stranger learns (security R26, R27, R31)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any

import asyncpg
import pytest
from tests.api.calling import Answer, Client, Running
from tests.api.people import OUR_PAGE, PASSWORD, in_a_browser, person

from penstock.accounts import links, users
from penstock.accounts.actors import Actor
from penstock.accounts.links import Purpose
from penstock.accounts.sessions import COOKIE
from penstock.kit.database import connect

SESSION = "/penstock/v1/session"
FLOWS = "/automation/v4/flows"


def cookie_of(answer: Answer) -> Any:
    """The session cookie that an answer sets."""
    jar = SimpleCookie()
    jar.load(answer.headers["Set-Cookie"])
    return jar[COOKIE]


async def sign_in(client: Client, email: str, password: str = PASSWORD, **options: Any) -> Answer:
    return await client("POST", SESSION, {"email": email, "password": password}, **options)


async def issue(running: Running, purpose: Purpose, email: str) -> str:
    db = await connect(running.database_url)
    user = await users.by_email(db, 1, email)
    assert user is not None
    by = Actor(1, "cli", "tests", "tests", "owner")
    issued = await links.issue(db, by, purpose, user, at=datetime.now(UTC))
    await db.close()
    return issued.token


async def test_a_session_cookie_goes_to_us_alone_and_no_script_reads_it(
    nobody: Client, running: Running
) -> None:
    await person(running, "cookie@x.test", "builder", PASSWORD)
    answer = await sign_in(nobody, "Cookie@x.test")
    assert answer.status == 200, answer.text
    cookie = cookie_of(answer)
    assert COOKIE.startswith("__Host-")
    assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (True, True, "/", "")
    assert (cookie["samesite"].lower(), int(cookie["max-age"])) == ("lax", 30 * 86_400)
    assert answer.json["user"]["email"] == "cookie@x.test"
    assert "flows.publish" in answer.json["permissions"]
    assert "users.manage" not in answer.json["permissions"]
    me = in_a_browser(nobody, cookie.value)
    assert (await me.ok("GET", SESSION)) == answer.json
    await me.ok("GET", FLOWS)


async def test_signing_in_begins_a_new_session_and_ends_the_one_that_the_browser_had(
    nobody: Client, running: Running
) -> None:
    _, before = await person(running, "again@x.test", "viewer", PASSWORD)
    old = in_a_browser(nobody, before)
    new = cookie_of(await sign_in(old, "again@x.test")).value
    assert new != before
    assert (await old("GET", FLOWS)).status == 401
    await in_a_browser(nobody, new).ok("GET", FLOWS)


async def test_signing_out_ends_the_session_and_takes_the_cookie_back(
    nobody: Client, running: Running
) -> None:
    _, cookie = await person(running, "out@x.test", "viewer")
    me = in_a_browser(nobody, cookie)
    answer = await me("DELETE", SESSION)
    assert answer.status == 204
    assert cookie_of(answer)["max-age"] == "0"
    assert (await me("GET", FLOWS)).status == 401
    assert (await me.ok("GET", SESSION))["signedIn"] is False


async def test_a_stranger_learns_nothing_about_who_exists(nobody: Client, running: Running) -> None:
    await person(running, "known@x.test", "viewer", PASSWORD)
    await person(running, "nopassword@x.test", "viewer")
    gone, _ = await person(running, "gone@x.test", "viewer", PASSWORD)
    db = await connect(running.database_url)
    await users.deactivate(db, 1, Actor(1, "cli", "t", "t", "owner"), gone.id)
    await db.close()
    answers = []
    for number, (email, password) in enumerate(
        (
            ("known@x.test", "wrong"),
            ("unknown@x.test", "wrong"),
            ("nopassword@x.test", ""),
            ("gone@x.test", PASSWORD),
            ("no address", "x" * 5000),
        )
    ):
        here = {"X-Forwarded-For": f"198.51.100.{number + 1}"}
        answers.append(await sign_in(nobody, email, password, headers=here))
    assert {answer.status for answer in answers} == {401}
    bodies = [{k: v for k, v in answer.json.items() if k != "correlationId"} for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0]["subCategory"] == "SIGN_IN_REFUSED"
    assert not any("Set-Cookie" in answer.headers for answer in answers)


async def test_guessing_has_to_wait_and_says_for_how_long(nobody: Client, running: Running) -> None:
    await person(running, "guessed@x.test", "viewer", PASSWORD)
    for number in range(5):
        here = {"X-Forwarded-For": f"203.0.113.{number + 1}"}
        assert (await sign_in(nobody, "guessed@x.test", "wrong", headers=here)).status == 401
    answer = await sign_in(nobody, "guessed@x.test", headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status == 429, "even with the right password"
    assert int(answer.headers["Retry-After"]) >= 1
    db = await asyncpg.connect(running.database_url)
    rows = await db.fetch("SELECT * FROM audit_log WHERE action = 'sign_in.refused' ORDER BY id DESC LIMIT 5")
    await db.close()
    assert {row["address"] for row in rows} == {f"203.0.113.{number + 1}" for number in range(5)}


async def test_over_plain_http_from_another_machine_nobody_signs_in_and_the_answer_says_what_to_do(
    nobody: Client, running: Running
) -> None:
    await person(running, "plain@x.test", "viewer", PASSWORD)
    answer = await sign_in(nobody, "plain@x.test", headers={"Host": "penstock.example.com"})
    assert (answer.status, answer.json["subCategory"]) == (400, "HTTPS_NEEDED")
    assert "PENSTOCK_PUBLIC_URL" in answer.json["message"]
    behind = {"Host": "penstock.example.com", "X-Forwarded-Proto": "https"}
    assert cookie_of(await sign_in(nobody, "plain@x.test", headers=behind))["secure"] is True
    for host in ("localhost:8765", "penstock.localhost", "[::1]:8765"):
        assert (await sign_in(nobody, "plain@x.test", headers={"Host": host})).status == 200


async def test_another_password_signs_out_every_other_browser_and_needs_the_present_one(
    nobody: Client, running: Running
) -> None:
    _, cookie = await person(running, "change@x.test", "builder", PASSWORD)
    _, elsewhere = await person(running, "change@x.test", "builder")
    me = in_a_browser(nobody, cookie)
    for wish, field in (
        ({"currentPassword": "wrong", "newPassword": "four red boats"}, "currentPassword"),
        ({"newPassword": "four red boats"}, "currentPassword"),
        ({"currentPassword": PASSWORD, "newPassword": "password"}, "newPassword"),
        ({"currentPassword": PASSWORD, "newPassword": "change@x.test"}, "newPassword"),
    ):
        answer = await me("PUT", f"{SESSION}/password", wish)
        assert (answer.status, answer.json["errors"][0]["in"]) == (400, field)
    wish = {"currentPassword": PASSWORD, "newPassword": "four red boats"}
    answer = await me("PUT", f"{SESSION}/password", wish)
    assert answer.status == 200, answer.text
    for ended in (cookie, elsewhere):
        assert (await in_a_browser(nobody, ended)("GET", FLOWS)).status == 401
    await in_a_browser(nobody, cookie_of(answer).value).ok("GET", FLOWS)
    assert (await sign_in(nobody, "change@x.test", "four red boats")).status == 200


async def test_a_person_sees_and_ends_the_own_devices_and_nobody_elses(
    nobody: Client, running: Running
) -> None:
    _, cookie = await person(running, "devices@x.test", "viewer")
    await person(running, "devices@x.test", "viewer")
    _, foreign = await person(running, "other@x.test", "viewer")
    me, other = in_a_browser(nobody, cookie), in_a_browser(nobody, foreign)
    listed = (await me.ok("GET", f"{SESSION}/devices"))["results"]
    assert [one["current"] for one in listed].count(True) == 1
    theirs = (await other.ok("GET", f"{SESSION}/devices"))["results"][0]["id"]
    assert (await me("DELETE", f"{SESSION}/devices/{theirs}")).status == 404
    await me.ok("DELETE", f"{SESSION}/devices", status=204)
    assert len((await me.ok("GET", f"{SESSION}/devices"))["results"]) == 1
    await other.ok("GET", FLOWS)


async def test_an_api_token_has_no_session(owner: Client) -> None:
    assert (await owner.ok("GET", SESSION))["signedIn"] is False
    assert (await owner.ok("GET", f"{SESSION}/devices"))["results"] == []
    assert (await owner("PUT", f"{SESSION}/password", {"newPassword": "four red boats"})).status == 404
    assert (await owner("DELETE", SESSION)).status == 404


async def test_name_and_language_are_the_persons_own(nobody: Client, running: Running) -> None:
    _, cookie = await person(running, "profile@x.test", "viewer")
    me = in_a_browser(nobody, cookie)
    changed = await me.ok("PATCH", f"{SESSION}/profile", {"firstName": " Grace ", "language": "da"})
    assert (changed["user"]["firstName"], changed["user"]["language"]) == ("Grace", "da")
    changed = await me.ok("PATCH", f"{SESSION}/profile", {"lastName": "Hopper"})
    assert (changed["user"]["lastName"], changed["user"]["language"]) == ("Hopper", "da")
    assert (await me.ok("PATCH", f"{SESSION}/profile", {"language": None}))["user"]["language"] is None
    assert (await me("PATCH", f"{SESSION}/profile", {"firstName": "a\nb"})).status == 400


async def test_a_link_tells_what_it_is_for_and_signs_in_once(nobody: Client, running: Running) -> None:
    await person(running, "linked@x.test", "operator")
    token = await issue(running, "password_reset", "linked@x.test")
    link = await nobody.ok("POST", "/penstock/v1/link-inspections", {"token": token})
    assert (link["purpose"], link["email"], link["needsPassword"]) == (
        "password_reset",
        "linked@x.test",
        True,
    )
    redeem = "/penstock/v1/link-redemptions"
    missing = await nobody("POST", redeem, {"token": token})
    assert missing.json["errors"][0]["in"] == "password"
    answer = await nobody("POST", redeem, {"token": token, "password": PASSWORD})
    assert answer.json["user"]["hasPassword"] is True
    await in_a_browser(nobody, cookie_of(answer).value).ok("GET", FLOWS)
    for path in (redeem, "/penstock/v1/link-inspections"):
        again = await nobody("POST", path, {"token": token})
        assert (again.status, again.json["subCategory"]) == (404, "LINK_INVALID")


async def test_guessing_links_has_to_wait(nobody: Client) -> None:
    here = {"X-Forwarded-For": "2001:db8::1"}
    wish = {"token": "x" * 43}
    statuses = [
        (await nobody("POST", "/penstock/v1/link-inspections", wish, headers=here)).status for _ in range(21)
    ]
    assert statuses == [404] * 20 + [429]


async def test_what_a_person_writes_carries_their_name_as_hubspot_has_it(
    nobody: Client, running: Running
) -> None:
    user, cookie = await person(running, "writer@x.test", "builder")
    me = in_a_browser(nobody, cookie)
    made = await me.ok("POST", "/crm/v3/objects/contacts", {"properties": {"firstname": "Bo"}}, status=201)
    path = f"/crm/v3/objects/contacts/{made['id']}?propertiesWithHistory=firstname"
    version = (await me.ok("GET", path))["propertiesWithHistory"]["firstname"][0]
    assert (version["sourceType"], version["sourceId"]) == ("CRM_UI", f"userId:{user.id}")
    assert version["sourceLabel"] == "Ada builder"


async def test_the_secret_of_a_session_or_link_reaches_no_answer_but_its_own(
    nobody: Client, running: Running, owner: Client
) -> None:
    _, cookie = await person(running, "secret@x.test", "owner")
    me = in_a_browser(nobody, cookie)
    invited = await me.ok(
        "POST", "/penstock/v1/invitations", {"email": "new@x.test", "role": "viewer"}, status=201
    )
    token = re.search(r"/link#([\w-]{43})$", invited["url"])
    assert token is not None
    for path in ("/penstock/v1/invitations", "/penstock/v1/audit-log?limit=100", "/penstock/v1/outbox"):
        shown = (await owner("GET", path)).text
        assert token[1] not in shown
        assert cookie not in shown


@pytest.mark.parametrize("headers", [OUR_PAGE, {"Sec-Fetch-Site": "none"}, "origin"])
async def test_our_own_page_may_change_things_with_the_cookie(
    nobody: Client, running: Running, headers: Any
) -> None:
    _, cookie = await person(running, "page@x.test", "builder")
    if headers == "origin":
        headers = {"Origin": running.url}
    me = Client(nobody.session, None, {"Cookie": f"{COOKIE}={cookie}"})
    assert (await me("POST", FLOWS, {}, headers=headers)).json["subCategory"] == "INVALID_FLOW"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "{url}"},
    ],
)
async def test_a_cookie_alone_changes_nothing_without_proof_that_our_page_sent_it(
    nobody: Client, running: Running, headers: dict[str, str]
) -> None:
    _, cookie = await person(running, "page@x.test", "builder")
    me = Client(nobody.session, None, {"Cookie": f"{COOKIE}={cookie}"})
    sent = {name: value.replace("{url}", running.url) for name, value in headers.items()}
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = await me(method, "/penstock/v1/session/profile", {}, headers=sent)
        assert answer.status in {403, 405}
        assert method != "PATCH" or answer.status == 403
    await me.ok("GET", FLOWS, headers={"Sec-Fetch-Site": "cross-site"})
