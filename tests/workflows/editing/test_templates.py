"""Templates lack nothing but what only their reader knows."""

from __future__ import annotations

import pytest

from penstock.accounts.actors import command_line
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection
from penstock.workflows import flows
from penstock.workflows.editing import creating, drafts
from penstock.workflows.editing.templates import TEMPLATES, Template

LEFT_OPEN = {"CONNECTION_MISSING", "MODEL_MISSING", "NO_RECIPIENT"}
WHO = command_line(1, "ann")


@pytest.fixture(autouse=True)
async def _types(db: Connection) -> None:
    from penstock.crm.defaults import install

    await install(db, 1)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
async def test_a_template_becomes_a_draft_that_lacks_only_what_its_reader_knows(
    db: Connection, template: Template
) -> None:
    flow = await creating.create_empty(
        db, 1, WHO, name="Mine", object_type_id=template.object_type_id, template=template.name
    )
    draft = await drafts.get(db, 1, flow.id)
    problems = await flows.check_flow(db, 1, draft.document)
    assert {problem.code for problem in problems if problem.severity == "error"} <= LEFT_OPEN
    assert (flow.is_enabled, draft.document["name"]) == (False, "Mine")
    assert template.steps[0].section == "AI"


async def test_a_template_of_another_object_type_or_none_at_all_is_refused(db: Connection) -> None:
    with pytest.raises(InvalidInput, match="0-5"):
        await creating.create_empty(db, 1, WHO, name="x", object_type_id="0-1", template="triage_tickets")
    with pytest.raises(NotFound, match="classify_leads"):
        await creating.create_empty(db, 1, WHO, name="x", object_type_id="0-1", template="nope")
