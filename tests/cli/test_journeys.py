"""The command line as processes on one home folder with its embedded database, as a person uses it."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Installation
from tests.cli.test_flows_commands import tagging
from tests.llm_stand_in import GOOD_KEY, StandIn

COMPLAINTS = """\
Number,Title,Text,Priority
1,Card charged twice,They charged me twice.,HIGH
2,Login fails,I cannot log in.,huge
3,"Letter, unanswered","No
answer.",LOW
"""


def wait_for_end(installation: Installation, run_id: str) -> dict[str, Any]:
    """The run once it has ended."""
    deadline = time.monotonic() + 60
    while True:
        run = installation.run("runs", "show", run_id, "--json").json
        if run["status"] not in {"ACTIVE", "WAITING"}:
            return run
        assert time.monotonic() < deadline, run


@pytest.fixture
def worker(installation: Installation) -> Iterator[subprocess.Popen[str]]:
    """A worker beside the command lines, on the same embedded database; it has to end well."""
    started = installation.start("worker")
    assert started.stderr is not None
    while "Working" not in started.stderr.readline():
        assert started.poll() is None
    yield started
    started.send_signal(signal.SIGTERM)
    _out, err = started.communicate(timeout=60)
    assert started.returncode == 0, err


@pytest.mark.usefixtures("worker")
def test_from_a_csv_file_to_an_answer_of_the_model_in_the_history(
    installation: Installation, provider: StandIn, tmp_path: Path
) -> None:
    file = tmp_path / "complaints.csv"
    file.write_text(COMPLAINTS)
    errors = tmp_path / "errors.csv"
    imported = installation.run(
        "import", file, "--type", "tickets", "--create-properties",
        "--map", "Number=complaint_number", "--map", "Title=subject", "--map", "Text=content",
        "--map", "Priority=hs_ticket_priority", "--unique", "complaint_number", "--errors-to", errors, "--json",
    )  # fmt: skip
    assert imported.status == 1, imported.err
    assert (imported.json["createdCount"], imported.json["errorCount"]) == (2, 1)
    assert "3" in errors.read_text().splitlines()[1]

    refused = installation.run("connect", "openai", "--key-stdin", stdin="sk-wrong-0123456789")
    assert refused.status != 0
    connected = installation.run("connect", "openai", "--key-stdin", "--json", stdin=GOOD_KEY)
    assert connected.status == 0, connected.err

    ask = {
        "type": "SINGLE_CONNECTION",
        "actionId": "2",
        "actionTypeId": "1-1000",
        "actionTypeVersion": 0,
        "fields": {
            "connection_id": connected.json["id"],
            "model": "gpt-4.1-mini",
            "prompt": "What is it about? {{ enrolled_object.content }}",
            "output": {"type": "text"},
        },
        "connection": {"edgeType": "STANDARD", "nextActionId": "1"},
    }
    document = tagging("URGENT", name="Ask", startActionId="2", nextAvailableActionId="3", isEnabled=True)
    document["actions"].append(ask)
    flow_id = installation.run("flows", "put", "-", "--json", stdin=json.dumps(document)).json["id"]

    records = installation.run("records", "list", "tickets", "--json").json["results"]
    record_id = next(row["id"] for row in records if row["properties"]["subject"] == "Card charged twice")
    [run] = installation.run("flows", "enroll", flow_id, "--record", record_id, "--json").json["results"]
    ended = wait_for_end(installation, run["enrollmentId"])
    assert ended["status"] == "COMPLETED", ended
    assert ended["outputs"]["2"]["text"] == "It is about a card."
    assert [effect["kind"] for effect in ended["effects"]] == ["llm_call"]
    assert provider.seen[-1].prompt == "What is it about? They charged me twice."
    shown = installation.run("runs", "show", ended["id"]).out
    assert "What is it about? They charged me twice." in shown
    history = installation.run(
        "records", "history", "tickets", record_id, "--property", "hs_ticket_priority"
    ).out
    assert "AUTOMATION_PLATFORM" in history


def test_the_demo_triages_its_tickets_twice_and_ends_with_the_state_of_its_runs(
    installation: Installation, provider: StandIn
) -> None:
    env = {"PENSTOCK_OPENAI_API_KEY": GOOD_KEY}
    first = installation.run("demo", "--once", "--enroll", "6", "--json", env=env)
    assert first.status == 0, first.err
    assert [answer["status"] for answer in first.json["answers"]] == ["COMPLETED"] * 6
    assert len({answer["recordId"] for answer in first.json["answers"]}) == 6
    assert len({answer["label"] for answer in first.json["answers"]}) > 3
    assert all(answer["urgency"] == "high" and answer["tokens"] == 27 for answer in first.json["answers"])
    assert sum(first.json["mails"].values()) == 6

    second = installation.run("demo", "--once", "--enroll", "6", env=env)
    assert second.status == 0, second.err
    assert "Agreement with the label that a person gave" in second.out
    assert GOOD_KEY not in second.out + second.err
    flows = [
        row for row in installation.run("flows", "list", "--json").json["results"] if "Triage" in row["name"]
    ]
    assert [row["id"] for row in flows] == [first.json["flowId"]]
    mails = installation.run("outbox", "list", "--json").json["results"]
    assert len(mails) == 12
    assert installation.run("outbox", "show", mails[0]["id"]).out.startswith("To")


def test_a_demo_whose_model_fails_ends_with_1_and_says_why(
    installation: Installation, provider: StandIn
) -> None:
    answer = provider.answer
    provider.answer = lambda _prompt: "no json at all"
    try:
        ended = installation.run("demo", "--once", "--enroll", "2", env={"PENSTOCK_OPENAI_API_KEY": GOOD_KEY})
    finally:
        provider.answer = answer
    assert ended.status == 1, ended.err
    assert "FAILED" in ended.out


def test_a_second_signal_ends_a_worker_at_once(installation: Installation, provider: StandIn) -> None:
    worker = installation.start("worker")
    assert worker.stderr is not None
    while "Working" not in worker.stderr.readline():
        assert worker.poll() is None
    worker.send_signal(signal.SIGTERM)
    worker.send_signal(signal.SIGTERM)
    try:
        assert worker.wait(30) in {0, 128 + signal.SIGTERM}
    except subprocess.TimeoutExpired:
        worker.kill()
        raise
    finally:
        worker.communicate()
    assert installation.run("object-types", "list").status == 0


def test_sigterm_ends_a_demo_cleanly_and_the_next_one_finishes_what_it_left(
    installation: Installation, provider: StandIn
) -> None:
    provider.delay = 10.0
    # As a script's `penstock demo &` has it: children inherit that SIGINT is ignored.
    heeded = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        demo = installation.start(
            "demo", "--once", "--enroll", "2", env={"PENSTOCK_OPENAI_API_KEY": GOOD_KEY}
        )
        assert demo.stderr is not None
        while "tickets enrolled" not in demo.stderr.readline():
            assert demo.poll() is None
        demo.send_signal(signal.SIGTERM)
        _out, err = demo.communicate(timeout=60)
    finally:
        signal.signal(signal.SIGINT, heeded)
        provider.delay = 0.0
    assert demo.returncode == 130, err
    assert not (installation.home / "postgres" / "postmaster.pid").exists()

    again = installation.run(
        "demo", "--once", "--enroll", "2", "--json", env={"PENSTOCK_OPENAI_API_KEY": GOOD_KEY}
    )
    assert again.status == 0, again.out + again.err
    assert [answer["status"] for answer in again.json["answers"]] == ["COMPLETED"] * 2
