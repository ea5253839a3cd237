"""A value's history: who wrote each version, from which step, model and prompt, and the way back."""

from __future__ import annotations

import io
import json
import re

from playwright.async_api import Locator, Page, expect
from tests.e2e.site import Site
from tests.engine.scene import TICKETS, URGENCY, answer, ask, change, connected, edit, turned_on, value_of

from penstock.crm import imports, properties
from penstock.kit.database import Connection, transaction

MODEL = "gpt-4.1-mini"
LEFT = ("records", "property_history", "enrollments", "steps")
FILE = b"Ticket name,Urgency\nParcel lost,Low\n"


async def imported(site: Site) -> int:
    """A ticket of low urgency, out of a file."""
    async with transaction(site.app.pool) as db:
        await properties.create(db, 1, TICKETS, URGENCY)
        job = await imports.create(db, 1, TICKETS, "complaints.csv", imports.ImportOptions())
    await imports.run_import(site.app.pool, 1, job.id, io.BytesIO(FILE))
    async with transaction(site.app.pool) as db:
        return int(await db.fetchval("SELECT id FROM records WHERE object_type_id = $1", TICKETS))


async def by_a_person(page: Page) -> None:
    """Sets Urgency on the record's page."""
    await page.get_by_role("button", name="Edit Urgency").click()
    await page.get_by_role("combobox", name="Urgency").click()
    await page.get_by_role("option", name="High").click()
    await expect(page.get_by_role("region", name="Properties")).to_contain_text("High")
    await expect(page.get_by_role("region", name="Timeline")).to_contain_text("1 property changed")


async def by_a_workflow(page: Page) -> None:
    """Enrolls the record from its page, and waits until the workflow has been through it."""
    workflows = page.get_by_role("region", name="Workflows")
    await workflows.get_by_role("button", name="Enroll").click()
    dialog = page.get_by_role("dialog", name="Enroll in a workflow")
    await dialog.get_by_role("combobox", name="Workflow").click()
    await page.get_by_role("option", name="Sort tickets").click()
    await dialog.get_by_role("button", name="Enroll", exact=True).click()
    await expect(workflows.get_by_text("Completed")).to_be_visible()


def versions(page: Page) -> Locator:
    """The versions in the open history, newest first."""
    return page.get_by_role("dialog", name="History of Urgency").get_by_role("listitem")


async def test_a_history_names_person_import_and_workflow_and_undo_never_loses_what_is_newer(
    page: Page, site: Site, db: Connection
) -> None:
    app = site.app
    connection = await connected(app, "openai")
    ticket = await imported(site)
    site.stand_in.answer = lambda _prompt: json.dumps({"urgency": "low"})
    await turned_on(
        app,
        ask("1", connection, MODEL, "2"),
        edit("2", "urgency", answer("1", "urgency")),
        name="Sort tickets",
    )
    me = await site.user("owner")

    await page.goto(f"/records/tickets/{ticket}")
    await by_a_person(page)
    assert await value_of(app, ticket, "urgency") == "high"
    await by_a_workflow(page)
    assert await value_of(app, ticket, "urgency") == "low"

    # Beside the value, without a click: a workflow and a model wrote it.
    mark = page.get_by_role("region", name="Properties").get_by_role("img", name="Set by Sort tickets, step 2: Edit record")  # fmt: skip
    await expect(mark).to_be_visible()
    happened = page.get_by_role("region", name="Timeline").get_by_role("listitem")
    for at, what in enumerate(("Left workflow", "1 property changed", "Enrolled in workflow")):
        await expect(happened.nth(at)).to_contain_text(what)

    await page.get_by_role("button", name="History of Urgency").click()
    await expect(versions(page)).to_have_count(3)
    newest, middle, oldest = (versions(page).nth(n) for n in range(3))
    await expect(newest).to_contain_text("Low")
    await expect(newest).to_contain_text("Current")
    await expect(newest).to_contain_text("Sort tickets, step 2: Edit record")
    source = await db.fetchrow(
        "SELECT id, source_detail FROM property_history WHERE record_id = $1 AND property = 'urgency' ORDER BY id DESC LIMIT 1",
        ticket,
    )
    assert source is not None
    facts = dict(
        zip(
            await newest.get_by_role("term").all_inner_texts(),
            await newest.get_by_role("definition").all_inner_texts(),
            strict=True,
        )
    )
    run = await db.fetchval("SELECT id FROM enrollments WHERE record_id = $1", ticket)
    revision = await db.fetchval("SELECT revision_id FROM enrollments WHERE id = $1", run)
    assert facts == {
        "Model": f"OpenAI · {MODEL}",
        "Asked by": "Step 1: Use a custom LLM",
        "Prompt": str(source["source_detail"]["prompt_hash"])[:12],
        "Revision": str(revision),
        "Run": str(run),
    }
    await expect(middle).to_contain_text("High")
    await expect(middle).to_contain_text(f"{me.first_name} {me.last_name}".strip() or me.email)
    await expect(oldest).to_contain_text("Low")
    await expect(oldest.get_by_role("link", name="Import complaints.csv")).to_be_visible()

    # The way back is a version of its own, says what it is, and can be taken back as well.
    await newest.get_by_role("button", name="Undo", exact=True).click()
    said = page.get_by_role("alert").filter(has_text="Urgency is High again")
    await expect(said).to_be_visible()
    await expect(versions(page)).to_have_count(4)
    await expect(versions(page).nth(0)).to_contain_text(re.compile("High.*Current.*Undo", re.DOTALL))
    assert await value_of(app, ticket, "urgency") == "high"

    # Somebody else changes the value while this history is open: what they wrote is not lost.
    await change(app, ticket, urgency="low")
    await versions(page).nth(0).get_by_role("button", name="Undo", exact=True).click()
    await expect(page.get_by_text("Not undone, so that nothing newer is lost.")).to_be_visible()
    await expect(versions(page)).to_have_count(5)
    await expect(versions(page).nth(0)).to_contain_text(re.compile("Low.*Current", re.DOTALL))
    assert await value_of(app, ticket, "urgency") == "low"

    await versions(page).filter(has_text="Sort tickets").get_by_role("link", name="Sort tickets").click()
    await expect(page).to_have_url(re.compile(f"/runs/{run}$"))
    await expect(page.get_by_role("heading", level=1, name="Parcel lost")).to_be_visible()

    # Nothing of it is left when the record is erased, which its name has to be typed for.
    await page.goto(f"/records/tickets/{ticket}")
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Erase for good").click()
    asked = page.get_by_role("dialog", name="Erase Parcel lost?")
    await expect(asked.get_by_role("button", name="Erase")).to_be_disabled()
    await asked.get_by_role("textbox").fill("Parcel lost")
    await asked.get_by_role("button", name="Erase").click()
    await expect(page.get_by_text("Parcel lost is erased.")).to_be_visible()
    await expect(page).to_have_url(re.compile("/records/tickets"))
    assert [await db.fetchval(f"SELECT count(*) FROM {one}") for one in LEFT] == [0] * len(LEFT)  # noqa: S608
