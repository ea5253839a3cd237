"""The list of workflows: templates, files, copies, folders, on and off, deleting."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.async_api import Locator, Page, expect
from tests.e2e.conftest import Browse
from tests.e2e.site import Site
from tests.engine.scene import edit, tickets, turned_on, when
from tests.workflows.scene_of_runs import INSERT_RECORDS

from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.workflows import flows

HIGH: JsonObject = {"type": "STATIC_VALUE", "staticValue": "high"}


def row(page: Page, name: str) -> Locator:
    """A workflow's row."""
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


async def choose(page: Page, name: str, deed: str) -> None:
    """Something of a workflow's menu."""
    await page.get_by_role("button", name=f"Actions for {name}", exact=True).click()
    await page.get_by_role("menuitem", name=deed).click()


async def test_a_workflow_begins_from_a_template_and_is_copied_filed_searched_and_deleted(page: Page) -> None:
    await page.goto("/workflows")
    await expect(page.get_by_role("heading", name="Create your first workflow")).to_be_visible()
    await page.get_by_role("button", name="Triage tickets").click()
    dialog = page.get_by_role("dialog", name="Create workflow")
    await dialog.get_by_role("radio", name="Draft a follow-up").check(force=True)
    await expect(
        dialog.get_by_role("list", name="Steps of the template").get_by_role("listitem")
    ).to_have_count(2)
    await dialog.get_by_label("Name").fill("Follow up")
    await dialog.get_by_role("button", name="Create and open").click()
    await expect(page.get_by_role("heading", name="Follow up")).to_be_visible()

    await page.goto("/workflows")
    await expect(row(page, "Follow up")).to_contain_text("Draft changes")
    await choose(page, "Follow up", "Duplicate")
    await expect(row(page, "Copy of Follow up")).to_contain_text("Deals")
    await choose(page, "Copy of Follow up", "Move to folder")
    await page.get_by_role("dialog").get_by_label("Folder").fill("Sales")
    await page.get_by_role("dialog").get_by_role("button", name="Move").click()
    await page.get_by_role("navigation", name="Folders").get_by_role("link", name="Sales").click()
    await expect(row(page, "Follow up")).to_have_count(0)
    await expect(row(page, "Copy of Follow up")).to_be_visible()
    await page.get_by_role("navigation", name="Folders").get_by_role("link", name="All workflows").click()
    await page.get_by_role("searchbox", name="Search by name").fill("COPY")
    await expect(row(page, "Follow up")).to_have_count(0)

    await choose(page, "Copy of Follow up", "Delete")
    asking = page.get_by_role("dialog")
    await expect(asking.get_by_role("button", name="Delete")).to_be_disabled()
    await asking.get_by_label("to confirm").fill("Copy of Follow up")
    await asking.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("heading", name="No workflow matches")).to_be_visible()


async def test_a_file_from_hubspot_says_what_is_to_do_and_becomes_a_draft(
    page: Page, tmp_path: Path, site: Site
) -> None:
    foreign = {"type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "0-14", "fields": {"x": "y"}}
    document = {"type": "PLATFORM_FLOW", "objectTypeId": "2-404", "name": "Brought", "startActionId": "1",
                "isEnabled": True, "actions": [foreign]}  # fmt: skip
    (tmp_path / "flow.json").write_text(json.dumps(document))
    (tmp_path / "other.json").write_text('{"results": []}')

    await page.goto("/workflows?create=file")
    dialog = page.get_by_role("dialog", name="Create workflow")
    file = dialog.get_by_label("Workflow file")
    await file.set_input_files(tmp_path / "other.json")
    await expect(dialog.get_by_role("alert")).to_contain_text("no workflow")
    await file.set_input_files(tmp_path / "flow.json")
    await expect(dialog).to_contain_text("There is no object type 2-404 here")
    await expect(dialog.get_by_role("button", name="Create and open")).to_be_disabled()
    await dialog.get_by_role("combobox", name="Records").click()
    await page.get_by_role("option", name="Tickets").click()
    await expect(dialog).to_contain_text("Penstock does not run actions of type 0-14")
    await dialog.get_by_role("button", name="Create and open").click()
    await expect(page.get_by_role("heading", name="Brought")).to_be_visible()
    async with transaction(site.app.pool) as db:
        [made] = (await flows.list_flows(db, 1, 0, 10)).flows
    assert (made.object_type_id, made.is_enabled, made.document["actions"]) == ("0-5", False, [])


async def test_turning_on_asks_who_comes_in_and_turning_off_says_what_stops(page: Page, site: Site) -> None:
    await tickets(site.app)  # no tickets, but the property
    # Straight into the table: a change would enroll them by the trigger.
    async with transaction(site.app.pool) as db:
        await db.execute(INSERT_RECORDS, 1, 2)
        await db.execute("""UPDATE records SET properties = properties || '{"urgency": "low"}'""")
    raises = edit("1", "urgency", HIGH)
    flow = await turned_on(site.app, raises, criteria=when("urgency", "low"), name="Raise")

    await page.goto("/workflows")
    switch = page.get_by_role("switch", name="Raise is on")
    await expect(switch).to_be_checked()
    await switch.click(force=True)
    asking = page.get_by_role("dialog", name="Turn off Raise?")
    await expect(asking).to_contain_text("No record is enrolled while it is off.")
    await asking.get_by_role("button", name="Turn off").click()
    await expect(switch).not_to_be_checked()

    await switch.click(force=True)
    asking = page.get_by_role("dialog", name="Turn on Raise?")
    await asking.get_by_role("radio", name="Also the 2 records that meet them now").check()
    await asking.get_by_role("button", name="Turn on").click()
    await expect(page.get_by_text("Raise is on and 2 records are enrolled")).to_be_visible()
    await page.goto(f"/workflows/{flow}/runs")
    rows = page.get_by_role("table", name="Enrollment history").get_by_role("row")
    await expect(rows.filter(has_text="Completed")).to_have_count(2)


async def test_a_viewer_sees_the_list_and_is_told_why_nothing_can_be_changed(
    browse: Browse, site: Site
) -> None:
    await tickets(site.app, "One")  # brings the property that the step sets
    await turned_on(site.app, edit("1", "urgency", HIGH), name="Raise")
    page = await browse("viewer")
    await page.goto("/workflows")
    await expect(page.get_by_role("switch", name="Raise is on")).to_be_disabled()
    await expect(page.get_by_role("button", name="Create workflow")).to_be_disabled()
    await page.get_by_role("button", name="Actions for Raise").click()
    await expect(page.get_by_role("menuitem", name="Export as JSON")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Delete")).to_have_count(0)
