"""The demo's tickets: their properties, the import, and which of them are enrolled."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, zip_longest
from pathlib import Path
from typing import cast

from penstock.accounts.actors import Actor
from penstock.bootstrap import Penstock
from penstock.cli.demo.examples import COMPLAINTS, PROPERTIES, example
from penstock.cli.imports import run_opened
from penstock.crm import properties
from penstock.crm import views as saved_views
from penstock.crm.imports import ImportOptions
from penstock.crm.properties import Option, Property, PropertyType
from penstock.crm.schema import load_schema
from penstock.crm.views import ViewColumn, ViewContent
from penstock.kit.database import Connection, transaction
from penstock.kit.json import loads

OBJECT_TYPE = "tickets"
OBJECT_TYPE_ID = "0-5"
UNIQUE = "complaint_id"
LABELLED = "complaint_product"
RESULTS = ViewContent(
    name="Triage",
    columns=tuple(
        ViewColumn(name, width)
        for name, width in (
            ("ai_urgency", 150),
            ("ai_product", 170),
            (LABELLED, 170),
            ("ai_summary", 600),
        )
    ),
    sort={"property": "hs_lastmodifieddate", "direction": "DESCENDING"},
    shared=True,
)

# Header of examples/complaints.csv -> property of the ticket. The other columns are left out.
MAPPING = {
    "Complaint ID": UNIQUE,
    "Issue": "subject",
    "Consumer complaint narrative": "content",
    "Product": LABELLED,
    "Company": "company_name",
    "State": "state",
}


async def bring_in(penstock: Penstock, how_many: int) -> str:
    """Imports the first example complaints as tickets; those that are there already stay. Says what came in."""
    await _make_properties(penstock)
    header, rows = _read_complaints(example(COMPLAINTS), how_many)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    data = text.getvalue().encode()
    options = ImportOptions({title: MAPPING.get(title) for title in header}, unique=UNIQUE)
    done = await run_opened(penstock, io.BytesIO(data), COMPLAINTS, len(data), OBJECT_TYPE, options)
    return f"{done.created_count} new, {done.updated_count + done.unchanged_count} there already, {done.error_count} bad"


async def show_results(penstock: Penstock, actor: Actor) -> None:
    """Saves a view of the tickets, for everybody, with what the model wrote beside what a person said; once."""
    workspace_id = penstock.workspace_id
    async with transaction(penstock.pool) as db:
        views = await saved_views.list_views(db, workspace_id, actor, OBJECT_TYPE_ID)
        if not any(view.content.name == RESULTS.name for view in views):
            schema = await load_schema(db, workspace_id, OBJECT_TYPE_ID)
            await saved_views.create(db, workspace_id, actor, schema, RESULTS)


async def product_labels(db: Connection, workspace_id: int) -> Mapping[str, str]:
    """The short label of each product, by the value that is stored."""
    prop = await properties.get(db, workspace_id, OBJECT_TYPE_ID, LABELLED)
    return {option.value: option.label for option in prop.options}


def demo_properties() -> list[Property]:
    """What the tickets need beside HubSpot's own properties, from the example file."""
    found = loads(example(PROPERTIES).read_bytes())
    return [_property(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _property(raw: Mapping[str, object]) -> Property:
    options = raw.get("options")
    return Property(
        name=str(raw["name"]),
        label=str(raw["label"]),
        type=cast("PropertyType", raw["type"]),
        field_type=str(raw["fieldType"]),
        group_name=str(raw["groupName"]),
        description=str(raw.get("description", "")),
        options=tuple(
            Option(str(option["value"]), str(option["label"]), index)
            for index, option in enumerate(options if isinstance(options, list) else [])
        ),
        has_unique_value=bool(raw.get("hasUniqueValue")),
    )


def _read_complaints(file: Path, how_many: int) -> tuple[list[str], list[list[str]]]:
    with file.open(encoding="utf-8", newline="") as opened:
        rows = csv.reader(opened)
        return next(rows), list(islice(rows, how_many))


async def _make_properties(penstock: Penstock) -> None:
    """Creates the properties that are not there yet."""
    async with transaction(penstock.pool) as db:
        there = {prop.name for prop in await properties.list_all(db, penstock.workspace_id, OBJECT_TYPE_ID)}
        new = [prop for prop in demo_properties() if prop.name not in there]
        if new:
            await properties.create_many(db, penstock.workspace_id, OBJECT_TYPE_ID, new)


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
