"""Undos as rows: what somebody wants taken back, how far it is, and the values that were left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from penstock.crm.source import Source, SourceType
from penstock.errors import Conflict, NotFound
from penstock.kit.database import Connection, Row
from penstock.workflows.undos import selection as selections
from penstock.workflows.undos.selection import Selection

State = Literal["WAITING", "RUNNING", "DONE", "CANCELED", "FAILED"]


@dataclass(frozen=True, slots=True)
class Undo:
    """An undo and how far it is.

    `records` is how many records it looks at (None: not known yet), `done` how many it has. `restored` values are as
    they were before, `unchanged` ones were so already, `left_out` ones stay as they are (see `left`).
    """

    id: int
    workspace_id: int
    selection: Selection
    until_id: int
    start_workflows: bool
    state: State
    records: int | None
    cursor_id: int
    done: int
    restored: int
    unchanged: int
    left_out: int
    message: str
    by: Source
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None


COLUMNS = f"""id, workspace_id, {selections.COLUMNS}, until_id, start_workflows, state, records, cursor_id, done, restored,
unchanged, left_out, message, source_type, source_id, source_label, created_at, updated_at, finished_at"""
# Versions of later moments are not meant.
CREATE = f"""
INSERT INTO undos (workspace_id, {selections.COLUMNS}, until_id, start_workflows, source_type, source_id, source_label)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
RETURNING {COLUMNS}
"""  # noqa: S608 - a constant
NEWEST_VERSION = "SELECT coalesce(max(id), 0) FROM property_history"
GET = f"SELECT {COLUMNS} FROM undos WHERE workspace_id = $1 AND id = $2"  # noqa: S608 - a constant
# Served by undos_recent; a workspace has few undos.
LIST = f"""
SELECT {COLUMNS} FROM undos
WHERE workspace_id = $1 AND ($2::bigint IS NULL OR flow_id = $2 OR run_id IN (SELECT id FROM enrollments WHERE flow_id = $2))
  AND ($3::bigint IS NULL OR run_id = $3) AND ($4::bigint IS NULL OR id < $4)
ORDER BY id DESC LIMIT $5
"""  # noqa: S608 - a constant
STOP = """
UPDATE undos SET state = 'CANCELED', updated_at = now(), finished_at = now()
WHERE workspace_id = $1 AND id = $2 AND state IN ('WAITING', 'RUNNING') RETURNING id
"""
GIVE_UP = """
UPDATE undos SET state = 'FAILED', message = $2, updated_at = now(), finished_at = now()
WHERE id = $1 AND state IN ('WAITING', 'RUNNING')
"""


async def create(
    db: Connection,
    workspace_id: int,
    selection: Selection,
    until_id: int,
    source: Source,
    *,
    start_workflows: bool,
) -> Undo:
    """Notes an undo of versions up to `until_id`; `selection` was checked."""
    row = await db.fetchrow(
        CREATE,
        workspace_id,
        selection.version_id,
        selection.run_id,
        selection.flow_id,
        selection.undone_id,
        selection.revision_id,
        selection.action_id,
        selection.property,
        selection.from_at,
        selection.until_at,
        until_id,
        start_workflows,
        source.type,
        source.id,
        source.label,
    )
    assert row is not None  # noqa: S101 - INSERT … RETURNING without a conflict clause gives its row
    return read(row)


async def newest_version(db: Connection) -> int:
    """The id of the newest version of any value: an undo that begins now goes no further."""
    newest: int = await db.fetchval(NEWEST_VERSION)
    return newest


async def get(db: Connection, workspace_id: int, undo_id: int) -> Undo:
    """One undo. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, undo_id)
    if row is None:
        raise NotFound(f"There is no undo {undo_id}.", remedy="List them with GET /penstock/v1/undos.")
    return read(row)


async def list_all(
    db: Connection,
    workspace_id: int,
    *,
    flow_id: int | None = None,
    run_id: int | None = None,
    before: int | None = None,
    limit: int = 20,
) -> list[Undo]:
    """Undos, newest first, whose id is smaller than `before`: of a workflow (and its runs), of a run, or all."""
    return [read(row) for row in await db.fetch(LIST, workspace_id, flow_id, run_id, before, limit)]


async def stop(db: Connection, workspace_id: int, undo_id: int) -> Undo:
    """Ends an undo before its next batch; what was restored stays. Raises NotFound, and Conflict when it has ended."""
    stopped = await db.fetchval(STOP, workspace_id, undo_id)
    found = await get(db, workspace_id, undo_id)
    if stopped is None:
        raise Conflict(f"Undo {undo_id} has ended ({found.state}).", remedy="An undo can be undone itself.")
    return found


async def give_up(db: Connection, undo_id: int, message: str) -> None:
    """Ends an undo that cannot go on, with a sentence that says why."""
    await db.execute(GIVE_UP, undo_id, message[:1000])


def read(row: Row) -> Undo:
    """A row of COLUMNS as an Undo."""
    source_type: SourceType = row["source_type"]
    return Undo(
        id=row["id"],
        workspace_id=row["workspace_id"],
        selection=selections.read(row),
        until_id=row["until_id"],
        start_workflows=row["start_workflows"],
        state=row["state"],
        records=row["records"],
        cursor_id=row["cursor_id"],
        done=row["done"],
        restored=row["restored"],
        unchanged=row["unchanged"],
        left_out=row["left_out"],
        message=row["message"],
        by=Source(source_type, row["source_id"], row["source_label"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        finished_at=row["finished_at"],
    )
