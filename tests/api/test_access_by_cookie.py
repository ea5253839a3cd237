"""The permission table against every route for people with a session, as test_access does for API tokens (R28, R32)."""

from __future__ import annotations

import re

import pytest
from tests.api.calling import Client, Running
from tests.api.people import in_a_browser, person

from penstock.accounts.actors import ROLES, Role
from penstock.accounts.permissions import allows
from penstock.accounts.sessions import COOKIE
from penstock.api.access import ACCESS
from penstock.api.envelope import SAFE_METHODS

SIGN_OUT = "DELETE /penstock/v1/session"
# Agents are programs: they have no session.
FOR_TOKENS = {"POST /mcp"}
# Signing out comes last, because nothing else could be asked afterwards.
GUARDED = {
    **{key: permission for key, permission in ACCESS.items() if permission is not None and key != SIGN_OUT},
    SIGN_OUT: ACCESS[SIGN_OUT],
}


def parts(key: str) -> tuple[str, str]:
    """Method and path of a route, with ids of nothing put in."""
    method, template = key.split(" ", 1)
    return method, re.sub(r"\{\w+\}", "999999999", template)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_is_let_into_exactly_the_routes_that_the_table_gives_it(
    nobody: Client, running: Running, role: Role
) -> None:
    _, cookie = await person(running, f"{role}-of-the-matrix@x.test", role)
    me = in_a_browser(nobody, cookie)
    wrong = []
    for key, permission in GUARDED.items():
        method, path = parts(key)
        answer = await me(method, path, {} if method != "GET" else None)
        if (answer.status == 401) != (key in FOR_TOKENS) or (answer.status != 403) != allows(
            role, str(permission)
        ):
            wrong.append(f"{key}: {answer.status} {answer.text[:200]}")
    assert wrong == []
    assert (await me("GET", "/automation/v4/flows")).status == 401


async def test_no_route_that_changes_something_takes_a_cookie_without_proof_that_our_page_sent_it(
    nobody: Client, running: Running
) -> None:
    _, cookie = await person(running, "owner-without-proof@x.test", "owner")
    for sent in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}):
        me = Client(nobody.session, None, {"Cookie": f"{COOKIE}={cookie}", **sent})
        for key in GUARDED:
            method, path = parts(key)
            if method not in SAFE_METHODS:
                assert (await me(method, path, {})).status == 403, key


async def test_every_route_refuses_a_cookie_of_nobody(nobody: Client) -> None:
    me = in_a_browser(nobody, "a-cookie-of-nobody")
    for key in GUARDED:
        method, path = parts(key)
        answer = await me(method, path, {})
        assert (answer.status, answer.json["subCategory"]) == (401, "UNAUTHENTICATED"), key
