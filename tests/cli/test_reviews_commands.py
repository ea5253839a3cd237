"""The review queue from the command line."""

from __future__ import annotations

import asyncio
import json

from tests.cli.conftest import Cli
from tests.cli.test_flows_commands import tagging
from tests.reviewing import doubt

from penstock.settings import Settings


def doubted(cli: Cli, settings: Settings, ticket: int) -> str:
    """A run that waits for a review; the review's id."""
    flow = cli("flows", "put", "-", "--json", stdin=json.dumps(tagging(isEnabled=True))).json["id"]
    [run] = cli("flows", "enroll", flow, "--record", ticket, "--json").json["results"]
    return asyncio.run(doubt(settings.database_url or "", run["enrollmentId"]))


def test_doubtful_answers_are_listed_shown_and_approved(cli: Cli, settings: Settings, ticket: int) -> None:
    review = doubted(cli, settings, ticket)
    assert "Priority: HIGH (40%)" in cli("reviews", "list").out
    assert "How urgent is this?" in cli("reviews", "show", review).out
    assert cli("reviews", "approve", review, "--set", "priority=Ablaze").status == 2
    done = cli("reviews", "approve", review, "--set", "priority=low", "--json").json
    assert done == {"results": [{"id": review, "state": "EDITED"}]}
    assert cli("reviews", "approve", review).status == 5
    assert cli("reviews", "list", "--json").json == {"results": []}
    assert (
        cli("reviews", "list", "--decided", "--json").json["results"][0]["decidedOutputs"]["priority"]
        == "LOW"
    )


def test_of_several_those_that_cannot_be_decided_are_named(cli: Cli, settings: Settings, ticket: int) -> None:
    review = doubted(cli, settings, ticket)
    ended = cli("reviews", "reject", review, "77", "--reason", "No.")
    assert ended.status == 1
    assert f"Review {review}: rejected." in ended.out
    assert "Review 77: There is no review 77." in ended.err
