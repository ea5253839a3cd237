"""Limits as their owner sees and sets them: what the provider stated, who waits, and limits of one's own."""

from __future__ import annotations

from playwright.async_api import Page, expect
from tests.e2e.site import Site
from tests.e2e.steps import call
from tests.engine.scene import ask, connected, enroll, settled, tickets, turned_on
from tests.llm_stand_in import Trouble

STATED = {
    "retry-after": "900",
    "x-ratelimit-limit-requests": "500",
    "x-ratelimit-remaining-requests": "0",
    "x-ratelimit-limit-tokens": "200000",
    "x-ratelimit-remaining-tokens": "150000",
}
LATER = Trouble(429, {"error": {"message": "Rate limit reached.", "code": "rate_limit_exceeded"}}, STATED)


async def test_an_owner_sees_what_the_provider_stated_and_who_waits_and_sets_limits(
    site: Site, page: Page
) -> None:
    app, provider = site.app, site.stand_in
    connection = await connected(app, "openai", "Our OpenAI")
    ids = await tickets(app, "Card charged twice", "Login fails", "Where is my parcel?")
    flow = await turned_on(app, ask("1", connection, "gpt-4.1-mini"), name="Sort tickets")
    provider.trouble = lambda _seen: LATER
    runs = [one.enrollment_id for one in await enroll(app, flow, *ids)]
    for run in runs:
        await settled(app, run, "WAITING")

    # The runs say what they wait for, and that nothing is wrong; from there to the limits.
    await page.goto(f"/workflows/{flow}/runs")
    waits = page.get_by_text("Waits for its turn at Our OpenAI (gpt-4.1-mini)")
    await expect(waits).to_have_count(3)
    await page.goto(f"/runs/{runs[0]}")
    await expect(page.get_by_role("group", name="Waits for its turn")).to_contain_text(
        "no attempt is used up"
    )
    await expect(page.get_by_text("Gives up", exact=True)).to_be_visible()
    await page.get_by_role("link", name="Look at the limits").click()
    dialog = page.get_by_role("dialog", name="Limits of Our OpenAI")
    await dialog.get_by_role("button", name="Cancel").click()
    await page.get_by_role("button", name="Actions for Our OpenAI").click()
    await page.get_by_role("menuitem", name="Limits").click()
    await expect(page).to_have_url(f"{site.url}/settings/connected-apps?limits={connection.id}")
    row = dialog.get_by_role("row").filter(has_text="gpt-4.1-mini")
    await expect(row).to_contain_text("500 requests")
    await expect(row).to_contain_text("200,000 tokens")
    await expect(row).to_contain_text("stated by the provider")
    await expect(row).to_contain_text("Closed until")
    await expect(row.get_by_role("cell").last).to_have_text("3")

    # A number out of range is said beside its field and cannot be saved.
    tokens, save = dialog.get_by_label("Tokens a minute"), dialog.get_by_role("button", name="Save limits")
    await tokens.fill("5")
    await expect(dialog.get_by_text("Between 1,000 and 2,000,000,000")).to_be_visible()
    await expect(save).to_be_disabled()
    await tokens.fill("")
    await dialog.get_by_label("Calls at a time").fill("4")
    await dialog.get_by_label("Requests a minute").fill("6000")
    await save.click()
    await expect(dialog).to_be_hidden()
    stored = (await call(page, "GET", f"/penstock/v1/connections/{connection.id}/limits")).ok()
    assert (stored["concurrency"], stored["requestsPerMinute"], stored["tokensPerMinute"]) == (4, 6000, None)

    await page.goto(f"/settings/connected-apps?limits={connection.id}")
    await expect(dialog.get_by_label("Requests a minute")).to_have_value("6,000")
    await expect(dialog.get_by_label("Calls at a time")).to_have_value("4")

    # A spending cap of the app is set from its menu, and shown beside what it cost.
    await dialog.get_by_role("button", name="Cancel").click()
    await page.get_by_role("button", name="Actions for Our OpenAI").click()
    await page.get_by_role("menuitem", name="Set a spending cap").click()
    cap = page.get_by_role("dialog", name="Set a spending cap")
    await expect(cap.get_by_role("combobox", name="For")).to_have_value("A connected app")
    await cap.get_by_label("At most (US dollars)").fill("5")
    await cap.get_by_role("button", name="Set a cap").click()
    await expect(cap).to_be_hidden()
    await page.goto("/settings/connected-apps")
    await expect(page.get_by_role("link", name="at most $5.00 a month")).to_be_visible()
