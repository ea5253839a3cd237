"""The demo's tickets: their properties, the import, and which of them are enrolled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice, zip_longest

from penstock.kit.database import Connection

OBJECT_TYPE = "tickets"
OBJECT_TYPE_ID = "0-5"
UNIQUE = "complaint_id"

# Header of examples/complaints.csv -> property of the ticket.
MAPPING = {
    "Complaint ID": UNIQUE,
    "Issue": "subject",
    "Consumer complaint narrative": "content",
    "Product": "complaint_product",
    "Company": "company_name",
    "State": "state",
}

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
