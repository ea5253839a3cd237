"""Half price in the browser: records enrolled with a batch, and what their runs say while the provider answers."""

from __future__ import annotations

from playwright.async_api import Page, expect
from tests.e2e.site import Site
from tests.engine.scene import ask, connected, runs_of, settled, tickets, turned_on

# As the worker would have done it, but not to be looked at again during the test.
SUBMITTED = """
WITH batch AS (
    INSERT INTO llm_batches (workspace_id, connection_id, provider, model, name, state, remote_id, questions, submitted_at, next_at)
    SELECT 1, connection_id, 'openai', model, 'penstock-e2e', 'running', 'b1', 2, now(), now() + interval '1 hour'
    FROM llm_batch_items LIMIT 1 RETURNING id
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
    assert site.stand_in.seen == []
