"""The harness itself: what it promises to notice, it notices, and a session lands where it was asked to."""

from __future__ import annotations

from playwright.async_api import Page, expect
from tests.e2e.conftest import Browse
from tests.e2e.site import Site
from tests.e2e.watching import Watch


async def test_a_console_error_an_exception_and_a_violation_of_the_policy_are_noticed(
    browse: Browse, watch: Watch
) -> None:
    page = await browse(None)
    await page.goto("/sign-in")
    await page.evaluate("console.error('a slip')")
    await page.evaluate("setTimeout(() => { throw new Error('a fall') })")
    await page.evaluate(
        "document.head.append(Object.assign(document.createElement('script'), {textContent: 'window.injected = 1'}))"
    )
    await page.wait_for_function("true")
    noticed = "\n".join(watch.troubles)
    watch.troubles.clear()
    assert "a slip" in noticed
    assert "a fall" in noticed
    assert "CSP violation: script-src" in noticed
    assert await page.evaluate("window.injected") is None


async def test_who_is_not_signed_in_comes_to_the_sign_in_page(browse: Browse) -> None:
    page = await browse(None)
    await page.goto("/workflows")
    await page.wait_for_url("**/sign-in?to=*")


async def test_a_session_of_the_tests_is_one(page: Page, site: Site) -> None:
    await page.goto("/workflows")
    await expect(page).to_have_url(f"{site.url}/workflows")
    answer = await page.request.get("/penstock/v1/session")
    assert (await answer.json())["user"]["role"] == "owner"
