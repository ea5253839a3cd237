"""A record that is erased for good leaves no word of itself in any table, whatever it went through."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest
from tests.engine.scene import (
    ME,
    TICKETS,
    answer,
    ask,
    change,
    connected,
    edit,
    enroll,
    settled,
    step,
    tickets,
    turned_on,
)
from tests.llm_stand_in import llm_stand_in

from penstock.bootstrap import open_penstock, work
from penstock.crm import object_types
from penstock.errors import NotFound
from penstock.kit.database import Connection, transaction
from penstock.kit.json import JsonObject
from penstock.settings import Settings
from penstock.workflows import erasing
from penstock.workflows.dry_run import Trying
from penstock.workflows.evals import runs, sets
from penstock.workflows.evals.keep import Kept, keep_rows
from penstock.workflows.evals.run import begin as begin_evals
from penstock.workflows.evals.run import run_evals
from penstock.workflows.samples import samples
from penstock.workflows.samples.begin import SampleWish, begin
from penstock.workflows.samples.run import run_sample

SECRET = "Zanzibarium"
CHANCE = Random(1)  # noqa: S311 - chooses records
TABLES = """
SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
"""


async def told_in(db: Connection) -> list[str]:
    """The tables in which the word stands."""
    names = [row["name"] for row in await db.fetch(TABLES)]
    return [
        name
        for name in names
        if await db.fetchval(f"SELECT EXISTS (SELECT FROM {name} t WHERE t::text ILIKE $1)", f"%{SECRET}%")  # noqa: S608
    ]


async def test_an_erased_record_takes_its_history_runs_mails_samples_and_cases_with_it(
    settings: Settings,
) -> None:
    async with (
        llm_stand_in(answer=lambda _prompt: json.dumps({"urgency": "high"})) as stand_in,
        open_penstock(replace(settings, provider_base_urls=stand_in.base_urls())) as app,
    ):
        ticket, other = await tickets(app, f"{SECRET} burns", "Late parcel")
        await change(app, ticket, content=f"The {SECRET} is on fire.")
        connection = await connected(app, "openai")
        mail: JsonObject = {
            "user_ids": [],
            "emails": ["a@penstock.test"],
            "subject": "{{ enrolled_object.subject }}!",
            "body": "<p>x</p>",
        }
        flow = await turned_on(
            app,
            ask("1", connection, "gpt-4.1-mini", "2", reuse_seconds=3600),
            edit("2", "urgency", answer("1", "urgency"), "3"),
            step("3", "0-8", mail),
        )
        async with work(app):
            for one in await enroll(app, flow, ticket, other):
                await settled(app, one.enrollment_id)
        trying = Trying(app.pool, app.llm, app.vault, app.clock, 1)
        async with transaction(app.pool) as db:
            sample = await begin(db, ME, flow, SampleWish([ticket, other]), app.clock.now(), CHANCE)
        await run_sample(trying, sample.id)
        async with transaction(app.pool) as db:
            found = await sets.create(db, ME, flow, action_id="1", name="Urgency")
            await keep_rows(db, ME, found.id, sample.id, (Kept(1, {}), Kept(2, {})))
            run = await begin_evals(db, ME, found.id)
        await run_evals(trying, run.id)
        async with transaction(app.pool) as db:
            version = (await sets.get(db, 1, found.id)).version
            told = await told_in(db)
            assert {
                f"public.{name}" for name in ("records", "steps", "mails", "sample_rows", "eval_cases")
            } <= set(told)
            type_ = await object_types.resolve(db, 1, TICKETS)
            assert await erasing.erase(db, ME, type_, [ticket]) == 1
            assert await told_in(db) == []
            after = await sets.get(db, 1, found.id)
            assert (after.cases, after.version > version) == (1, True)
            assert [row.record_id for row in await samples.rows_of(db, 1, sample.id)] == [other]
            assert [row.case_name for row in await runs.rows_of(db, 1, run.id)] == ["Late parcel"]
            assert await db.fetchval("SELECT count(*) FROM enrollments") == 1
            with pytest.raises(NotFound):
                await erasing.erase(db, ME, type_, [ticket])
