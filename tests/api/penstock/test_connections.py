"""Connections, their models and named secrets over HTTP, against a provider on loopback."""

from __future__ import annotations

import asyncpg
from tests.api.calling import Client, Running

CONNECTIONS = "/penstock/v1/connections"


async def connect(client: Client, running: Running, name: str, provider: str = "openai") -> str:
    wish = {"provider": provider, "name": name, "key": running.provider.key}
    made = await client.ok("POST", CONNECTIONS, wish, status=201)
    connection_id: str = made["id"]
    return connection_id


async def test_a_key_that_the_provider_accepts_is_saved_and_never_shown(
    owner: Client, running: Running
) -> None:
    made = await owner(
        "POST", CONNECTIONS, {"provider": "anthropic", "name": "Claude", "key": running.provider.key}
    )
    assert made.status == 201
    assert made.json["lastFour"] == running.provider.key[-4:]
    assert made.json["status"] == "connected"
    path = f"{CONNECTIONS}/{made.json['id']}"
    for answer in (
        made,
        await owner("GET", path),
        await owner("GET", CONNECTIONS),
        await owner("POST", f"{path}/test"),
    ):
        assert answer.status in (200, 201)
        assert running.provider.key not in answer.text


async def test_a_key_that_the_provider_refuses_is_answered_in_its_words_and_not_saved(owner: Client) -> None:
    key = "sk-wrong-key-0123456789"
    answer = await owner("POST", CONNECTIONS, {"provider": "openai", "name": "Wrong", "key": key})
    assert answer.status == 400
    assert answer.json["context"]["kind"] == ["authentication"]
    assert key not in answer.text
    assert "Wrong" not in {one["name"] for one in (await owner.ok("GET", CONNECTIONS))["results"]}


async def test_another_address_needs_the_key_again(owner: Client, running: Running) -> None:
    path = f"{CONNECTIONS}/{await connect(owner, running, 'Moving')}"
    asked = await owner("PATCH", path, {"baseUrl": f"{running.provider.url}/openai"})
    assert asked.status == 400
    assert "key" in asked.json["message"]
    wish = {"baseUrl": f"{running.provider.url}/openai", "key": running.provider.key, "name": "Moved"}
    moved = await owner.ok("PATCH", path, wish)
    assert (moved["name"], moved["baseUrl"]) == ("Moved", f"{running.provider.url}/openai")
    alone = await owner("PATCH", path, {"key": running.provider.key})
    assert alone.status == 400


async def test_a_name_can_be_had_once_in_any_spelling_of_case(owner: Client, running: Running) -> None:
    await connect(owner, running, "Only one")
    wish = {"provider": "xai", "name": "ONLY ONE", "key": running.provider.key}
    assert (await owner("POST", CONNECTIONS, wish)).status == 409


async def test_a_connection_lists_the_flows_that_uninstalling_it_stops(
    owner: Client, running: Running
) -> None:
    connection = await connect(owner, running, "Used")
    flow = {
        "type": "PLATFORM_FLOW",
        "flowType": "WORKFLOW",
        "name": "Uses it",
        "objectTypeId": "0-5",
        "isEnabled": False,
        "startActionId": "1",
        "actions": [
            {
                "type": "SINGLE_CONNECTION",
                "actionId": "1",
                "actionTypeId": "1-1000",
                "actionTypeVersion": 1,
                "fields": {"connection_id": connection, "model": "gpt-4.1-mini", "prompt": "Hi"},
            }
        ],
    }
    made = await owner.ok("POST", "/automation/v4/flows", flow, status=201)
    seen = await owner.ok("GET", f"{CONNECTIONS}/{connection}")
    assert seen["flows"] == [{"id": made["id"], "name": "Uses it", "isEnabled": False}]
    await owner.ok("DELETE", f"{CONNECTIONS}/{connection}", status=204)
    assert (await owner("GET", f"{CONNECTIONS}/{connection}")).status == 404
    assert (await owner("DELETE", f"{CONNECTIONS}/{connection}")).status == 404


async def test_limits_are_set_and_removed_one_by_one_and_read_beside_what_waits(
    owner: Client, running: Running
) -> None:
    path = f"{CONNECTIONS}/{await connect(owner, running, 'Limited')}"
    set_ = await owner.ok(
        "PATCH", path, {"concurrency": 4, "requestsPerMinute": 60, "tokensPerMinute": 90_000}
    )
    assert (set_["concurrency"], set_["requestsPerMinute"], set_["tokensPerMinute"]) == (4, 60, 90_000)
    assert (await owner.ok("PATCH", path, {"requestsPerMinute": None}))["requestsPerMinute"] is None
    read = await owner.ok("GET", f"{path}/limits")
    assert read == {"concurrency": 4, "requestsPerMinute": None, "tokensPerMinute": 90_000, "models": []}
    refused = await owner("PATCH", path, {"tokensPerMinute": 5})
    assert refused.status == 400
    assert "tokensPerMinute" in refused.text
    assert (await owner("GET", f"{CONNECTIONS}/999999/limits")).status == 404


async def test_models_are_asked_for_once_and_again_when_refreshed(owner: Client, running: Running) -> None:
    path = f"{CONNECTIONS}/{await connect(owner, running, 'Listing')}/models"
    first = await owner.ok("GET", path)
    assert [model["id"] for model in first["results"]] == ["gpt-4.1-mini"]
    assert first["results"][0]["temperature"] == {"low": 0.0, "high": 2.0}
    running.provider.key, right = "changed", running.provider.key
    try:
        assert await owner.ok("GET", path) == first
        assert (await owner("GET", f"{path}?refresh=true")).status == 400
    finally:
        running.provider.key = right
    again = await owner.ok("GET", f"{path}?refresh=true")
    assert again["results"] == first["results"]
    assert again["fetchedAt"] > first["fetchedAt"]


async def test_a_list_of_models_of_another_release_is_fetched_anew(owner: Client, running: Running) -> None:
    connection = await connect(owner, running, "Older")
    first = await owner.ok("GET", f"{CONNECTIONS}/{connection}/models")
    db = await asyncpg.connect(running.database_url)
    await db.execute(
        """UPDATE model_lists SET models = '[{"id": "x", "unknown_field": 1}]' WHERE connection_id = $1""",
        int(connection),
    )
    await db.close()
    assert (await owner.ok("GET", f"{CONNECTIONS}/{connection}/models"))["results"] == first["results"]


async def test_a_new_key_is_taken_only_when_the_provider_accepts_it(owner: Client, running: Running) -> None:
    path = f"{CONNECTIONS}/{await connect(owner, running, 'Rotating')}"
    before = await owner.ok("GET", path)
    assert (await owner("PUT", f"{path}/key", {"key": "sk-wrong-key-0123456789"})).status == 400
    assert await owner.ok("GET", path) == before
    after = await owner.ok("PUT", f"{path}/key", {"key": running.provider.key})
    assert after["changedAt"] > before["changedAt"]


async def test_a_named_secret_goes_in_and_never_comes_out(owner: Client) -> None:
    value = "a-secret-value-that-is-long"
    stored = await owner("PUT", "/penstock/v1/secrets/crm-hook", {"value": value})
    assert (stored.status, stored.json["lastFour"]) == (200, "long")
    listed = await owner("GET", "/penstock/v1/secrets")
    assert value not in stored.text + listed.text
    broken = await owner("PUT", "/penstock/v1/secrets/crm-hook", {"value": "two\nlines-of-a-secret"})
    assert broken.status == 400
    assert "lines-of-a-secret" not in broken.text
    await owner.ok("DELETE", "/penstock/v1/secrets/crm-hook", status=204)
    assert (await owner("DELETE", "/penstock/v1/secrets/crm-hook")).status == 404
