"""Documents in the browser: a set is filled and tried, a step answers from it, and the run leads back to the document."""

from __future__ import annotations

from playwright.async_api import Page, expect
from tests.e2e.site import Site
from tests.engine.scene import answer, ask, connected, edit, enroll, settled, tickets, turned_on

RETURNS = b"# Refunds\n\nA refund reaches the customer within ten days.\n\n# Escrow\n\nA shortage is spread over a year."


async def test_a_step_answers_from_a_set_that_was_filled_here_and_the_run_names_the_passage(
    site: Site, page: Page
) -> None:
    app = site.app
    connection = await connected(app, "openai", "Our OpenAI")
    [ticket] = await tickets(app, "Where is my refund?")
    step = ask(
        "1",
        connection,
        "gpt-4.1-mini",
        "2",
        output={"type": "text"},
        prompt="Answer: {{ enrolled_object.subject }}",
    )
    flow = await turned_on(app, step, edit("2", "content", answer("1", "text")), name="Answer tickets")
    site.stand_in.answer = lambda _prompt: "Within ten days [1]."

    await page.goto("/settings/knowledge")
    await page.get_by_role("button", name="Create a set").click()
    await page.get_by_role("textbox", name="Name").fill("Terms")
    await page.get_by_role("button", name="Create set").click()
    await expect(page.get_by_role("heading", name="Terms", level=1)).to_be_visible()
    await page.get_by_label("Add documents").set_input_files(
        [
            {"name": "offer.docx", "mimeType": "application/zip", "buffer": b"PK"},
            {"name": "returns.md", "mimeType": "text/markdown", "buffer": RETURNS},
        ]
    )
    await expect(page.get_by_text("offer.docx was not added")).to_be_visible()
    await expect(page.get_by_role("link", name="returns.md")).to_be_visible()
    await page.get_by_role("textbox", name="Text").fill("escrow shortages")
    await page.get_by_role("button", name="Find passages").click()
    found = page.get_by_role("list", name="Passages found")
    await expect(found.get_by_role("listitem").first).to_contain_text("Escrow")

    await page.goto(f"/workflows/{flow}?step=1")
    await page.get_by_role("combobox", name="Knowledge").click()
    await page.get_by_role("option", name="Terms").click()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Put them at its end").click()
    prompt = page.get_by_role("textbox", name="Prompt message")
    await expect(prompt).to_contain_text("Passages from the knowledge")
    await page.get_by_role("button", name="Preview").first.click()
    await expect(page.get_by_label("Preview of the prompt")).to_contain_text("[1] returns.md > Refunds")
    await page.get_by_role("button", name="Review and publish").click()
    await page.get_by_role("dialog").get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_text("Revision 2").first).to_be_visible()

    [run] = await enroll(app, flow, ticket)
    await settled(app, run.enrollment_id)
    await page.goto(f"/runs/{run.enrollment_id}?step=1")
    shown = page.get_by_role("complementary", name="The step")
    await shown.get_by_role("link", name="returns.md").click()
    await expect(page.get_by_role("list", name="Passages")).to_contain_text(
        "A refund reaches the customer within ten days."
    )

    await page.get_by_role("link", name="Terms").click()
    await page.get_by_role("button", name="What can be done with Terms").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("Workflows answer from 'Terms': 'Answer tickets'")).to_be_visible()
