"""Goes to a screen of the table and waits until it stands."""

from __future__ import annotations

from playwright.async_api import Page, expect
from tests.e2e.screens import Screen
from tests.e2e.world import World


async def visit(page: Page, screen: Screen, world: World) -> None:
    """Opens the screen and waits for its heading, for every part that is on its way, and for fonts."""
    await page.goto(world.fill(screen.path))
    heading = page.get_by_role("heading", level=1 if screen.heading else None, name=screen.heading)
    await expect(heading.first).to_be_visible()
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)
    await page.evaluate("() => document.fonts.ready.then(() => undefined)")
