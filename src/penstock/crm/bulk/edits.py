"""Edits of many records as rows: what is wanted, how far it is, and which records could not be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from penstock.crm import listing
from penstock.crm.accepted_values import accept
from penstock.crm.schema import ObjectSchema
from penstock.crm.source import Source, SourceType
from penstock.errors import Conflict, InvalidInput, NotFound
from penstock.kit.database import Connection, Row
from penstock.kit.json import Json, JsonObject

BulkKind = Literal["edit", "archive", "restore"]
BulkState = Literal["WAITING", "RUNNING", "DONE", "CANCELED", "FAILED"]
MOST_IDS = 10_000
MOST_PROPERTIES = 20


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records: `record_ids`, or the live ones that match `filter` and `search`, or those of an archival."""

    record_ids: Sequence[int] | None = None
    filter: JsonObject | None = None
    search: str = ""
    archival_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with them; `values` are there for `edit` only."""

    kind: BulkKind
    values: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class BulkEdit:
    """An edit of many records and how far it is.

    `done` counts the records looked at, `changed` those that are another by it, `failed` those that could not be
    changed; `problems` are the first of them as `{recordId, message}`. `expected` is how many there were when it was
    asked for.
    """

    id: int
    object_type_id: str
    kind: BulkKind
    state: BulkState
    record_ids: list[int] | None
    filter: JsonObject | None
    search: str
    archival_id: int | None
    new_values: dict[str, str | None] | None
    expected: int
    expected_exact: bool
    cursor_id: int
    until_id: int
    done: int
    changed: int
    failed: int
    problems: list[JsonObject]
    message: str
    source_type: SourceType
    source_id: str
    source_label: str
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None

    @property
    def source(self) -> Source:
        """Who asked for it, as the origin of what it writes."""
        return Source(self.source_type, self.source_id, self.source_label, {"bulk_edit_id": str(self.id)})


COLUMNS = (
    "id, object_type_id, kind, state, record_ids, filter, search, archival_id, new_values, expected, expected_exact,"
    " cursor_id, until_id, done, changed, failed, problems, message, source_type, source_id, source_label, created_at,"
    " updated_at, finished_at"
)
# The records of later moments are not meant: `until_id` is the newest one that there is.
CREATE = f"""
INSERT INTO bulk_edits (workspace_id, object_type_id, kind, record_ids, filter, search, archival_id, new_values,
                        expected, expected_exact, until_id, source_type, source_id, source_label)
SELECT $1, $2, $3, $4::bigint[], $5, $6, $7, $8, $9, $10,
       coalesce((SELECT max(id) FROM records WHERE workspace_id = $1), 0), $11, $12, $13
RETURNING {COLUMNS}
"""  # noqa: S608  (only our own column list is put in)
GET = f"SELECT {COLUMNS} FROM bulk_edits WHERE workspace_id = $1 AND id = $2"  # noqa: S608
# Served by bulk_edits_of_type. Lists of ids can be long, and nobody reads them there.
LIST = f"""
SELECT {COLUMNS.replace("record_ids", "NULL::bigint[] AS record_ids")} FROM bulk_edits
WHERE workspace_id = $1 AND ($2::text IS NULL OR object_type_id = $2) AND id < $3 ORDER BY id DESC LIMIT $4
"""  # noqa: S608
# The state is the fence: an edit that somebody canceled takes no further batch.
CANCEL = f"""
UPDATE bulk_edits SET state = 'CANCELED', updated_at = now(), finished_at = now()
WHERE workspace_id = $1 AND id = $2 AND state IN ('WAITING', 'RUNNING') RETURNING {COLUMNS}
"""  # noqa: S608
# Served by bulk_edits_open.
UNFINISHED = "SELECT workspace_id, id FROM bulk_edits WHERE state IN ('WAITING', 'RUNNING') ORDER BY id"
ARCHIVED_BY = "SELECT count(*) FROM archived_records WHERE workspace_id = $1 AND archival_id = $2"
NEWEST = 2**63 - 1


async def create(
    db: Connection,
    workspace_id: int,
    schema: ObjectSchema,
    selection: Selection,
    wanted: Wanted,
    source: Source,
    now: datetime,
) -> BulkEdit:
    """Notes an edit, to be done by `run_bulk_edit` once the caller has committed.

    Raises InvalidInput for values, filters or selections that do not fit, NotFound for an archival that is none.
    """
    values = None
    if wanted.kind == "edit":
        values = _accepted(schema, wanted.values or {})
    expected, exact = await _expected(db, workspace_id, schema, selection, now)
    row = await db.fetchrow(
        CREATE,
        workspace_id,
        schema.object_type.id,
        wanted.kind,
        None if selection.record_ids is None else sorted(set(selection.record_ids)),
        selection.filter,
        selection.search,
        selection.archival_id,
        values,
        expected,
        exact,
        source.type,
        source.id,
        source.label,
    )
    assert row is not None  # noqa: S101  (INSERT … RETURNING)
    return read(row)


async def get(db: Connection, workspace_id: int, bulk_edit_id: int) -> BulkEdit:
    """One edit. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, bulk_edit_id)
    if row is None:
        raise NotFound(f"There is no bulk edit {bulk_edit_id}.", remedy="List them first.")
    return read(row)


async def list_all(
    db: Connection,
    workspace_id: int,
    object_type_id: str | None,
    *,
    before: int | None = None,
    limit: int = 100,
) -> list[BulkEdit]:
    """Edits of a type (None: of all), newest first, whose id is smaller than `before`; without their lists of ids."""
    return [read(row) for row in await db.fetch(LIST, workspace_id, object_type_id, before or NEWEST, limit)]


async def cancel(db: Connection, workspace_id: int, bulk_edit_id: int) -> BulkEdit:
    """Stops an edit before its next batch; what is written stays. Raises NotFound, or Conflict when it is over."""
    row = await db.fetchrow(CANCEL, workspace_id, bulk_edit_id)
    if row is not None:
        return read(row)
    found = await get(db, workspace_id, bulk_edit_id)
    raise Conflict(
        f"Bulk edit {bulk_edit_id} is {found.state} already.", remedy="Only one that goes on can be canceled."
    )


async def unfinished(db: Connection) -> list[tuple[int, int]]:
    """Workspace and id of every edit that is not over."""
    return [(row["workspace_id"], row["id"]) for row in await db.fetch(UNFINISHED)]


def _accepted(schema: ObjectSchema, values: Mapping[str, Json]) -> dict[str, str | None]:
    if not 0 < len(values) <= MOST_PROPERTIES:
        raise InvalidInput(
            f"values names {len(values)} properties; 1 to {MOST_PROPERTIES} are changed at once.",
            remedy="Name the properties to change.",
        )
    accepted = accept(schema, values, "values.")
    for name in sorted(schema.unique_properties & accepted.keys()):
        if accepted[name] is not None:
            raise InvalidInput(
                f"'{name}' is unique: many records cannot have the same value of it.",
                remedy="Change it record by record, or clear it.",
            )
    return accepted


async def _expected(
    db: Connection, workspace_id: int, schema: ObjectSchema, selection: Selection, now: datetime
) -> tuple[int, bool]:
    if selection.record_ids is not None:
        if not 0 < len(selection.record_ids) <= MOST_IDS:
            raise InvalidInput(
                f"recordIds holds {len(selection.record_ids)} ids; 1 to {MOST_IDS:,} are taken.",
                remedy="Select them by a filter instead.",
            )
        return len(set(selection.record_ids)), True
    if selection.archival_id is not None:
        archival = await get(db, workspace_id, selection.archival_id)
        if archival.kind != "archive" or archival.object_type_id != schema.object_type.id:
            raise NotFound(
                f"{selection.archival_id} is no archival of {schema.object_type.plural_label.lower()}.",
                remedy="List the bulk edits of the type.",
            )
        return await db.fetchval(ARCHIVED_BY, workspace_id, selection.archival_id), True
    matching = listing.parse_matching(selection.filter, selection.search, schema)
    found = await listing.count(db, workspace_id, schema, matching, now=now)
    return found.count, found.exact


def read(row: Row) -> BulkEdit:
    """A row of COLUMNS as a BulkEdit."""
    values = dict(row.items())
    return BulkEdit(**{**values, "problems": cast("list[JsonObject]", row["problems"])})
