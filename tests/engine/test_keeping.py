"""A workflow that keeps no prompts and replies: its steps still hand on what the model said."""

from __future__ import annotations

import json

from tests.engine.scene import answer, ask, connected, edit, enroll, settled, tickets, turned_on, value_of
from tests.llm_stand_in import StandIn

from penstock.bootstrap import Penstock, work
from penstock.kit.database import transaction
from penstock.workflows.keeping import keeping
from penstock.workflows.keeping.keeping import Keeping


async def test_what_is_not_kept_at_all_is_never_written_and_the_run_goes_on_with_it(
    app: Penstock, stand_in: StandIn
) -> None:
    connection = await connected(app, "openai")
    [ticket] = await tickets(app, "My secret illness")
    stand_in.pages = [("https://example.com/secret", "A secret page")]
    stand_in.answer = lambda _prompt: json.dumps({"urgency": "high"})
    flow = await turned_on(
        app,
        ask("1", connection, "gpt-4.1-mini", "2", web_search=True),
        edit("2", "urgency", answer("1", "urgency")),
    )
    async with transaction(app.pool) as db:
        await keeping.change(db, 1, flow, Keeping(prompts=0, replies=0, outputs=0))
    async with work(app):
        [enrolled] = await enroll(app, flow, ticket)
        await settled(app, enrolled.enrollment_id)
    assert await value_of(app, ticket, "urgency") == "high"
    async with app.pool.acquire() as db:
        step = await db.fetchrow("SELECT * FROM steps WHERE action_id = '1'")
        outputs = await db.fetchval("SELECT outputs FROM enrollments")
    assert step is not None
    assert outputs == {}
    assert "secret" not in str(dict(step))
    assert (step["inputs"]["model"], set(step["outputs"])) == ("gpt-4.1-mini", {"hs_model", "hs_prompt_hash"})
    assert step["detail"]["not_kept"] == ["prompts", "replies", "outputs"]
    assert step["detail"]["tokens"]["input"] > 0
