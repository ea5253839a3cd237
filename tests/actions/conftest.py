"""A ticket's schema and contexts around it, for tests of actions."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.actions.action_contexts import CheckMaker, StepMaker

from penstock.actions.action import CheckContext, ConnectionFact, OutputSpec, StepContext
from penstock.crm.object_types import ObjectType
from penstock.crm.properties import Option, Property
from penstock.crm.schema import ObjectSchema
from penstock.kit.json import JsonObject

NOW = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)

PROPERTIES = (
    Property("subject", "Subject", "string", "text"),
    Property("content", "Description", "string", "textarea"),
    Property("hubspot_owner_id", "Owner", "string", "text"),
    Property("visits", "Visits", "number", "number"),
    Property("due", "Due", "date", "date"),
    Property("seen_at", "Seen at", "datetime", "date"),
    Property("spam", "Spam", "bool", "booleancheckbox"),
    Property("hs_object_id", "Record ID", "number", "number", read_only_value=True),
    Property(
        "topic",
        "Topic",
        "enumeration",
        "select",
        options=(Option("BILLING", "Billing"), Option("CARDS", "Cards"), Option("OLD", "Old", hidden=True)),
    ),
    Property(
        "tags",
        "Tags",
        "enumeration",
        "checkbox",
        options=(Option("a", "A"), Option("b", "B"), Option("c", "C")),
    ),
)


@pytest.fixture
def schema() -> ObjectSchema:
    """Tickets with one property of every type."""
    tickets = ObjectType("0-5", "ticket", "Ticket", "Tickets", "subject")
    return ObjectSchema(tickets, {prop.name: prop for prop in PROPERTIES}, 1)


@pytest.fixture
def step(schema: ObjectSchema) -> StepMaker:
    """Makes the context of a step from the record's values and the outputs of earlier actions."""

    def make(outputs: dict[str, JsonObject] | None = None, **values: str) -> StepContext:
        return StepContext(
            workspace_id=1,
            flow_id=7,
            flow_name="Triage",
            revision_id=2,
            enrollment_id=99,
            record_id=501,
            schema=schema,
            values=values,
            outputs=outputs or {},
            now=NOW,
            people={1: "ada@example.com", 2: "bob@example.com"},
            key="99.3.4",
            time_zone=ZoneInfo("Europe/Berlin"),
        )

    return make


@pytest.fixture
def checking(schema: ObjectSchema) -> CheckMaker:
    """Makes the context of a check; action 1 stands before the action in question."""

    def make(outputs: dict[str, tuple[OutputSpec, ...] | None] | None = None) -> CheckContext:
        return CheckContext(
            schema=schema,
            connections={
                3: ConnectionFact(3, "Main", "openai"),
                4: ConnectionFact(4, "Gone", "xai", uninstalled=True),
            },
            users={1: "ada@example.com"},
            secrets=frozenset({"crm-token"}),
            outputs=outputs or {},
            earlier=frozenset({"1"}),
        )

    return make
