"""Getting in: the first owner's link, a password, an invitation, and being shut out again."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect
from tests.e2e.conftest import Browse
from tests.e2e.site import TESTS
from tests.e2e.test_accessibility import violations

from penstock.accounts import links
from penstock.accounts.first_start import first_owner, first_owner_link
from penstock.bootstrap import Penstock
from penstock.kit.database import transaction

PASSWORD = "three blue boats"


async def first_link(app: Penstock) -> str:
    """What the server prints at its start."""
    async with transaction(app.pool) as db:
        issued = await first_owner_link(db, 1, at=app.clock.now())
    assert issued is not None
    return links.path(issued.token)


async def join(page: Page, first_name: str, last_name: str) -> None:
    """Fills in the card behind a link by keyboard alone, as it is focused when it opens."""
    await expect(page.get_by_label("First name")).to_be_focused()
    await page.keyboard.type(first_name)
    await page.keyboard.press("Tab")
    await page.keyboard.type(last_name)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")


async def sign_out(page: Page) -> None:
    await page.get_by_role("button", name="Account of").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
async def test_the_first_owner_chooses_a_password_and_signs_in_with_it(
    browse: Browse, app: Penstock, width: int
) -> None:
    page = await browse(None, width=width, height=900)
    await page.goto("/sign-in")
    await expect(page.get_by_role("note")).to_contain_text("Open the link that was printed")
    link = await first_link(app)
    await page.goto(link)
    await expect(page.get_by_role("heading", name="Welcome to Penstock")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_label("E-mail address").fill("ada@example.com")
    await page.get_by_label("First name").focus()
    await join(page, "Ada", "Lovelace")
    await expect(page.get_by_role("button", name="Account of Ada Lovelace")).to_be_visible()
    assert "#" not in page.url, "the secret is gone from the address"

    await sign_out(page)
    await expect(page.get_by_role("note")).to_have_count(0)
    await page.get_by_label("E-mail address").fill("ada@example.com")
    await page.get_by_label("Password", exact=True).fill("three red boats")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_have_text("The e-mail address or the password is wrong.")
    await expect(page.get_by_label("E-mail address")).to_have_value("ada@example.com")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Account of Ada Lovelace")).to_be_visible()

    again = await browse(None, dark=True)
    await again.goto(link)
    await expect(again.get_by_role("heading", name="This link no longer works")).to_be_visible()
    await again.get_by_role("link", name="Go to sign-in").click()
    await expect(again.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_a_password_that_everybody_has_is_refused_beside_its_field(
    browse: Browse, app: Penstock
) -> None:
    page = await browse(None)
    await page.goto(await first_link(app))
    await page.get_by_label("Password", exact=True).fill("password1")
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_label("Password", exact=True)).to_have_accessible_description(
        re.compile("Too many people use this password")
    )


async def test_a_one_time_sign_in_link_leads_to_its_place_at_once(browse: Browse, app: Penstock) -> None:
    async with transaction(app.pool) as db:
        issued = await links.issue(db, TESTS, "sign_in", await first_owner(db, 1), at=app.clock.now())
    page = await browse(None)
    await page.goto(links.path(issued.token, "/settings/account"))
    await expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    await expect(page.get_by_text("You came in by a link and have no password yet")).to_be_visible()
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button", name="Save password").click()
    await expect(page.get_by_label("Present password")).to_be_visible()


async def test_an_invited_person_joins_and_is_shut_out_at_once(page: Page, browse: Browse) -> None:
    await page.goto("/settings/users")
    await page.get_by_role("button", name="Invite a person").click()
    dialog = page.get_by_role("dialog", name="Invite a person")
    await dialog.get_by_label("E-mail address").fill("bob@example.com")
    await dialog.get_by_role("radio", name="Operator").check()
    await dialog.get_by_role("button", name="Invite").click()
    url = await dialog.get_by_text("/link#").text_content()
    assert url is not None
    await dialog.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("table", name="Open invitations")).to_contain_text("bob@example.com")

    other = await browse(None)
    await other.goto(url)
    await expect(other.get_by_text("You join as Operator.")).to_be_visible()
    await join(other, "Bob", "Builder")
    await expect(other.get_by_role("button", name="Account of Bob Builder")).to_be_visible()
    await other.goto("/settings/users")
    await expect(other.get_by_role("button", name="Invite a person")).to_be_disabled()

    await page.reload()
    await page.get_by_role("button", name="Actions for Bob Builder").click()
    await page.get_by_role("menuitem", name="Deactivate").click()
    confirm = page.get_by_role("dialog", name="Deactivate Bob Builder?")
    await expect(confirm.get_by_text("1 browser that is signed in")).to_be_visible()
    await confirm.get_by_role("button", name="Deactivate").click()
    await expect(page.get_by_text("Bob Builder is deactivated")).to_be_visible()
    await other.goto("/settings/account")
    await expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    await other.wait_for_url("**/sign-in?to=*account*")


async def test_a_language_goes_with_the_account_into_another_browser(page: Page, browse: Browse) -> None:
    await page.goto("/settings/account")
    await page.get_by_role("radio", name="English").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("heading", name="Din konto")).to_be_visible()
    elsewhere = await browse("owner", locale="en-GB")
    await elsewhere.goto("/settings/account")
    await expect(elsewhere.get_by_role("heading", name="Din konto")).to_be_visible()
    await expect(elsewhere.get_by_role("table", name="Her er du logget ind")).to_contain_text("Denne")


async def test_a_token_is_shown_once_and_its_deeds_stand_in_the_log(page: Page) -> None:
    await page.goto("/settings/api-tokens")
    agents = page.get_by_role("region", name="Agents")
    await expect(agents).to_contain_text(f"{await page.evaluate('location.origin')}/mcp")
    await page.get_by_role("button", name="Create a token").click()
    dialog = page.get_by_role("dialog", name="Create an API token")
    await dialog.get_by_label("Name").fill("Nightly import")
    await dialog.get_by_role("button", name="Create token").click()
    await expect(dialog.get_by_text("pst_")).to_be_visible()
    await dialog.get_by_role("button", name="Done").click()
    await page.get_by_role("button", name="Revoke Nightly import").click()
    await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    await expect(page.get_by_text("Nightly import is revoked")).to_be_visible()
    await page.goto("/settings/audit-log?action=token.revoked")
    entries = page.get_by_role("table", name="Entries")
    await expect(entries).to_contain_text("Revoked an API token")
    await expect(entries).to_contain_text("API token Nightly import")
    await expect(entries.get_by_role("row")).to_have_count(2)
