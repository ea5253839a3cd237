"""The page of a run that really ran: prompt, answer, cost, branch, values, mail, all where the step did them."""

from __future__ import annotations

import json

from tests.engine.scene import answer, ask, connected, edit, enroll, settled, step, tickets, turned_on
from tests.llm_stand_in import StandIn

from penstock.bootstrap import Penstock, work
from penstock.kit.json import JsonObject
from penstock.workflows.run_history.page import read_page
from penstock.workflows.run_history.path import PathPart


async def test_each_step_shows_what_it_sent_got_wrote_and_queued(app: Penstock, stand_in: StandIn) -> None:
    connection = await connected(app, "openai", "Ours")
    [ticket] = await tickets(app, "The roof burns")
    stand_in.answer = lambda _prompt: json.dumps({"urgency": "high"})
    branch: JsonObject = {
        "type": "STATIC_BRANCH",
        "actionId": "2",
        "inputValue": answer("1", "urgency"),
        "staticBranches": [
            {"branchValue": "high", "connection": {"edgeType": "STANDARD", "nextActionId": "3"}}
        ],
        "defaultBranchName": "Other",
    }
    mail: JsonObject = {
        "user_ids": [],
        "emails": ["team@penstock.test"],
        "subject": "Fire",
        "body": "<p>x</p>",
    }
    flow = await turned_on(
        app,
        ask("1", connection, "gpt-4.1-mini", "2"),
        branch,
        edit("3", "urgency", answer("1", "urgency"), "4"),
        step("4", "0-8", mail),
    )
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        await settled(app, enrolled.enrollment_id)
        async with app.pool.acquire() as db:
            page = await read_page(db, app.runner.plans, 1, enrolled.enrollment_id)
    assert page.path == (
        PathPart("1", None, "2", left=True),
        PathPart("2", "high", "3", left=True),
        PathPart("3", None, "4", left=True),
        PathPart("4", None, None, left=True),
    )
    asked, branched, written, mailed = page.steps
    assert asked.title == "Use a custom LLM"
    assert asked.call is not None
    assert asked.call.prompt == "How urgent? The roof burns"
    assert asked.call.answer == '{"urgency": "high"}'
    assert (asked.call.connection_name, asked.call.provider) == ("Ours", "openai")
    assert asked.call.input_tokens is not None
    assert asked.call.cost_usd is not None
    assert asked.call.cost_usd == page.totals.cost_usd > 0
    assert (page.totals.calls, page.totals.input_tokens) == (1, asked.call.input_tokens)
    assert branched.call is None
    [value] = written.values
    assert (value.property, value.label, value.before, value.after) == ("urgency", "Urgency", None, "high")
    assert value.record_id == ticket
    [queued] = mailed.mails
    assert (queued.recipients, queued.subject) == (("team@penstock.test",), "Fire")
    assert page.flow.document["startActionId"] == "1"
    assert page.run.record_name == "The roof burns"
