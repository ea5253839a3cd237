"""A provider is connected from inside the editor after two refusals, and uninstalled while a workflow needs it."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.async_api import Page, expect
from tests.e2e.site import Site
from tests.e2e.test_editor_forms import LLM, begun, draft_of
from tests.engine.scene import (
    answer,
    ask,
    connected,
    edit,
    enroll,
    runs_of,
    settled,
    step,
    tickets,
    turned_on,
    value_of,
)
from tests.llm_stand_in import GOOD_KEY, StandIn

from penstock.connections.connections import list_connections

WRONG_KEY = "sk-wrong-key-0123456789"


async def connections_of(site: Site) -> list[tuple[str, str]]:
    """Name and end of the key of each connection, as stored."""
    async with site.app.pool.acquire() as db:
        return [(one.connection.name, one.connection.last_four) for one in await list_connections(db, 1)]


async def test_a_refused_key_costs_nothing_that_was_typed_and_the_right_one_is_chosen_in_the_step(
    page: Page, site: Site
) -> None:
    await connected(site.app, "anthropic", "Support desk")
    flow = await begun(site, step("1", LLM, {"prompt": "", "model": ""}))
    await page.goto(f"/workflows/{flow}?step=1")
    await page.get_by_role("textbox", name="Prompt message").click()
    await page.keyboard.type("How urgent is this?")
    await page.get_by_role("combobox", name="AI provider").click()
    await page.get_by_role("option", name="Connect OpenAI", exact=True).click()
    dialog = page.get_by_role("dialog", name="Connect OpenAI")
    name, key = dialog.get_by_label("Name"), dialog.get_by_label("API key")
    await expect(key).to_be_focused()

    # A name that another connection has is refused at the name, and the key stays.
    await name.fill("Support desk")
    await key.fill(WRONG_KEY)
    await page.keyboard.press("Enter")
    await expect(name).to_have_accessible_description(
        re.compile("There is a connection named 'Support desk'")
    )
    await expect(name).to_be_focused()
    await expect(key).to_have_value(WRONG_KEY)

    # The key is refused by the provider, in its words, at the key: nothing is stored, and the name stays.
    await name.fill("Complaints desk")
    await page.keyboard.press("Enter")
    await expect(key).to_have_accessible_description(
        re.compile("did not accept the API key .*: Incorrect API key provided. Copy the key")
    )
    await expect(key).to_be_focused()
    await expect(name).to_have_value("Complaints desk")
    assert await connections_of(site) == [("Support desk", "6789")]
    await key.fill(GOOD_KEY)
    await expect(dialog.get_by_text("Incorrect API key provided.")).to_be_hidden()
    await dialog.get_by_role("button", name="Check and connect").click()

    # Back in the step, which never went away.
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("combobox", name="AI provider")).to_have_value("Complaints desk")
    await expect(page.get_by_role("textbox", name="Prompt message")).to_have_text("How urgent is this?")
    await expect(page).to_have_url(f"{site.url}/workflows/{flow}?step=1")
    await page.get_by_role("combobox", name="AI model").click()
    await page.get_by_role("option", name="gpt-4.1-mini").click()
    await expect(page.get_by_text("All changes saved")).to_be_visible()
    assert await connections_of(site) == [("Complaints desk", "6789"), ("Support desk", "6789")]
    document: dict[str, Any] = await draft_of(site, flow)
    wanted = {"provider": "openai", "model": "gpt-4.1-mini", "prompt": "How urgent is this?"}
    assert wanted.items() <= document["actions"][0]["fields"].items()


async def test_uninstalling_says_what_stops_and_the_stopped_records_go_on_after_connecting_again(
    page: Page, site: Site, stand_in: StandIn
) -> None:
    app = site.app
    stand_in.answer = lambda _prompt: json.dumps({"urgency": "high"})
    connection = await connected(app, "openai", "Our OpenAI")
    ids = await tickets(app, "Card charged twice", "Login fails")
    nodes = (
        ask("1", connection, "gpt-4.1-mini", "2", provider="openai"),
        edit("2", "urgency", answer("1", "urgency")),
    )
    flow = await turned_on(app, *nodes, name="Sort tickets")
    await turned_on(app, *nodes, name="Sort the rest")

    # The dialog names what stops, and asks for the name.
    await page.goto("/settings/connected-apps")
    await page.get_by_role("button", name="Actions for Our OpenAI").click()
    await page.get_by_role("menuitem", name="Uninstall").click()
    sure = page.get_by_role("dialog", name="Uninstall Our OpenAI?")
    stops = sure.get_by_role("list", name="Workflows that stop")
    await expect(stops.get_by_role("listitem")).to_have_text(["Sort tickets on", "Sort the rest on"])
    typed, uninstall = (
        sure.get_by_label("Type Our OpenAI to confirm"),
        sure.get_by_role("button", name="Uninstall"),
    )
    await typed.fill("OpenAI")
    await expect(uninstall).to_be_disabled()
    assert [name for name, _ in await connections_of(site)] == ["Our OpenAI"]
    await typed.fill("Our OpenAI")
    await uninstall.click()
    await expect(page.get_by_role("heading", name="Connect your first AI provider")).to_be_visible()
    assert await connections_of(site) == []

    # Records stop at the step before any call, with the cause in words.
    runs = [one.enrollment_id for one in await enroll(app, flow, *ids)]
    for run in runs:
        await settled(app, run, "FAILED")
    assert stand_in.seen == []
    await page.goto("/attention")
    cause = page.get_by_role("article", name="The AI connection of a step is gone")
    await expect(cause).to_contain_text("2 runs")
    await expect(cause).to_contain_text("'Our OpenAI'")
    await cause.get_by_role("link", name="Card charged twice").click()
    await expect(page.get_by_text("Our OpenAI").first).to_be_visible()
    await page.go_back()

    # Connected again in the step itself: the model stays, the change is published.
    await cause.get_by_role("link", name="Open the step").click()
    provider = page.get_by_role("combobox", name="AI provider")
    await expect(provider).to_have_value("OpenAI (no longer connected)")
    await expect(page.get_by_text("The AI connection 'Our OpenAI' was uninstalled")).to_be_visible()
    await provider.click()
    await page.get_by_role("option", name="Connect OpenAI", exact=True).click()
    dialog = page.get_by_role("dialog", name="Connect OpenAI")
    await dialog.get_by_label("API key").fill(GOOD_KEY)
    await dialog.get_by_role("button", name="Check and connect").click()
    await expect(provider).to_have_value("OpenAI")
    await expect(page.get_by_role("combobox", name="AI model")).to_have_value("gpt-4.1-mini")
    await expect(page.get_by_text("All changes saved")).to_be_visible()
    await page.get_by_role("button", name="Review and publish").click()
    review = page.get_by_role("dialog", name="Review and publish")
    await review.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_text("Revision 2 is published").first).to_be_visible()

    # The old step can only fail again, so the dialog proposes the new one.
    await page.goto("/attention")
    await cause.get_by_role("button", name="Retry all").click()
    again = page.get_by_role("dialog", name="Retry all runs like this")
    await expect(again.get_by_role("radio", name="the workflow as it is now")).to_be_checked()
    await again.get_by_role("button", name="Retry all").click()
    await expect(page.get_by_text("Nothing needs attention")).to_be_visible()
    for run in runs:
        assert (await settled(app, run)).status == "COMPLETED"
    assert {await value_of(app, one, "urgency") for one in ids} == {"high"}
    assert len(stand_in.seen) == len(ids)
    assert {run.revision_id for run in await runs_of(app, flow)} == {2}
