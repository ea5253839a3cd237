"""An eval set from a sample, its run, and publishing that waits for it."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from tests.engine.scene import ME, ask, connected, tickets, turned_on
from tests.llm_stand_in import StandIn, Trouble, llm_stand_in

from penstock.bootstrap import Penstock, open_penstock
from penstock.errors import Conflict, EvalsRefuse, InvalidInput, NotFound
from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.settings import Settings
from penstock.workflows import flows
from penstock.workflows.dry_run import Trying
from penstock.workflows.editing import drafts, publishing
from penstock.workflows.evals import cases, gate, gate_settings, runs, sets
from penstock.workflows.evals.cases import NewCase
from penstock.workflows.evals.checks import read_checks
from penstock.workflows.evals.keep import Kept, keep_rows
from penstock.workflows.evals.run import begin as begin_run
from penstock.workflows.evals.run import run_evals
from penstock.workflows.evals.runs import EvalRun
from penstock.workflows.evals.scores import confusions
from penstock.workflows.evals.sets import EvalSet, Judge
from penstock.workflows.samples.begin import SampleWish
from penstock.workflows.samples.begin import begin as begin_sample
from penstock.workflows.samples.run import run_sample

CHANCE = Random(1)  # noqa: S311 - chooses records
WORSE = "Say low. {{ enrolled_object.subject }}"


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    def urgency(prompt: str) -> str:
        return json.dumps({"urgency": "high" if "Fire" in prompt and "Say low" not in prompt else "low"})

    async with llm_stand_in(answer=urgency) as running:
        yield running


@pytest.fixture
async def app(settings: Settings, stand_in: StandIn) -> AsyncIterator[Penstock]:
    async with open_penstock(replace(settings, provider_base_urls=stand_in.base_urls())) as penstock:
        yield penstock


def trying(app: Penstock) -> Trying:
    return Trying(app.pool, app.llm, app.vault, app.clock, 1)


async def prepared(app: Penstock) -> tuple[int, EvalSet]:
    """A live workflow and a set of four cases kept from a sample, the third of them corrected."""
    ids = await tickets(app, "Fire", "Late parcel", "Smoke", "Fire again")
    flow = await turned_on(app, ask("1", await connected(app, "openai"), "gpt-4.1-mini"))
    async with transaction(app.pool) as db:
        sample = await begin_sample(db, ME, flow, SampleWish(ids), app.clock.now(), CHANCE)
    await run_sample(trying(app), sample.id)
    async with transaction(app.pool) as db:
        made = await sets.create(db, ME, flow, action_id="1", name="Urgency")
        kept = tuple(
            Kept(position, {"urgency": "high"} if position == 3 else {}) for position in (1, 2, 3, 4)
        )
        await keep_rows(db, ME, made.id, sample.id, kept)
        return flow, await sets.get(db, 1, made.id)


async def ran(app: Penstock, set_id: int, **wish: Any) -> EvalRun:
    async with transaction(app.pool) as db:
        run = await begin_run(db, ME, set_id, **wish)
    return await run_evals(trying(app), run.id)


async def drafted(app: Penstock, flow_id: int, prompt: str) -> int:
    """A draft with another prompt; its version."""
    async with transaction(app.pool) as db:
        live = await flows.get(db, 1, flow_id)
        document: Any = copy.deepcopy(live.document)
        document["actions"][0]["fields"]["prompt"] = prompt
        found = await drafts.find(db, 1, flow_id)
        return (
            await drafts.save(db, 1, ME, flow_id, document, version=found.version if found else 0)
        ).version


async def publish(app: Penstock, flow_id: int, version: int, **more: Any) -> flows.Flow:
    async with transaction(app.pool) as db:
        return await publishing.publish(db, 1, ME, flow_id, version=version, enable=None, **more)


async def test_rows_of_a_sample_become_cases_accepted_or_corrected(app: Penstock) -> None:
    _, found = await prepared(app)
    async with app.pool.acquire() as db:
        listed = await cases.list_cases(db, 1, found.id)
    assert [(case.name, [check.to_json() for check in case.checks]) for case in listed] == [
        (name, [{"field": "urgency", "kind": "equals", "value": value}])
        for name, value in (
            ("Fire", "high"),
            ("Late parcel", "low"),
            ("Smoke", "high"),
            ("Fire again", "high"),
        )
    ]
    assert listed[0].values["subject"] == "Fire"
    async with transaction(app.pool) as db:
        [sample] = await db.fetch("SELECT id FROM samples")
        with pytest.raises(InvalidInput, match="no field 'mood'"):
            await keep_rows(db, ME, found.id, sample["id"], (Kept(1, {"mood": "bad"}),))
        with pytest.raises(NotFound):
            await keep_rows(db, ME, found.id, sample["id"], (Kept(9, {}),))


async def test_a_run_counts_agreement_shows_confusion_and_costs_what_it_costs(app: Penstock) -> None:
    _, found = await prepared(app)
    run = await ran(app, found.id)
    assert (run.state, run.total, run.done, run.revision_id) == ("DONE", 4, 4, 1)
    assert run.cost_usd > 0
    async with app.pool.acquire() as db:
        results = await runs.results_of(db, 1, run.id)
        assert (await runs.score_of(db, 1, run.id)).fields["urgency"].agreement == 0.75
    [table] = confusions(results)
    assert (table.expected, table.got, table.counts) == (("high", "low"), ("high", "low"), ((2, 1), (0, 1)))


async def test_the_inputs_are_the_record_as_it_was_not_as_it_is(app: Penstock, stand_in: StandIn) -> None:
    _, found = await prepared(app)
    async with app.pool.acquire() as db:
        await db.execute('UPDATE records SET properties = properties || \'{"subject": "Other"}\'')
    before = len(stand_in.seen)
    await ran(app, found.id)
    assert sorted(seen.prompt for seen in stand_in.seen[before:]) == [
        "How urgent? Fire", "How urgent? Fire again", "How urgent? Late parcel", "How urgent? Smoke",
    ]  # fmt: skip


async def test_a_worse_prompt_is_refused_until_it_is_better_or_overridden_in_writing(app: Penstock) -> None:
    flow, found = await prepared(app)
    async with transaction(app.pool) as db:
        with pytest.raises(Conflict, match="no baseline"):
            await gate_settings.set_gate(db, ME, found.id, gates=True)
    await ran(app, found.id, revision="live")
    async with transaction(app.pool) as db:
        await gate_settings.set_gate(db, ME, found.id, gates=True, margin=0.1)
    version = await drafted(app, flow, WORSE)
    with pytest.raises(EvalsRefuse) as not_run:
        await publish(app, flow, version)
    assert [(one.path, one.code) for one in not_run.value.problems] == [("actions[0]", "NOT_RUN")]
    await ran(app, found.id)
    with pytest.raises(EvalsRefuse) as worse:
        await publish(app, flow, version)
    assert [problem.code for problem in worse.value.problems] == ["BELOW_BASELINE"]
    assert "urgency 25% (baseline 75%)" in worse.value.message
    with pytest.raises(InvalidInput):
        await publish(app, flow, version, override_reason="  ")
    published = await publish(app, flow, version, override_reason="The old prompt leaks names.")
    assert published.revision_id == 2
    async with app.pool.acquire() as db:
        detail = await db.fetchval("SELECT detail FROM audit_log WHERE action = 'flow.gate_overridden'")
    assert (detail["reason"], detail["overridden"][0]["code"]) == (
        "The old prompt leaks names.",
        "BELOW_BASELINE",
    )

    better = await drafted(app, flow, "How urgent is it? {{ enrolled_object.subject }}")
    await ran(app, found.id)
    assert (await publish(app, flow, better)).revision_id == 3


async def test_the_gate_stands_in_every_way_to_go_live(app: Penstock) -> None:
    flow, found = await prepared(app)
    await ran(app, found.id)
    async with transaction(app.pool) as db:
        await gate_settings.set_gate(db, ME, found.id, gates=True)
        live = (await flows.get(db, 1, flow)).to_json()
        worse: Any = copy.deepcopy(live)
        worse["actions"][0]["fields"]["prompt"] = WORSE
        with pytest.raises(EvalsRefuse):
            await flows.replace(db, 1, flow, "test", worse)
        saved = await flows.replace(db, 1, flow, "test", {**worse, "isEnabled": False})
        with pytest.raises(EvalsRefuse):
            await flows.set_enabled(db, 1, flow, True)
        back = {**live, "revisionId": str(saved.revision_id), "isEnabled": True}
        assert (await flows.replace(db, 1, flow, "test", back)).is_enabled


async def test_cases_that_changed_since_the_run_and_a_step_that_is_gone_close_the_gate(app: Penstock) -> None:
    flow, found = await prepared(app)
    await ran(app, found.id)
    async with transaction(app.pool) as db:
        await gate_settings.set_gate(db, ME, found.id, gates=True)
        document = (await flows.get(db, 1, flow)).document
        assert [one.code for one in await gate.verdicts(db, 1, flow, document)] == ["OPEN"]
        checks = read_checks([{"field": "urgency", "kind": "one_of", "values": ["low", "high"]}])
        await cases.add(db, ME, found.id, [NewCase("Any", {"subject": "Any"}, checks, {})])
        assert [one.code for one in await gate.verdicts(db, 1, flow, document)] == ["NOT_RUN"]
        gone: JsonObject = {**document, "actions": []}
        assert [one.code for one in await gate.verdicts(db, 1, flow, gone)] == ["STEP_GONE"]
        with pytest.raises(InvalidInput, match="waits"):
            await sets.delete(db, ME, found.id)


async def test_another_model_is_tried_without_touching_the_workflow(app: Penstock, stand_in: StandIn) -> None:
    _, found = await prepared(app)
    run = await ran(app, found.id, model="gpt-4.1")
    assert (run.model, run.revision_id) == ("gpt-4.1", None)
    assert stand_in.seen[-1].body["model"] == "gpt-4.1"


async def test_a_refused_key_is_no_score(app: Penstock, stand_in: StandIn) -> None:
    _, found = await prepared(app)
    stand_in.trouble = lambda _seen: Trouble(401, {"error": {"message": "No.", "code": "invalid_api_key"}})
    run = await ran(app, found.id)
    assert (run.state, run.done < 4) == ("FAILED", True)


async def test_a_judge_decides_by_its_criterion_and_sees_what_it_judges_as_data(
    app: Penstock, stand_in: StandIn
) -> None:
    _, found = await prepared(app)
    judging = await connected(app, "anthropic")

    def answer(prompt: str) -> str:
        if "Criterion:" not in prompt:
            return json.dumps({"urgency": "high"})
        return json.dumps({"passes": "Fire again" not in prompt, "reason": "Because."})

    stand_in.answer = answer
    async with transaction(app.pool) as db:
        checks = read_checks([{"field": "urgency", "kind": "judge", "criterion": "Fits the subject."}])
        [first, *_] = await cases.list_cases(db, 1, found.id)
        with pytest.raises(InvalidInput, match="no judge"):
            await cases.change(db, ME, found.id, first.id, name="x", checks=checks)
        await sets.update(db, ME, found.id, name="Urgency", judge=Judge(judging.id, "claude-sonnet-4-6"))
        for case in await cases.list_cases(db, 1, found.id):
            await cases.change(db, ME, found.id, case.id, name=case.name, checks=checks)
    run = await ran(app, found.id)
    async with app.pool.acquire() as db:
        results = await runs.results_of(db, 1, run.id)
    assert [result.passed for result in results] == [True, True, True, False]
    assert results[0].verdicts[0].note == "Because."
    judged = [seen.prompt for seen in stand_in.seen if seen.provider == "anthropic"]
    assert all("<request-" in prompt for prompt in judged)
    assert any("How urgent? Smoke" in prompt for prompt in judged)
