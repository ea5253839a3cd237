"""A key is revoked while records go through: they pause, somebody replaces the key, and all go on by themselves."""

from __future__ import annotations

import json

from playwright.async_api import Page, expect
from tests.e2e.site import Site
from tests.engine.scene import answer, ask, connected, edit, enroll, settled, tickets, turned_on
from tests.llm_stand_in import Seen, Trouble

NEW_KEY = "stand-in-key-of-tomorrow"
REFUSED = {"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}}


async def test_a_revoked_key_pauses_the_records_and_a_new_one_lets_all_go_on(site: Site, page: Page) -> None:
    app, provider = site.app, site.stand_in
    connection = await connected(app, "openai", "Our OpenAI")
    ids = await tickets(app, "Card charged twice", "Login fails", "Where is my parcel?")
    flow = await turned_on(
        app,
        ask("1", connection, "gpt-4.1-mini", "2"),
        edit("2", "urgency", answer("1", "urgency")),
        name="Sort tickets",
    )
    provider.answer = lambda _prompt: json.dumps({"urgency": "high"})
    revoked = True

    def of_the_old_key(seen: Seen) -> Trouble | None:
        return Trouble(401, REFUSED) if revoked else None

    provider.trouble = of_the_old_key
    runs = [one.enrollment_id for one in await enroll(app, flow, *ids)]
    for run in runs:
        await settled(app, run, "WAITING")

    await page.goto("/attention")
    cause = page.get_by_role("article", name="The provider refused the API key")
    await expect(cause).to_contain_text("3 runs")
    await expect(cause).to_contain_text("go on by themselves")
    await cause.get_by_role("link", name="Card charged twice").click()
    await expect(page.get_by_role("heading", level=1, name="Card charged twice")).to_be_visible()
    await expect(page.get_by_text("Paused")).to_be_visible()

    revoked, provider.key = False, NEW_KEY
    await page.goto("/attention")
    await cause.get_by_role("button", name="Replace key").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("API key").fill(NEW_KEY)
    await dialog.get_by_role("button", name="Check and replace").click()
    await expect(page.get_by_text("Nothing needs attention")).to_be_visible()
    for run in runs:
        assert (await settled(app, run)).status == "COMPLETED"

    await page.goto(f"/workflows/{flow}/runs")
    rows = page.get_by_role("table", name="Enrollment history").get_by_role("row")
    await expect(rows.filter(has_text="Completed")).to_have_count(3)
    await page.get_by_role("link", name=f"Run {runs[0]}: Completed").click()
    await page.get_by_role("button", name="Step 1").click()
    step = page.get_by_role("complementary", name="The step")
    await expect(step.get_by_role("group", name="Prompt").first).to_contain_text(
        "How urgent? Card charged twice"
    )
    await expect(step.get_by_role("group", name="Answer")).to_contain_text('"urgency": "high"')
    await page.get_by_role("button", name="Step 2").click()
    await expect(step.get_by_role("link", name="Urgency")).to_be_visible()
