"""The whole way on real complaints with the real local model: sample, eval set, agreement, a worse step refused,
doubtful answers approved, a run undone.

The tiny model of the tests does not make sense of complaints, so its own answers are what is expected of it: at
temperature 0 it gives them again, and a step whose choices lack them cannot.
"""

from __future__ import annotations

import copy
import csv
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.engine.scene import (
    BY_HAND,
    ME,
    TICKETS,
    answer,
    edit,
    enroll,
    settled,
    step,
    turned_on,
    value_of,
)
from tests.llm.local.conftest import models as models
from tests.workflows.samples.test_samples import CHANCE

from penstock.bootstrap import Penstock, open_penstock, work
from penstock.connections.connecting import connect
from penstock.crm import records
from penstock.crm.defaults import install
from penstock.crm.schema import load_schema
from penstock.errors import EvalsRefuse
from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.llm.local.known_weights import SMOLLM2
from penstock.settings import Settings
from penstock.workflows import flows
from penstock.workflows.dry_run import Trying
from penstock.workflows.editing import drafts, publishing
from penstock.workflows.evals import runs, sets
from penstock.workflows.evals.gate_settings import set_gate
from penstock.workflows.evals.keep import Kept, keep_rows
from penstock.workflows.evals.run import begin as begin_run
from penstock.workflows.evals.run import run_evals
from penstock.workflows.reviews import queue
from penstock.workflows.reviews.deciding import Decision, decide
from penstock.workflows.samples import samples
from penstock.workflows.samples.begin import SampleWish
from penstock.workflows.samples.begin import begin as begin_sample
from penstock.workflows.samples.run import run_sample
from penstock.workflows.undos import work as work_of_undo
from penstock.workflows.undos.selection import Selection

COMPLAINTS = Path(__file__).parents[3] / "examples" / "complaints.csv"
PRODUCTS = ("Mortgage", "Debt collection", "Credit card")


@pytest.fixture
async def app(settings: Settings, models: Path) -> AsyncIterator[Penstock]:
    async with open_penstock(settings) as penstock:
        yield penstock


async def complaints(app: Penstock, number: int) -> list[int]:
    """The first complaints as tickets."""
    with COMPLAINTS.open(encoding="utf-8", newline="") as file:
        rows = [row for row, _ in zip(csv.DictReader(file), range(number), strict=False)]
    async with transaction(app.pool) as db:
        await install(db, 1)
        made = await records.create_many(
            db,
            1,
            await load_schema(db, 1, TICKETS),
            [{"subject": row["Issue"], "content": row["Consumer complaint narrative"]} for row in rows],
            BY_HAND,
        )
    return [record.id for record in made]


def sorting(connection_id: int, *products: str) -> JsonObject:
    """A step that names the product of a complaint, one of these."""
    options: list[Any] = [{"value": product, "label": product} for product in products]
    return step(
        "1",
        "1-1000",
        {
            "connection_id": str(connection_id),
            "model": SMOLLM2.name,
            "prompt": "What is this complaint about? {{ enrolled_object.content | truncate(200) }}",
            "temperature": "0",
            "max_output_tokens": "40",
            "output": {
                "type": "fields",
                "fields": [{"name": "product", "type": "choice", "label": "Product", "options": options}],
            },
        },
    )


async def evaluated(app: Penstock, set_id: int) -> float:
    """The agreement of a run of what is edited now."""
    async with transaction(app.pool) as db:
        run = await begin_run(db, ME, set_id)
    done = await run_evals(Trying(app.pool, app.llm, app.vault, app.clock, 1), run.id)
    assert done.state == "DONE", done.message
    async with app.pool.acquire() as db:
        return (await runs.score_of(db, 1, run.id)).agreement


async def test_a_step_that_agrees_less_with_real_complaints_is_refused(app: Penstock) -> None:
    ids = await complaints(app, 3)
    async with app.pool.acquire() as db:
        verify = app.llm.verify_key
        connection = await connect(
            db, app.vault, 1, ME, provider="local", name="Here", key="", base_url=None, verify=verify
        )
        # One at a time: answers of a batch may differ in the last digit, and so in a word.
        await db.execute("UPDATE connections SET concurrency = 1")
    flow = await turned_on(app, sorting(connection.id, *PRODUCTS))
    async with transaction(app.pool) as db:
        sample = await begin_sample(db, ME, flow, SampleWish(ids), app.clock.now(), CHANCE)
    done = await run_sample(Trying(app.pool, app.llm, app.vault, app.clock, 1), sample.id)
    assert (done.state, done.failed, done.cost_usd) == ("DONE", 0, 0)
    async with transaction(app.pool) as db:
        rows = await samples.rows_of(db, 1, sample.id)
        made = await sets.create(db, ME, flow, action_id="1", name="Products")
        await keep_rows(db, ME, made.id, sample.id, tuple(Kept(row.position, {}) for row in rows))
    assert await evaluated(app, made.id) == 1.0
    async with transaction(app.pool) as db:
        await set_gate(db, ME, made.id, gates=True)
        worse = copy.deepcopy((await flows.get(db, 1, flow)).document)
        worse["actions"] = [sorting(connection.id, "Other", "Unknown")]
        draft = await drafts.save(db, 1, ME, flow, worse, version=0)
    assert await evaluated(app, made.id) == 0.0
    with pytest.raises(EvalsRefuse, match="product 0%"):
        async with transaction(app.pool) as db:
            await publishing.publish(db, 1, ME, flow, version=draft.version, enable=None)


async def test_what_the_model_doubts_about_real_complaints_is_approved_and_then_a_run_is_taken_back(
    app: Penstock,
) -> None:
    ids = await complaints(app, 2)
    async with app.pool.acquire() as db:
        connection = await connect(
            db,
            app.vault,
            1,
            ME,
            provider="local",
            name="Here",
            key="",
            base_url=None,
            verify=app.llm.verify_key,
        )
    asking = sorting(connection.id, *PRODUCTS)
    [field] = asking["fields"]["output"]["fields"]  # type: ignore[index,call-overload]
    field["review_below"] = 1
    asking["fields"]["max_output_tokens"] = "200"  # type: ignore[index,call-overload]
    asking["connection"] = {"edgeType": "STANDARD", "nextActionId": "2"}
    flow = await turned_on(app, asking, edit("2", "subject", answer("1", "product")))
    before = [await value_of(app, ticket, "subject") for ticket in ids]
    async with work(app):
        enrolled = [one.enrollment_id for one in await enroll(app, flow, *ids)]
        for run_id in enrolled:
            run = await settled(app, run_id, "WAITING", "COMPLETED", seconds=120)
            if run.status == "COMPLETED":
                continue  # the model was sure of this one
            assert run.wait_for == "review"
        async with app.pool.acquire() as db:
            doubtful = await queue.waiting(db, 1)
        assert doubtful, "a model of this size is not sure of everything"
        for review in doubtful:
            async with transaction(app.pool) as db:
                await decide(app.runner, db, ME, review.id, Decision("approve"))
        for run_id in enrolled:
            await settled(app, run_id)
    assert {await value_of(app, ticket, "subject") for ticket in ids} <= set(PRODUCTS)
    async with transaction(app.pool) as db:
        undone = await work_of_undo.begin(db, 1, Selection(run_id=enrolled[0]), BY_HAND)
    assert (undone.state, undone.restored) == ("DONE", 1)
    assert await value_of(app, ids[0], "subject") == before[0]
    assert await value_of(app, ids[1], "subject") in PRODUCTS
