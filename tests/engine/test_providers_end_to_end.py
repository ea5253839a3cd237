"""The same flow through each of the five providers' wire formats: key check, request, answer, branch, value, mail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.engine.scene import (
    answer,
    ask,
    connected,
    edit,
    enroll,
    settled,
    step,
    tickets,
    turned_on,
    value_of,
)
from tests.llm_stand_in import GOOD_KEY, StandIn

from penstock.bootstrap import Penstock, work
from penstock.workflows.runs import get_steps

# provider, model, and what temperature 0.2 and effort "low" come to on the wire for that model.
CASES: list[tuple[str, str, dict[str, Any], set[str]]] = [
    ("openai", "gpt-4.1-mini", {"temperature": 0.2, "reasoning": None}, {"effort"}),
    ("openai", "gpt-5.2", {"temperature": None, "reasoning": {"effort": "low"}}, {"temperature"}),
    ("anthropic", "claude-opus-4-6", {"output_config.effort": "low", "thinking.type": "adaptive", "temperature": None}, {"temperature"}),
    ("google", "gemini-2.5-flash", {"generationConfig.temperature": 0.2, "generationConfig.thinkingConfig.thinkingBudget": 2048}, set()),
    ("google", "gemini-3-flash-preview", {"generationConfig.thinkingConfig.thinkingLevel": "low"}, set()),
    ("xai", "grok-4.3", {"temperature": 0.2, "reasoning": {"effort": "low"}}, set()),
    ("cohere", "command-a-03-2025", {"temperature": 0.2, "thinking": None}, {"effort"}),
]  # fmt: skip

KEY_HEADER = {
    "openai": ("Authorization", f"Bearer {GOOD_KEY}"),
    "xai": ("Authorization", f"Bearer {GOOD_KEY}"),
    "cohere": ("Authorization", f"Bearer {GOOD_KEY}"),
    "anthropic": ("x-api-key", GOOD_KEY),
    "google": ("x-goog-api-key", GOOD_KEY),
}


def at(body: dict[str, Any], path: str) -> Any:
    """The value at a dotted path, None where there is none."""
    value: Any = body
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


@pytest.mark.parametrize(
    ("provider", "model", "on_the_wire", "dropped"), CASES, ids=[f"{c[0]}-{c[1]}" for c in CASES]
)
async def test_a_flow_runs_through_the_provider_with_the_parameters_that_the_model_takes(
    app: Penstock,
    stand_in: StandIn,
    provider: str,
    model: str,
    on_the_wire: dict[str, Any],
    dropped: set[str],
) -> None:
    stand_in.answer = lambda _prompt: json.dumps({"urgency": "high"})
    connection = await connected(app, provider)
    [ticket] = await tickets(app, "The house is on fire")
    flow = await turned_on(
        app,
        ask("1", connection, model, "2", temperature="0.2", reasoning_effort="low", system_prompt="You sort tickets."),
        {
            "type": "STATIC_BRANCH", "actionId": "2", "inputValue": answer("1", "urgency"),
            "staticBranches": [{"branchValue": "high", "connection": {"edgeType": "STANDARD", "nextActionId": "3"}}],
            "defaultBranchName": "Other",
        },
        edit("3", "urgency", answer("1", "urgency"), "4"),
        step("4", "0-8", {"user_ids": [], "emails": ["team@penstock.test"], "subject": "Urgent", "body": "<p>{{ enrolled_object.subject }}</p>"}),
    )  # fmt: skip
    async with work(app):
        [run] = await enroll(app, flow, ticket)
        assert (await settled(app, run.enrollment_id)).status == "COMPLETED"
    [seen] = stand_in.seen
    name, value = KEY_HEADER[provider]
    assert seen.headers.get(name) == value
    assert seen.prompt.startswith("How urgent? The house is on fire")
    for path, expected in on_the_wire.items():
        assert at(seen.body, path) == expected, (path, seen.body)
    assert "You sort tickets." in json.dumps(seen.body)
    assert await value_of(app, ticket, "urgency") == "high"
    async with app.pool.acquire() as db:
        first = (await get_steps(db, 1, run.enrollment_id))[0]
        history = await db.fetchrow(
            "SELECT * FROM property_history WHERE record_id = $1 AND property = 'urgency'", ticket
        )
        mail = await db.fetchrow("SELECT subject, recipients FROM mails")
    assert first.detail is not None
    assert first.detail["tokens"]["input"] == 20  # type: ignore[index, call-overload]
    assert {entry["field"] for entry in first.detail.get("dropped", [])} == dropped  # type: ignore[union-attr, index, call-overload]
    assert history is not None
    assert history["source_detail"]["model"] == model
    assert history["source_detail"]["flow_id"] == str(flow)
    assert mail is not None
    assert mail["recipients"] == ["team@penstock.test"]
