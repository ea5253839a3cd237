"""Models that end are found where they are used, warned of, and replaced in a draft that was evaluated, not published."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from decimal import Decimal

import pytest
from tests.engine.scene import ME, ask, connected, tickets, turned_on
from tests.llm_stand_in import GOOD_KEY, StandIn, llm_stand_in

from penstock.bootstrap import Penstock, open_penstock, work
from penstock.connections import model_lists
from penstock.connections.connections import get as get_connection
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import transaction
from penstock.llm.connection_models import KEEP, models_of
from penstock.llm.list_keeping import ListKeeper
from penstock.llm.own_prices import OwnPrice, remember, set_price
from penstock.settings import Settings
from penstock.workflows import flows
from penstock.workflows.dry_run import Trying
from penstock.workflows.editing import drafts
from penstock.workflows.evals import cases, runs, sets
from penstock.workflows.evals.cases import NewCase
from penstock.workflows.evals.checks import read_checks
from penstock.workflows.evals.replacing import Proposal, Replacement, propose
from penstock.workflows.evals.retiring import retiring_uses
from penstock.workflows.evals.run import run_evals
from penstock.workflows.evals.scores import compare

OLD, NEW = "gpt-4.1-mini", "gpt-5-mini"


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with llm_stand_in(answer=lambda _prompt: json.dumps({"urgency": "high"})) as running:
        yield running


@pytest.fixture
async def app(settings: Settings, stand_in: StandIn) -> AsyncIterator[Penstock]:
    async with open_penstock(replace(settings, provider_base_urls=stand_in.base_urls())) as penstock:
        yield penstock


async def ending(app: Penstock, retires_at: str) -> tuple[int, int]:
    """A workflow that asks a model which ends then, and a connection that lists another; flow and connection."""
    await tickets(app, "Fire")
    connection = await connected(app, "openai")
    async with app.pool.acquire() as db:
        listed = await models_of(
            db, app.llm, app.vault, 1, connection.id, app.clock.now(), who="test", refresh=True
        )
        [old] = listed.models
        rows = [asdict(replace(old, id=OLD, retires_at=retires_at)), asdict(replace(old, id=NEW))]
        await model_lists.save(db, 1, connection.id, rows)
    return await turned_on(app, ask("1", connection, OLD)), connection.id


async def evaluated(app: Penstock, flow_id: int) -> int:
    """An eval set with two cases, one of them expecting what the stand-in never says."""
    async with transaction(app.pool) as db:
        made = await sets.create(db, ME, flow_id, action_id="1", name="Urgency")
        new = [
            NewCase(
                want,
                {"subject": "Fire"},
                read_checks([{"field": "urgency", "kind": "equals", "value": want}]),
                {},
            )
            for want in ("high", "low")
        ]
        await cases.add(db, ME, made.id, new)
    return made.id


async def proposed(app: Penstock, old: str = OLD, new: str = NEW) -> list[Proposal]:
    async with transaction(app.pool) as db:
        return await propose(db, ME, Replacement(old, new))


async def test_steps_of_live_workflows_and_drafts_are_listed_with_the_day_their_model_ends(
    app: Penstock,
) -> None:
    flow, _ = await ending(app, "2026-12-31T00:00:00Z")
    async with transaction(app.pool) as db:
        live = await flows.get(db, 1, flow)
        await drafts.save(db, 1, ME, flow, live.document, version=0)
        now = app.clock.now().replace(year=2026, month=12, day=1)
        found = await retiring_uses(db, 1, now, 60)
        assert [(use.place, use.action_id, use.model, use.retires_at[:10], use.retired) for use in found] == [
            ("live", "1", OLD, "2026-12-31", False),
            ("draft", "1", OLD, "2026-12-31", False),
        ]
        assert await retiring_uses(db, 1, now, 10) == []
        assert [use.retired for use in await retiring_uses(db, 1, now.replace(year=2027), 1)] == [True, True]
        problems = await flows.check_flow(db, 1, live.document)
    assert [(one.path, one.code, one.severity) for one in problems if one.code == "MODEL_RETIRES"] == [
        ("actions[0].fields.model", "MODEL_RETIRES", "warning")
    ]


async def test_another_model_becomes_a_draft_with_the_evals_of_both_and_nothing_is_published(
    app: Penstock, stand_in: StandIn
) -> None:
    flow, _ = await ending(app, "2026-12-31")
    await evaluated(app, flow)
    [proposal] = await proposed(app)
    assert (proposal.flow_id, proposal.action_ids, proposal.untested, proposal.had_draft) == (
        flow,
        ("1",),
        (),
        False,
    )
    [one] = proposal.evals
    assert one.before_is_new
    trying = Trying(app.pool, app.llm, app.vault, app.clock, 1)
    stand_in.answer = lambda _prompt: json.dumps(
        {"urgency": "low" if stand_in.seen[-1].body["model"] == NEW else "high"}
    )
    for run_id in (one.before_run_id, one.after_run_id):
        assert (await run_evals(trying, run_id)).state == "DONE"
    async with transaction(app.pool) as db:
        compared = compare(
            await runs.results_of(db, 1, one.before_run_id), await runs.results_of(db, 1, one.after_run_id)
        )
        assert (len(compared.fixed), len(compared.broken)) == (1, 1)
        live, draft = await flows.get(db, 1, flow), await drafts.get(db, 1, flow)
    assert live.revision_id == 1
    assert OLD in json.dumps(live.document)
    assert NEW in json.dumps(draft.document)

    async with transaction(app.pool) as db:
        await drafts.discard(db, 1, flow)
    [again] = await proposed(app)
    assert (again.evals[0].before_run_id, again.evals[0].before_is_new) == (one.before_run_id, False)


async def test_the_list_of_models_shows_a_price_of_ones_own(app: Penstock) -> None:
    _, connection = await ending(app, "2026-12-31")
    try:
        async with transaction(app.pool) as db:
            stated = OwnPrice(1, "openai", NEW, Decimal(7), None, Decimal(9), None, "tests", app.clock.now())
            await set_price(db, stated)
        async with app.pool.acquire() as db:
            found = await models_of(db, app.llm, app.vault, 1, connection, app.clock.now(), who="test")
        prices = {model.id: (model.input_usd_per_mtok, model.output_usd_per_mtok) for model in found.models}
        assert prices[NEW] == (7.0, 9.0)
        assert prices[OLD] == (0.4, 1.6)
    finally:
        remember(())


async def test_a_model_that_is_not_listed_or_not_used_is_refused_and_a_step_without_evals_is_named(
    app: Penstock,
) -> None:
    await ending(app, "2026-12-31")
    with pytest.raises(InvalidInput) as unlisted:
        await proposed(app, new="gpt-9")
    assert NEW in unlisted.value.remedy
    with pytest.raises(NotFound):
        await proposed(app, old="claude-2")
    [proposal] = await proposed(app)
    assert (proposal.untested, proposal.evals) == (("1",), ())


async def test_a_model_that_ends_is_found_and_replaced_among_a_steps_other_models_too(app: Penstock) -> None:
    _, connection_id = await ending(app, "2026-12-31")
    async with app.pool.acquire() as db:
        connection = await get_connection(db, 1, connection_id)
    others = [{"connection_id": str(connection_id), "model": OLD}]
    flow = await turned_on(app, ask("1", connection, NEW, fallbacks=others), name="With another model")
    async with transaction(app.pool) as db:
        now = app.clock.now().replace(year=2026, month=12, day=1)
        assert flow in [use.flow_id for use in await retiring_uses(db, 1, now, 60)]
        problems = await flows.check_flow(db, 1, (await flows.get(db, 1, flow)).document)
        assert [one.path for one in problems if one.code == "MODEL_RETIRES"] == [
            "actions[0].fields.fallbacks[0].model"
        ]
    await proposed(app)
    async with transaction(app.pool) as db:
        draft = await drafts.get(db, 1, flow)
    assert OLD not in json.dumps(draft.document)


async def test_lists_of_models_older_than_a_day_are_read_anew_by_a_worker_and_a_failing_provider_rests(
    app: Penstock, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, connection_id = await ending(app, "2026-12-31")
    aged = "UPDATE model_lists SET fetched_at = now() - interval '25 hours'"
    keeper = ListKeeper(app.pool, app.llm, app.vault, app.clock)
    assert await keeper.refresh() == 0
    async with app.pool.acquire() as db:
        await db.execute(aged)
        stand_in.key = "another"
        assert await keeper.refresh() == 0
        stand_in.key = GOOD_KEY
        assert await keeper.refresh() == 0, "the provider is asked again in an hour"
        monkeypatch.setattr("penstock.engine.engine.LISTS_SECONDS", 0.05)
        async with work(app):
            while await model_lists.stale(db, app.clock.now() - KEEP):
                await asyncio.sleep(0.02)
        kept = await model_lists.load(db, 1, connection_id)
    assert kept is not None
    assert len(kept.models) == 1, "what the provider lists now, not the two of before"
