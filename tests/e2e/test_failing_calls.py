"""What becomes of records whose call fails, set in the step form and drawn on the canvas, then seen in their runs."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect
from tests.e2e.site import Site
from tests.e2e.test_editor_forms import LLM, begun, faults
from tests.engine.scene import connected, edit, enroll, settled, step, tickets, value_of
from tests.llm_stand_in import Seen, StandIn, Trouble

from penstock.kit.json import JsonObject

BUSY = Trouble(503, {"error": {"message": "The server is overloaded.", "code": "server_error"}})
BAD = Trouble(400, {"error": {"message": "No such parameter.", "code": "unknown_parameter"}})
SORTED: JsonObject = {"type": "STATIC_VALUE", "staticValue": "Sorted"}


def path_of(page: Page, number: int, name: str) -> Locator:
    """One of the two ways on from an LLM step, with its steps."""
    ways = page.get_by_role("list", name=f"Paths of step {number}")
    return ways.get_by_role("listitem").filter(has=page.get_by_role("button", name=name, exact=True)).first


async def test_other_models_and_a_path_for_failed_records_are_set_up_and_taken(
    page: Page, site: Site, stand_in: StandIn
) -> None:
    first = await connected(site.app, "openai", "Our OpenAI")
    await connected(site.app, "anthropic", "Our Anthropic")
    bad, good = await tickets(site.app, "Bad parcel", "Card charged twice")
    llm = {
        "connection_id": str(first.id),
        "model": "gpt-4.1-mini",
        "prompt": "Sort {{ enrolled_object.subject }}",
    }
    flow = await begun(site, step("1", LLM, {**llm}, "2"), edit("2", "content", SORTED))
    await page.goto(f"/workflows/{flow}?step=1")

    # Another model, through another account. What is not chosen yet is said beside its field once it is left.
    await page.get_by_role("button", name="If the call fails").click()
    await page.get_by_role("button", name="Add another model").click()
    other = page.get_by_role("listitem", name="Other model 1")
    await expect(other.get_by_role("combobox", name="AI provider")).to_have_value("Our Anthropic")
    await other.get_by_role("combobox", name="AI model").click()
    await page.get_by_role("option", name="Sonnet").first.click()
    causes = page.get_by_role("group", name="Ask the next model when")
    await causes.get_by_label("too many requests").uncheck()
    await expect(causes.get_by_label("cannot be reached")).to_be_checked()

    # A path of their own for failed records. What followed the step follows its answers.
    await page.get_by_label("Go on by a path of their own").check()
    await expect(path_of(page, 1, "Answered")).to_contain_text("Set Ticket description")
    failed = path_of(page, 1, "If the step fails")
    await expect(failed).to_contain_text("End")
    assert await faults(page) == []
    await failed.get_by_role("button", name="Add an action at the start of this path").click()
    await page.get_by_role("combobox", name="Search actions").fill("Edit record")
    await page.keyboard.press("Enter")
    await page.get_by_role("combobox", name="Property to edit").click()
    await page.get_by_role("option", name="Ticket description").click()
    await page.get_by_role("button", name="Where New value comes from").click()
    await page.get_by_role("menuitem", name="Earlier output").click()
    await page.get_by_role("combobox", name="New value", exact=True).click()
    await expect(page.get_by_role("option")).to_have_text(
        ["Error code of 1. Use a custom LLM", "Error of 1. Use a custom LLM"]
    )
    await page.get_by_role("option", name="Error code of").click()

    # It does not go unasked while a step stands on it.
    await page.get_by_role("button", name="Step 1: ").click()
    fold = page.get_by_role("button", name="If the call fails")
    await expect(fold).to_contain_text("Path for failed records · 1 other model")
    await fold.click()
    await page.get_by_label("Stop and need attention").click()
    asking = page.get_by_role("dialog", name="Remove the path for failed records")
    await expect(asking).to_contain_text("Its 1 step is deleted too.")
    await asking.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_label("Go on by a path of their own")).to_be_checked()

    await page.get_by_role("button", name="Review and publish").click()
    review = page.get_by_role("dialog", name="Review and publish")
    await expect(review).to_contain_text("claude-sonnet-4-6 through Our Anthropic")
    await review.get_by_role("button", name="Publish and turn on").click()
    await expect(review).to_be_hidden()

    # The first provider breaks down: the other one answers. What it refuses for good goes by the path.
    stand_in.answer = lambda _prompt: "Charged twice"

    def trouble(seen: Seen) -> Trouble | None:
        if "Bad" in seen.prompt:
            return BAD
        return BUSY if seen.provider == "openai" else None

    stand_in.trouble = trouble
    one, two = await enroll(site.app, flow, bad, good)
    runs = [one.enrollment_id, two.enrollment_id]
    for run in runs:
        assert run is not None
        assert (await settled(site.app, run)).status == "COMPLETED"
    assert await value_of(site.app, bad, "content") == "INVALID_REQUEST"
    assert await value_of(site.app, good, "content") == "Sorted"

    # Each run shows its way, and what happened at the step.
    await page.goto(f"/runs/{runs[0]}?step=1")
    taken = page.locator("[data-taken] > button")
    await expect(taken).to_have_text(["If the step fails"])
    attempt = page.get_by_role("complementary", name="The step")
    await expect(attempt).to_contain_text("Failed, went on")
    await expect(attempt).to_contain_text("path for failed records.")
    assert await faults(page) == []
    await page.goto(f"/runs/{runs[1]}?step=1")
    await expect(taken).to_have_text(["Answered"])
    await expect(attempt.get_by_role("group", name="Attempt 1").last).to_contain_text("Asked another model")
    await expect(attempt).to_contain_text("After gpt-4.1-mini, claude-sonnet-4-6 was asked at once.")

    # So does the log of all of them.
    await page.goto(f"/workflows/{flow}/runs?view=log")
    log = page.get_by_role("table", name="Action log")
    led_on = log.get_by_role("row").filter(has_text="Bad parcel").filter(has_text="Failed, went on")
    await expect(led_on).to_contain_text("1. Ask gpt-4.1-mini")
