"""What a browser loads until the first screen stands, beside the limit of tests/test_screens_bundle.py."""

from __future__ import annotations

from playwright.async_api import Page
from tests.e2e.first_load import first_load_bytes

FIRST_SCREEN_BYTES = 320_000


async def test_everything_that_the_list_of_workflows_needs_stays_under_320_kb_after_gzip(page: Page) -> None:
    await page.goto("/workflows")
    sizes = await first_load_bytes(page)
    assert any(name.endswith(".js") for name in sizes)
    assert sum(sizes.values()) < FIRST_SCREEN_BYTES, sorted(sizes.items(), key=lambda item: -item[1])
