"""What a browser loads until the first screen stands, beside the limit of tests/test_screens_bundle.py."""

from __future__ import annotations

import gzip

from playwright.async_api import Page, expect

from web import bundle

FIRST_SCREEN_BYTES = 320_000


async def test_everything_that_the_list_of_workflows_needs_stays_under_320_kb_after_gzip(page: Page) -> None:
    await page.goto("/workflows")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.evaluate("() => document.fonts.ready.then(() => undefined)")
    loaded: list[str] = await page.evaluate(
        "() => performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)"
    )
    assets = {name for name in loaded if name.startswith("/assets/")}
    sizes = {"/": _packed((bundle.BUNDLE / "index.html").read_bytes())}
    for name in assets:
        content = (bundle.BUNDLE / name.removeprefix("/")).read_bytes()
        sizes[name] = len(content) if name.endswith(".woff2") else _packed(content)
    assert any(name.endswith(".js") for name in assets)
    assert sum(sizes.values()) < FIRST_SCREEN_BYTES, sorted(sizes.items(), key=lambda item: -item[1])


def _packed(content: bytes) -> int:
    return len(gzip.compress(content, 9))
