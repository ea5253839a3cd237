"""What needs attention is grouped by cause across workflows, with the runs behind it and deeds that help."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.workflows.scene_of_runs import edit, flow_of, runs_at

from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows.attention.attention import count_attention, read_attention
from penstock.workflows.attention.causes import CAUSES, OTHER, cause_of
from penstock.workflows.attention.group import Group
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.run_history.counts import Count

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CONNECT = """
INSERT INTO connections (id, workspace_id, name, provider, status, status_detail) VALUES ($1, 1, $2, 'openai', $3, $4)
"""


async def groups(db: Connection, workspace_id: int = 1) -> dict[str, Group]:
    return {group.key: group for group in await read_attention(db, PlanSource(), workspace_id, NOW)}


async def test_failed_runs_are_grouped_by_workflow_action_and_code_newest_first(crm: Connection) -> None:
    one, two = await flow_of(crm, edit("1", "2"), edit("2")), await flow_of(crm, edit("1"))
    await runs_at(crm, one, range(1, 8), "FAILED", "1", "TIMEOUT")
    await runs_at(crm, one, range(10, 13), "FAILED", "2", "INVALID_PROPERTY_VALUE")
    newest = await runs_at(crm, two, range(1, 3), "FAILED", "1", "SOMETHING_NEW")
    await runs_at(crm, one, range(20, 30), "WAITING", "1", None, "time")
    await runs_at(crm, one, range(30, 40), "COMPLETED", None, None)
    gone = await flow_of(crm, edit("1"))
    await runs_at(crm, gone, range(1, 5))
    await crm.execute("UPDATE flows SET deleted_at = now() WHERE id = $1", gone)
    found = await groups(crm)
    assert {key: group.count.count for key, group in found.items()} == {
        f"failed:{one}:1:TIMEOUT": 7,
        f"failed:{one}:2:INVALID_PROPERTY_VALUE": 3,
        f"failed:{two}:1:SOMETHING_NEW": 2,
    }
    first = found[f"failed:{two}:1:SOMETHING_NEW"]
    assert (first.title, first.action_title, first.flow_name) == (OTHER.title, "Edit record", "Triage")
    assert [sample.id for sample in first.samples] == sorted(newest, reverse=True)
    assert first.samples[0].record_name == "Ticket 2"
    [retry] = [remedy for remedy in first.remedies if remedy.kind == "retry_group"]
    assert (retry.flow_id, retry.action_id, retry.error_code) == (two, "1", "SOMETHING_NEW")
    assert await groups(crm, workspace_id=2) == {}
    assert (await count_attention(crm, 1)).runs == Count(12, exact=True)


async def test_a_connection_in_trouble_is_one_group_with_all_its_paused_runs_and_the_first_cause(
    crm: Connection,
) -> None:
    await crm.execute(CONNECT, 7, "Ours", "needs_attention", "The provider refused the key.")
    await crm.execute(CONNECT, 8, "Idle", "needs_attention", "Refused in a test.")
    await crm.execute("UPDATE connections SET status_code = 'OUT_OF_MONEY' WHERE id = 8")
    await crm.execute(CONNECT, 9, "Well", "connected", "")
    one, two = await flow_of(crm, edit("1")), await flow_of(crm, edit("1"))
    await runs_at(crm, one, range(1, 3), "WAITING", "1", "AUTHENTICATION", "connection:7")
    await runs_at(crm, two, range(1, 11), "WAITING", "1", "CONNECTION_NEEDS_ATTENTION", "connection:7")
    found = await groups(crm)
    assert list(found) == ["connection:7", "connection:8"]
    paused, idle = found.values()
    assert (paused.kind, paused.code, paused.count) == (
        "paused_runs",
        "AUTHENTICATION",
        Count(12, exact=True),
    )
    assert (paused.message, paused.connection_name) == ("The provider refused the key.", "Ours")
    assert [remedy.kind for remedy in paused.remedies] == ["replace_key", "test_connection"]
    assert {remedy.connection_id for remedy in paused.remedies} == {7}
    assert (idle.kind, idle.code, idle.count.count, idle.samples) == ("connection", "OUT_OF_MONEY", 0, ())
    assert idle.remedies[0].kind == "fund_account"
    assert (await count_attention(crm, 1)).connections == 2


async def test_unsent_mails_broken_imports_and_ending_models_need_attention_too(crm: Connection) -> None:
    await crm.execute(CONNECT, 7, "Ours", "connected", "")
    await crm.execute(
        "INSERT INTO model_lists (connection_id, models) VALUES (7, $1)",
        [
            {"id": "old", "retires_at": "2026-12-01"},
            {"id": "new", "retires_at": "2027-12-01"},
            {"id": "x", "retires_at": None},
        ],
    )
    await crm.execute(
        "INSERT INTO mails (workspace_id, key, recipients, subject, html, text, status, error, created_at)"
        " SELECT 1, n::text, '{a@example.com}', 's', 'h', 't', 'failed', 'No route.', $1 FROM generate_series(1, 4) n",
        NOW,
    )
    await crm.execute(
        "INSERT INTO imports (workspace_id, object_type_id, name, state, message, updated_at)"
        " VALUES (1, '0-5', 'list.csv', 'FAILED', 'The server ended.', $1)",
        NOW,
    )
    fields: JsonObject = {"connection_id": "7", "model": "old", "prompt": "Sort", "output": {"type": "text"}}
    ask: JsonObject = {"type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "1-1000", "actionTypeVersion": 0, "fields": fields}  # fmt: skip
    flow = await flow_of(crm, ask)
    found = await groups(crm)
    assert [(group.kind, group.count.count) for group in found.values()] == [
        ("failed_mails", 4),
        ("failed_import", 1),
        ("retired_model", 0),
    ]
    (broken,) = (group for group in found.values() if group.kind == "failed_import")
    assert [(remedy.kind, remedy.object_type) for remedy in broken.remedies] == [("open_import", "tickets")]
    model = found[f"model:{flow}:1:7:old"]
    assert (model.model, model.connection_name, model.action_id) == ("old", "Ours", "1")
    assert [(remedy.kind, remedy.flow_id) for remedy in model.remedies] == [
        ("replace_model", flow),
        ("choose_model", flow),
    ]
    assert "2026-12-01" in model.meaning


def test_every_cause_has_words_and_at_least_one_deed() -> None:
    for code, cause in {**CAUSES, "": OTHER}.items():
        assert cause.title[0].isupper(), code
        assert not cause.title.endswith("."), code
        assert cause.meaning.endswith("."), code
        assert cause.remedies, code
        assert len(set(cause.remedies)) == len(cause.remedies), code
    assert cause_of("NEVER_HEARD_OF") is OTHER
