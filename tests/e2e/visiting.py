"""Goes to a screen of the table and waits until it stands."""

from __future__ import annotations

from playwright.async_api import Page, Request, expect
from tests.e2e.screens import Screen
from tests.e2e.world import World

ON_ITS_WAY = "[aria-busy=true], .mantine-Skeleton-root"
QUIET_LOOKS = 3
LOADED = {"fetch", "xhr", "script", "stylesheet", "font"}  # not streams of events, which never end


async def visit(page: Page, screen: Screen, world: World) -> None:
    """Opens the screen and its dialog, if any, and waits for its heading, for everything that it loads, and for fonts."""
    pending: set[Request] = set()

    def begun(request: Request) -> None:
        if request.resource_type in LOADED:
            pending.add(request)

    def ended(request: Request) -> None:
        pending.discard(request)

    page.on("request", begun)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)
    try:
        await page.goto(world.fill(screen.path))
        heading = page.get_by_role("heading", level=1 if screen.heading else None, name=screen.heading)
        await expect(heading.first).to_be_visible()
        if screen.press is not None:
            await page.get_by_role("button", name=screen.press, exact=True).first.click()
            await expect(page.get_by_role("dialog")).to_be_visible()
        quiet = 0
        while quiet < QUIET_LOOKS:  # an answer may lead to the next request
            await page.wait_for_timeout(50)
            quiet = 0 if pending else quiet + 1
        await expect(page.locator(ON_ITS_WAY)).to_have_count(0)
        await page.evaluate("() => document.fonts.ready.then(() => undefined)")
    finally:
        page.remove_listener("request", begun)
        page.remove_listener("requestfinished", ended)
        page.remove_listener("requestfailed", ended)
