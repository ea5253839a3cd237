"""The editor without a mouse: a workflow made, filled in, walked through, published and turned on by keys alone."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Error, Locator, Page, expect
from tests.e2e.site import Site
from tests.engine.scene import URGENCY, connected, edit, tickets, turned_on

from penstock.kit.database import transaction
from penstock.workflows import flows

# What is wrong with the focus as it is now; nothing when it can be seen.
FOCUS = """
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return "nothing has the focus";
  const name = element.outerHTML.slice(0, 160);
  if (!element.isContentEditable && !element.matches(":focus-visible")) return `the focus is not shown on ${name}`;
  const box = (element.labels?.[0] ?? element).getBoundingClientRect();
  const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return inside ? "" : `the focus is out of sight on ${name}`;
}
"""


async def press(page: Page, *keys: str) -> None:
    """Presses keys one after the other; after each of them one can see where one is."""
    for key in keys:
        await page.keyboard.press(key)
        try:
            await page.wait_for_function(f"() => ({FOCUS})() === ''")
        except Error:
            pytest.fail(f"after {key}: {await page.evaluate(FOCUS)}")


async def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Goes to something as the keyboard goes there: one stop after the other."""
    await expect(target).to_be_attached()
    for _ in range(40):
        if await target.evaluate("(element) => element === document.activeElement"):
            return
        await press(page, key)
    pytest.fail(f"{key} does not lead to {target}")


async def choose(page: Page, box: Locator, typed: str, option: str | re.Pattern[str]) -> None:
    """Narrows a drop-down by typing and takes the first of what is left."""
    await expect(box).to_be_focused()
    await page.keyboard.type(typed)
    await expect(page.get_by_role("option").first).to_contain_text(option)
    await press(page, "Enter")


@pytest.mark.timeout(240)
async def test_a_workflow_is_made_and_turned_on_by_the_keyboard_alone(page: Page, site: Site) -> None:
    app = site.app
    await connected(app, "openai", "OpenAI")
    await tickets(app, "The cellar is under water")
    await page.goto("/workflows")

    # Create it.
    create = page.get_by_role("main").get_by_role("button", name="Create workflow").last
    await tab_to(page, create)
    await press(page, "Enter")
    dialog = page.get_by_role("dialog", name="Create workflow")
    await expect(dialog.get_by_role("textbox", name="Name")).to_be_focused()
    await page.keyboard.type("Sort tickets")
    await press(page, "Tab")
    await choose(page, dialog.get_by_role("combobox", name="Records"), "Tick", "Tickets")
    await tab_to(page, dialog.get_by_role("button", name="Create and open"))
    await press(page, "Enter")

    # The trigger's card has the keyboard; Enter goes into its form, Escape comes back to the card.
    trigger = page.get_by_role("button", name="Enrollment trigger")
    await expect(trigger).to_be_focused()
    await press(page, "Enter")
    await expect(page.get_by_role("radio", name="Only by hand")).to_be_focused()
    await press(page, "ArrowUp")
    await expect(page.get_by_role("radio", name="When something happens")).to_be_checked()
    await tab_to(page, page.get_by_role("button", name="Add event"))
    await press(page, "Enter")
    await expect(page.get_by_role("menuitem", name="A record is created")).to_be_focused()
    await press(page, "Enter")
    await expect(page.get_by_role("button", name="Add property change")).to_be_focused()
    await press(page, "Escape")
    await expect(page.get_by_role("complementary", name="Enrollment trigger")).to_be_hidden()
    await expect(trigger).to_be_focused()
    await expect(trigger).to_have_accessible_name("Enrollment trigger: Record created")

    # A step: A opens the palette, Enter takes the first hit, and its first empty field has the keyboard.
    await press(page, "a")
    await expect(page.get_by_role("combobox", name="Search actions")).to_be_focused()
    await page.keyboard.type("gpt")
    await press(page, "Enter")
    provider = page.get_by_role("combobox", name="AI provider")
    panel = page.get_by_role("complementary", name="Step 1: Use a custom LLM")
    await expect(provider).to_be_focused()
    await press(page, "Enter")
    await expect(page.get_by_role("option", name="OpenAI", exact=True)).to_be_visible()
    await press(page, "Escape")
    await expect(page.get_by_role("option")).to_have_count(0)
    await expect(panel).to_be_visible()
    await expect(provider).to_be_focused()
    await press(page, "Enter", "ArrowDown", "Enter")
    await expect(provider).to_have_value("OpenAI")
    await press(page, "Tab")
    await choose(page, page.get_by_role("combobox", name="AI model"), "4.1-mini", "gpt-4.1-mini")
    prompt = page.get_by_role("textbox", name="Prompt message")
    await tab_to(page, prompt)
    await page.keyboard.type("How urgent is this? /")
    await expect(page.get_by_role("textbox", name="Search properties and outputs")).to_be_focused()
    await page.keyboard.type("ticket name")
    await press(page, "Enter")
    await expect(prompt).to_be_focused()
    await expect(prompt).to_have_text("How urgent is this? Ticket name")
    await tab_to(page, page.get_by_role("radiogroup", name="Output").get_by_role("radio", name="Text"))
    await press(page, "ArrowRight")
    await tab_to(page, page.get_by_role("combobox", name="Property whose options the model chooses from"))
    await choose(page, page.get_by_role("combobox", name="Property whose options"), "urg", "Urgency")
    await press(page, "Escape")
    card = page.get_by_role("button", name="Step 1: Ask gpt-4.1-mini")
    await expect(card).to_be_focused()

    # The next one takes what the first one was just told to put out.
    await press(page, "a")
    await page.keyboard.type("edit rec")
    await press(page, "Enter")
    await choose(page, page.get_by_role("combobox", name="Property to edit"), "urg", "Urgency")
    await tab_to(page, page.get_by_role("button", name="Where New value comes from"))
    await press(page, "Enter")
    while not await page.get_by_role("menuitem", name="Earlier output").evaluate(
        "(element) => element === document.activeElement"
    ):
        await press(page, "ArrowDown")
    await press(page, "Enter")
    value = page.get_by_role("combobox", name="New value", exact=True)
    await tab_to(page, value)
    await choose(page, value, "answer", re.compile("^Answer of 1"))
    await press(page, "Escape")
    second = page.get_by_role("button", name="Step 2: ")
    await expect(second).to_be_focused()

    # Walking, a copy, and its undoing.
    await press(page, "k")
    await expect(card).to_be_focused()
    await press(page, "ArrowUp")
    await expect(trigger).to_be_focused()
    await press(page, "j", "ArrowDown")
    await expect(second).to_be_focused()
    await press(page, "Control+d")
    await expect(page.get_by_role("button", name="Step 3: ")).to_be_visible()
    await press(page, "Control+z")
    await expect(page.get_by_role("button", name="Step 3: ")).to_have_count(0)

    # Help, and back to where one was.
    await press(page, "Shift+?")
    shortcuts = page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(shortcuts.get_by_text("Add an action after the step")).to_be_visible()
    await press(page, "Escape")
    await expect(shortcuts).to_be_hidden()

    # On.
    review = page.get_by_role("button", name="Review and publish")
    await tab_to(page, review, "Shift+Tab")
    await press(page, "Enter")
    publish = page.get_by_role("dialog", name="Review and publish")
    await tab_to(page, publish.get_by_role("button", name="Publish and turn on"))
    await press(page, "Enter")
    await expect(page.get_by_text("Revision 2 is published and on")).to_be_visible()
    async with transaction(app.pool) as db:
        [flow] = (await flows.list_flows(db, 1, 0, 10)).flows
    llm, setting = flow.document["actions"]  # type: ignore[misc]
    assert (flow.is_enabled, flow.revision_id) == (True, 2)
    assert llm["fields"]["prompt"] == "How urgent is this? {{ enrolled_object.subject }}"  # type: ignore[index, call-overload]
    assert setting["fields"] == {  # type: ignore[index, call-overload]
        "property_name": URGENCY.name,
        "value": {"type": "FIELD_DATA", "actionId": llm["actionId"], "dataKey": "answer"},  # type: ignore[index, call-overload]
    }


async def test_the_command_menu_closes_on_escape_finds_a_workflow_and_opens_it(
    page: Page, site: Site
) -> None:
    await tickets(site.app)
    raises = edit("1", "urgency", {"type": "STATIC_VALUE", "staticValue": "high"})
    flow = await turned_on(site.app, raises, name="Raise what is urgent")
    await turned_on(site.app, raises, name="Another one")
    await page.goto("/records/contacts")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.keyboard.press("Control+k")
    search = page.get_by_label("Search places, workflows and records")
    await expect(search).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(search).to_be_hidden()
    await page.keyboard.press("Control+k")
    await expect(search).to_be_focused()
    await page.keyboard.type("raise")
    await expect(
        page.get_by_role("dialog").get_by_role("button", name="Raise what is urgent")
    ).to_be_visible()
    await press(page, "Enter")
    await expect(page).to_have_url(re.compile(f"/workflows/{flow}$"))
    await expect(page.get_by_role("button", name="Enrollment trigger")).to_be_focused()
