"""Imports as rows: what was asked for, how far it is, and which rows were bad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, cast

from penstock.errors import Conflict, InvalidInput, NotFound
from penstock.kit.database import Connection, Row
from penstock.kit.json import JsonObject, dumps

ImportState = Literal["STARTED", "PROCESSING", "DONE", "FAILED", "CANCELED"]
Operation = Literal["UPSERT", "CREATE", "UPDATE"]
DateFormat = Literal["YEAR_MONTH_DAY", "MONTH_DAY_YEAR", "DAY_MONTH_YEAR"]
OPERATIONS = ("UPSERT", "CREATE", "UPDATE")
DATE_FORMATS = ("YEAR_MONTH_DAY", "MONTH_DAY_YEAR", "DAY_MONTH_YEAR")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What to do with a file.

    `columns` maps headers to property names, and to None those columns that are left out; the other headers find
    the property of the same name or label by themselves. With `create_properties` those that find none become new
    properties, of the type that their first 1,000 rows suggest. `unique` names the property by which rows find
    the record they update. `operation` restricts an import to new or to existing records.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    create_properties: bool = False
    unique: str | None = None
    operation: Operation = "UPSERT"
    date_format: DateFormat = "YEAR_MONTH_DAY"

    def to_json(self) -> JsonObject:
        """As it is stored in the import's row."""
        return {
            "columns": dict(self.columns),
            "create_properties": self.create_properties,
            "unique": self.unique,
            "operation": self.operation,
            "date_format": self.date_format,
        }

    @classmethod
    def from_json(cls, raw: JsonObject) -> ImportOptions:
        """From what `to_json` made."""
        return cls(
            columns=cast("dict[str, str | None]", raw.get("columns") or {}),
            create_properties=bool(raw.get("create_properties")),
            unique=cast("str | None", raw.get("unique")),
            operation=cast("Operation", raw.get("operation", "UPSERT")),
            date_format=cast("DateFormat", raw.get("date_format", "YEAR_MONTH_DAY")),
        )


@dataclass(frozen=True, slots=True)
class Import:
    """An import and its counts, in rows. `message` says why it failed, in a sentence with the remedy."""

    id: int
    object_type_id: str
    name: str
    state: ImportState
    options: ImportOptions
    bytes_total: int | None
    bytes_read: int
    rows_read: int
    created_count: int
    updated_count: int
    unchanged_count: int
    error_count: int
    message: str
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A bad row, or one bad cell of it: its line in the file, the column's header ("" for the whole row), a code of
    HubSpot's import errors and a sentence. `cells` is the row as it was read, so that it can be put right."""

    line: int
    column: str
    code: str
    message: str
    id: int = 0
    cells: Sequence[str] | None = None


@dataclass(slots=True)
class Counts:
    """What one batch adds to an import's counts."""

    rows_read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: int = 0


COLUMNS = (
    "id, object_type_id, name, state, options, bytes_total, bytes_read, rows_read, created_count, updated_count,"
    " unchanged_count, error_count, message, created_at, updated_at, finished_at"
)
CREATE = f"""
INSERT INTO imports (workspace_id, object_type_id, name, state, options, bytes_total)
VALUES ($1, $2, $3, 'STARTED', $4, $5) RETURNING {COLUMNS}
"""  # noqa: S608  (only our own column list is put in)
GET = f"SELECT {COLUMNS} FROM imports WHERE workspace_id = $1 AND id = $2"  # noqa: S608
# Served by imports_of_workspace, newest first.
LIST = f"""
SELECT {COLUMNS} FROM imports WHERE workspace_id = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""  # noqa: S608
# The state is the fence: an import that somebody canceled takes no more rows.
START = f"""
UPDATE imports SET state = 'PROCESSING', updated_at = now()
WHERE workspace_id = $1 AND id = $2 AND state = 'STARTED' RETURNING {COLUMNS}
"""  # noqa: S608
ADVANCE = f"""
UPDATE imports
SET bytes_read = $3, rows_read = rows_read + $4, created_count = created_count + $5, updated_count = updated_count + $6,
    unchanged_count = unchanged_count + $7, error_count = error_count + $8, updated_at = now()
WHERE workspace_id = $1 AND id = $2 AND state = 'PROCESSING' RETURNING {COLUMNS}
"""  # noqa: S608
FINISH = f"""
UPDATE imports SET state = $3, message = $4, updated_at = now(), finished_at = now()
WHERE workspace_id = $1 AND id = $2 AND state IN ('STARTED', 'PROCESSING') RETURNING {COLUMNS}
"""  # noqa: S608
# Cells travel as JSON because unnest flattens an array of arrays.
ADD_ERRORS = """
INSERT INTO import_errors (import_id, line, column_name, code, message, cells)
SELECT $1, line, column_name, code, message,
       CASE WHEN cells IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(cells::jsonb)) END
FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[]) AS e (line, column_name, code, message, cells)
"""
NOTE_HEADER = "UPDATE imports SET header = $3 WHERE workspace_id = $1 AND id = $2"
HEADER = "SELECT header FROM imports WHERE workspace_id = $1 AND id = $2"
# By primary key; the import is looked up for its workspace.
ERRORS = """
SELECT e.id, e.line, e.column_name, e.code, e.message, e.cells
FROM import_errors e JOIN imports i ON i.id = e.import_id
WHERE i.workspace_id = $1 AND e.import_id = $2 AND e.id > $3 ORDER BY e.id LIMIT $4
"""
UNFINISHED = (
    "SELECT id, workspace_id, rows_read FROM imports WHERE state IN ('STARTED', 'PROCESSING') ORDER BY id"
)

# A running import holds this lock for as long as its connection lives, so whoever can take it knows that it is dead.
LOCK_SPACE = 0x696D_706F  # "impo"
TRY_LOCK = "SELECT pg_try_advisory_lock(($1::bigint << 31) + $2::bigint)"
UNLOCK = "SELECT pg_advisory_unlock(($1::bigint << 31) + $2::bigint)"


async def create(
    db: Connection,
    workspace_id: int,
    object_type_id: str,
    name: str,
    options: ImportOptions,
    bytes_total: int | None = None,
) -> Import:
    """Makes an import in the state STARTED, to be run by `run_import`. Raises InvalidInput for bad options."""
    for what, value, known in (
        ("operation", options.operation, OPERATIONS),
        ("date_format", options.date_format, DATE_FORMATS),
    ):
        if value not in known:
            raise InvalidInput(
                f"The {what} is not one that imports know.", remedy=f"Use one of {', '.join(known)}."
            )
    if options.operation == "UPDATE" and options.unique is None:
        raise InvalidInput(
            "An import that only updates needs a unique property.",
            remedy="Name one by which rows find records.",
        )
    row = await db.fetchrow(CREATE, workspace_id, object_type_id, name[:500], options.to_json(), bytes_total)
    assert row is not None  # noqa: S101  (INSERT … RETURNING)
    return read(row)


async def get(db: Connection, workspace_id: int, import_id: int) -> Import:
    """One import. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, import_id)
    if row is None:
        raise NotFound(f"There is no import {import_id}.", remedy="List the imports first.")
    return read(row)


async def list_all(
    db: Connection, workspace_id: int, *, before: int | None = None, limit: int = 100
) -> list[Import]:
    """Imports, newest first, whose id is smaller than `before`."""
    return [read(row) for row in await db.fetch(LIST, workspace_id, before, limit)]


async def errors(
    db: Connection, workspace_id: int, import_id: int, *, after: int = 0, limit: int = 1000
) -> list[BadRow]:
    """Bad rows in the order they were met; `after` is the id of the last one seen."""
    rows = await db.fetch(ERRORS, workspace_id, import_id, after, limit)
    return [
        BadRow(row["line"], row["column_name"], row["code"], row["message"], row["id"], row["cells"])
        for row in rows
    ]


async def header(db: Connection, workspace_id: int, import_id: int) -> list[str]:
    """The names of the columns in the file; none before its first line was read."""
    return await db.fetchval(HEADER, workspace_id, import_id) or []


async def cancel(db: Connection, workspace_id: int, import_id: int) -> Import:
    """Stops an import before its next batch; what it wrote stays. Raises NotFound, or Conflict when it is over."""
    row = await db.fetchrow(FINISH, workspace_id, import_id, "CANCELED", "")
    if row is not None:
        return read(row)
    found = await get(db, workspace_id, import_id)
    raise Conflict(
        f"Import {import_id} is {found.state} already.", remedy="Only a running import can be canceled."
    )


async def fail_interrupted(db: Connection) -> int:
    """Marks imports whose process died as FAILED, saying how far they came; returns how many. Called at start."""
    failed = 0
    for row in await db.fetch(UNFINISHED):
        if not await db.fetchval(TRY_LOCK, LOCK_SPACE, row["id"]):
            continue  # It runs, in this process or another.
        message = (
            f"The process that ran this import ended after {row['rows_read']:,} rows. Import the file again: with a "
            "unique property, rows that are there already are found and not doubled."
        )
        failed += await db.fetchrow(FINISH, row["workspace_id"], row["id"], "FAILED", message) is not None
        await db.execute(UNLOCK, LOCK_SPACE, row["id"])
    return failed


async def add_errors(db: Connection, import_id: int, found: Sequence[BadRow]) -> None:
    """Lists bad rows."""
    if found:
        await db.execute(
            ADD_ERRORS,
            import_id,
            [one.line for one in found],
            [one.column for one in found],
            [one.code for one in found],
            [one.message for one in found],
            [None if one.cells is None else dumps(list(one.cells)).decode() for one in found],
        )


def read(row: Row) -> Import:
    """A row of COLUMNS as an Import."""
    values = dict(row.items())
    values["options"] = ImportOptions.from_json(row["options"])
    return Import(**values)
