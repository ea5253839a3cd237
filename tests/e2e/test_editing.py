"""The life of an edit: refused while unfinished, published as a revision, taken back, and met by somebody else's edit."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.async_api import Locator, Page, expect
from tests.e2e.conftest import Browse
from tests.e2e.site import Site
from tests.e2e.steps import call
from tests.e2e.test_editor_forms import LLM, begun, draft_of
from tests.engine.scene import (
    answer,
    ask,
    connected,
    edit,
    enroll,
    settled,
    step,
    tickets,
    turned_on,
    value_of,
)
from tests.llm_stand_in import StandIn

from penstock.kit.json import JsonObject

OLD_PROMPT = "How urgent? {{ enrolled_object.subject }}"


async def enroll_now(site: Site, flow: int, record: int) -> int:
    """A record enters by hand and comes to the delay; returns the run."""
    [one] = await enroll(site.app, flow, record)
    assert one.enrollment_id is not None
    await settled(site.app, one.enrollment_id, "WAITING")
    return one.enrollment_id


async def end_the_wait(site: Site, run: int) -> None:
    """The day of the delay is over."""
    async with site.app.pool.acquire() as db:
        await db.execute("UPDATE enrollments SET wake_at = now() WHERE id = $1", run)
    site.engine.wake_triggers()
    assert (await settled(site.app, run)).status == "COMPLETED"


async def revision_of(page: Page, run: int) -> str:
    """The revision that a run goes by, as the API says it."""
    return str((await call(page, "GET", f"/penstock/v1/enrollments/{run}")).ok()["revisionId"])


async def publish(page: Page, revision: int) -> None:
    """Through the review, of a workflow that is on."""
    await page.get_by_role("button", name="Review and publish").click()
    review = page.get_by_role("dialog", name="Review and publish")
    await review.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_text(f"Revision {revision} is published and on")).to_be_visible()
    await expect(review).to_be_hidden()


async def test_a_live_workflow_is_changed_and_changed_back_while_a_record_inside_keeps_its_revision(
    page: Page, site: Site, stand_in: StandIn
) -> None:
    app = site.app
    stand_in.answer = lambda _prompt: json.dumps({"urgency": "high"})
    connection = await connected(app, "openai", "OpenAI")
    leak, flood, storm = await tickets(app, "A small leak", "The flood", "The storm")
    flow = await turned_on(
        app,
        ask("1", connection, "gpt-4.1-mini", "2"),
        step("2", "0-1", {"delta": "1", "time_unit": "DAYS"}, "3"),
        edit("3", "urgency", answer("1", "urgency")),
        name="Sort tickets",
    )
    first = await enroll_now(site, flow, leak)

    # Another prompt and another value at the end. It is a draft; what is live stays.
    await page.goto(f"/workflows/{flow}?step=1")
    await expect(page.get_by_text("Revision 1", exact=True)).to_be_visible()
    await write_first(page, "Be strict. ")
    await page.get_by_role("button", name="Step 3: ").click()
    await page.get_by_role("button", name="Where New value comes from").click()
    await page.get_by_role("menuitem", name="Value", exact=True).click()
    await page.get_by_role("combobox", name="New value", exact=True).click()
    await page.get_by_role("option", name="Low").click()
    await expect(page.get_by_text("Draft · based on revision 1")).to_be_visible()

    # What it changes, as the revisions show it at once: the save with which one leaves is waited for.
    await page.get_by_role("link", name="Revisions").click()
    comparison = page.get_by_role("region", name="Comparison")
    await expect(comparison.get_by_role("heading", name="Draft")).to_be_visible()
    await expect(comparison).to_contain_text("Be strict.")
    await expect(comparison.get_by_role("insertion").first).to_contain_text("Be strict.")
    live = (await call(page, "GET", f"/automation/v4/flows/{flow}")).ok()
    assert (live["revisionId"], live["actions"][0]["fields"]["prompt"]) == ("1", OLD_PROMPT)
    await page.get_by_role("link", name="Editor").click()

    # Published while a record waits inside. It keeps its revision to the end; who comes now goes by the new one.
    await page.get_by_role("button", name="Review and publish").click()
    review = page.get_by_role("dialog", name="Review and publish")
    await expect(review).to_contain_text("Be strict.")
    await expect(review).to_contain_text("1 record is inside. It stays on revision 1 until it is through.")
    await page.keyboard.press("Escape")
    await publish(page, 2)
    await expect(page.get_by_text("Revision 2", exact=True)).to_be_visible()
    second = await enroll_now(site, flow, flood)
    await end_the_wait(site, first)
    await end_the_wait(site, second)
    assert [await revision_of(page, run) for run in (first, second)] == ["1", "2"]
    assert [await value_of(app, record, "urgency") for record in (leak, flood)] == ["high", "low"]
    assert [seen.prompt for seen in stand_in.seen] == [
        "How urgent? A small leak",
        "Be strict. How urgent? The flood",
    ]

    # Back: the first revision as a draft, which changes nothing yet, and then as the third.
    await page.get_by_role("link", name="Revisions").click()
    await page.get_by_role("navigation", name="Revisions").get_by_role("link", name="Revision 1").click()
    await page.get_by_role("button", name="Restore as draft").click()
    asking = page.get_by_role("dialog", name="Restore revision 1 as a draft?")
    await asking.get_by_role("button", name="Restore").click()
    await expect(page.get_by_text("Draft · based on revision 2")).to_be_visible()
    assert (await call(page, "GET", f"/automation/v4/flows/{flow}")).ok()["revisionId"] == "2"
    await publish(page, 3)
    third = await enroll_now(site, flow, storm)
    await end_the_wait(site, third)
    assert await revision_of(page, third) == "3"
    assert await value_of(app, storm, "urgency") == "high"
    assert stand_in.seen[-1].prompt == "How urgent? The storm"
    one, three = [await the_document(page, flow, revision) for revision in (1, 3)]
    assert three["actions"] == one["actions"]


async def the_document(page: Page, flow: int, revision: int) -> Any:
    """A revision's document, as the API gives it."""
    return (await call(page, "GET", f"/penstock/v1/flows/{flow}/revisions/{revision}")).ok()["document"]


async def test_an_unfinished_workflow_is_not_published_and_each_problem_leads_to_its_field(
    page: Page, site: Site
) -> None:
    connection = await connected(site.app, "openai", "OpenAI")
    await tickets(site.app, "A small leak")
    llm = {"connection_id": str(connection.id), "model": "gpt-4.1-mini", "prompt": ""}
    nothing_set: JsonObject = {"type": "STATIC_VALUE", "staticValue": "high"}
    flow = await begun(site, step("1", LLM, {**llm}, "2"), edit("2", "", nothing_set))
    await page.goto(f"/workflows/{flow}")
    prompt = page.get_by_role("textbox", name="Prompt message")
    await page.get_by_role("button", name="Review and publish").click()
    review = page.get_by_role("dialog", name="Review and publish")
    await expect(review.get_by_role("heading", name="2 problems to solve first")).to_be_visible()
    await expect(review.get_by_role("button", name="Publish", exact=False)).to_have_count(0)
    await expect(review.get_by_role("button", name="Turn on")).to_be_disabled()

    # A problem leads to the card and the field it is about.
    await review.get_by_role("button", name="prompt").click()
    await expect(review).to_be_hidden()
    await expect(page.get_by_role("complementary", name="Step 1: ")).to_be_visible()
    await expect(prompt).to_be_focused()
    await page.keyboard.type("Say how urgent this is.")
    await expect(page.get_by_text("All changes saved")).to_be_visible()
    await page.get_by_role("button", name="Review and publish").click()
    await expect(review.get_by_role("heading", name="1 problem to solve first")).to_be_visible()
    for button in ("Publish, leave off", "Publish and turn on"):
        await expect(review.get_by_role("button", name=button)).to_be_disabled()
    await review.get_by_role("button", name="property").click()
    await expect(page.get_by_role("complementary", name="Step 2: ")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Property to edit")).to_be_focused()

    # Nothing of it is published, and the API refuses it as well.
    version = (await call(page, "GET", f"/penstock/v1/flows/{flow}/draft")).ok()["version"]
    wish = {"version": version, "enable": True, "enrollExisting": False}
    refused = await call(page, "POST", f"/penstock/v1/flows/{flow}/publications", wish)
    assert refused.status == 400, refused
    assert "property_name" in json.dumps(refused.json["errors"])
    live = (await call(page, "GET", f"/automation/v4/flows/{flow}")).ok()
    assert (live["revisionId"], live["isEnabled"], live["actions"][0]["fields"]["prompt"]) == ("1", False, "")


async def test_two_people_at_one_workflow_see_each_other_and_neither_loses_what_was_typed(
    page: Page, browse: Browse, site: Site
) -> None:
    connection = await connected(site.app, "openai", "OpenAI")
    await tickets(site.app, "A small leak")
    flow = await begun(site, ask("1", connection, "gpt-4.1-mini"))
    await page.goto(f"/workflows/{flow}?step=1")
    await expect(page.get_by_role("textbox", name="Prompt message")).to_be_visible()
    other = await browse("builder")
    await other.goto(f"/workflows/{flow}?step=1")
    await expect(other.get_by_role("group", name="has this workflow open too")).to_be_visible()

    # The first one's change is saved; the other's, made on what was there before, is refused and explained.
    await write_first(page, "Mine first. ")
    await stored(page, flow, "Mine first. ")
    await write_first(other, "Ours instead. ")
    asking = other.get_by_role("dialog", name="Changed elsewhere")
    await expect(asking).to_contain_text("Nothing is lost")
    assert prompt_of(await draft_of(site, flow)) == f"Mine first. {OLD_PROMPT}"

    # Kept as a workflow of its own, while the first one's stands here.
    await asking.get_by_role("button", name="Keep mine as a copy").click()
    await expect(asking).to_be_hidden()
    await expect(prompt_field(other)).to_have_text("Mine first. How urgent? Ticket name")
    copy = await copied(other)
    assert prompt_of(await shown(other, copy)) == f"Ours instead. {OLD_PROMPT}"
    assert prompt_of(await draft_of(site, flow)) == f"Mine first. {OLD_PROMPT}"

    # From there one goes on; now it is the first one who is behind, and whose words win by choice.
    await write_first(other, "Together. ")
    await stored(other, flow, "Together. ")
    await write_first(page, "Alone. ")
    asking = page.get_by_role("dialog", name="Changed elsewhere")
    await expect(asking).to_contain_text("Builder Test saved this workflow")
    await asking.get_by_role("button", name="Save mine over theirs").click()
    await stored(page, flow, "Alone. ")
    assert prompt_of(await draft_of(site, flow)) == f"Alone. Mine first. {OLD_PROMPT}"


def prompt_field(page: Page) -> Locator:
    """Where the prompt is written."""
    return page.get_by_role("textbox", name="Prompt message")


async def stored(page: Page, flow: int, words: str) -> None:
    """Waits until the draft on the server says these words."""
    await page.evaluate(
        "async ([path, words]) => { while (!(await (await fetch(path)).text()).includes(words)); }",
        [f"/penstock/v1/flows/{flow}/draft", words],
    )


async def write_first(page: Page, words: str) -> None:
    """Types before what the prompt says."""
    await prompt_field(page).focus()  # a click may meet the token
    await page.keyboard.press("Control+Home")
    await page.keyboard.type(words)


def prompt_of(document: Any) -> str:
    """The first step's prompt."""
    return str(document["actions"][0]["fields"]["prompt"])


async def copied(page: Page) -> str:
    """The id of the only workflow that is a copy."""
    rows = (await call(page, "GET", "/penstock/v1/flows-overview")).ok()["results"]
    [found] = [one["id"] for one in rows if re.search("copy", one["name"])]
    return str(found)


async def shown(page: Page, flow: str) -> Any:
    """What the editor shows of a workflow: its draft, else what is live."""
    answered = (await call(page, "GET", f"/penstock/v1/flows/{flow}/editor")).ok()
    return (answered["draft"] or answered)["document"]
