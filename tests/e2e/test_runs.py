"""Runs as one watches them: paused by a revoked key until it is replaced, and many that are being enrolled."""

from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import Page, expect
from tests.e2e.site import Site
from tests.e2e.steps import call
from tests.engine.scene import answer, ask, connected, edit, enroll, settled, tickets, turned_on
from tests.llm_stand_in import Seen, Trouble
from tests.workflows.test_enrolling import EVERY_TICKET

from penstock.kit.json import JsonObject
from penstock.workflows import enrolling

HIGH: JsonObject = {"type": "STATIC_VALUE", "staticValue": "high"}
NEW_KEY = "stand-in-key-of-tomorrow"
NO_MONEY = {"error": {"message": "You are out of credit.", "code": "insufficient_quota"}}
REFUSED = {"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}}


async def test_a_revoked_key_pauses_the_records_and_a_new_one_lets_all_go_on(site: Site, page: Page) -> None:
    app, provider = site.app, site.stand_in
    connection = await connected(app, "openai", "Our OpenAI")
    ids = await tickets(app, "Card charged twice", "Login fails", "Where is my parcel?")
    flow = await turned_on(
        app,
        ask("1", connection, "gpt-4.1-mini", "2", web_search=True),
        edit("2", "urgency", answer("1", "urgency")),
        name="Sort tickets",
    )
    provider.answer = lambda _prompt: json.dumps({"urgency": "high"})
    provider.pages = [
        ("https://example.com/recalls", "<b>Recalls</b>"),
        ("javascript:alert(1)", "Win"),
        ("https://example.org/", ""),
    ]
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
    pages = step.get_by_role("list", name="Sources").get_by_role("link")
    await expect(pages).to_have_text(["<b>Recalls</b>", "example.org"])
    await expect(pages.first).to_have_attribute("href", "https://example.com/recalls")
    await expect(pages.first).to_have_attribute("rel", "noreferrer noopener")
    await page.get_by_role("button", name="Step 2").click()
    await expect(step.get_by_role("link", name="Urgency")).to_be_visible()

    # An account without credit needs money and a test, not another key.
    provider.trouble = lambda _seen: Trouble(429, NO_MONEY)
    [late] = await enroll(app, flow, *await tickets(app, "Lamp broken"))
    await settled(app, late.enrollment_id, "WAITING")
    await page.goto("/settings/connected-apps")
    ours = page.get_by_role("listitem", name="Our OpenAI")
    await expect(ours.get_by_role("note")).to_contain_text("Add credit in the provider")
    provider.trouble = lambda _seen: None
    await ours.get_by_role("note").get_by_role("button", name="Test").click()
    await expect(ours).to_contain_text("Works")
    assert (await settled(app, late.enrollment_id)).status == "COMPLETED"


async def test_enrolling_many_records_shows_how_far_it_is_and_can_be_stopped(
    site: Site, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolling, "ENROLL_AT_ONCE", 10)
    no_worker_comes = enrolling.TAKE.replace("WHERE state = 'OPEN'", "WHERE false")
    monkeypatch.setattr(enrolling, "TAKE", no_worker_comes)
    await tickets(site.app, *(f"Ticket {number}" for number in range(25)))
    flow = await turned_on(site.app, edit("1", "urgency", HIGH), criteria=EVERY_TICKET)
    await page.goto(f"/workflows/{flow}/runs")
    begun = await call(
        page, "PUT", f"/penstock/v1/flows/{flow}/activation", {"enabled": True, "enrollExisting": True}
    )
    assert begun.ok()["goesOn"] is True
    progress = page.get_by_role("status").filter(has_text="Enrolling")
    await expect(progress).to_contain_text("Enrolling: 10 records so far")
    await expect(progress.get_by_role("progressbar")).to_have_attribute("aria-valuenow", re.compile(r"^\d"))
    await progress.get_by_role("button", name="Stop enrolling").click()
    await expect(progress).to_contain_text("Enrolling ended after 10 records")
    async with site.app.pool.acquire() as db:
        assert await db.fetchval("SELECT state FROM flow_enrollings WHERE flow_id = $1", flow) == "ENDED"
