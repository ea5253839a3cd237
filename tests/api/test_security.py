"""Who may call: tokens, throttling of wrong ones, roles, and nobody else's pages."""

from __future__ import annotations

import asyncpg
import pytest
from tests.api.calling import Client, Running

from penstock.api.limits import Throttle

FLOWS = "/automation/v4/flows"


async def test_without_a_token_the_answer_is_401_in_hubspots_words_and_names_the_header(
    nobody: Client,
) -> None:
    answer = await nobody("GET", FLOWS)
    assert answer.status == 401
    assert answer.json["category"] == "INVALID_AUTHENTICATION"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "Authorization: Bearer" in answer.json["message"]


@pytest.mark.parametrize("header", ["Basic cHN0Og==", "Bearer", "Bearer ", "pst_x", "Bearer pst_short"])
async def test_a_header_without_a_token_of_ours_is_401(nobody: Client, header: str) -> None:
    answer = await nobody("GET", FLOWS, headers={"Authorization": header, "X-Forwarded-For": "198.51.100.1"})
    assert answer.status == 401


async def test_a_caller_without_a_token_is_refused_before_the_body_is_read(nobody: Client) -> None:
    answer = await nobody("POST", FLOWS, data=b"{broken", headers={"Content-Type": "application/json"})
    assert answer.status == 401


async def test_a_revoked_token_is_refused_from_the_next_request_on(owner: Client) -> None:
    issued = await owner.ok("POST", "/penstock/v1/tokens", {"name": "short", "role": "viewer"}, status=201)
    short = owner.with_token(issued["token"])
    await short.ok("GET", FLOWS)
    await owner.ok("DELETE", f"/penstock/v1/tokens/{issued['details']['id']}", status=204)
    assert (await short("GET", FLOWS)).status == 401


async def test_an_address_that_sends_wrong_tokens_has_to_wait_and_others_need_not(owner: Client) -> None:
    here = {"X-Forwarded-For": "198.51.100.77"}
    wrong = owner.with_token("pst_" + "0" * 38)
    for _ in range(Throttle.FAILURES):
        assert (await wrong("GET", FLOWS, headers=here)).status == 401
    refused = await owner("GET", FLOWS, headers=here)
    assert refused.status == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json["category"] == "RATE_LIMITS"
    await owner.ok("GET", FLOWS)


def test_the_throttle_counts_by_address_and_forgets_when_its_window_ends() -> None:
    time = [100.0]
    throttle = Throttle(lambda: time[0])
    for _ in range(Throttle.FAILURES - 1):
        throttle.failed("a")
    assert throttle.wait("a") == 0
    time[0] += 10
    throttle.failed("a")
    assert throttle.wait("a") == 50
    assert throttle.wait("b") == 0
    time[0] += 50
    assert throttle.wait("a") == 0
    throttle.failed("a")
    assert throttle.wait("a") == 0


def test_the_throttle_remembers_only_so_many_addresses() -> None:
    throttle = Throttle(lambda: 1.0)
    for number in range(Throttle.ADDRESSES + 50):
        throttle.failed(str(number))
    assert len(throttle._failures) == Throttle.ADDRESSES


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ],
)
async def test_another_sites_page_cannot_change_anything(owner: Client, headers: dict[str, str]) -> None:
    answer = await owner("POST", FLOWS, {}, headers=headers)
    assert answer.status == 403
    assert "site" in answer.json["message"]
    assert not {name for name in answer.headers if name.lower().startswith("access-control-")}


async def test_our_own_page_may_change_things(owner: Client) -> None:
    host = str(owner.session._base_url.host_port_subcomponent)  # type: ignore[union-attr]
    answer = await owner("POST", FLOWS, {}, headers={"Origin": f"http://{host}"})
    assert answer.json["subCategory"] == "INVALID_FLOW"


async def test_answers_are_kept_by_nobody(owner: Client) -> None:
    for path in (FLOWS, "/nothing", "/", "/penstock/v1/health"):
        assert (await owner("GET", path)).headers["Cache-Control"] == "no-store"


async def test_answers_say_to_guess_nothing_tell_nobody_and_be_no_page(owner: Client) -> None:
    for path in (FLOWS, "/nothing", "/openapi.json"):
        headers = (await owner("GET", path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "Strict-Transport-Security" not in headers


async def test_no_other_site_is_told_that_it_may_read_answers(owner: Client) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    for method in ("GET", "OPTIONS"):
        answer = await owner(method, FLOWS, headers=asked)
        assert not {name for name in answer.headers if name.lower().startswith("access-control-")}


async def test_a_refusal_by_role_stands_in_the_audit_log_with_permission_and_place(
    owner: Client, running: Running
) -> None:
    viewer = owner.with_token(running.tokens["viewer"])
    answer = await viewer("DELETE", f"{FLOWS}/1")
    assert answer.status == 403
    assert answer.json["category"] == "MISSING_SCOPES"
    assert "flows.write" in answer.json["message"]
    db = await asyncpg.connect(running.database_url)
    row = await db.fetchrow("SELECT * FROM audit_log WHERE action = 'denied' ORDER BY id DESC LIMIT 1")
    await db.close()
    assert (row["subject_id"], row["actor_type"]) == (f"DELETE {FLOWS}/1", "api_token")
