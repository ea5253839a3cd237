"""The founding journey in the browser: in by the first link, connect a provider from inside the editor, build a workflow,
try it, turn it on, watch a record go through, see what wrote the value, and uninstall the provider."""

from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import Page, expect
from tests.e2e.conftest import Browse
from tests.e2e.site import Site
from tests.llm_stand_in import GOOD_KEY, StandIn

from penstock.accounts import links
from penstock.accounts.first_start import first_owner_link
from penstock.crm import records
from penstock.crm.schema import load_schema
from penstock.crm.source import Source
from penstock.kit.database import transaction

PASSWORD = "a quiet river at night"
# Provider, its title on the screens, a model of its list, and what the list calls it.
PROVIDERS = [
    ("openai", "OpenAI", "gpt-4.1-mini", "gpt-4.1-mini"),
    ("anthropic", "Anthropic", "claude-opus-4-6", "claude-opus-4-6"),
    ("google", "Google Gemini", "gemini-2.5-flash", "Gemini 2.5 Flash"),
    ("cohere", "Cohere", "command-a-03-2025", "command-a-03-2025"),
    ("xai", "xAI", "grok-4.3", "grok-4.3"),
]


async def a_ticket(site: Site, subject: str) -> int:
    """A ticket that is there before the workflow is."""
    async with transaction(site.app.pool) as db:
        schema = await load_schema(db, 1, "0-5")
        [made] = await records.create_many(
            db, 1, schema, [{"subject": subject, "content": "Water everywhere"}], Source("API", "1", "tests")
        )
    return made.id


async def get_in(page: Page, site: Site) -> None:
    """By the one-time link that is printed at the first start."""
    async with transaction(site.app.pool) as db:
        issued = await first_owner_link(db, 1, at=site.app.clock.now())
    assert issued is not None
    await page.goto(links.path(issued.token))
    await expect(page.get_by_role("heading", name="Welcome to Penstock")).to_be_visible()
    await page.get_by_label("First name").fill("Ada")
    await page.get_by_label("Last name").fill("Lovelace")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_role("heading", name="Workflows")).to_be_visible()


async def begin_workflow(page: Page, name: str) -> None:
    """A workflow for tickets from scratch."""
    await page.goto("/workflows")
    await page.get_by_role("button", name="Create workflow").first.click()
    dialog = page.get_by_role("dialog", name="Create workflow")
    await dialog.get_by_label("Name").fill(name)
    await dialog.get_by_label("Records").click()
    await page.get_by_role("option", name="Tickets").click()
    await dialog.get_by_role("button", name="Create and open").click()
    await expect(page.get_by_role("button", name="Enrollment trigger")).to_be_visible()


async def enroll_new_tickets(page: Page) -> None:
    """The trigger: a ticket is created."""
    await page.get_by_role("button", name="Enrollment trigger").click()
    await page.get_by_role("radio", name="When something happens").check()
    await page.get_by_role("button", name="Add event").click()
    await page.get_by_role("menuitem", name="A record is created").click()


async def add_step(page: Page, after: str, action: str, search: str | None = None) -> None:
    """Opens the palette behind a + and takes the first hit."""
    await page.get_by_role("button", name=after, exact=True).click()
    box = page.get_by_role("combobox", name="Search actions")
    await expect(box).to_be_focused()
    await box.fill(search or action)
    await page.keyboard.press("Enter")


async def connect(page: Page, title: str, key: str) -> None:
    """From the step's own drop-down, without leaving the editor."""
    await page.get_by_role("combobox", name="AI provider").click()
    await page.get_by_role("option", name=f"Connect {title}", exact=True).click()
    dialog = page.get_by_role("dialog", name=f"Connect {title}", exact=True)
    await dialog.get_by_label("API key").fill(key)
    await dialog.get_by_role("button", name="Check and connect").click()


async def choose_model(page: Page, model: str, label: str) -> None:
    """From the provider's own list."""
    box = page.get_by_role("combobox", name="AI model")
    await box.click()
    await box.fill(model)
    await page.get_by_role("option", name=label).first.click()


async def write_prompt(page: Page, text: str, token: str) -> None:
    """Words and a token of the record."""
    prompt = page.get_by_role("textbox", name="Prompt message")
    await prompt.click()
    await page.keyboard.type(text)
    await page.get_by_role("button", name="Insert data into Prompt message").click()
    picker = page.get_by_role("textbox", name="Search properties and outputs")
    await picker.fill(token)
    await page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("provider", "title", "model", "label"), PROVIDERS, ids=[case[0] for case in PROVIDERS]
)
async def test_a_newcomer_gets_from_the_first_link_to_a_value_one_can_trust(
    browse: Browse, site: Site, stand_in: StandIn, provider: str, title: str, model: str, label: str
) -> None:
    stand_in.answer = lambda prompt: json.dumps({"answer": "HIGH" if "flood" in prompt else "LOW"})
    await a_ticket(site, "A small leak")
    page = await browse(None)
    await get_in(page, site)
    await begin_workflow(page, "Sort tickets")
    await enroll_new_tickets(page)

    # The heart: provider, model, prompt, output, advanced options.
    await add_step(page, "Add an action at the start", "Use a custom LLM", "gpt")
    await connect(page, title, GOOD_KEY)
    await expect(page.get_by_role("combobox", name="AI provider")).to_have_value(title)
    await choose_model(page, model, label)
    await write_prompt(page, "How urgent is this? ", "Ticket name")
    await page.get_by_role("radiogroup", name="Output").get_by_text("One of a list").click()
    await page.get_by_role("radio", name="Options of a property").check()
    await page.get_by_role("combobox", name="Property whose options the model chooses from").click()
    await page.get_by_role("option", name="Priority").click()

    # Try it before it touches anything.
    await page.get_by_role("combobox", name="Record for the test").click()
    await page.get_by_role("option", name="A small leak").click()
    await page.get_by_role("button", name="Test step").click()
    await expect(page.get_by_role("region", name="Test step").get_by_role("definition")).to_have_text("LOW")
    assert len(stand_in.seen) == 1
    assert stand_in.seen[0].provider == provider

    # The answer is used: a record update, and an e-mail notification.
    await add_step(page, "Add an action after step 1", "Edit record")
    await page.get_by_role("combobox", name="Property to edit").click()
    await page.get_by_role("option", name="Priority").click()
    await page.get_by_role("button", name="Where New value comes from").click()
    await page.get_by_role("menuitem", name="Earlier output").click()
    await page.get_by_role("combobox", name="New value", exact=True).click()
    await page.get_by_role("option", name=re.compile("^Answer")).first.click()
    await add_step(page, "Add an action after step 2", "Send internal e-mail notification", "e-mail")
    await page.get_by_role("combobox", name="Addresses").fill("team@example.com")
    await page.keyboard.press("Enter")
    await page.get_by_role("textbox", name="Subject").click()
    await page.keyboard.type("A ticket came in")
    await page.get_by_role("textbox", name="Body").click()
    await page.keyboard.type("Look at it.")

    # On.
    await expect(page.get_by_text("All changes saved")).to_be_visible()
    await page.get_by_role("button", name="Review and publish").click()
    review = page.get_by_role("dialog", name="Review and publish")
    await review.get_by_role("button", name="Publish and turn on").click()
    await expect(page.get_by_text("Revision 2 is published and on")).to_be_visible()

    # A ticket comes in, and the run is watched.
    await page.goto("/records/tickets")
    await page.get_by_role("button", name="Create ticket").click()
    form = page.get_by_role("dialog", name="Create ticket")
    await form.get_by_label("Ticket name").fill("The flood of the century")
    await form.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("The flood of the century").first).to_be_visible()
    await page.goto("/workflows")
    await page.get_by_role("link", name="Sort tickets").click()
    await page.get_by_role("link", name="Runs").click()
    run = page.get_by_role("row", name="The flood of the century")
    await expect(run.get_by_text("Completed")).to_be_visible()
    await run.get_by_role("link", name="Completed").click()
    await page.get_by_role("button", name="Step 1").click()
    await expect(page.get_by_text("How urgent is this? The flood of the century")).to_be_visible()

    # The value says what wrote it.
    await page.get_by_role("button", name="Close the step, show the run").click()
    await page.get_by_role("link", name="The flood of the century").first.click()
    await page.get_by_role("button", name="History of Priority").click()
    history = page.get_by_role("dialog", name="History of Priority")
    await expect(history.get_by_text("High")).to_be_visible()
    await expect(history.get_by_role("link", name="Sort tickets, step 2")).to_be_visible()
    await expect(history.get_by_text(model)).to_be_visible()
    await page.keyboard.press("Escape")

    # Out again.
    await page.goto("/settings/connected-apps")
    await page.get_by_role("button", name=f"Actions for {title}").click()
    await page.get_by_role("menuitem", name="Uninstall").click()
    sure = page.get_by_role("dialog", name=f"Uninstall {title}?")
    await expect(sure.get_by_role("link", name="Sort tickets")).to_be_visible()
    await sure.get_by_label(f"Type {title} to confirm").fill(title)
    await sure.get_by_role("button", name="Uninstall").click()
    await expect(page.get_by_role("heading", name="Connect your first AI provider")).to_be_visible()
