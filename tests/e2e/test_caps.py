"""A spending cap is set, reached, raised and removed in the screens; the runs that waited go on by themselves."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect
from tests.e2e.site import Site
from tests.engine.scene import ask, connected, enroll, settled, tickets, turned_on

SUBJECTS = ("Card charged twice", "Login fails", "Where is my parcel?")


async def test_a_cap_stops_the_runs_of_a_workflow_and_raising_it_lets_them_go_on(
    site: Site, page: Page
) -> None:
    app, provider = site.app, site.stand_in
    connection = await connected(app, "openai", "Our OpenAI")
    ids = await tickets(app, *SUBJECTS)
    # gpt-4.1: 2 USD per million tokens in, 8 out, so a call costs 0.01.
    flow = await turned_on(app, ask("1", connection, "gpt-4.1", max_output_tokens=500), name="Sort tickets")
    provider.answer = lambda _prompt: '{"urgency": "high"}'
    provider.tokens = lambda _seen, _answer: (3000, 500)

    # Before anything was spent a cap can be set.
    await page.goto("/spend")
    await page.get_by_role("button", name="Set a cap").click()
    dialog = page.get_by_role("dialog", name="Set a spending cap")
    await dialog.get_by_role("combobox", name="For").click()
    await page.get_by_role("option", name="A workflow", exact=True).click()
    await dialog.get_by_role("combobox", name="Workflow").click()
    await page.get_by_role("option", name="Sort tickets").click()
    await dialog.get_by_text("A day", exact=True).click()
    await dialog.get_by_label("At most (US dollars)").fill("0.001")
    await dialog.get_by_role("button", name="Set a cap").click()
    await expect(dialog).to_be_hidden()
    caps = page.get_by_role("region", name="Spending caps")
    row = caps.get_by_role("row").filter(has_text="Sort tickets")
    await expect(row).to_contain_text("$0.001 a day")

    runs = [one.enrollment_id for one in await enroll(app, flow, *ids)]
    for run in runs:
        await settled(app, run, "WAITING")
    assert provider.seen == [], "a call that would pass the cap is not made"

    # Everywhere they are called what they are: in the list of workflows, in that of the runs, on the page of one.
    await page.goto("/workflows")
    await page.get_by_role("link", name="3 wait at a cap").click()
    await expect(page).to_have_url(re.compile(r"/runs\?status=.*AT_CAP"))
    await expect(page.get_by_role("link", name=re.compile("Waiting at a cap"))).to_have_count(3)
    await expect(page.get_by_role("button", name="Waiting at a cap 3")).to_be_visible()

    # The run names the cap; needs attention offers to raise it.
    await page.goto(f"/runs/{runs[0]}")
    await expect(page.get_by_role("group", name="What happened")).to_contain_text("A spending cap is reached")
    await expect(page.get_by_role("link", name="Look at the cap")).to_be_visible()
    for deed in ("Skip step", "Cancel run"):
        await expect(page.get_by_role("button", name=deed)).to_be_visible()
    await page.goto("/attention")
    cause = page.get_by_role("article", name="A spending cap is reached")
    await expect(cause).to_contain_text("3 runs")
    await expect(cause.get_by_role("button", name="Remove the cap")).to_be_visible()
    await cause.get_by_role("link", name="Raise the cap").click()
    dialog = page.get_by_role("dialog", name="Change the spending cap")
    await expect(page).to_have_url(re.compile(r"/spend\?cap=\d+$"))
    await dialog.get_by_label("At most (US dollars)").fill("1")
    await dialog.get_by_role("button", name="Change").click()
    await expect(dialog).to_be_hidden()
    for run in runs:
        assert (await settled(app, run)).status == "COMPLETED"

    # Whoever publishes sees what was spent, the cap that holds, and what happens at it; the settings have them too.
    await page.goto(f"/workflows/{flow}")
    await page.get_by_role("button", name="Review and publish").click()
    spending = page.get_by_role("dialog").get_by_role("region", name="Spending")
    await expect(spending).to_contain_text("$0.03 spent today")
    await expect(spending).to_contain_text("$1.00 a day Sort tickets$0.03 of $1.00")
    await expect(spending).to_contain_text("At a cap records wait at their step")
    await page.keyboard.press("Escape")
    await page.get_by_role("link", name="Settings").last.click()
    await expect(page).to_have_url(re.compile(rf"/workflows/{flow}/settings$"))
    await expect(row).to_contain_text("$0.03 of $1.00")
    await row.get_by_role("button", name="Actions for the cap: Sort tickets").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await (
        page.get_by_role("dialog", name="Remove this spending cap?")
        .get_by_role("button", name="Remove")
        .click()
    )
    await expect(page.get_by_text("No cap holds for this workflow")).to_be_visible()


async def test_a_price_set_in_the_settings_is_what_calls_cost_from_then_on(site: Site, page: Page) -> None:
    app, provider = site.app, site.stand_in
    connection = await connected(app, "openai", "Our OpenAI")
    [ticket] = await tickets(app, SUBJECTS[0])
    flow = await turned_on(app, ask("1", connection, "gpt-4.1", max_output_tokens=500), name="Sort tickets")
    provider.answer = lambda _prompt: '{"urgency": "high"}'
    provider.tokens = lambda _seen, _answer: (3000, 500)

    await page.goto("/settings/prices")
    await page.get_by_role("button", name="Set a price").click()
    dialog = page.get_by_role("dialog", name="Set the price of a model")
    await dialog.get_by_role("combobox", name="Provider").click()
    await page.get_by_role("option", name="OpenAI", exact=True).click()
    await dialog.get_by_role("combobox", name="Model").fill("gpt-4.1")
    await expect(dialog.get_by_role("status")).to_contain_text("$2.00 input, $0.50 cached, $8.00 output")
    await dialog.get_by_label("Input, $ per million tokens").fill("0.2")
    await dialog.get_by_label("Output, $ per million tokens").fill("0.8")
    await dialog.get_by_role("button", name="Set a price").click()
    await expect(dialog).to_be_hidden()
    row = page.get_by_role("table", name="Your prices").get_by_role("row").filter(has_text="gpt-4.1")
    await expect(row).to_contain_text("$0.20List: $2.00")

    [run] = await enroll(app, flow, ticket)
    assert (await settled(app, run.enrollment_id)).status == "COMPLETED"
    await page.goto(f"/runs/{run.enrollment_id}")
    await expect(page.get_by_text("$0.001", exact=True).first).to_be_visible()

    await page.goto("/settings/prices?set=openai/gpt-4.1")
    dialog = page.get_by_role("dialog", name="Change the price")
    await dialog.get_by_label("In a batch, of this price").fill("25")
    await dialog.get_by_role("button", name="Change").click()
    await expect(row).to_contain_text("25%List: 50%")
    await row.get_by_role("button", name="Actions for the price: gpt-4.1").click()
    await page.get_by_role("menuitem", name="Use the list's price").click()
    asked = page.get_by_role("dialog", name="Use the list's price of gpt-4.1?")
    await expect(asked).to_contain_text("$2.00 a million input tokens")
    await asked.get_by_role("button", name="Use the list's price").click()
    await expect(page.get_by_text("All prices are the list's")).to_be_visible()
