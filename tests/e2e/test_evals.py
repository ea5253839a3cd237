"""Before a workflow goes live: a sample, its rows kept as cases, evals, a worse prompt refused, and a reason."""

from __future__ import annotations

import copy
import json
from typing import Any

from playwright.async_api import Page, expect
from tests.e2e.conftest import Browse
from tests.e2e.site import Site
from tests.engine.scene import ME, ask, connected, tickets, turned_on, when

from penstock.kit.database import transaction
from penstock.workflows import flows
from penstock.workflows.editing import drafts


async def draft(site: Site, flow_id: int, prompt: str) -> None:
    """A draft with another prompt."""
    async with transaction(site.app.pool) as db:
        document: Any = copy.deepcopy((await flows.get(db, 1, flow_id)).document)
        document["actions"][0]["fields"]["prompt"] = prompt
        await drafts.save(db, 1, ME, flow_id, document, version=0)


async def test_a_sample_becomes_evals_that_keep_a_worse_prompt_from_going_live(
    site: Site, page: Page
) -> None:
    def urgency(prompt: str) -> str:
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
    await page.get_by_role("button", name="Run the evals").click()
    agreement = page.get_by_role("table", name="Agreement")
    await expect(agreement.get_by_role("row").filter(has_text="All checks")).to_contain_text("66.7%")
    wrong = page.get_by_role("table", name="Answers not as expected")
    await expect(wrong.get_by_role("row").filter(has_text="Smoke")).to_contain_text("low")
    gate = page.get_by_label("Publishing waits for this set")
    await gate.click()
    await expect(gate).to_be_checked()
    await expect(page.get_by_text("Baseline: run 1")).to_be_visible()

    await draft(site, flow, "Say low. {{ enrolled_object.subject }}")
    await page.goto(f"/workflows/{flow}/evals?set=1")
    await page.get_by_role("button", name="Run the evals").click()
    await expect(page.get_by_role("heading", name="Run 2")).to_be_visible()
    await expect(agreement.get_by_role("row").filter(has_text="All checks")).to_contain_text("33.3%")

    await page.get_by_role("link", name="Editor").click()
    await page.get_by_role("button", name="Review and publish").click()
    review = page.get_by_role("dialog")
    await expect(review.get_by_role("alert")).to_contain_text("urgency 33% (baseline 67%)")
    submit = review.get_by_role("button", name="Publish", exact=True)
    await expect(submit).to_have_attribute("aria-disabled", "true")
    await review.get_by_label("Publish all the same, because").fill("The new provider asks for it.")
    await submit.click()
    await expect(review).to_be_hidden()
    async with site.app.pool.acquire() as db:
        detail = await db.fetchval("SELECT detail FROM audit_log WHERE action = 'flow.gate_overridden'")
    assert detail["reason"] == "The new provider asks for it."


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
