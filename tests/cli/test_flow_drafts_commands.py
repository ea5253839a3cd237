"""Drafts and revisions from the command line: publish, list, compare, restore, try one step."""

from __future__ import annotations

import json
from typing import Any

from tests.cli.conftest import Cli
from tests.cli.test_flows_commands import tagging


def put(cli: Cli, **changes: Any) -> str:
    """A new workflow; its id."""
    return str(cli("flows", "put", "-", "--json", stdin=json.dumps(tagging(**changes))).json["id"])


def replace(cli: Cli, flow_id: str, **changes: Any) -> None:
    """Another revision of a workflow."""
    live = cli("flows", "get", flow_id, "--json").json
    done = cli("flows", "put", "-", "--id", flow_id, stdin=json.dumps({**live, **changes}))
    assert done.status == 0, done.err


def test_a_revision_is_restored_compared_and_published_again(cli: Cli) -> None:
    flow_id = put(cli)
    replace(cli, flow_id, name="Tag again", actions=tagging("LOW")["actions"])
    assert cli("flows", "publish", flow_id).status == 4

    restored = cli("flows", "restore", flow_id, 1)
    assert f"penstock flows publish {flow_id}" in restored.out
    assert cli("flows", "restore", flow_id, 1).status == 5
    assert cli("flows", "restore", flow_id, 1, "--replace-draft").status == 0

    shown = cli("flows", "diff", flow_id).out
    assert "action 1 (Edit record): changed" in shown
    assert "- LOW" in shown
    assert "+ HIGH" in shown
    found = cli("flows", "diff", flow_id, 1, 2, "--json").json
    assert [change["path"] for change in found["settings"]] == ["name"]
    assert "the same" in cli("flows", "diff", flow_id, 1, "draft").out

    published = cli("flows", "publish", flow_id, "--on", "--json").json
    assert (published["revisionId"], published["isEnabled"], published["enrolled"]) == ("3", True, 0)
    listed = cli("flows", "revisions", flow_id, "--json").json["results"]
    assert [(row["revisionId"], row["isLive"]) for row in listed] == [("3", True), ("2", False), ("1", False)]
    assert (listed[0]["changes"], listed[2]["changes"]) == ("1 changed, name", "the first revision")
    assert "More: --before 3" in cli("flows", "revisions", flow_id, "--limit", 1).out


def test_a_draft_is_kept_read_overwritten_by_version_only_and_discarded(cli: Cli) -> None:
    flow_id = put(cli)
    document = {**cli("flows", "get", flow_id, "--json").json, "name": "Later", "actions": []}
    kept = cli("flows", "put", "-", "--id", flow_id, "--draft", stdin=json.dumps(document))
    assert kept.status == 0, kept.err
    assert f"penstock flows diff {flow_id}" in kept.out
    live = cli("flows", "get", flow_id, "--json").json
    assert (live["revisionId"], live["name"]) == ("1", "Tag")

    draft = cli("flows", "get", flow_id, "--draft", "--json").json
    assert (draft["name"], draft["revisionId"]) == ("Later", "1")
    again = json.dumps({**draft, "name": "Later still"})
    assert cli("flows", "put", "-", "--id", flow_id, "--draft", stdin=again).status == 0
    stale = cli("flows", "put", "-", "--id", flow_id, "--draft", stdin=again)
    assert stale.status == 5
    assert "saved this draft since you read it" in stale.err
    assert cli("flows", "put", "-", "--id", flow_id, "--draft", "--replace-draft", stdin=again).status == 0
    assert "draftVersion" not in json.dumps(cli("flows", "diff", flow_id, "--json").json)

    assert cli("flows", "discard", flow_id).status == 0
    assert cli("flows", "get", flow_id, "--draft").status == 4
    assert "--id" in cli("flows", "put", "-", "--draft", stdin=again).err
    wrong = json.dumps({**document, "draftVersion": "new"})
    assert "draftVersion" in cli("flows", "put", "-", "--id", flow_id, "--draft", stdin=wrong).err


def test_what_is_no_revision_is_refused(cli: Cli) -> None:
    flow_id = put(cli)
    assert "neither" in cli("flows", "diff", flow_id, "first").err
    assert cli("flows", "diff", flow_id, 1, 7).status == 4


def test_a_step_is_tried_on_a_record_and_nothing_is_written(cli: Cli, ticket: int) -> None:
    flow_id = put(cli)
    tried = cli("flows", "test-step", flow_id, "1", "--record", ticket)
    assert tried.status == 0, tried.err
    assert "hs_ticket_priority: (empty) -> HIGH" in tried.out
    assert "hs_ticket_priority" not in cli("records", "get", "tickets", ticket).out
    assert cli("flows", "test-step", flow_id, "9", "--record", ticket).status == 4
