"""Undo in the browser: what a run, a revision and a workflow wrote is looked at first, then taken back."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect
from tests.e2e.site import Site
from tests.engine.scene import change, edit, enroll, settled, tickets, turned_on, value_of

from penstock.kit.database import Connection
from penstock.kit.json import JsonObject

HIGH: JsonObject = {"type": "STATIC_VALUE", "staticValue": "high"}
SEEN: JsonObject = {"type": "STATIC_VALUE", "staticValue": "Seen"}


async def test_what_a_run_and_a_workflow_wrote_is_seen_first_then_taken_back(
    page: Page, site: Site, db: Connection
) -> None:
    app = site.app
    first, second, third = await tickets(app, "Card charged twice", "Login fails", "Where is my parcel?")
    await change(app, second, urgency="low")
    flow = await turned_on(
        app, edit("1", "urgency", HIGH, "2"), edit("2", "content", SEEN), name="Sort tickets"
    )
    runs = [one.enrollment_id for one in await enroll(app, flow, first, second, third)]
    for run in runs:
        await settled(app, run)
    await change(app, third, urgency="low")

    # The run of the first ticket, from its page.
    await page.goto(f"/runs/{runs[0]}")
    await page.get_by_role("button", name="Undo", exact=True).click()
    dialog = page.get_by_role("dialog", name="Undo what this run wrote")
    rows = dialog.get_by_role("table").get_by_role("row")
    await expect(rows).to_have_count(3)  # with the head
    await expect(rows.filter(has_text="Urgency")).to_contain_text(re.compile("High.*No value"))
    assert await value_of(app, first, "urgency") == "high"
    await dialog.get_by_role("button", name="Undo 2 values").click()
    await expect(dialog.get_by_role("status")).to_contain_text("2 values restored.")
    assert await value_of(app, first, "urgency") is None
    await dialog.get_by_role("button", name="Close").last.click()

    # Everything that step 1 of the workflow wrote: what stands goes back, what a person changed stays.
    await page.goto(f"/workflows/{flow}/runs")
    await page.get_by_role("button", name="Undo…").click()
    dialog = page.get_by_role("dialog", name="Undo what this workflow wrote")
    await expect(dialog.get_by_role("status")).to_contain_text("Values that would go back: 3, records: 2.")
    await dialog.get_by_role("combobox", name="Step").click()
    await page.get_by_role("option").first.click()
    await expect(dialog.get_by_role("status")).to_contain_text("Values that would go back: 1, records: 1.")
    await dialog.get_by_text("Stays (1)").click()
    await expect(dialog.get_by_role("table")).to_contain_text(
        re.compile("Where is my parcel.*Changed since.*Command line")
    )
    await dialog.get_by_role("button", name="Undo 1 value").click()
    await expect(dialog.get_by_role("region", name="Values that stay")).to_contain_text("Where is my parcel?")
    assert [await value_of(app, one, "urgency") for one in (first, second, third)] == [None, "low", "low"]
    await dialog.get_by_role("button", name="Close").last.click()
    await expect(page.get_by_text("1 value restored.")).to_be_visible()

    # And an undo can be taken back.
    await page.get_by_role("button", name="Details").click()
    dialog = page.get_by_role("dialog", name=re.compile("^Undo [0-9]+$"))
    await dialog.get_by_role("button", name="Take this undo back").click()
    await expect(dialog.get_by_role("button", name="Take this undo back")).to_be_visible()
    await expect(dialog.get_by_role("region", name="Values that stay")).to_have_count(0)
    assert await value_of(app, second, "urgency") == "high"
    assert await db.fetchval("SELECT count(*) FROM audit_log WHERE action = 'undo.begun'") == 3

    # A revision's values, from the list of revisions; the history of a value names the undo.
    await page.goto(f"/workflows/{flow}/revisions")
    await page.get_by_role("button", name="Undo what it wrote").click()
    dialog = page.get_by_role("dialog", name="Undo what revision 1 wrote")
    await expect(dialog.get_by_role("button", name=re.compile("^Undo . values?$"))).to_be_enabled()
    await page.goto(f"/records/tickets/{second}")
    await page.get_by_role("button", name="History of Urgency").click()
    history = page.get_by_role("dialog", name="History of Urgency").get_by_role("listitem")
    await expect(history.first).to_contain_text(re.compile("High.*Undo", re.DOTALL))
    await history.nth(2).get_by_role("button", name="Undo all of this run").click()
    dialog = page.get_by_role("dialog", name="Undo what this run wrote")
    await expect(dialog.get_by_text("Stays (1)")).to_be_visible()
