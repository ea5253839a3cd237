"""API tokens over HTTP."""

from __future__ import annotations

from tests.api.calling import Client, Running

TOKENS = "/penstock/v1/tokens"


async def test_a_tokens_text_is_in_the_answer_that_issues_it_and_nowhere_else(owner: Client) -> None:
    wish = {"name": "once", "role": "operator", "expiresAt": "2100-01-01T00:00:00Z"}
    issued = await owner.ok("POST", TOKENS, wish, status=201)
    assert issued["details"]["lastFour"] == issued["token"][-4:]
    assert issued["details"]["expiresAt"] == "2100-01-01T00:00:00.000Z"
    listed = await owner("GET", TOKENS)
    assert issued["token"] not in listed.text
    assert issued["details"]["id"] in {token["id"] for token in listed.json["results"]}
    await owner.with_token(issued["token"]).ok("GET", "/penstock/v1/outbox")


async def test_nobody_issues_a_token_of_a_higher_role_than_their_own(owner: Client, running: Running) -> None:
    admin = owner.with_token(running.tokens["admin"])
    answer = await admin("POST", TOKENS, {"name": "up", "role": "owner"})
    assert answer.status == 403


async def test_revoking_twice_is_the_same_as_once_and_an_unknown_token_is_404(owner: Client) -> None:
    issued = await owner.ok("POST", TOKENS, {"name": "twice", "role": "viewer"}, status=201)
    path = f"{TOKENS}/{issued['details']['id']}"
    await owner.ok("DELETE", path, status=204)
    first = next(t for t in (await owner.ok("GET", TOKENS))["results"] if t["id"] == issued["details"]["id"])
    await owner.ok("DELETE", path, status=204)
    again = next(t for t in (await owner.ok("GET", TOKENS))["results"] if t["id"] == issued["details"]["id"])
    assert first["revokedAt"] == again["revokedAt"] is not None
    assert (await owner("DELETE", f"{TOKENS}/999999999")).status == 404


async def test_an_expiry_without_a_time_zone_is_refused(owner: Client) -> None:
    wish = {"name": "when", "role": "viewer", "expiresAt": "2100-01-01T00:00:00"}
    answer = await owner("POST", TOKENS, wish)
    assert answer.status == 400
    assert "expires" in answer.json["message"]
