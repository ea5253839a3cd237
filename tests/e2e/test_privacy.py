"""Privacy in the browser: masks in the step's form, sensitive properties refused at review, logs that are not kept."""

from __future__ import annotations

import json

from playwright.async_api import Page, expect
from tests.e2e.site import Site
from tests.engine.scene import answer, ask, connected, edit, enroll, settled, tickets, turned_on

from penstock.crm import properties
from penstock.crm.properties import Property
from penstock.kit.database import transaction


async def test_masks_are_chosen_in_the_form_and_logs_are_kept_as_long_as_one_says(
    site: Site, page: Page
) -> None:
    app = site.app
    connection = await connected(app, "openai", "Our OpenAI")
    [ticket] = await tickets(app, "Charged twice, anna@example.com")
    async with transaction(app.pool) as db:
        illness = Property(
            "illness", "Illness", "string", "text", "ticketinformation", data_sensitivity="sensitive"
        )
        await properties.create(db, 1, "0-5", illness)
    flow = await turned_on(
        app,
        ask("1", connection, "gpt-4.1-mini", "2"),
        edit("2", "urgency", answer("1", "urgency")),
        name="Sort tickets",
    )
    site.stand_in.answer = lambda _prompt: json.dumps({"urgency": "high"})

    await page.goto(f"/workflows/{flow}?step=1")
    await page.get_by_role("button", name="Advanced options").click()
    await page.get_by_role("combobox", name="Mask personal data").click()
    await page.get_by_role("option", name="E-mail addresses").click()
    await page.keyboard.press("Escape")
    prompt = page.get_by_role("textbox", name="Prompt message")
    await prompt.click()
    await page.keyboard.press("Control+End")
    await page.keyboard.type(" /")
    await expect(page.get_by_label("Search properties and outputs")).to_be_focused()
    await page.keyboard.type("illness")
    await page.keyboard.press("Enter")
    await expect(prompt).to_contain_text("Illness")
    await page.get_by_role(
        "textbox", name="Step name"
    ).click()  # a field says what is wrong when one leaves it
    await expect(page.get_by_text("holds sensitive data").first).to_be_visible()
    await page.get_by_role("checkbox", name="Allow sensitive properties").check()
    await expect(page.get_by_text("holds sensitive data")).to_have_count(0)
    await page.get_by_role("button", name="Review and publish").click()
    await page.get_by_role("dialog").get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_text("Revision 2").first).to_be_visible()

    await page.goto(f"/workflows/{flow}/runs")
    await page.get_by_role("button", name="Logs…").click()
    dialog = page.get_by_role("dialog", name="How long logs are kept")
    await dialog.get_by_role("combobox", name="Replies").click()
    await page.get_by_role("option", name="Not at all").click()
    await expect(dialog.get_by_role("note")).to_contain_text("does not come back")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("How long logs are kept is saved")).to_be_visible()

    [run] = await enroll(app, flow, ticket)
    await settled(app, run.enrollment_id)
    await page.goto(f"/runs/{run.enrollment_id}?step=1")
    step = page.get_by_role("complementary", name="The step")
    await expect(step.get_by_role("group", name="Prompt").first).to_contain_text("Charged twice, [EMAIL_1]")
    await expect(step).to_contain_text("Not kept in the log: reply.")
    await expect(step.get_by_role("group", name="Answer")).to_have_count(0)
