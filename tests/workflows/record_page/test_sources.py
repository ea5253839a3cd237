"""Sources of values as people read them: names for ids, and for a workflow its step, model and prompt."""

from __future__ import annotations

import pytest

from penstock.crm import records
from penstock.crm.defaults import install
from penstock.crm.schema import load_schema
from penstock.crm.source import Source
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows import flows
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.record_page import versions
from penstock.workflows.record_page.sources import RawSource, readable

FLOW: JsonObject = {
    "type": "PLATFORM_FLOW",
    "objectTypeId": "0-5",
    "name": "Triage",
    "startActionId": "7",
    "actions": [
        {
            "type": "SINGLE_CONNECTION",
            "actionId": action_id,
            "actionTypeId": action_type,
            "actionTypeVersion": 0,
            "fields": fields,
        }
        for action_id, action_type, fields in (
            ("7", "1-1000", {}),
            (
                "9",
                "0-5",
                {"property_name": "subject", "value": {"type": "STATIC_VALUE", "staticValue": "Hi"}},
            ),
        )
    ],
}


@pytest.fixture
async def crm(db: Connection) -> Connection:
    """A workspace with HubSpot's default objects."""
    await install(db, 1)
    return db


async def test_a_value_of_a_workflow_names_step_run_model_and_prompt(crm: Connection) -> None:
    flow = await flows.create(crm, 1, "test", FLOW)
    schema = await load_schema(crm, 1, "0-5")
    made = await records.create(crm, 1, schema, {}, Source("CRM_UI", "userId:1", "Anna"))
    await crm.execute(
        "INSERT INTO llm_calls (key, workspace_id, enrollment_id, flow_id, action_id, connection_id, provider, model,"
        " status, worker_id) VALUES ('k', 1, 44, $1, '7', 3, 'cohere', 'command-a', 'recorded', 'w')",
        flow.id,
    )
    detail: JsonObject = {
        "flow_id": str(flow.id), "revision_id": "1", "action_id": "9", "enrollment_id": "44",
        "source_action_id": "7", "prompt_hash": "abc123", "confidence": 0.91,
    }  # fmt: skip
    source = Source("AUTOMATION_PLATFORM", str(flow.id), "Its old name", detail, depth=1)
    await records.update(crm, 1, schema, made.id, {"subject": "Refund"}, source)
    [origin] = await versions.origins(crm, PlanSource(), 1, schema, made.id)
    step = origin.source.workflow
    assert step is not None
    assert (origin.source.kind, origin.source.name) == ("workflow", "Triage")
    assert (step.step_title, step.step_number, step.run_id) == ("Edit record", 2, "44")
    assert (step.provider, step.model, step.connection_id) == ("cohere", "command-a", "3")
    assert (step.prompt_hash, step.confidence) == ("abc123", 0.91)
    assert (step.asked_action_id, step.asked_step_title, step.asked_step_number) == (
        "7", "Use a custom LLM", 1,
    )  # fmt: skip


async def test_people_tokens_and_imports_go_by_their_names(crm: Connection) -> None:
    await crm.execute(
        "INSERT INTO users (id, workspace_id, email, first_name) VALUES (50, 1, 'anna@example.com', 'Anna')"
    )
    await crm.execute(
        "INSERT INTO imports (id, workspace_id, object_type_id, name, state) VALUES (60, 1, '0-5', 'a.csv', 'DONE')"
    )
    found = await readable(
        crm,
        PlanSource(),
        1,
        [
            RawSource("CRM_UI", "userId:50"),
            RawSource("CRM_UI", "root", "root"),
            RawSource("IMPORT", "60"),
            RawSource("API", "999", "A token that is gone"),
            RawSource("AUTOMATION_PLATFORM", "999"),
            RawSource("", ""),
        ],
    )
    assert [(one.kind, one.name) for one in found] == [
        ("person", "Anna"),
        ("command_line", "root"),
        ("import", "a.csv"),
        ("api_token", "A token that is gone"),
        ("workflow", ""),
        ("unknown", ""),
    ]
