"""What a role may not do is refused by the API, and on the screens it is absent or says why."""

from __future__ import annotations

import json

from playwright.async_api import Locator, Page, expect
from tests.e2e.conftest import Browse
from tests.e2e.site import Site
from tests.e2e.steps import call
from tests.engine.scene import answer, ask, connected, edit, runs_of, settled, tickets, turned_on, value_of
from tests.llm_stand_in import GOOD_KEY, StandIn, Trouble

V1 = "/penstock/v1"


async def refuses(page: Page, control: Locator, reason: str) -> None:
    """The control cannot be used and tells the pointer why."""
    await expect(control).to_be_disabled()
    await control.hover(force=True)
    await expect(page.get_by_role("tooltip", name=reason)).to_be_visible()


async def test_a_viewer_looks_at_everything_and_changes_nothing(
    browse: Browse, site: Site, stand_in: StandIn
) -> None:
    connection = await connected(site.app, "openai", "Our OpenAI")
    [ticket] = await tickets(site.app, "Card charged twice")
    flow = await turned_on(site.app, ask("1", connection, "gpt-4.1-mini"), name="Sort tickets")
    page = await browse("viewer")

    await page.goto("/records/tickets")
    await refuses(page, page.get_by_role("button", name="Create ticket"), "Your role may look at records")
    await expect(page.get_by_role("link", name="Import")).to_have_count(0)
    await page.get_by_role("link", name="Card charged twice").click()
    await expect(page.get_by_role("heading", level=1, name="Card charged twice")).to_be_visible()
    await refuses(page, page.get_by_role("button", name="Enroll"), "Your role may not enroll records")
    await expect(page.get_by_role("button", name="History of Ticket name")).to_be_visible()
    await expect(page.get_by_role("button", name="Edit Ticket name")).to_have_count(0)

    await page.goto("/workflows")
    await refuses(page, page.get_by_role("button", name="Create workflow").first, "Only owners, admins")
    await page.get_by_role("link", name="Sort tickets").click()
    await expect(page.get_by_text("You can look at this workflow")).to_be_visible()
    await refuses(
        page, page.get_by_role("switch", name="Workflow is on"), "Turning workflows on and off needs"
    )
    for absent in ("Review and publish", "Test", "Undo", "Add an action after step 1"):
        await expect(page.get_by_role("button", name=absent, exact=True)).to_have_count(0)
    await page.get_by_role("button", name="Step 1").click()
    await expect(page.get_by_role("combobox", name="AI provider")).to_be_disabled()
    await expect(page.get_by_role("textbox", name="Prompt message")).not_to_be_editable()

    await page.goto("/settings/connected-apps")
    await expect(page.get_by_role("listitem", name="Our OpenAI")).to_be_visible()
    await refuses(page, page.get_by_role("button", name="Connect an app"), "Only owners and admins")
    await expect(page.get_by_role("button", name="Our OpenAI")).to_have_count(0)
    places = page.get_by_role("navigation", name="Settings")
    await expect(places.get_by_role("link", name="Users and roles")).to_be_visible()
    for absent in ("API tokens", "Audit log", "E-mail", "Webhooks"):
        await expect(places.get_by_role("link", name=absent)).to_have_count(0)

    document = {"type": "PLATFORM_FLOW", "objectTypeId": "0-5", "name": "Mine", "actions": []}
    for method, path, body in [
        ("POST", f"{V1}/connections", {"provider": "openai", "name": "Mine", "key": GOOD_KEY}),
        ("PUT", f"{V1}/connections/{connection.id}/key", {"key": GOOD_KEY}),
        ("DELETE", f"{V1}/connections/{connection.id}", None),
        ("PUT", f"{V1}/flows/{flow}/draft", {"version": 0, "document": document}),
        ("POST", f"{V1}/flows/{flow}/publications", {"version": 0, "enable": True, "enrollExisting": False}),
        ("PUT", f"{V1}/flows/{flow}/activation", {"enabled": False}),
        ("POST", f"{V1}/flows/{flow}/enrollments", {"recordIds": [str(ticket)]}),
        ("PATCH", f"/crm/v3/objects/tickets/{ticket}", {"properties": {"subject": "Changed"}}),
        ("DELETE", f"/crm/v3/objects/tickets/{ticket}", None),
        ("POST", "/crm/v3/objects/tickets", {"properties": {"subject": "New"}}),
        ("POST", f"{V1}/invitations", {"email": "me@example.com", "role": "owner"}),
        ("GET", f"{V1}/tokens", None),
    ]:
        assert (await call(page, method, path, body)).status == 403, f"{method} {path}"
    assert await value_of(site.app, ticket, "subject") == "Card charged twice"
    assert await runs_of(site.app, flow) == []
    assert stand_in.seen == []


async def test_an_operator_enrolls_and_retries_and_a_builder_publishes(
    browse: Browse, site: Site, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _prompt: json.dumps({"urgency": "high"})
    stand_in.trouble = lambda _seen: Trouble(400, {"error": {"message": "Not today.", "code": "bad"}})
    connection = await connected(site.app, "openai", "Our OpenAI")
    [ticket] = await tickets(site.app, "Card charged twice")
    flow = await turned_on(
        site.app,
        ask("1", connection, "gpt-4.1-mini", "2"),
        edit("2", "urgency", answer("1", "urgency")),
        name="Sort tickets",
    )
    publication = {"version": 0, "enable": True, "enrollExisting": False}

    # An operator lets a record in, sees it fail, and retries it.
    operator = await browse("operator")
    await operator.goto(f"/records/tickets/{ticket}")
    await operator.get_by_role("button", name="Enroll").click()
    dialog = operator.get_by_role("dialog", name="Enroll in a workflow")
    await dialog.get_by_role("combobox", name="Workflow").click()
    await operator.get_by_role("option", name="Sort tickets").click()
    await dialog.get_by_role("button", name="Enroll").click()
    await expect(operator.get_by_text("1 record enrolled in Sort tickets")).to_be_visible()
    [run] = await runs_of(site.app, flow)
    await settled(site.app, run.id, "FAILED")
    stand_in.trouble = lambda _seen: None
    await operator.goto(f"/runs/{run.id}")
    await expect(operator.get_by_text("Not today.").first).to_be_visible()
    await operator.get_by_role("button", name="Retry").click()
    await operator.get_by_role("dialog", name="Retry this run?").get_by_role("button", name="Retry").click()
    await expect(operator.get_by_text("Completed").first).to_be_visible()
    assert await value_of(site.app, ticket, "urgency") == "high"

    # Nothing of building is offered to an operator, and the API refuses it.
    await operator.goto(f"/workflows/{flow}")
    await expect(operator.get_by_text("You can look at this workflow")).to_be_visible()
    await expect(operator.get_by_role("button", name="Review and publish")).to_have_count(0)
    assert (await call(operator, "POST", f"{V1}/flows/{flow}/publications", publication)).status == 403
    assert (await call(operator, "PUT", f"{V1}/flows/{flow}/activation", {"enabled": False})).status == 403

    # A builder changes and publishes it, but neither connects nor manages people.
    builder = await browse("builder")
    await builder.goto(f"/workflows/{flow}?step=1")
    await builder.get_by_role("textbox", name="Prompt message").click()
    await builder.keyboard.press("Control+End")
    await builder.keyboard.type(" In one word.")
    await expect(builder.get_by_text("All changes saved")).to_be_visible()
    await builder.get_by_role("combobox", name="AI provider").click()
    await builder.get_by_role("option", name="Connect Anthropic").click()
    asked = builder.get_by_role("dialog", name="Connect Anthropic")
    await expect(asked.get_by_text("Only owners and admins can connect Anthropic")).to_be_visible()
    await expect(asked.get_by_label("API key")).to_have_count(0)
    await asked.get_by_role("button", name="Close").last.click()
    await builder.get_by_role("button", name="Review and publish").click()
    review = builder.get_by_role("dialog", name="Review and publish")
    await review.get_by_role("button", name="Publish", exact=True).click()
    await expect(builder.get_by_text("Revision 2 is published").first).to_be_visible()
    await builder.goto("/settings/users")
    await refuses(builder, builder.get_by_role("button", name="Invite a person"), "Only owners and admins")
    await expect(builder.get_by_role("button", name="Actions for")).to_have_count(0)
    assert (
        await call(builder, "POST", f"{V1}/connections", {"provider": "openai", "name": "Mine"})
    ).status == 403
    invitation = {"email": "me@example.com", "role": "owner"}
    assert (await call(builder, "POST", f"{V1}/invitations", invitation)).status == 403
    viewer = await site.user("viewer")
    assert (await call(builder, "PATCH", f"{V1}/users/{viewer.id}", {"role": "owner"})).status == 403
    assert (await site.user("viewer")).role == "viewer"
