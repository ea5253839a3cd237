"""A step that answers from documents: found for each record, sent as the log says, and never another workspace's."""

from __future__ import annotations

from tests.engine.scene import answer, ask, connected, edit, enroll, settled, tickets, turned_on, value_of
from tests.llm_stand_in import StandIn

from penstock.accounts.actors import Actor
from penstock.bootstrap import Penstock, work
from penstock.kit.database import transaction
from penstock.knowledge import documents, sets
from penstock.knowledge.reading import read_file

ANN = Actor(1, "cli", "ann", "ann", "owner")
PROMPT = "{{ knowledge | fenced }}\n\n{{ enrolled_object.subject }}"


async def put(app: Penstock, set_id: int, name: str, text: str) -> None:
    async with transaction(app.pool) as db:
        await documents.put(db, ANN, set_id, await read_file(name, text.encode()))


async def test_each_record_is_answered_from_its_own_passages(app: Penstock, stand_in: StandIn) -> None:
    stand_in.answer = lambda _prompt: "As [1] says."
    async with work(app):
        async with transaction(app.pool) as db:
            rules = (await sets.create(db, ANN, name="Rules", language="english")).id
        await put(app, rules, "refunds.md", "# Refunds\n\nMoney comes back within thirty days.")
        await put(app, rules, "escrow.md", "# Escrow\n\nA shortage is spread over a year.")
        connection = await connected(app, "openai")
        await tickets(app, "One that brings the property")
        step = ask(
            "1", connection, "gpt-4.1-mini", "2",
            prompt=PROMPT, output={"type": "text"}, knowledge=[str(rules)], knowledge_passages=1, reuse_seconds=3600,
        )  # fmt: skip
        flow = await turned_on(app, step, edit("2", "content", answer("1", "hs_cited_sources")))
        ids = await tickets(app, "Where is my refund?", "My escrow has a shortage")
        runs = await enroll(app, flow, *ids)
        for run in runs:
            assert (await settled(app, run.enrollment_id)).status == "COMPLETED"
        prompts = sorted(seen.prompt.split(">", 1)[1].split("\n")[0] for seen in stand_in.seen)
        assert prompts == ["[1] escrow.md > Escrow", "[1] refunds.md > Refunds"]
        assert str(await value_of(app, ids[0], "content")).startswith("[1] refunds.md > Refunds (passage ")
        # Another version of a document is another question, so the stored answer is not that of before.
        await put(app, rules, "refunds.md", "# Refunds\n\nNo refund is paid.")
        [again] = await enroll(app, flow, *await tickets(app, "Where is my refund?"))
        await settled(app, again.enrollment_id)
        assert len(stand_in.seen) == 3
        async with app.pool.acquire() as db:
            rows = await db.fetch(
                "SELECT detail FROM steps WHERE action_id = '1' AND status = 'COMPLETED' ORDER BY id"
            )
        logged = [row["detail"]["knowledge"][0] for row in rows]
        assert [(one["number"], one["version"]) for one in logged if one["document"] == "refunds.md"] == [
            (1, 1),
            (1, 2),
        ]
        assert rows[0]["detail"]["prompt_hash"] == rows[1]["detail"]["prompt_hash"]
        assert rows[2]["detail"]["prompt_hash"] != rows[0]["detail"]["prompt_hash"]
        # The set is moved to another workspace, as if the step had named one there from the beginning.
        async with transaction(app.pool) as db:
            await db.execute("INSERT INTO workspaces (id, name) VALUES (2, 'Another')")
            await db.execute("UPDATE knowledge_sets SET workspace_id = 2")
        [foreign] = await enroll(app, flow, *await tickets(app, "Escrow again"))
        assert (await settled(app, foreign.enrollment_id)).status == "FAILED"
        assert len(stand_in.seen) == 3
