"""What an undo would do, value by value, before anybody asks for it; and what one that was done has left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from penstock.crm.display_names import names_of
from penstock.crm.schema import load_schemas
from penstock.kit.database import Connection
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.record_page.sources import ReadableSource, readable
from penstock.workflows.record_page.versions import SOURCE, raw_source
from penstock.workflows.undos import undos
from penstock.workflows.undos.selection import Selection, check, records_of
from penstock.workflows.undos.standing import Standing, Verdict, sort_out

MOST_LOOKED_AT = 5_000  # records

Shown = Literal["RESTORE", "LEFT"]

# By primary key.
VERSIONS = (
    f"SELECT id, at, {SOURCE} FROM property_history WHERE workspace_id = $1 AND id = ANY ($2::bigint[])"  # noqa: S608
)
# Served by undo_left_of_undo; the value that stands there now is the record's, not the one of that time.
LEFT = """
SELECT l.id, l.record_id, l.property, l.reason, l.message, l.newest_id, r.object_type_id, r.properties ->> l.property AS current
FROM undo_left l JOIN records r ON r.id = l.record_id
WHERE l.undo_id = $1 AND l.id > $2 ORDER BY l.id LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class Item:
    """A value with what would become of it. `newest_by` and `newest_at` say who wrote what stands there, and when."""

    record_id: int
    object_type_id: str
    record_name: str
    property: str
    label: str
    current: str | None
    before: str | None
    verdict: Verdict
    message: str
    newest_by: ReadableSource
    newest_at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """How many values of how many records would go back, how many are as before already, and how many are left, by
    reason. `exact` is False when there are more records than were looked at. `next_after` continues the items.
    """

    values: int
    records: int
    unchanged: int
    left: Mapping[Verdict, int]
    exact: bool
    items: list[Item]
    next_after: int | None


async def preview(
    db: Connection,
    plans: PlanSource,
    workspace_id: int,
    selection: Selection,
    shown: Shown,
    *,
    after: int = 0,
    limit: int = 50,
) -> Preview:
    """What an undo would do now; nothing is written. Items are those of kind `shown` behind the first `after` of them.

    Raises as `selection.check` does.
    """
    await check(db, workspace_id, selection)
    until = await undos.newest_version(db)
    ids = await records_of(db, workspace_id, selection, until, MOST_LOOKED_AT + 1)
    found = await sort_out(db, workspace_id, ids[:MOST_LOOKED_AT], selection, until, lock=False)
    restored = [one for one in found if one.verdict == "RESTORE"]
    left = [one for one in found if one.verdict not in ("RESTORE", "UNCHANGED")]
    listed = restored if shown == "RESTORE" else left
    page = listed[after : after + limit]
    return Preview(
        len(restored),
        len({one.record_id for one in restored}),
        len(found) - len(restored) - len(left),
        Counter(one.verdict for one in left),
        len(ids) <= MOST_LOOKED_AT,
        await _items(db, plans, workspace_id, page),
        after + limit if len(listed) > after + limit else None,
    )


async def left_by(
    db: Connection, plans: PlanSource, workspace_id: int, undo_id: int, *, after: int | None, limit: int
) -> tuple[list[Item], int | None]:
    """The values that an undo has left, in its order, and the cursor of the next page. Raises NotFound."""
    await undos.get(db, workspace_id, undo_id)
    rows = await db.fetch(LEFT, undo_id, after or 0, limit + 1)
    page = [
        Standing(
            row["record_id"],
            row["object_type_id"],
            row["property"],
            row["current"],
            None,
            None,
            0,
            row["newest_id"],
            None,
            row["reason"],
            row["message"],
        )
        for row in rows[:limit]
    ]
    return await _items(db, plans, workspace_id, page), rows[limit - 1]["id"] if len(rows) > limit else None


async def _items(
    db: Connection, plans: PlanSource, workspace_id: int, page: Sequence[Standing]
) -> list[Item]:
    if not page:
        return []
    versions = {
        row["id"]: row for row in await db.fetch(VERSIONS, workspace_id, [one.newest_id for one in page])
    }
    names = await names_of(db, workspace_id, [one.record_id for one in page])
    schemas = await load_schemas(db, workspace_id, {one.object_type_id for one in page})
    sources = await readable(db, plans, workspace_id, [raw_source(versions[one.newest_id]) for one in page])
    items = []
    for one, source in zip(page, sources, strict=True):
        prop = schemas[one.object_type_id].properties.get(one.property)
        items.append(
            Item(
                one.record_id,
                one.object_type_id,
                names.get(one.record_id, str(one.record_id)),
                one.property,
                prop.label if prop is not None else one.property,
                one.current,
                one.before,
                one.verdict,
                one.message,
                source,
                versions[one.newest_id]["at"],
            )
        )
    return items
