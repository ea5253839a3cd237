"""The example files fit each other: the complaints, the tickets' properties and the workflow."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from penstock.actions.action import ConnectionFact
from penstock.cli.demo.tickets import MAPPING, demo_properties
from penstock.crm.object_types import ObjectType
from penstock.crm.properties import Property
from penstock.crm.schema import ObjectSchema
from penstock.crm.values import normalise
from penstock.kit.json import loads
from penstock.workflows.checks import check
from penstock.workflows.document import parse
from penstock.workflows.facts import FlowFacts

EXAMPLES = Path(__file__).parent.parent / "examples"
OWN = {prop.name: prop for prop in demo_properties()}
HUBSPOTS = {
    "subject": Property("subject", "Ticket name", "string", "text"),
    "content": Property("content", "Ticket description", "string", "textarea"),
}
TICKETS = ObjectSchema(ObjectType("0-5", "ticket", "Ticket", "Tickets", "subject"), {**HUBSPOTS, **OWN}, 1)


def complaints() -> list[dict[str, str]]:
    with (EXAMPLES / "complaints.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_complaint_fits_the_properties_of_a_ticket() -> None:
    for row in complaints():
        for header, name in MAPPING.items():
            assert normalise(TICKETS.properties[name], row[header]) == row[header].strip(), name


def test_the_complaints_are_of_many_products_and_short_enough_for_a_small_model() -> None:
    rows = complaints()
    assert len(rows) == len({row["Complaint ID"] for row in rows}) == 60
    assert all(120 <= len(row["Consumer complaint narrative"]) <= 2_500 for row in rows)
    products = Counter(row["Product"] for row in rows)
    assert len(products) == 9
    assert sum(count >= 9 for count in products.values()) == 5


def test_the_workflow_can_be_turned_on_for_such_tickets() -> None:
    document = parse(loads((EXAMPLES / "triage-complaints.json").read_bytes()))
    facts = FlowFacts(TICKETS, {1: ConnectionFact(1, "Local model", "local")})
    assert check(document, facts, "turn on") == []
