"""Object types and properties of one's own: made in the settings, filled in a record, found from anywhere."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect
from tests.e2e.site import Site

from penstock.kit.database import Connection


async def test_an_object_type_of_ones_own_takes_a_property_and_a_record_that_is_found_from_anywhere(
    page: Page, site: Site, db: Connection
) -> None:
    await page.goto("/settings/properties")
    await page.get_by_role("button", name="More to create").click()
    await page.get_by_role("menuitem", name="Create object type").click()
    dialog = page.get_by_role("dialog", name="Create object type")
    await dialog.get_by_label("One is called").fill("Vessel")
    await dialog.get_by_label("Many are called").fill("Vessels")
    await expect(dialog.get_by_label("Internal name")).to_have_value("vessels")
    await dialog.get_by_role("button", name="Create", exact=True).click()
    await expect(dialog).to_have_count(0)

    await page.get_by_role("button", name="Create property").click()
    dialog = page.get_by_role("dialog", name="Create property")
    await dialog.get_by_role("textbox", name="Label").first.fill("State of repair")
    await dialog.get_by_role("radio", name="Dropdown").check()
    await dialog.get_by_role("button", name="Add option").click()
    await dialog.get_by_role("textbox", name="Label of option 1").fill("Seaworthy")
    await page.keyboard.press("Enter")
    await dialog.get_by_role("textbox", name="Label of option 2").fill("In dock")
    await dialog.get_by_role("combobox", name="Data sensitivity").click()
    await page.get_by_role("option", name="Highly sensitive").click()
    await dialog.get_by_role("button", name="Create", exact=True).click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("row", name="State of repair")).to_contain_text("Dropdown")
    await expect(page.get_by_role("row", name="State of repair")).to_contain_text("Highly sensitive")

    await page.goto("/records/contacts")
    await page.get_by_role("navigation", name="Object types").get_by_role("link", name="Vessels").click()
    await page.get_by_role("button", name="Create vessel").first.click()
    form = page.get_by_role("dialog", name="Create vessel")
    await form.get_by_label("Name").fill("Fram")
    await form.get_by_role("combobox", name="State of repair").click()
    await page.get_by_role("option", name="In dock").click()
    await form.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_role("heading", level=1, name="Fram")).to_be_visible()
    await expect(page.get_by_role("region", name="Properties")).to_contain_text("In dock")
    made = await db.fetchrow("SELECT id, properties FROM records")
    assert made is not None
    assert {made["properties"]["name"], made["properties"]["state_of_repair"]} == {"Fram", "in_dock"}

    await page.goto("/workflows")
    await expect(page.get_by_role("heading", level=1, name="Workflows")).to_be_visible()
    await page.keyboard.press("Control+k")
    menu = page.get_by_role("dialog")
    await menu.get_by_role("textbox").fill("fram")
    await menu.get_by_role("button", name=re.compile("^Fram")).click()
    await expect(page).to_have_url(re.compile(f"/records/vessels/{made['id']}$"))
    await expect(page.get_by_role("heading", level=1, name="Fram")).to_be_visible()
