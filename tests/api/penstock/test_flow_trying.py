"""Trying over HTTP: a step's texts, one step, a whole workflow, who would come in. Nothing is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.api.calling import Client, Running
from tests.api.flow_documents import MATCHES_HIGH, ticket_flow
from tests.llm_stand_in import GOOD_KEY, Trouble

V1 = "/penstock/v1"


@pytest.fixture
async def connection(owner: Client) -> str:
    """An OpenAI connection; its id."""
    listed = (await owner.ok("GET", f"{V1}/connections"))["results"]
    for one in listed:
        if one["name"] == "Trying":
            return str(one["id"])
    wish = {"provider": "openai", "name": "Trying", "key": GOOD_KEY}
    return str((await owner.ok("POST", f"{V1}/connections", wish, status=201))["id"])


@pytest.fixture
async def ticket(owner: Client) -> str:
    """A ticket; its id."""
    wish = {"properties": {"subject": "Fire", "content": "The house burns"}}
    return str((await owner.ok("POST", "/crm/v3/objects/tickets", wish, status=201))["id"])


@pytest.fixture
async def flow(owner: Client) -> str:
    """A workflow whose draft is tried; its id."""
    return str((await owner.ok("POST", "/automation/v4/flows", ticket_flow(), status=201))["id"])


def document(connection: str) -> dict[str, Any]:
    ask = {
        "type": "SINGLE_CONNECTION",
        "actionId": "1",
        "actionTypeId": "1-1000",
        "actionTypeVersion": 1,
        "fields": {
            "connection_id": connection,
            "model": "gpt-4.1-mini",
            "system_prompt": "You sort tickets.",
            "prompt": "{{ enrolled_object.subject }}: {{ enrolled_object.content }} ({{ enrolled_object.hs_ticket_category }})",
        },
        "connection": {"edgeType": "STANDARD", "nextActionId": "2"},
    }
    write = {
        "type": "SINGLE_CONNECTION",
        "actionId": "2",
        "actionTypeId": "0-5",
        "actionTypeVersion": 0,
        "fields": {
            "property_name": "hs_ticket_priority",
            "value": {"type": "FIELD_DATA", "actionId": "1", "dataKey": "text"},
        },
    }
    return ticket_flow(actions=[ask, write])


async def test_a_preview_shows_the_prompt_with_what_is_missing_and_its_price_and_asks_no_model(
    owner: Client, running: Running, connection: str, ticket: str, flow: str
) -> None:
    before = len(running.provider.seen)
    wish = {"document": document(connection), "actionId": "1", "recordId": ticket}
    shown = await owner.ok("POST", f"{V1}/flow-previews", wish)
    texts = {text["field"]: text["segments"] for text in shown["texts"]}
    assert texts["system_prompt"] == [{"text": "You sort tickets.", "token": None, "missing": False}]
    assert texts["prompt"][0] == {"text": "Fire", "token": "enrolled_object.subject", "missing": False}
    assert shown["missing"] == ["enrolled_object.hs_ticket_category"]
    assert shown["inputTokens"] > 5
    assert 0 < float(shown["costUsd"]) < 0.01
    assert len(running.provider.seen) == before


async def test_a_preview_shows_the_request_exactly_as_a_test_then_sends_it(
    owner: Client, running: Running, connection: str, ticket: str, flow: str
) -> None:
    asked = document(connection)
    asked["actions"][0]["fields"] |= {
        "prompt": "Sort: {{ enrolled_object.content | fenced }}",
        "max_output_tokens": 50,
        "output": {"type": "fields", "fields": [{"name": "topic", "type": "text"}]},
    }
    wish = {"document": asked, "actionId": "1", "recordId": ticket}
    shown = await owner.ok("POST", f"{V1}/flow-previews", wish)
    assert "<data-" in shown["texts"][1]["segments"][1]["text"]
    assert 0 < shown["fixedTokens"] < shown["inputTokens"]
    running.provider.answer = lambda _prompt: '{"topic": "x"}'
    await owner.ok("POST", f"{V1}/flows/{flow}/step-tests", wish)
    assert shown["sent"] == running.provider.seen[-1].body


async def test_a_preview_says_why_nothing_would_be_sent(
    owner: Client, connection: str, ticket: str, flow: str
) -> None:
    asked = document(connection)
    asked["actions"][0]["fields"] |= {"max_prompt_tokens": 1}
    shown = await owner.ok(
        "POST", f"{V1}/flow-previews", {"document": asked, "actionId": "1", "recordId": ticket}
    )
    assert (shown["sent"], shown["failure"]["code"]) == (None, "PROMPT_TOO_LONG")


async def test_a_step_test_asks_the_model_and_writes_nothing(
    owner: Client, running: Running, connection: str, ticket: str, flow: str
) -> None:
    running.provider.answer = lambda _prompt: "HIGH"
    running.provider.pages = [("https://example.com/fires", "Fires")]
    searching = document(connection)
    searching["actions"][0]["fields"]["web_search"] = True
    wish = {"document": searching, "actionId": "1", "recordId": ticket}
    tried = await owner.ok("POST", f"{V1}/flows/{flow}/step-tests", wish)
    [step] = tried["steps"]
    assert step["sources"] == [{"url": "https://example.com/fires", "title": "Fires"}]
    assert (step["answer"], step["provider"], step["inputTokens"]) == ("HIGH", "openai", 20)
    assert step["prompt"].startswith("Fire: The house burns")
    assert float(step["costUsd"]) > 0.01
    assert (tried["before"], tried["after"]) == ({}, {})


async def test_a_later_step_is_tried_with_sent_outputs_or_by_running_the_steps_before(
    owner: Client, running: Running, connection: str, ticket: str, flow: str
) -> None:
    running.provider.answer = lambda _prompt: "LOW"
    wish = {"document": document(connection), "actionId": "2", "recordId": ticket}
    sent = await owner.ok(
        "POST", f"{V1}/flows/{flow}/step-tests", {**wish, "outputs": {"1": {"text": "HIGH"}}}
    )
    assert sent["after"] == {"hs_ticket_priority": "HIGH"}
    walked = await owner.ok("POST", f"{V1}/flows/{flow}/step-tests", {**wish, "runEarlier": True})
    assert ([step["actionId"] for step in walked["steps"]], walked["after"]) == (
        ["1", "2"],
        {"hs_ticket_priority": "LOW"},
    )
    record = await owner.ok("GET", f"/crm/v3/objects/tickets/{ticket}?properties=hs_ticket_priority")
    assert not record["properties"].get("hs_ticket_priority")


async def test_a_whole_test_shows_every_step_and_what_would_change(
    owner: Client, running: Running, connection: str, ticket: str, flow: str
) -> None:
    running.provider.answer = lambda _prompt: "HIGH"
    tried = await owner.ok(
        "POST", f"{V1}/flows/{flow}/flow-tests", {"document": document(connection), "recordId": ticket}
    )
    assert (tried["status"], tried["after"]) == ("COMPLETED", {"hs_ticket_priority": "HIGH"})
    assert json.dumps(tried["steps"]).count("Use a custom LLM") == 1


async def test_a_provider_that_refuses_is_told_in_its_own_words(
    owner: Client, running: Running, connection: str, ticket: str, flow: str
) -> None:
    said = {"error": {"message": "The model `gpt-4.1-mini` is resting", "code": "model_not_found"}}
    running.provider.trouble = lambda _seen: Trouble(404, said)
    try:
        leading_failures = document(connection)
        leading_failures["actions"][0]["fields"]["error_path"] = {}  # in a test it would hide what failed
        wish = {"document": leading_failures, "actionId": "1", "recordId": ticket}
        tried = await owner.ok("POST", f"{V1}/flows/{flow}/step-tests", wish)
    finally:
        running.provider.trouble = lambda _seen: None
    assert tried["status"] == "FAILED"
    assert "is resting" in tried["error"]["message"]
    assert tried["error"]["remedy"]


async def test_who_would_come_in_is_counted_or_the_reason_why_not_is_given(
    owner: Client, connection: str
) -> None:
    by_filter = ticket_flow(enrollmentCriteria=MATCHES_HIGH)
    counted = await owner.ok("POST", f"{V1}/flow-matches", {"document": by_filter})
    assert counted["matching"]["exact"] is True
    by_hand = await owner.ok("POST", f"{V1}/flow-matches", {"document": document(connection)})
    assert (by_hand["matching"], "by hand" in by_hand["note"]) == (None, True)
