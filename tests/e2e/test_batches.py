"""Half price in the browser: records enrolled with a batch, and what their runs say while the provider answers."""

from __future__ import annotations

from playwright.async_api import Page, expect
from tests.e2e.site import Site
from tests.engine.scene import (
    ask,
    change,
    connected,
    runs_of,
    settled,
    tickets,
    turned_on,
    when,
)

from penstock.kit.database import transaction
from penstock.workflows import flows

# As the worker would have done it, but not to be looked at again during the test.
SUBMITTED = """
WITH batch AS (
    INSERT INTO llm_batches (workspace_id, connection_id, provider, model, name, state, remote_id, questions, submitted_at, next_at)
    SELECT 1, connection_id, 'openai', model, 'penstock-e2e', 'running', 'b1', 2, now(), now() + interval '1 hour'
    FROM llm_batch_items LIMIT 1 RETURNING id
), part AS (
    INSERT INTO llm_batch_flows (batch_id, flow_id, questions)
    SELECT batch.id, e.flow_id, count(*) FROM batch, llm_batch_items i JOIN enrollments e ON e.id = i.enrollment_id GROUP BY 1, 2
)
UPDATE llm_batch_items SET batch_id = batch.id FROM batch WHERE llm_batch_items.batch_id IS NULL
"""


async def test_chosen_records_are_enrolled_with_a_batch_and_their_runs_say_how_far_it_is(
    site: Site, page: Page
) -> None:
    connection = await connected(site.app, "openai", "Our OpenAI")
    await tickets(site.app, "Card charged twice", "Login fails")
    flow = await turned_on(site.app, ask("1", connection, "gpt-4.1-mini"), name="Sort tickets")

    await page.goto("/records/tickets")
    for subject in ("Card charged twice", "Login fails"):
        await page.get_by_role("checkbox", name=f"Select {subject}").click()
    await page.get_by_role("button", name="Enroll in workflow").click()
    dialog = page.get_by_role("dialog", name="Enroll in a workflow")
    await dialog.get_by_label("Workflow").click()
    await page.get_by_role("option", name="Sort tickets").click()
    cost = dialog.get_by_role("status")
    await expect(cost).to_contain_text("for 2 model calls with")
    await expect(cost).to_contain_text("It takes at least")
    await dialog.get_by_label("At the price of the provider").check()
    await expect(cost).to_contain_text("A batch is answered within a day.")
    await dialog.get_by_role("button", name="Enroll", exact=True).click()
    await expect(page.get_by_text("2 records enrolled in Sort tickets")).to_be_visible()

    runs = await runs_of(site.app, flow)
    for run in runs:
        await settled(site.app, run.id, "WAITING")
    async with site.app.pool.acquire() as db:
        await db.execute(SUBMITTED)
    await page.goto(f"/workflows/{flow}/runs")
    await expect(page.get_by_text("Waits for its answer in a batch at Our OpenAI")).to_have_count(2)
    await page.goto(f"/runs/{runs[0].id}")
    words = page.get_by_role("group", name="Waits for a batch")
    await expect(words).to_contain_text("0 of 2 questions answered. Submitted")
    await expect(words).to_contain_text("The run goes on by itself.")

    # The batch has a page, and a place beside the workflow's runs; there it can be canceled.
    await words.get_by_role("link", name="Batch ").click()
    await expect(page.get_by_role("heading", name="Batch ", level=1)).to_be_visible()
    await expect(page.get_by_text("At the provider", exact=True)).to_be_visible()
    await page.get_by_role("region", name="Workflows").get_by_role("link", name="Sort tickets").click()
    row = page.get_by_role("table", name="Batches").get_by_role("row").nth(1)
    await expect(row).to_contain_text("0 of 2")
    await row.get_by_role("link").click()
    await page.get_by_role("button", name="Cancel batch").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("What is answered already is taken and paid.")
    await page.keyboard.press("Escape")
    assert site.stand_in.seen == []


async def test_turning_on_enrolls_existing_records_with_a_batch_and_says_what_it_costs(
    site: Site, page: Page
) -> None:
    connection = await connected(site.app, "openai", "Our OpenAI")
    [ticket] = await tickets(site.app, "Card charged twice")
    await change(site.app, ticket, urgency="low")
    flow = await turned_on(
        site.app, ask("1", connection, "gpt-4.1-mini"), criteria=when("urgency", "low"), name="Sort tickets"
    )
    async with transaction(site.app.pool) as db:
        await flows.set_enabled(db, 1, flow, False)

    await page.goto("/workflows")
    await page.get_by_role("switch", name="Sort tickets").press("Space")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Also the 1 record that meets them now").check()
    cheaper = dialog.get_by_label("At the price of the provider")
    status = dialog.get_by_role("status")
    dear = (await status.inner_text()).splitlines()[0]
    await cheaper.check()
    await expect(status).not_to_contain_text(dear)
    await dialog.get_by_role("button", name="Turn on").click()
    await expect(page.get_by_text("Sort tickets is on and 1 record is enrolled")).to_be_visible()
    [run] = await runs_of(site.app, flow)
    waits = await settled(site.app, run.id, "WAITING")
    assert (waits.wait_for or "").startswith("batch:")
    assert site.stand_in.seen == []
