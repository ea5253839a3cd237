"""A file with bad rows is imported: columns are mapped, progress can be left, and the bad rows come back to be put right."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playwright.async_api import FilePayload, Page, expect
from tests.e2e.site import Site
from tests.engine.scene import BY_HAND

from penstock.crm import records
from penstock.crm.schema import load_schema
from penstock.kit.database import Connection, transaction

CONTACTS = "0-1"
HEADER = ["Email", "First Name", "Last name of person", "Lifecycle Stage", "Shoe size", "Remarks"]
FIRST_BATCH = 1_000  # rows that an import commits together
BAD = [
    ["not-an-address", "Bo", "Nielsen", "Lead", "44", ""],
    ["ida@example.com", "Ida", "Krogh", "Old friend", "39", ""],
    ["per@example.com", "Per", "Holm", "Lead", "huge", ""],
]
MARIA = ["Maria@Example.com", "Maria", "Johnson", "Customer", "38", "Met in Oslo"]


def the_file() -> FilePayload:
    """Three bad rows (lines 2 to 4), a thousand good ones, and last of all a row of somebody who is there already."""
    many = [[f"guest{n}@example.com", "Guest", f"No {n}", "Lead", "40", "x"] for n in range(FIRST_BATCH)]
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEADER, *BAD, *many, MARIA])
    return {"name": "guests.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}


async def maria(site: Site) -> int:
    """A contact whom a row of the file is about."""
    async with transaction(site.app.pool) as db:
        schema = await load_schema(db, 1, CONTACTS)
        [made] = await records.create_many(
            db, 1, schema, [{"email": "maria@example.com", "firstname": "Mary"}], BY_HAND
        )
    return made.id


async def map_columns(page: Page) -> None:
    """Takes the suggestions, maps one column by hand, makes a property of another and leaves the last one out."""
    columns = page.get_by_role("table", name="Where the columns go")
    await expect(columns.get_by_role("combobox", name="Property for Email")).to_have_value("Email")
    await expect(columns.get_by_role("combobox", name="Property for First Name")).to_have_value("First Name")
    await expect(columns.get_by_role("row", name="Email")).to_contain_text("1 bad cell in 1,000 rows")
    await expect(columns.get_by_role("row", name="Lifecycle Stage")).to_contain_text("Not among the options: Old friend")  # fmt: skip

    last = columns.get_by_role("combobox", name="Property for Last name of person")
    await last.click()
    await last.fill("Last N")
    await page.get_by_role("option", name="Last Name").click()
    await expect(last).to_have_value("Last Name")

    await columns.get_by_role("combobox", name="Property for Shoe size").click()
    await page.get_by_role("option", name="Create a property…").click()
    dialog = page.get_by_role("dialog", name="Create property")
    await expect(dialog.get_by_label("Label")).to_have_value("Shoe size")
    await dialog.get_by_role("radio", name="Number", exact=True).check()
    await dialog.get_by_role("button", name="Create", exact=True).click()
    await expect(columns.get_by_role("combobox", name="Property for Shoe size")).to_have_value("Shoe size")
    await expect(columns.get_by_role("row", name="Shoe size")).to_contain_text("1 bad cell")
    await expect(columns.get_by_role("combobox", name="Property for Remarks")).to_have_value("Do not import")
    await expect(page.get_by_role("status").filter(has_text="5 of 6 columns are imported")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Find them by")).to_have_value("Email")


async def test_a_file_with_bad_rows_is_imported_and_what_was_bad_comes_back_to_be_put_right(
    page: Page, site: Site, db: Connection, tmp_path: Path
) -> None:
    known = await maria(site)
    await page.goto("/records/contacts")
    await page.get_by_role("link", name="Import").click()
    await expect(page.get_by_role("heading", level=1, name="Import contacts")).to_be_visible()
    await page.get_by_label("Choose a file").set_input_files(
        {"name": "guests.xlsx", "mimeType": "application/zip", "buffer": b"PK"}
    )
    await expect(page.get_by_role("alert")).to_contain_text("guests.xlsx is no CSV file")
    await page.get_by_label("Choose a file").set_input_files(the_file())
    await map_columns(page)

    # Somebody holds on to Maria, so that the import stands still before its last row.
    async with db.transaction():
        await db.execute("SELECT 1 FROM records WHERE id = $1 FOR UPDATE", known)
        await page.get_by_role("button", name="Start import").click()
        job = page.get_by_role("region", name="guests.csv")
        await expect(job).to_contain_text("Running")
        await expect(job.get_by_role("definition").first).to_have_text("1,000")
        await expect(job.get_by_role("progressbar", name="Progress of the import")).to_be_visible()
        address = page.url
        await page.get_by_role("link", name="Contacts", exact=True).click()
        await expect(page.get_by_role("grid", name="Contacts")).to_contain_text("Guest No 996")
        await page.goto("/workflows")
    await page.goto(address)
    await expect(job).to_contain_text("Done")
    figures = dict(
        zip(
            await job.get_by_role("term").all_inner_texts(),
            await job.get_by_role("definition").all_inner_texts(),
            strict=True,
        )
    )
    assert figures == {"Rows read": "1,004", "Created": "1,000", "Updated": "1", "Unchanged": "0", "Bad rows": "3"}  # fmt: skip

    bad = page.get_by_role("table", name="Bad rows").get_by_role("row")
    await expect(bad).to_have_count(4)
    await expect(bad.nth(1)).to_contain_text("2Email")
    await expect(bad.nth(1)).to_contain_text("“not-an-address” in Email is not an e-mail address")
    await expect(bad.nth(2)).to_contain_text("3Lifecycle Stage")
    await expect(bad.nth(3)).to_contain_text("4Shoe size")
    async with page.expect_download() as begun:
        await page.get_by_role("link", name="Download bad rows").click()
    saved = tmp_path / "bad.csv"
    await (await begun.value).save_as(saved)
    lines = list(csv.reader(io.StringIO(saved.read_text("utf-8-sig"))))
    assert lines[0] == ["line", "column", "code", "message", *HEADER]
    assert [line[0] for line in lines[1:]] == ["2", "3", "4"]
    assert [line[1] for line in lines[1:]] == ["Email", "Lifecycle Stage", "Shoe size"]
    assert [line[4:] for line in lines[1:]] == BAD

    await page.get_by_role("link", name="See the records").click()
    search = page.get_by_role("searchbox", name="Search contacts")
    await search.fill("maria")
    grid = page.get_by_role("grid", name="Contacts")
    await expect(grid.get_by_role("link", name="Maria Johnson")).to_be_visible()
    await search.fill("ida")
    await expect(page.get_by_text("Nothing matches")).to_be_visible()
    stored = await db.fetchval("SELECT properties FROM records WHERE id = $1", known)
    assert (stored["firstname"], stored["lastname"], stored["shoe_size"]) == ("Maria", "Johnson", "38")
    assert "remarks" not in stored

    # It can be found again by whoever comes later.
    await page.goto("/records/contacts/import")
    past = page.get_by_role("table", name="Past imports").get_by_role("row", name="guests.csv")
    await expect(past).to_contain_text("1,000")
    await past.get_by_role("link", name="guests.csv").click()
    await expect(page).to_have_url(address)
