"""What a browser loads until a screen stands."""

from __future__ import annotations

import gzip

from playwright.async_api import Page, expect

from web import bundle


async def first_load_bytes(page: Page) -> dict[str, int]:
    """The bytes after gzip of the document and of each asset that the page has loaded, by path (fonts as they are)."""
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.evaluate("() => document.fonts.ready.then(() => undefined)")
    loaded: list[str] = await page.evaluate(
        "() => performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)"
    )
    sizes = {"/": _packed((bundle.BUNDLE / "index.html").read_bytes())}
    for name in {name for name in loaded if name.startswith("/assets/")}:
        content = (bundle.BUNDLE / name.removeprefix("/")).read_bytes()
        sizes[name] = len(content) if name.endswith(".woff2") else _packed(content)
    return sizes


def _packed(content: bytes) -> int:
    return len(gzip.compress(content, 9))
