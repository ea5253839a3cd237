"""What a person waits for in the browser: the first card of a 200-step workflow, and the paint after a click or a key.

Times are taken inside the page, from the moment the browser had the input to the first frame after the one in which
the change stands. The floor is a button on an empty page that changes one word, by the same clock.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from tests.e2e.chromium import FLAGS, MISSING, find
from tests.e2e.first_load import first_load_bytes

from bench.long_flow import STEPS
from bench.screen_scene import Entry
from penstock.accounts import sessions

TIMES = 15
LOADS = 5
PATIENCE_MS = 60_000
WIDTH, HEIGHT = 1440, 900

# `painted` waits for an input and then, frame by frame, for what shall stand; `firstCard` is set when a card does.
CLOCK = """
window.afterPaint = (tell) => { const port = new MessageChannel(); port.port1.onmessage = tell; port.port2.postMessage(0); };
window.painted = (kind, stands) => {
  window.result = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`in vain: ${kind} ${stands}`)), 20000);
    addEventListener(kind, (event) => {
      const look = () => stands() ? afterPaint(() => resolve(performance.now() - event.timeStamp)) : requestAnimationFrame(look);
      requestAnimationFrame(look);
    }, { capture: true, once: true });
  });
};
window.firstCard = new Promise((resolve) => {
  const look = () => document.querySelector('[data-step="1"]') ? afterPaint(() => resolve(performance.now())) : requestAnimationFrame(look);
  requestAnimationFrame(look);
});
"""
EMPTY = "<button onclick=\"this.textContent = this.textContent === 'on' ? 'off' : 'on'\">off</button>"
MARKED = "document.querySelector('[data-step=\"{step}\"]')?.dataset.selected"
IN_FORM = 'document.querySelector("aside .cm-content")?.textContent.startsWith("{text}")'
ON_CARD = 'document.querySelector(\'[data-step="{step}"]\').textContent.includes("{text}")'
CARDS = 'document.querySelectorAll("[data-step]:not([data-step=trigger])").length === {count}'
PALETTE = "document.querySelector(\"aside [role='option']\")"


async def paint(entry: Entry, address: str) -> tuple[dict[str, list[float]], int]:
    """Milliseconds by what was done, sorted, and the gzipped bytes that the list of workflows loads."""
    expect.set_options(timeout=PATIENCE_MS)
    program = find()
    if program is None:
        raise SystemExit(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        times = {"first card, cold cache": await _first_cards(browser, entry, address)}
        context = await _context(browser, entry, address)
        page = await context.new_page()
        await page.goto("/workflows")
        sizes = await first_load_bytes(page)
        times |= await _floor(page)
        await page.goto(f"/workflows/{entry.scene.flow}?step=5")
        times |= await _editor(page)
        await browser.close()
    return {name: sorted(several) for name, several in times.items()}, sum(sizes.values())


async def _context(browser: Browser, entry: Entry, address: str) -> BrowserContext:
    context = await browser.new_context(
        base_url=address, viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce", locale="en-GB"
    )
    context.set_default_timeout(PATIENCE_MS)
    await context.add_init_script(CLOCK)
    await context.add_cookies(
        [{
            "name": sessions.COOKIE, "value": entry.cookie, "secure": True, "httpOnly": True, "sameSite": "Lax",
            "url": address.replace("http:", "https:"),
        }]
    )  # fmt: skip
    return context


async def _first_cards(browser: Browser, entry: Entry, address: str) -> list[float]:
    """From the start of the navigation, with nothing in the browser's cache."""
    times = []
    for _ in range(LOADS):
        context = await _context(browser, entry, address)
        page = await context.new_page()
        await page.goto(f"/workflows/{entry.scene.flow}")
        times.append(await page.evaluate("() => window.firstCard"))
        await context.close()
    return times


async def _floor(page: Page) -> dict[str, list[float]]:
    await page.goto("about:blank")
    await page.set_content(EMPTY)
    button = page.get_by_role("button")
    times = []
    for number in range(TIMES * 2):
        word = "off" if number % 2 else "on"
        stands = f"document.querySelector('button').textContent === '{word}'"
        times.append(await _timed(page, "click", stands, button.click))
    return {"floor: a word on an empty page": times}


async def _editor(page: Page) -> dict[str, list[float]]:
    """With steps 4 and 5 in view, so that nothing scrolls."""
    await expect(page.get_by_role("textbox", name="Prompt message")).to_contain_text("Question 5")
    return {**await _selecting_and_typing(page), **await _inserting(page)}


async def _selecting_and_typing(page: Page) -> dict[str, list[float]]:
    mark: list[float] = []
    form: list[float] = []
    prompt: list[float] = []
    card: list[float] = []
    box = page.get_by_role("textbox", name="Prompt message")

    async def press() -> None:
        await box.press("x")

    for number in range(TIMES):
        await _select(page, "5")
        mark.append(await _timed(page, "click", MARKED.format(step="4"), _click(page, "4")))
        stands = IN_FORM.format(text="x" * number * 2 + "Question 5")
        form.append(await _timed(page, "click", stands, _click(page, "5")))
        await box.press("Control+Home")
        text = "x" * (number * 2 + 1) + "Question 5"
        prompt.append(await _timed(page, "keydown", IN_FORM.format(text=text), press))
        text = "x" + text
        card.append(await _timed(page, "keydown", ON_CARD.format(step="5", text=text), press))
    return {
        "select: the card is marked": mark,
        "select: its form stands": form,
        "type: into the prompt": prompt,
        "type: on the card": card,
    }


async def _inserting(page: Page) -> dict[str, list[float]]:
    palette: list[float] = []
    insert: list[float] = []
    undo: list[float] = []

    async def enter() -> None:
        await page.keyboard.press("Enter")

    plus = page.get_by_role("button", name="Add an action after step 4", exact=True)
    back = page.get_by_role("button", name=re.compile("^Undo"))
    for _ in range(TIMES):
        palette.append(await _timed(page, "click", PALETTE, plus.click))
        await page.get_by_role("combobox", name="Search actions").fill("edit record")
        await expect(page.get_by_role("option")).to_have_count(1)
        insert.append(await _timed(page, "keydown", CARDS.format(count=STEPS + 1), enter))
        undo.append(await _timed(page, "click", CARDS.format(count=STEPS), back.click))
    return {"open the palette": palette, "insert a step": insert, "undo": undo}


def _click(page: Page, step: str) -> Callable[[], Awaitable[None]]:
    return page.locator(f'[data-step="{step}"] > button').first.click


async def _select(page: Page, step: str) -> None:
    await _click(page, step)()
    await page.wait_for_function(f"() => {MARKED.format(step=step)}")


async def _timed(page: Page, kind: str, stands: str, act: Callable[[], Awaitable[None]]) -> float:
    await page.evaluate(f"() => window.painted('{kind}', () => Boolean({stands}))")
    await act()
    took: float = await page.evaluate("() => window.result")
    return took
