"""Evals from the command line: sample, keep, run, gate, a refused publication, an override."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Cli
from tests.cli.threaded_stand_in import environment
from tests.llm_stand_in import GOOD_KEY, StandIn


def flow_of(prompt: str, connection: str) -> dict[str, Any]:
    ask = {
        "type": "SINGLE_CONNECTION",
        "actionId": "1",
        "actionTypeId": "1-1000",
        "actionTypeVersion": 1,
        "fields": {
            "connection_id": connection,
            "model": "gpt-4.1-mini",
            "prompt": prompt + " {{ enrolled_object.subject }}",
        },
    }
    return {
        "type": "PLATFORM_FLOW",
        "flowType": "WORKFLOW",
        "name": "Sort",
        "objectTypeId": "0-5",
        "isEnabled": False,
        "startActionId": "1",
        "actions": [ask],
    }


def test_a_worse_prompt_is_refused_at_publish_and_passes_with_a_reason(
    cli: Cli, provider: StandIn, ticket: int, tmp_path: Path
) -> None:
    provider.answer = lambda prompt: "other" if prompt.startswith("Badly") else "card"
    env = environment(provider)
    connected: Any = cli("connect", "openai", "--key-stdin", "--json", stdin=GOOD_KEY, env=env).json
    document = flow_of("What?", connected["id"])
    flow: Any = cli("flows", "put", "-", "--json", stdin=json.dumps(document)).json
    sample: Any = cli("sample", flow["id"], "--json").json
    assert cli("evals", "create", flow["id"], "--step", "1", "--name", "Sorts").status == 0
    assert "1 cases are added" in cli("evals", "keep", 1, "--sample", sample["id"]).out
    file = tmp_path / "cases.csv"
    file.write_text("subject,expected.text\nCard lost,card\nLoan denied,loan\n")
    assert "2 cases are added" in cli("evals", "import", 1, file).out
    assert "has no judge" in cli("evals", "change-case", 1, 1, "--expect", "text.judge=Is calm.").err
    judge = ("--judge-connection", connected["name"], "--judge-model", "gpt-4.1")
    assert "judged by gpt-4.1" in cli("evals", "change", 1, *judge).out
    assert "judged: Is calm." in cli("evals", "change-case", 1, 1, "--expect", "text.judge=Is calm.").out
    added = cli(
        "evals", "add-case", 1, "--record", ticket, "--name", "Fourth", "--expect", "text.one_of=card;loan"
    )
    assert "text: one of card, loan" in added.out
    assert cli("evals", "delete-case", 1, 4).status == 0
    assert cli("evals", "change-case", 1, 1, "--expect", "text=card").status == 0
    assert "without a judge" in cli("evals", "change", 1, "--no-judge").out
    shown = cli("evals", "run", 1)
    assert "Agreement 66.7 %: 2 of 3 checks in 3 of 3 cases" in shown.out, shown.out + shown.err
    assert "text: expected against what came" in shown.out
    assert "waits for eval set 1" in cli("evals", "gate", 1, "--margin", "0.05").out
    assert cli("flows", "on", flow["id"]).status == 0
    worse = {
        **cli("flows", "get", flow["id"], "--json").json,
        "actions": flow_of("Badly", connected["id"])["actions"],
    }
    assert (
        cli("flows", "put", "-", "--id", flow["id"], stdin=json.dumps({**worse, "isEnabled": False})).status
        == 0
    )
    assert cli("flows", "restore", flow["id"], 2).status == 0
    refused = cli("flows", "publish", flow["id"], "--run-evals")
    assert refused.status == 5
    assert "[BELOW_BASELINE]" in refused.err
    assert cli("evals", "check", flow["id"]).status == 1
    compared = cli("evals", "compare", 1, 2)
    assert "Worse: 2" in compared.out
    assert "all checks" in compared.out
    assert cli("flows", "publish", flow["id"], "--override", "Urgent.").status == 0
    assert json.loads(cli("evals", "runs", 1, "--json").out)["results"][0]["score"]["agreement"] == 0


def test_a_model_is_replaced_in_a_draft_and_the_command_says_that_nothing_is_published(
    cli: Cli, provider: StandIn, ticket: int, tmp_path: Path
) -> None:
    provider.answer = lambda _prompt: "card"
    env = environment(provider)
    connected: Any = cli("connect", "openai", "--key-stdin", "--json", stdin=GOOD_KEY, env=env).json
    flow: Any = cli("flows", "put", "-", "--json", stdin=json.dumps(flow_of("What?", connected["id"]))).json
    cli("evals", "create", flow["id"], "--step", "1")
    file = tmp_path / "cases.csv"
    file.write_text("subject,expected.text\nCard lost,card\n")
    cli("evals", "import", 1, file)
    shown = cli("models", "replace", "gpt-4.1-mini", "gpt-4.1")
    assert shown.status == 0, shown.err
    assert "asks gpt-4.1 in the draft" in shown.out
    assert "penstock evals compare 1 2" in shown.out
    assert f"Nothing is published. To do it: penstock flows publish {flow['id']}" in shown.out
    assert cli("flows", "get", flow["id"], "--json").json["revisionId"] == "1"
    assert "No step asks a model" in cli("models", "retiring").out
