"""Every screen, light and dark, in the eyes of axe; and what axe cannot see: narrow windows and the keyboard."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Page, expect
from tests.e2e.conftest import Browse
from tests.e2e.screens import SCREENS, Screen
from tests.e2e.site import Site
from tests.e2e.visiting import visit
from tests.e2e.world import World, furnish

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
GENERATED = re.compile(r' (?:id|aria-controls|aria-labelledby|aria-describedby|class)="[^"]*"')
# WCAG 2.2 A and AA, and axe's own best practices, which are what screen readers stumble over.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What can be another in the other colours of a screen that has been looked at already.
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]


async def violations(page: Page, *, of_colour: bool = False) -> list[str]:
    """What axe finds on the page as it is now: rule, element, and what to do."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(
            AXE.read_text(encoding="utf-8")
        )  # not as a script element, which the policy refuses
    found: dict[str, Any] = await page.evaluate(
        "(rules) => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })",
        {"type": "rule", "values": RULES_OF_COLOUR} if of_colour else {"type": "tag", "values": RULES},
    )
    return [
        f"{violation['id']}: {GENERATED.sub('', node['html'])[:200]}\n    {' '.join(node['failureSummary'].split())}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@dataclass
class Findings:
    """What is wrong, each kind once, with the screens that have it."""

    places: dict[str, list[str]] = field(default_factory=dict)

    def add(self, place: str, found: list[str]) -> None:
        """Notes what was found at a place."""
        for one in found:
            self.places.setdefault(one, []).append(place)

    def __str__(self) -> str:
        return "\n".join(
            f"{one}\n    on {', '.join(dict.fromkeys(places))}" for one, places in self.places.items()
        )


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_axe_finds_nothing_on_any_screen_light_or_dark(browse: Browse, site: Site) -> None:
    world = await furnish(site)
    found = Findings()
    async for page, screen in walk(browse, world):
        for scheme in SCHEMES:
            await switch_to(page, scheme)
            found.add(f"{screen.name} ({scheme})", await violations(page, of_colour=scheme == "dark"))
    assert not found.places, f"\n{found}"


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_at_390_pixels_no_screen_scrolls_sideways_and_axe_finds_nothing(
    browse: Browse, site: Site
) -> None:
    world = await furnish(site)
    found = Findings()
    async for page, screen in walk(browse, world, width=390, height=844):
        found.add(screen.name, [f"too wide: {one}" for one in await page.evaluate(STICKING_OUT)])
        found.add(screen.name, await violations(page))
    assert not found.places, f"\n{found}"


async def switch_to(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Has the system change its colours, and waits until the page has followed."""
    await page.emulate_media(color_scheme=scheme)
    await page.wait_for_function(
        """(scheme) => document.documentElement.dataset.mantineColorScheme === scheme
            && document.getAnimations().every((one) => one.playState !== "running")""",
        arg=scheme,
    )


async def walk(browse: Browse, world: World, **window: int) -> AsyncIterator[tuple[Page, Screen]]:
    """Each screen of the table, opened by the role that it is for."""
    for role in dict.fromkeys(screen.role for screen in SCREENS):
        page = await browse(role, **window)
        for screen in SCREENS:
            if screen.role == role:
                await visit(page, screen, world)
                yield page, screen


# The outermost elements that make the page itself wider than the window; what scrolls inside a box of its own is fine.
STICKING_OUT = """
() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
    .slice(0, 3)
    .map((element) => element.outerHTML.slice(0, 160));
}
"""


async def test_the_skip_link_or_navigation_comes_first_and_tab_reaches_the_page(page: Page) -> None:
    await page.goto("/workflows")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    seen = []
    for _ in range(40):
        await page.keyboard.press("Tab")
        place = await page.evaluate(
            "() => document.activeElement.closest('main') ? 'main' : document.activeElement.closest('nav') ? 'nav' : document.activeElement.tagName"
        )
        seen.append(place)
        if place == "main":
            break
    assert seen[0] != "BODY"
    assert seen[-1] == "main", seen


async def test_the_list_of_shortcuts_closes_with_escape_and_gives_the_focus_back(page: Page) -> None:
    await page.goto("/workflows")
    first = page.get_by_role("navigation").get_by_role("link").first
    await first.focus()
    await page.keyboard.press("Shift+?")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    assert not await violations(page)
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(first).to_be_focused()
