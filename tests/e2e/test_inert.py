"""Text that people, files and models put in is shown as text: on every screen, nothing of it runs, loads or is worked out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Locator, Page, Request, expect
from tests.e2e.hostile import FILE, MARKUP, TEXT, HostileWorld
from tests.e2e.screens import SCREENS
from tests.e2e.site import Site
from tests.e2e.visiting import visit
from tests.e2e.watching import Watch
from tests.e2e.world import World

# Nothing of the world is shown there, or only in fields, which hold text by nature.
WITHOUT_TEXT = {"import", "import-done", "webhooks", "properties", "health", "account", "not-found"}


@contextmanager
def nothing_loads(page: Page) -> Iterator[None]:
    """Within, no request goes out for what the markup names; the watch of the page fails for violations and errors."""
    asked: list[Request] = []

    def note(request: Request) -> None:
        if urlsplit(request.url).path.endswith("/x"):
            asked.append(request)

    page.on("request", note)
    yield
    page.remove_listener("request", note)
    assert [request.url for request in asked if request.failure != "csp"] == []


async def inert(page: Page, place: str) -> None:
    """Nothing of the texts has run, in the page or in a frame of it, and none of them became an element."""
    for frame in page.frames:
        assert await frame.evaluate("window.__hit") is None, place
    assert await page.locator("img[src=x], [onerror], a[href^='javascript']").count() == 0, place


async def reads(shown: Locator, text: str = TEXT) -> None:
    """The text is there to be read, letter by letter."""
    await expect(shown.get_by_text(text).first).to_be_visible()


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_hostile_texts_lie_still_on_every_screen(page: Page, site: Site) -> None:
    await page.goto("/workflows")
    world = HostileWorld(site, page)
    filled = await world.furnish()
    with nothing_loads(page):
        screens = [
            one for one in SCREENS if one.role == "owner" and one.press is None
        ]  # dialogs: the next test
        for screen in (*screens, *world.more_screens()):
            await visit(page, screen, filled)
            if screen.name not in WITHOUT_TEXT:
                await reads(page.get_by_role("main"))
            await inert(page, screen.name)
        await expect(page.get_by_role("heading", name=FILE)).to_be_visible()  # the import, which came last


async def test_hostile_texts_lie_still_in_dialogs_menus_messages_and_previews(
    page: Page, site: Site, watch: Watch
) -> None:
    await page.goto("/workflows")
    filled = await HostileWorld(site, page).furnish()
    with nothing_loads(page):
        await _in_the_editor(page, filled)
        await _among_records(page, filled)
        await _in_settings(page)
        # The body of a mail is its author's HTML. The frame lets nothing of it run or load, which the console tells.
        watch.allowed.append('Content Security Policy directive: "img-src data:"')
        await page.goto("/settings/email")
        await page.get_by_role("table").get_by_role("button", name=MARKUP).first.click()
        mail = page.get_by_role("dialog", name=MARKUP)
        await reads(mail.frame_locator("iframe").locator("body"))
        await inert(page, "mail")
        await mail.get_by_role("tab", name="As text").click()
        await reads(mail.get_by_role("tabpanel"))


async def _in_the_editor(page: Page, filled: World) -> None:
    await page.goto(f"/workflows/{filled.flow}?step=1")
    await page.get_by_role("combobox", name="Record for the test").click()
    await page.get_by_role("option", name=TEXT).first.click()
    await page.get_by_role("button", name="Test step").click()
    await reads(page.get_by_role("region", name="Test step"))
    await page.get_by_role("button", name="Preview with").click()
    await inert(page, "step test")
    await page.get_by_role("button", name="Review and publish").click()
    review = page.get_by_role("dialog", name="Review and publish")
    await reads(review)
    await inert(page, "review")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await page.get_by_role("textbox", name="Search places, workflows and records").fill("onerror")
    found = page.get_by_role("dialog")
    for kind in ("Contact", "Ticket"):
        await expect(found.get_by_role("button", name=f"{TEXT} {kind}").first).to_be_visible()
    await inert(page, "command menu")


async def _among_records(page: Page, filled: World) -> None:
    await page.goto(f"/records/tickets/{filled.ticket}")
    await page.get_by_role("button", name=f"History of {TEXT} text").first.click()
    await reads(page.get_by_role("dialog", name=f"History of {TEXT} text"))
    await inert(page, "history")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Enroll").click()
    enroll = page.get_by_role("dialog", name="Enroll in a workflow")
    await enroll.get_by_role("combobox", name="Workflow").click()
    await page.get_by_role("option", name=TEXT).click()
    await enroll.get_by_role("button", name="Enroll").click()
    await expect(page.get_by_text(f"1 record enrolled in {TEXT}")).to_be_visible()
    await inert(page, "enrollment")


async def _in_settings(page: Page) -> None:
    await page.goto("/settings/connected-apps")
    menu = page.get_by_role("button", name=f"Actions for {TEXT}")
    await menu.click()
    await page.get_by_role("menuitem", name="Test").click()
    await expect(page.get_by_text(f"{TEXT} works")).to_be_visible()
    await menu.click()
    await page.get_by_role("menuitem", name="Uninstall").click()
    uninstall = page.get_by_role("dialog", name=f"Uninstall {TEXT}?")
    await reads(uninstall.get_by_role("list"))
    await expect(uninstall.get_by_label(f"Type {TEXT} to confirm")).to_be_visible()
    await inert(page, "uninstall")
    await page.goto("/settings/users")
    await page.get_by_role("button", name=f"Actions for {TEXT}").last.click()
    await page.get_by_role("menuitem", name="Deactivate").click()
    await expect(page.get_by_role("dialog", name=f"Deactivate {TEXT}")).to_be_visible()
    await inert(page, "deactivate")
    await page.goto("/settings/properties?objectType=tickets&property=odd_text")
    await expect(page.get_by_role("dialog").get_by_role("textbox", name="Label", exact=True)).to_have_value(
        f"{TEXT} text"
    )
    await inert(page, "property")
