"""The forms of the editor: a provider connected in place, a prompt written with the keyboard, a branch on the answer."""

from __future__ import annotations

import json

from playwright.async_api import Page, expect
from tests.e2e.site import Site
from tests.e2e.test_accessibility import violations
from tests.engine.scene import TICKETS, ask, connected, step, tickets
from tests.llm_stand_in import GOOD_KEY, StandIn

from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.workflows import flows

LLM = "1-1000"


async def begun(site: Site, *nodes: JsonObject) -> int:
    """A flow of these nodes that is off, as somebody leaves it half done; returns its id."""
    document: JsonObject = {
        "type": "PLATFORM_FLOW", "objectTypeId": TICKETS, "name": "Sort tickets", "startActionId": "1",
        "nextAvailableActionId": "9", "actions": list(nodes), "enrollmentCriteria": {"type": "MANUAL", "shouldReEnroll": False},
    }  # fmt: skip
    async with transaction(site.app.pool) as db:
        return (await flows.create(db, 1, "test", document)).id


async def faults(page: Page) -> list[str]:
    """What axe finds in the open form; the frame around it has a test of its own."""
    return [one for one in await violations(page) if "Account of" not in one]


async def draft_of(site: Site, flow: int) -> dict[str, object]:
    """The draft's document as the server has it."""
    async with site.app.pool.acquire() as db:
        found = await db.fetchval("SELECT document FROM flow_drafts WHERE flow_id = $1", flow)
    assert isinstance(found, dict)
    return found


async def test_an_llm_step_is_set_up_tried_and_undone_with_a_provider_connected_in_place(
    page: Page, site: Site, stand_in: StandIn
) -> None:
    stand_in.answer = lambda prompt: f"About {len(prompt)} characters."
    await tickets(site.app, "The cellar is under water")
    flow = await begun(site, step("1", LLM, {"prompt": "", "model": ""}))
    await page.goto(f"/workflows/{flow}?step=1")

    # A wrong key is refused beside the field, and nothing that was typed is lost.
    await page.get_by_role("combobox", name="AI provider").click()
    await page.get_by_role("option", name="Connect Anthropic").click()
    dialog = page.get_by_role("dialog", name="Connect Anthropic")
    await dialog.get_by_label("Name").fill("Support")
    await dialog.get_by_label("API key").fill("sk-wrong-key-0123456789")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_text("invalid x-api-key")).to_be_visible()
    assert await faults(page) == []
    await dialog.get_by_label("API key").fill(GOOD_KEY)
    await dialog.get_by_role("button", name="Check and connect").click()
    await expect(page.get_by_role("combobox", name="AI provider")).to_have_value("Support")
    model = page.get_by_role("combobox", name="AI model")
    await model.fill("opus-4-6")
    await page.get_by_role("option", name="opus").first.click()

    # The prompt: a slash opens the picker, Enter takes the first hit, Alt+Enter opens the chip beside the caret.
    prompt = page.get_by_role("textbox", name="Prompt message")
    await prompt.click()
    await page.keyboard.type("Summarise /")
    search = page.get_by_label("Search properties and outputs")
    await expect(search).to_be_focused()
    await page.keyboard.type("ticket name")
    await page.keyboard.press("Enter")
    await expect(prompt).to_be_focused()
    await expect(prompt).to_contain_text("Summarise Ticket name")
    await page.keyboard.press("Alt+Enter")
    await page.get_by_label("If there is no value, write").fill("nothing")
    await page.keyboard.press("Enter")
    await expect(prompt).to_contain_text("Ticket name or “nothing”")
    await page.keyboard.type(" now.")
    assert await faults(page) == []

    # What the record makes of it, and what the model says.
    await page.get_by_role("button", name="Preview with The cellar is under water").click()
    await expect(page.get_by_label("Preview of the prompt")).to_have_text(
        "Summarise The cellar is under water now."
    )
    await page.get_by_role("button", name="Test step").click()
    await expect(page.get_by_label("Answer of the test")).to_have_text("About 40 characters.")

    # A burst of typing is one step of undo, inside the field as anywhere.
    await prompt.click()
    await page.keyboard.press("End")
    await page.keyboard.press("Control+z")
    await expect(prompt).not_to_contain_text("now.")
    await expect(page.get_by_text("All changes saved")).to_be_visible()
    [action] = (await draft_of(site, flow))["actions"]  # type: ignore[misc]
    # How much of the end belongs to the burst depends on how fast it was typed.
    assert (
        action["fields"]["prompt"].rstrip() == 'Summarise {{ enrolled_object.subject | default("nothing") }}'
    )
    assert action["fields"]["provider"] == "anthropic"


async def test_what_becomes_of_doubtful_answers_and_long_prompts_is_set_in_the_form(
    page: Page, site: Site
) -> None:
    connection = await connected(site.app, "openai", "OpenAI")
    await tickets(site.app, "The cellar is under water")
    flow = await begun(site, ask("1", connection, "gpt-4.1-mini", prompt=""))
    await page.goto(f"/workflows/{flow}?step=1")

    # A long text of the record comes with a fence around it.
    await page.get_by_role("textbox", name="Prompt message").click()
    await page.keyboard.type("Sort /")
    await expect(page.get_by_label("Search properties and outputs")).to_be_focused()
    await page.keyboard.type("ticket description")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="Prompt message")).to_contain_text("fenced")

    await page.get_by_label("Review below").fill("70")
    await page.get_by_role("combobox", name="If none fits").click()
    await page.get_by_role("option", name="Low").click()
    await page.get_by_role("button", name="Answers that do not fit").click()
    await page.get_by_text("Use the fallbacks").click()
    await page.get_by_label("When the answer does not fit, ask once more").fill("Again: {{ problem }}")
    await page.get_by_role("button", name="Size and reuse").click()
    await page.get_by_role("combobox", name="When the prompt is too long").click()
    await page.get_by_role("option", name="Cut one value").click()
    await page.get_by_role("combobox", name="Value to cut").click()
    await page.get_by_role("option", name="Ticket description").click()
    await page.get_by_role("combobox", name="Reuse an identical answer for").click()
    await page.get_by_role("option", name="1 day").click()

    # A search of the web, kept to a domain that was pasted as an address.
    await page.get_by_role("checkbox", name="Web search").check()
    domains = page.get_by_role("combobox", name="Only these domains")
    await domains.fill("https://Example.com/recalls")
    await domains.press("Enter")
    await page.get_by_label("Most searches").fill("2")
    assert await faults(page) == []

    await page.get_by_role("button", name="Preview with The cellar is under water").click()
    await page.get_by_role("button", name="Show the request as it is sent").click()
    await expect(page.get_by_label("Request as it is sent")).to_contain_text('"urgency_confidence"')
    await expect(page.get_by_label("Request as it is sent")).to_contain_text('"max_tool_calls"')

    await expect(page.get_by_text("All changes saved")).to_be_visible()
    [action] = (await draft_of(site, flow))["actions"]  # type: ignore[misc]
    fields = action["fields"]
    assert fields["prompt"] == "Sort {{ enrolled_object.content | fenced }}"
    [declared] = fields["output"]["fields"]
    assert (declared["review_below"], declared["fallback"]) == (0.7, "low")
    searching = ("web_search", "search_domains", "max_searches")
    assert [fields[name] for name in searching] == [True, ["example.com"], 2]
    settings = ("when_rejected", "repair_prompt", "when_too_long", "cut_token", "reuse_seconds")
    assert [fields[name] for name in settings] == [
        "fallback",
        "Again: {{ problem }}",
        "cut_token",
        "enrolled_object.content",
        86_400,
    ]


async def test_a_branch_takes_its_paths_from_the_options_of_an_answer(page: Page, site: Site) -> None:
    connection = await connected(site.app, "openai", "OpenAI")
    await tickets(site.app, "Anything")
    branch: JsonObject = {
        "type": "STATIC_BRANCH",
        "actionId": "2",
        "inputValue": {"type": "OBJECT_PROPERTY", "propertyName": ""},
        "staticBranches": [],
    }
    flow = await begun(site, ask("1", connection, "gpt-4.1-mini", "2"), branch)
    await page.goto(f"/workflows/{flow}?step=2")
    await page.get_by_role("button", name="Where Value to look at comes from").click()
    await page.get_by_role("menuitem", name="Earlier output").click()
    await page.get_by_role("combobox", name="Value to look at").click()
    await page.get_by_role("option", name="Urgency of 1. Use a custom LLM").click()
    await page.get_by_role("button", name="Add a path for each of 2 values").click()
    await expect(page.get_by_role("listitem", name="Path 2: High")).to_be_visible()
    await expect(page.get_by_text("All changes saved")).to_be_visible()
    actions = (await draft_of(site, flow))["actions"]
    assert json.loads(json.dumps(actions))[1]["staticBranches"] == [
        {"branchValue": "low"},
        {"branchValue": "high"},
    ]  # type: ignore[index]


async def test_the_trigger_counts_the_records_that_meet_its_conditions(page: Page, site: Site) -> None:
    await tickets(site.app, "Water", "Fire", "Water again")
    flow = await begun(site, step("1", "0-1", {"delta": "1", "time_unit": "DAYS"}))
    await page.goto(f"/workflows/{flow}?step=trigger")
    await page.get_by_role("radio", name="When they meet conditions").check()
    await page.get_by_role("button", name="Add condition").click()
    await page.get_by_role("combobox", name="Property", exact=True).click()
    await page.get_by_role("option", name="Ticket name").click()
    await page.get_by_role("combobox", name="How Ticket name is compared").click()
    await page.get_by_role("option", name="contains", exact=True).click()
    await page.get_by_role("combobox", name="Value for Ticket name").fill("water")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("2 records meet this now")).to_be_visible()
    assert await faults(page) == []
    await page.get_by_role("switch", name="Records may enroll again").check()
    await expect(page.get_by_text("All changes saved")).to_be_visible()
    criteria = (await draft_of(site, flow))["enrollmentCriteria"]
    assert isinstance(criteria, dict)
    assert (criteria["type"], criteria["shouldReEnroll"]) == ("LIST_BASED", True)
