"""The table of records: narrowed, ordered, kept as a view that others see; edited in place and in bulk; exported."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect
from tests.e2e.conftest import Browse
from tests.e2e.site import Site
from tests.engine.scene import BY_HAND

from penstock.crm import records
from penstock.crm.schema import load_schema
from penstock.kit.database import Connection, transaction

CONTACTS = "0-1"
PEOPLE = [
    ("Ann", "Berg", "Berlin", "lead"),
    ("Bo", "Holm", "Oslo", "customer"),
    ("Cleo", "Dahl", "Berlin", "lead"),
    ("Dan", "Ek", "Berlin", "customer"),
]
COLUMNS = "/records/contacts?columns=email%2Ccity%2Clifecyclestage"


async def people(site: Site) -> dict[str, int]:
    """Four contacts, by first name."""
    async with transaction(site.app.pool) as db:
        schema = await load_schema(db, 1, CONTACTS)
        rows = [
            {"firstname": first, "lastname": last, "email": f"{first.lower()}@example.com", "city": city, "lifecyclestage": stage}
            for first, last, city, stage in PEOPLE
        ]  # fmt: skip
        made = await records.create_many(db, 1, schema, rows, BY_HAND)
    return {person[0]: record.id for person, record in zip(PEOPLE, made, strict=True)}


def grid(page: Page) -> Locator:
    """The table."""
    return page.get_by_role("grid", name="Contacts")


async def shown(page: Page, *names: str) -> None:
    """The rows are these, in this order."""
    await expect(grid(page).get_by_role("rowheader")).to_have_text(list(names))


async def stored(db: Connection, record_id: int, name: str) -> str | None:
    """A value as it is stored."""
    value = await db.fetchval("SELECT properties ->> $2 FROM records WHERE id = $1", record_id, name)
    return None if value is None else str(value)


async def only_berlin(page: Page) -> None:
    """Filters by city in the drawer, which counts while one types."""
    await page.get_by_role("toolbar", name="Search and filter").get_by_role("button", name="Filter", exact=True).click()  # fmt: skip
    drawer = page.get_by_role("dialog", name="Filter")
    await drawer.get_by_role("button", name="Add condition").click()
    await drawer.get_by_role("combobox", name="Property").fill("City")
    await page.get_by_role("option", name="City", exact=True).click()
    await drawer.get_by_role("combobox", name="Value for City").fill("Berlin")
    await page.keyboard.press("Enter")
    await expect(drawer.get_by_text("3 records meet this now")).to_be_visible()
    await drawer.get_by_role("button", name="Done").click()
    await expect(drawer).to_have_count(0)


async def test_a_narrowed_and_ordered_table_is_kept_as_a_view_that_others_see(
    page: Page, site: Site, browse: Browse
) -> None:
    await people(site)
    await page.goto("/records/contacts")
    await shown(page, "Dan Ek", "Cleo Dahl", "Bo Holm", "Ann Berg")
    await only_berlin(page)
    await shown(page, "Dan Ek", "Cleo Dahl", "Ann Berg")
    chips = page.get_by_role("group", name="Active filters")
    await expect(chips.get_by_role("button", name="City is Berlin", exact=True)).to_be_visible()
    by_email = grid(page).get_by_role("columnheader", name="Email")
    await by_email.get_by_role("button", name="Email", exact=True).click()
    await shown(page, "Ann Berg", "Cleo Dahl", "Dan Ek")
    await expect(by_email).to_have_attribute("aria-sort", "ascending")

    search = page.get_by_role("searchbox", name="Search contacts")
    await search.fill("cleo da")
    await shown(page, "Cleo Dahl")
    await search.fill("")
    await shown(page, "Ann Berg", "Cleo Dahl", "Dan Ek")
    await page.get_by_role("button", name="Columns").click()
    await page.get_by_role("textbox", name="Search columns").fill("city")
    await page.get_by_role("checkbox", name="City").check()
    await page.keyboard.press("Escape")
    await expect(grid(page).get_by_role("columnheader", name="City")).to_be_visible()

    # Kept, and there again after a reload.
    await page.get_by_role("button", name="Save as", exact=True).click()
    dialog = page.get_by_role("dialog", name="Save as a new view")
    await dialog.get_by_label("Name of the view").fill("Berliners")
    await dialog.get_by_role("checkbox", name="Share with everyone in the workspace").check()
    await dialog.get_by_role("button", name="Save").click()
    tab = page.get_by_role("navigation", name="Views").get_by_role("link", name="Berliners")
    await expect(tab).to_have_attribute("aria-current", "true")
    await expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    await page.reload()
    await shown(page, "Ann Berg", "Cleo Dahl", "Dan Ek")
    await expect(chips).to_contain_text("City is Berlin")
    await expect(grid(page).get_by_role("columnheader", name="City")).to_be_visible()

    # Changed, and saved as what it is.
    await by_email.get_by_role("button", name="Email", exact=True).click()
    await shown(page, "Dan Ek", "Cleo Dahl", "Ann Berg")
    await expect(page.get_by_text("Unsaved changes")).to_be_visible()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Unsaved changes")).to_have_count(0)

    # Somebody who may only look sees it, with nothing to break.
    other = await browse("viewer")
    await other.goto("/records/contacts")
    await other.get_by_role("navigation", name="Views").get_by_role("link", name="Berliners").click()
    await shown(other, "Dan Ek", "Cleo Dahl", "Ann Berg")
    await expect(other.get_by_role("button", name="Create contact")).to_be_disabled()
    await other.get_by_role("group", name="Active filters").get_by_role("button", name="Remove filter: City is Berlin").click()  # fmt: skip
    await shown(other, "Dan Ek", "Cleo Dahl", "Bo Holm", "Ann Berg")
    await expect(other.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    await page.reload()
    await shown(page, "Dan Ek", "Cleo Dahl", "Ann Berg")


async def edit_in_place(page: Page, column: str, of: str, before: str, value: str) -> None:
    """Types a value into a cell, by the pencil that is there under the pointer."""
    row = grid(page).get_by_role("row").filter(has=page.get_by_role("link", name=of))
    await row.get_by_role("gridcell", name=before).hover()
    await row.get_by_role("button", name=f"Edit {column} of {of}").click()
    await row.get_by_role("textbox", name=column).fill(value)
    await page.keyboard.press("Enter")


async def choose(page: Page, *names: str) -> Locator:
    """Selects rows; returns the bar of what can be done with them."""
    for name in names:
        await grid(page).get_by_role("checkbox", name=f"Select {name}").click()
    bar = page.get_by_role("toolbar", name="Selected records")
    await expect(bar).to_contain_text(f"{len(names)} selected")
    return bar


async def exported(page: Page, button: Locator, folder: Path) -> list[list[str]]:
    """The rows of the file behind a link."""
    async with page.expect_download() as begun:
        await button.click()
    file = folder / "export.csv"
    await (await begun.value).save_as(file)
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))


async def test_values_are_edited_in_place_and_in_bulk_and_what_was_archived_comes_back(
    page: Page, site: Site, db: Connection, tmp_path: Path
) -> None:
    ids = await people(site)
    await page.goto(COLUMNS)
    await edit_in_place(page, "City", "Ann Berg", "Berlin", "Potsdam")
    await expect(grid(page).get_by_role("gridcell", name="Potsdam")).to_be_visible()
    await page.reload()
    await expect(grid(page).get_by_role("gridcell", name="Potsdam")).to_be_visible()
    assert await stored(db, ids["Ann"], "city") == "Potsdam"

    # The server refuses: the value of before is back, and why is said.
    await edit_in_place(page, "Email", "Ann Berg", "ann@example.com", "not an address")
    said = page.get_by_role("alert").filter(has_text="Email of Ann Berg was not saved.")
    await expect(said).to_contain_text("is no e-mail address")
    await expect(grid(page).get_by_role("gridcell", name="ann@example.com")).to_be_visible()
    await expect(grid(page).get_by_text("not an address")).to_have_count(0)
    assert await stored(db, ids["Ann"], "email") == "ann@example.com"

    bar = await choose(page, "Ann Berg", "Cleo Dahl")
    await bar.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog", name="Edit a property")
    await dialog.get_by_role("combobox", name="Property").fill("Lifecycle")
    await page.get_by_role("option", name="Lifecycle Stage").click()
    await dialog.get_by_role("combobox", name="New value").click()
    await page.get_by_role("option", name="Evangelist").click()
    await dialog.get_by_role("button", name="Set value").click()
    await expect(page.get_by_role("alert").filter(has_text="2 records changed")).to_be_visible()
    await expect(grid(page).get_by_role("gridcell", name="Evangelist")).to_have_count(2)
    assert await stored(db, ids["Cleo"], "lifecyclestage") == "evangelist"
    assert await stored(db, ids["Bo"], "lifecyclestage") == "customer"

    bar = await choose(page, "Bo Holm", "Dan Ek")
    await bar.get_by_role("button", name="Archive").click()
    await shown(page, "Cleo Dahl", "Ann Berg")
    gone = page.get_by_role("alert").filter(has_text="2 records archived")
    await gone.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("alert").filter(has_text="2 records restored")).to_be_visible()
    await shown(page, "Dan Ek", "Cleo Dahl", "Bo Holm", "Ann Berg")
    assert await db.fetchval("SELECT count(*) FROM records WHERE archived_at IS NOT NULL") == 0

    # What is exported is what is seen: its columns, its order, and the chosen rows or all that match.
    await grid(page).get_by_role("columnheader", name="Email").get_by_role("button", name="Email", exact=True).click()  # fmt: skip
    await shown(page, "Ann Berg", "Bo Holm", "Cleo Dahl", "Dan Ek")
    await expect(page).to_have_url(re.compile("sort=email"))
    header = ["Record ID", "First Name", "Last Name", "Email", "City", "Lifecycle Stage"]
    whole = await exported(page, page.get_by_role("link", name="Export as CSV"), tmp_path)
    assert whole == [
        header,
        [str(ids["Ann"]), "Ann", "Berg", "ann@example.com", "Potsdam", "Evangelist"],
        [str(ids["Bo"]), "Bo", "Holm", "bo@example.com", "Oslo", "Customer"],
        [str(ids["Cleo"]), "Cleo", "Dahl", "cleo@example.com", "Berlin", "Evangelist"],
        [str(ids["Dan"]), "Dan", "Ek", "dan@example.com", "Berlin", "Customer"],
    ]
    bar = await choose(page, "Cleo Dahl")
    chosen = await exported(page, bar.get_by_role("link", name="Export"), tmp_path)
    assert chosen == [header, [str(ids["Cleo"]), "Cleo", "Dahl", "cleo@example.com", "Berlin", "Evangelist"]]
