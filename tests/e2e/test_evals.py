"""Before a workflow goes live: a sample, its rows kept as cases, evals, a worse prompt refused, and a reason."""

from __future__ import annotations

import copy
import json
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from playwright.async_api import Page, expect
from tests.e2e.conftest import Browse
from tests.e2e.site import Site
from tests.e2e.test_accessibility import violations
from tests.engine.scene import ME, ask, connected, tickets, turned_on, when

from penstock.connections import model_lists
from penstock.kit.database import transaction
from penstock.llm.connection_models import models_of
from penstock.workflows import flows
from penstock.workflows.editing import drafts
from penstock.workflows.evals import cases, sets
from penstock.workflows.evals.cases import NewCase
from penstock.workflows.evals.checks import read_checks


async def write_draft(site: Site, flow_id: int, prompt: str) -> None:
    """A draft with another prompt."""
    async with transaction(site.app.pool) as db:
        document: Any = copy.deepcopy((await flows.get(db, 1, flow_id)).document)
        document["actions"][0]["fields"]["prompt"] = prompt
        await drafts.save(db, 1, ME, flow_id, document, version=0)


async def change_cases(page: Page) -> None:
    """Other checks for two cases, a judge for one of them, and a case of a record that is taken back."""
    dialog = page.get_by_role("dialog")
    cases = page.get_by_role("table", name="Cases")
    await page.get_by_role("button", name="Change the case Fire").click()
    await dialog.get_by_role("button", name="Add a check").click()
    await dialog.get_by_role("combobox", name="Kind of check 2").click()
    await page.get_by_role("option", name="is judged by a model").click()
    await dialog.get_by_label("Expected by check 2").fill("It burns.")
    await expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    await dialog.get_by_role("combobox", name="AI provider").click()
    await page.get_by_role("option", name="openai OpenAI").click()
    await dialog.get_by_role("combobox", name="AI model").click()
    await page.get_by_role("option", name="gpt-4.1-mini").first.click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(cases.get_by_text("urgency, judged: It burns.")).to_be_visible()
    await expect(page.get_by_text("Judge: gpt-4.1-mini")).to_be_visible()

    await page.get_by_role("button", name="Change the case Late parcel").click()
    await dialog.get_by_role("combobox", name="Kind of check 1").click()
    await page.get_by_role("option", name="matches a pattern").click()
    await dialog.get_by_label("Expected by check 1").fill("(")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("no regular expression")).to_be_visible()
    await dialog.get_by_role("combobox", name="Kind of check 1").click()
    await page.get_by_role("option", name="is one of").click()
    await dialog.get_by_role("combobox", name="Expected by check 1").fill("low")
    await page.keyboard.press("Enter")
    await dialog.get_by_role("button", name="Save").click()
    await expect(cases.get_by_text("urgency is one of low")).to_be_visible()

    await page.get_by_role("button", name="Add a case").click()
    await dialog.get_by_role("combobox", name="Record").click()
    await page.get_by_role("option", name="Smoke").click()
    await dialog.get_by_label("Name").fill("Smoke again")
    await dialog.get_by_label("Expected by check 1").fill("high")
    await page.keyboard.press("Escape")  # closes the options only
    await dialog.get_by_role("button", name="Add a case").click()
    await page.get_by_role("button", name="Delete the case Smoke again").click()
    await dialog.get_by_role("button", name="Delete the case").click()
    await expect(cases.get_by_role("row")).to_have_count(4)  # with the heading


async def test_a_sample_becomes_evals_that_keep_a_worse_prompt_from_going_live(
    site: Site, page: Page
) -> None:
    def urgency(prompt: str) -> str:
        if "Criterion: It burns." in prompt:
            return json.dumps({"passes": True, "reason": "It does."})
        return json.dumps({"urgency": "high" if "Fire" in prompt and "Say low" not in prompt else "low"})

    site.stand_in.answer = urgency
    await tickets(site.app, "Fire", "Late parcel", "Smoke")
    flow = await turned_on(
        site.app, ask("1", await connected(site.app, "openai"), "gpt-4.1-mini"), name="Sort tickets"
    )

    await page.goto(f"/workflows/{flow}")
    await page.get_by_role("link", name="Evals").click()
    await page.get_by_role("button", name="Take a sample").click()
    await page.get_by_role("dialog").get_by_label("Records").fill("3")
    await page.get_by_role("dialog").get_by_role("button", name="Begin").click()
    rows = page.get_by_role("table", name="Records of the sample")
    await expect(rows.get_by_role("row").filter(has_text="urgency: low")).to_have_count(2)
    await expect(page.get_by_role("status").filter(has_text="Done")).to_be_visible()

    await page.get_by_role("button", name="Correct Smoke").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Urgency")
    await dialog.get_by_label("urgency should be").fill("high")
    await dialog.get_by_role("button", name="Keep").click()
    await expect(page.get_by_text("1 case is added.")).to_be_visible()
    for name in ("Fire", "Late parcel"):
        await page.get_by_label(f"Choose {name}").check()
    await page.get_by_role("button", name="Keep 2 as cases").click()
    await dialog.get_by_role("button", name="Keep").click()
    await expect(page.get_by_text("2 cases are added.")).to_be_visible()

    await page.get_by_role("link", name="All samples and evals").click()
    await page.get_by_role("link", name="Urgency").click()
    await change_cases(page)
    await page.get_by_role("button", name="Run the evals").click()
    agreement = page.get_by_role("table", name="Agreement")
    await expect(agreement.get_by_role("row").filter(has_text="All checks")).to_contain_text("75%")
    wrong = page.get_by_role("table", name="Answers not as expected")
    await expect(wrong.get_by_role("row").filter(has_text="Smoke")).to_contain_text("Low")
    gate = page.get_by_label("Publishing waits for this set")
    await gate.click()
    await expect(gate).to_be_checked()
    await expect(page.get_by_text("Baseline: run 1")).to_be_visible()

    await write_draft(site, flow, "Say low. {{ enrolled_object.subject }}")
    await page.goto(f"/workflows/{flow}/evals?set=1")
    await page.get_by_role("button", name="Run the evals").click()
    await expect(page.get_by_role("heading", name="Run 2")).to_be_visible()
    await expect(agreement.get_by_role("row").filter(has_text="All checks")).to_contain_text("50%")

    worse = page.get_by_role("table", name="Answers that got worse")
    await expect(worse.get_by_role("row").filter(has_text="Fire")).to_contain_text("Low")

    await page.get_by_role("button", name="Run on…").click()
    await page.get_by_label("The live revision").check()
    await page.get_by_label("Ask another model").check()
    await dialog.get_by_role("combobox", name="AI provider").click()
    await page.get_by_role("option", name="openai OpenAI").click()
    await dialog.get_by_role("combobox", name="AI model").fill("gpt-4.1-nano")
    await page.get_by_role("option", name="gpt-4.1-nano").first.click()
    await dialog.get_by_role("button", name="Run the evals").click()
    await expect(page.get_by_role("heading", name="Run 3")).to_be_visible()
    await page.get_by_role("combobox", name="Compared with").click()
    await page.get_by_role("option", name="Run 2: Draft, gpt-4.1-mini").click()
    better = page.get_by_role("table", name="Answers that got better")
    await expect(better.get_by_role("row").filter(has_text="Fire")).to_contain_text("High")

    await page.get_by_role("link", name="Editor").click()
    await page.get_by_role("button", name="Review and publish").click()
    review = page.get_by_role("dialog")
    await expect(review.get_by_role("alert")).to_contain_text("urgency 50% (baseline 75%)")
    submit = review.get_by_role("button", name="Publish", exact=True)
    await expect(submit).to_have_attribute("aria-disabled", "true")
    await review.get_by_label("Publish all the same, because").fill("The new provider asks for it.")
    await submit.click()
    await expect(review).to_be_hidden()
    async with site.app.pool.acquire() as db:
        detail = await db.fetchval("SELECT detail FROM audit_log WHERE action = 'flow.gate_overridden'")
    assert detail["reason"] == "The new provider asks for it."


async def test_a_model_that_ends_is_replaced_in_the_draft_with_the_evals_of_both_beside_each_other(
    site: Site, page: Page
) -> None:
    old, new = "gpt-4.1-mini", "gpt-5-mini"
    app = site.app
    site.stand_in.answer = lambda _prompt: json.dumps(
        {"urgency": "low" if site.stand_in.seen[-1].body["model"] == new else "high"}
    )
    await tickets(app, "Fire")
    connection = await connected(app, "openai")
    flow = await turned_on(app, ask("1", connection, old), name="Sort tickets")
    async with transaction(app.pool) as db:
        made = await sets.create(db, ME, flow, action_id="1", name="Urgency")
        checks = read_checks([{"field": "urgency", "kind": "equals", "value": "high"}])
        await cases.add(db, ME, made.id, [NewCase("Fire", {"subject": "Fire"}, checks, {})])
    async with app.pool.acquire() as db:
        listed = await models_of(db, app.llm, app.vault, 1, connection.id, app.clock.now(), who="test")
        ends = (app.clock.now() + timedelta(days=20)).date().isoformat()
        rows = [
            replace(listed.models[0], id=one, label=one, retires_at=ends if one == old else None)
            for one in (old, new)
        ]
        await model_lists.save(db, 1, connection.id, [asdict(row) for row in rows])

    await page.goto(f"/workflows/{flow}?step=1")
    await expect(page.get_by_text("The provider ends this model on")).to_be_visible()
    await page.get_by_role("button", name="Replace it…").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("combobox", name="AI model").click()
    await page.get_by_role("option", name=new).click()
    await dialog.get_by_role("button", name="Change the draft and run the evals").click()
    await expect(dialog.get_by_text("0 better and 1 worse in 1 case:")).to_be_visible()
    worse = dialog.get_by_role("table", name="Answers that got worse")
    await expect(worse.get_by_role("row").filter(has_text="Fire")).to_contain_text("Low")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Close").last.click()
    model = page.get_by_role("combobox", name="AI model")
    await expect(model).to_have_value(new)
    await page.get_by_role("button", name="Undo", exact=True).click()
    await expect(model).to_have_value(old)
    await expect(page.get_by_text("All changes saved")).to_be_visible()

    await page.goto("/attention")
    await page.get_by_role("button", name="Replace the model").click()
    await dialog.get_by_role("combobox", name="AI model").click()
    await page.get_by_role("option", name=new).click()
    await dialog.get_by_role("button", name="Change the draft and run the evals").click()
    await expect(dialog.get_by_text("the draft that was there already")).to_be_visible()
    await expect(dialog.get_by_text("0 better and 1 worse in 1 case:")).to_be_visible()
    async with transaction(app.pool) as db:
        live: Any = (await flows.get(db, 1, flow)).document
        draft: Any = (await drafts.get(db, 1, flow)).document
    assert [one["actions"][0]["fields"]["model"] for one in (live, draft)] == [old, new]


async def test_who_may_only_look_can_neither_sample_nor_change_the_gate(site: Site, browse: Browse) -> None:
    await tickets(site.app, "Fire")
    flow = await turned_on(site.app, ask("1", await connected(site.app, "openai"), "gpt-4.1-mini"))
    page = await browse("viewer")
    await page.goto(f"/workflows/{flow}/evals")
    await expect(page.get_by_role("button", name="Take a sample")).to_have_attribute("aria-disabled", "true")
    await expect(page.get_by_role("button", name="Create an eval set")).to_have_attribute(
        "aria-disabled", "true"
    )


async def test_enrolling_existing_records_shows_what_it_would_cost_before_it_is_done(
    site: Site, page: Page
) -> None:
    await tickets(site.app, "Fire", "Smoke")
    flow = await turned_on(
        site.app,
        ask("1", await connected(site.app, "openai"), "gpt-4.1-mini"),
        criteria=when("hs_pipeline_stage", "1"),
        name="Sort tickets",
    )
    async with transaction(site.app.pool) as db:
        await flows.set_enabled(db, 1, flow, False)
        await db.execute('UPDATE records SET properties = properties || \'{"hs_pipeline_stage": "1"}\'')
    await page.goto(f"/workflows/{flow}")
    await page.get_by_role("button", name="Review and publish").click()
    review = page.get_by_role("dialog")
    await review.get_by_role("radio").nth(1).check()
    await expect(review.get_by_role("status")).to_contain_text("for 2 model calls")
    assert site.stand_in.seen == []
