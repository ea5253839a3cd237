"""A loop of workflows as one meets it: named under Needs attention, and gone on with or left."""

from __future__ import annotations

from playwright.async_api import Page, expect
from tests.e2e.site import Site
from tests.engine.scene import change
from tests.engine.test_loops import players, runs, stopped


async def test_a_loop_is_named_with_its_workflows_and_a_person_says_how_it_goes_on(
    page: Page, site: Site
) -> None:
    _, _, ticket = await players(site.app)
    await change(site.app, ticket, ping="1")
    await stopped(site.app, 1)
    await page.goto("/attention")
    cause = page.get_by_role("article", name="Workflows start each other in a loop")
    await expect(cause).to_contain_text("'Ping' starts 'Pong', which starts 'Ping' again.")
    await expect(cause).to_contain_text("Records: Ball")
    await expect(cause.get_by_role("link", name="Pong")).to_be_visible()
    await cause.get_by_role("button", name="Go on once more").click()
    await expect(page.get_by_text("1 record goes on")).to_be_visible()
    await stopped(site.app, 1)
    assert await runs(site.app) == 20
    await page.reload()
    await cause.get_by_role("button", name="Leave it stopped").click()
    await expect(page.get_by_text("Nothing needs attention")).to_be_visible()
