"""The demo's tickets: their properties, the import, and which of them are enrolled."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice, zip_longest
from pathlib import Path

from penstock.bootstrap import Penstock
from penstock.cli.imports import run_opened
from penstock.crm import properties
from penstock.crm.imports import ImportOptions
from penstock.crm.properties import Option, Property
from penstock.kit.database import Connection, transaction

OBJECT_TYPE = "tickets"
OBJECT_TYPE_ID = "0-5"
GROUP = "ticketinformation"
UNIQUE = "complaint_id"
PRODUCT_COLUMN = "Product"

# Header of examples/complaints.csv -> property of the ticket.
MAPPING = {
    "Complaint ID": UNIQUE,
    "Issue": "subject",
    "Consumer complaint narrative": "content",
    PRODUCT_COLUMN: "complaint_product",
    "Company": "company_name",
    "State": "state",
}
URGENCIES = (Option("low", "Low"), Option("medium", "Medium"), Option("high", "High"))


async def bring_in(penstock: Penstock, file: Path, how_many: int) -> str:
    """Imports the first complaints of a file as tickets; those that are there already stay. Says what came in."""
    header, rows = read_complaints(file, how_many)
    product = header.index(PRODUCT_COLUMN)
    await make_properties(penstock, sorted({row[product] for row in rows}))
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    data = text.getvalue().encode()
    columns = {title: MAPPING.get(title) for title in header}
    options = ImportOptions(columns, unique=UNIQUE)
    done = await run_opened(penstock, io.BytesIO(data), file.name, len(data), OBJECT_TYPE, options)
    return f"{done.created_count} new, {done.updated_count + done.unchanged_count} there already, {done.error_count} bad"


def read_complaints(file: Path, how_many: int) -> tuple[list[str], list[list[str]]]:
    """The header and the first rows of the example file."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = csv.reader(opened)
        return next(rows), list(islice(rows, how_many))


def demo_properties(products: Sequence[str]) -> tuple[Property, ...]:
    """What the tickets need beside HubSpot's own properties: the person's label, and what the model says."""
    options = tuple(Option(product, product) for product in products)
    return (
        Property(UNIQUE, "Complaint ID", "string", "text", GROUP, has_unique_value=True),
        Property(
            "complaint_product", "Product (by a person)", "enumeration", "select", GROUP, options=options
        ),
        Property("company_name", "Company", "string", "text", GROUP),
        Property("state", "State", "string", "text", GROUP),
        Property("ai_product", "Product (by the model)", "enumeration", "select", GROUP, options=options),
        Property("ai_urgency", "Urgency (by the model)", "enumeration", "select", GROUP, options=URGENCIES),
        Property("ai_summary", "Summary (by the model)", "string", "textarea", GROUP),
    )


async def make_properties(penstock: Penstock, products: Sequence[str]) -> None:
    """Creates the properties that are not there, and options that an earlier run did not have."""
    async with transaction(penstock.pool) as db:
        there = {
            prop.name: prop for prop in await properties.list_all(db, penstock.workspace_id, OBJECT_TYPE_ID)
        }
        wanted = demo_properties(products)
        new = [prop for prop in wanted if prop.name not in there]
        if new:
            await properties.create_many(db, penstock.workspace_id, OBJECT_TYPE_ID, new)
        for prop in wanted:
            if prop.name in there and {option.value for option in prop.options} - there[prop.name].values:
                await properties.add_options(
                    db, penstock.workspace_id, OBJECT_TYPE_ID, prop.name, prop.options
                )


# All demo tickets with the label that a person gave, in the order of their ids. A demo has at most a few
# hundred of them, found through unique_values' primary key.
DEMO_TICKETS = """
SELECT r.id, coalesce(r.properties ->> 'complaint_product', '') AS product
FROM unique_values u JOIN records r ON r.id = u.record_id AND r.archived_at IS NULL
WHERE u.workspace_id = $1 AND u.object_type_id = $2 AND u.property = $3 AND r.properties ? 'content'
ORDER BY r.id
"""


async def choose(db: Connection, workspace_id: int, how_many: int) -> list[int]:
    """Ids of `how_many` demo tickets, spread evenly over the products; always the same ones."""
    rows = await db.fetch(DEMO_TICKETS, workspace_id, OBJECT_TYPE_ID, UNIQUE)
    return evenly([(row["product"], row["id"]) for row in rows], how_many)


def evenly(items: Iterable[tuple[str, int]], how_many: int) -> list[int]:
    """Takes one of each group in turn until there are `how_many`; groups in the order of their first item."""
    groups: dict[str, list[int]] = defaultdict(list)
    for name, item in items:
        groups[name].append(item)
    rounds: Iterable[Sequence[int | None]] = zip_longest(*groups.values())
    return list(islice((item for one_each in rounds for item in one_each if item is not None), how_many))
