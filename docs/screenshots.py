"""Pictures of every screen, made from the demo's data: `make screenshots`, for people to look at.

The model's answers come from a stand-in on loopback that reads the labels of the examples, so that no network, key or
large model is needed; everything else is the real thing: database, worker, server, built screens and Chromium.

    python -m docs.screenshots            every screen at 1440 x 900 and 390 x 844, light and dark -> screenshots/
    python -m docs.screenshots run editor only these
    python -m docs.screenshots --readme   the three pictures of the README -> docs/images/
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, async_playwright, expect
from tests.conftest import folder_for_a_server
from tests.e2e.chromium import FLAGS, MISSING, find
from tests.e2e.screens import SCREENS, Screen
from tests.e2e.site import Site, running_site
from tests.e2e.visiting import visit
from tests.e2e.world import World, furnish
from tests.llm_stand_in import llm_stand_in

from penstock.settings import Settings
from penstock.web.screens import Screens

ROOT = Path(__file__).parents[1]
ALL = ROOT / "screenshots"  # git-ignored
IMAGES = ROOT / "docs" / "images"
README = {"editor-step": "editor", "run-step": "run", "connected-apps": "connected-apps"}  # screen -> file
LARGEST_IMAGE = 150_000  # bytes; the repository keeps every version of them
PATIENCE_MS = 30_000  # for a machine that does other things too
SECONDS_AN_ANSWER = 0.4  # so that durations on the screens are not all 0


@dataclass(frozen=True)
class View:
    """A window and a colour scheme."""

    name: str
    width: int
    height: int
    dark: bool


VIEWS = tuple(
    View(f"{width}x{height}-{'dark' if dark else 'light'}", width, height, dark)
    for width, height in ((1440, 900), (390, 844))
    for dark in (False, True)
)
README_VIEW = View(
    "1280x800-light", 1280, 800, dark=False
)  # shown at about 900 pixels: less would be too small to read


async def take(
    screens: Sequence[Screen], views: Sequence[View], folder: Path, *, failing: bool = True
) -> list[Path]:
    """Starts everything, visits each screen in each view and writes `folder/<screen>-<view>.png`."""
    path = find()
    if path is None:
        sys.exit(f"error: {MISSING}")
    expect.set_options(timeout=PATIENCE_MS)
    with folder_for_a_server() as home:
        settings = Settings(home=home, outbound_allowed_hosts=frozenset({"127.0.0.1"}))
        async with (
            llm_stand_in(delay=SECONDS_AN_ANSWER) as stand_in,
            running_site(settings, stand_in, Screens()) as site,
        ):
            world = await furnish(site, complaints=60, enroll=20, failing=failing)
            async with async_playwright() as playwright:
                chromium = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
                made = [
                    one
                    for view in views
                    for one in await _take_view(chromium, site, world, screens, view, folder)
                ]
                await chromium.close()
    return made


async def _take_view(
    chromium: Browser, site: Site, world: World, screens: Sequence[Screen], view: View, folder: Path
) -> list[Path]:
    made = []
    for role in dict.fromkeys(screen.role for screen in screens):
        context = await chromium.new_context(
            base_url=site.url,
            viewport={"width": view.width, "height": view.height},
            color_scheme="dark" if view.dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/Copenhagen",
        )
        if role is not None:
            await site.sign_in(context, role)
        page = await context.new_page()
        for screen in screens:
            if screen.role == role:
                await visit(page, screen, world)
                place = folder / f"{screen.name}-{view.name}.png"
                await page.screenshot(path=place)
                made.append(place)
        await context.close()
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--readme", action="store_true", help="the pictures of the README, into docs/images/")
    parser.add_argument(
        "names", nargs="*", choices=[[], *(screen.name for screen in SCREENS)], help="screens"
    )
    wish = parser.parse_args(arguments)
    if wish.readme:
        chosen = [screen for screen in SCREENS if screen.name in README]
        for image in asyncio.run(take(chosen, [README_VIEW], IMAGES, failing=False)):
            name = README[image.stem.removesuffix(f"-{README_VIEW.name}")]
            final = image.rename(image.with_stem(name))
            size = final.stat().st_size
            print(f"{final.relative_to(ROOT)}: {size:,} bytes")
            if size > LARGEST_IMAGE:
                sys.exit(f"error: {final.name} is larger than {LARGEST_IMAGE:,} bytes.")
        return
    chosen = [screen for screen in SCREENS if not wish.names or screen.name in wish.names]
    made = asyncio.run(take(chosen, VIEWS, ALL))
    print(f"{len(made)} pictures in {ALL.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()
