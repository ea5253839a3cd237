"""Fixtures of the browser tests: one Chromium for the session, a whole Penstock and fresh browser contexts for each test."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from tests.e2e.chromium import FLAGS, MISSING, find
from tests.e2e.site import Site, running_site
from tests.e2e.watching import Watch
from tests.llm_stand_in import StandIn, llm_stand_in

from penstock.accounts.actors import Role
from penstock.bootstrap import Penstock
from penstock.kit.database import Connection
from penstock.settings import Settings
from penstock.web.screens import Screens
from web import bundle

HERE = Path(__file__).parent
ARTEFACTS = Path(__file__).parents[2] / "test-results"  # git-ignored
PATIENCE_MS = 15_000  # for a machine that does other things too
LOOP = "session"  # Playwright's objects live in one event loop, so everything around them does

Browse = Callable[..., Awaitable[Page]]
FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder runs in the session's event loop and is marked `browser`."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if pytest_asyncio.is_async_test(item):
                item.add_marker(pytest.mark.asyncio(loop_scope=LOOP), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Notes which tests failed, so that their artefacts are kept."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def screens() -> Screens:
    """The built screens, built anew when web/ has changed (PENSTOCK_SKIP_WEB=1: as they are)."""
    bundle.build()
    return Screens(bundle.BUNDLE)


@pytest_asyncio.fixture(scope="session", loop_scope=LOOP)
async def browser() -> AsyncIterator[Browser]:
    """Chromium, once for all tests. It reaches 127.0.0.1 and no other machine."""
    path = find()
    if path is None:
        pytest.skip(MISSING)
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope=LOOP)
async def stand_in() -> AsyncIterator[StandIn]:
    """The five providers on loopback. `stand_in.answer`, `.trouble` and `.key` say how they answer."""
    async with llm_stand_in() as running:
        yield running


@pytest_asyncio.fixture(loop_scope=LOOP)
async def site(
    browser: Browser, settings: Settings, stand_in: StandIn, screens: Screens
) -> AsyncIterator[Site]:
    """A whole Penstock on a fresh database: `site.url`, `site.app`. Asks for the browser first, to be skipped without."""
    async with running_site(settings, stand_in, screens) as running:
        yield running


@pytest.fixture
def app(site: Site) -> Penstock:
    """The process behind the site, for setting up data with functions of the domain."""
    return site.app


@pytest_asyncio.fixture(loop_scope=LOOP)
async def db(site: Site) -> AsyncIterator[Connection]:
    """A connection to the site's database, outside of any transaction."""
    async with site.app.pool.acquire() as connection:
        yield connection


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the pages of this test say: it fails for console errors, exceptions, CSP violations and answers of 500."""
    watch = Watch()
    yield watch
    assert not watch.troubles, "\n".join(watch.troubles)


@pytest_asyncio.fixture(loop_scope=LOOP)
async def browse(
    request: pytest.FixtureRequest, browser: Browser, site: Site, watch: Watch
) -> AsyncIterator[Browse]:
    """Opens browsers of their own: `await browse("viewer", dark=True, width=390, height=844)`; role None: signed out."""
    contexts: list[BrowserContext] = []

    async def open_page(
        role: Role | None = "owner", *, dark: bool = False, width: int = 1440, height: int = 900, locale: str = "en-GB"
    ) -> Page:  # fmt: skip
        context = await browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale=locale,
            timezone_id="Europe/Copenhagen",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        await watch.over(context)
        await context.tracing.start(snapshots=True)
        if role is not None:
            await site.sign_in(context, role)
        return await context.new_page()

    yield open_page
    failed = request.node.stash.get(FAILED, False) or bool(watch.troubles)
    for number, context in enumerate(contexts, 1):
        await _close(context, _folder(request.node, number) if failed else None)


@pytest_asyncio.fixture(loop_scope=LOOP)
async def page(browse: Browse) -> Page:
    """A page of the owner, signed in, at 1440 x 900, light, English. Begin with `await page.goto("/workflows")`."""
    return await browse("owner")


def _folder(node: pytest.Item, number: int) -> Path:
    name = re.sub(r"[^\w-]+", "-", node.name)[:120]
    return ARTEFACTS / f"{name}-{number}"


async def _close(context: BrowserContext, folder: Path | None) -> None:
    """Keeps screenshots and the trace (`playwright show-trace trace.zip`) of a test that failed."""
    if folder is None:
        await context.tracing.stop()
    else:
        for number, page in enumerate(context.pages, 1):
            await page.screenshot(path=folder / f"page-{number}.png", full_page=True)
        await context.tracing.stop(path=folder / "trace.zip")
    await context.close()
