"""Doubtful answers as a reviewer works through them: with the keyboard, edited, several at once, and after a change."""

from __future__ import annotations

import json

from playwright.async_api import Page, expect
from tests.e2e.site import Site
from tests.engine.scene import (
    answer,
    ask,
    change,
    connected,
    edit,
    enroll,
    settled,
    tickets,
    turned_on,
    value_of,
)

SUBJECTS = (
    "Card charged twice",
    "Login fails",
    "Where is my parcel?",
    "It smells of smoke",
    "Please call me",
)
URGENCY = {
    "name": "urgency",
    "type": "choice",
    "label": "Urgency",
    "options_from_property": "urgency",
    "review_below": 0.8,
}


async def test_a_reviewer_works_through_the_queue(site: Site, page: Page) -> None:
    app = site.app
    site.stand_in.answer = lambda _prompt: json.dumps({"urgency": "High", "urgency_confidence": 0.45})
    connection = await connected(app, "openai", "Our OpenAI")
    ids = await tickets(app, *SUBJECTS)
    flow = await turned_on(
        app,
        ask("1", connection, "gpt-4.1-mini", "2", output={"type": "fields", "fields": [URGENCY]}),
        edit("2", "urgency", answer("1", "urgency")),
        name="Sort tickets",
    )
    runs = [one.enrollment_id for one in await enroll(app, flow, *ids)]
    for run in runs:
        await settled(app, run, "WAITING")

    await page.goto("/workflows")
    await page.get_by_role("navigation", name="Places").get_by_role("link", name="Reviews").click()
    queue = page.get_by_role("list", name="Reviews")
    await expect(queue.get_by_role("listitem")).to_have_count(5)
    first = page.get_by_role("region", name=f"Review of {SUBJECTS[0]}")
    await expect(first.get_by_text("45% sure, 80% wanted")).to_be_visible()
    await expect(first.get_by_text(f"How urgent? {SUBJECTS[0]}")).to_be_visible()

    # As it is, by one key; the next one is there at once.
    await first.click(position={"x": 4, "y": 4})
    await page.keyboard.press("a")
    second = page.get_by_role("region", name=f"Review of {SUBJECTS[1]}")
    await expect(second).to_be_visible()
    await settled(app, runs[0])
    assert await value_of(app, ids[0], "urgency") == "high"

    # With another value.
    await second.get_by_role("combobox", name="Urgency").click()
    await page.get_by_role("option", name="Low").click()
    await second.get_by_role("button", name="Approve with changes").click()
    third = page.get_by_role("region", name=f"Review of {SUBJECTS[2]}")
    await expect(third).to_be_visible()
    await settled(app, runs[1])
    assert await value_of(app, ids[1], "urgency") == "low"

    # About a record that changed: the change is shown and has to be looked past.
    await change(app, ids[2], subject="Parcel arrived")
    await page.reload()
    changed = page.get_by_role("region", name="Review of Parcel arrived")
    await expect(changed.get_by_text(f"{SUBJECTS[2]} → Parcel arrived")).to_be_visible()
    await changed.get_by_role("button", name="Reject").click()
    await changed.get_by_label("Why?").fill("It arrived.")
    await changed.get_by_role("button", name="Reject the answer").click()
    failed = await settled(app, runs[2])
    assert failed.error is not None
    assert failed.error["code"] == "REJECTED_IN_REVIEW"

    # The rest together.
    await page.get_by_label("Tick all").check()
    await (
        page.get_by_role("group", name="Decide those that are ticked")
        .get_by_role("button", name="Approve")
        .click()
    )
    await expect(page.get_by_text("Nothing waits for a review")).to_be_visible()
    for run in runs[3:]:
        assert (await settled(app, run)).status == "COMPLETED"
    await page.get_by_text("Decided", exact=True).click()
    await expect(page.get_by_role("list", name="Reviews").get_by_role("listitem")).to_have_count(5)
