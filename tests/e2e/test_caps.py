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

    # The run names the cap; needs attention offers to raise it.
    await page.goto(f"/runs/{runs[0]}")
    await expect(page.get_by_role("group", name="What happened")).to_contain_text("A spending cap is reached")
    await expect(page.get_by_role("link", name="Look at the cap")).to_be_visible()
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
    await page.goto("/spend")
    await expect(row).to_contain_text("$0.03 of $1.00")

    await row.get_by_role("button", name="Actions for the cap: Sort tickets").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await (
        page.get_by_role("dialog", name="Remove this spending cap?")
        .get_by_role("button", name="Remove")
        .click()
    )
    await expect(page.get_by_text("No cap is set")).to_be_visible()
