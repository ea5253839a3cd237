"""Does undos, batch by batch, each a transaction that moves the undo's cursor: what is done is not done again.

An undo of few records is done with the request. A larger one is a row that a worker takes, so that a killed worker
costs nothing and another one goes on. It never touches a version that was written after it was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.crm.records import PropertyWrite, write_values
from penstock.crm.schema import load_schemas
from penstock.crm.source import EVERY_FLOW, Source
from penstock.errors import Conflict
from penstock.kit.database import Connection
from penstock.workflows.undos import undos
from penstock.workflows.undos.selection import RECORDS_OF_FLOW, Selection, check, parameters, records_of
from penstock.workflows.undos.standing import Standing, sort_out
from penstock.workflows.undos.undos import COLUMNS, Undo, read

BATCH = 500  # records in one transaction
ATTEMPTS = 3  # at a batch, when others take its unique values at the same moment

# Served by undos_open; workers share the open ones out among themselves.
TAKE = f"""
SELECT {COLUMNS} FROM undos WHERE state IN ('WAITING', 'RUNNING') AND ($1::bigint IS NULL OR id = $1)
ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608 - a constant
NOTE = "INSERT INTO undo_records (undo_id, record_id) SELECT $1, id FROM unnest($2::bigint[]) AS id"
# Once for an undo, however many batches there are.
NOTE_RECORDS_OF_FLOW = f"""
INSERT INTO undo_records (undo_id, record_id) SELECT $2, record_id FROM ({RECORDS_OF_FLOW}) AS found
"""  # noqa: S608 - a constant
NOTE_RECORDS_OF_UNDO = """
INSERT INTO undo_records (undo_id, record_id) SELECT $1, record_id FROM undo_records WHERE undo_id = $2
"""
NOTED = """
UPDATE undos SET state = 'RUNNING', updated_at = now(), records = (SELECT count(*) FROM undo_records WHERE undo_id = $1)
WHERE id = $1
"""
NEXT = "SELECT record_id FROM undo_records WHERE undo_id = $1 AND record_id > $2 ORDER BY record_id LIMIT $3"
ADVANCE = """
UPDATE undos SET state = $2, cursor_id = $3, done = done + $4, restored = restored + $5, unchanged = unchanged + $6,
    left_out = left_out + $7, updated_at = now(), finished_at = CASE WHEN $2 = 'DONE' THEN now() END
WHERE id = $1
"""
LEAVE = """
INSERT INTO undo_left (undo_id, record_id, property, reason, message, newest_id)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[])
"""


async def begin(
    db: Connection, workspace_id: int, selection: Selection, source: Source, *, start_workflows: bool = False
) -> Undo:
    """Takes values back, in the caller's transaction where they are of at most 500 records, else by the workers.

    With `start_workflows` workflows other than the one whose value it was may start from the restored values.
    Raises NotFound and InvalidInput as `selection.check` does, and Conflict when nothing that is meant was written.
    """
    await check(db, workspace_id, selection)
    until = await undos.newest_version(db)
    found = await records_of(db, workspace_id, selection, until, BATCH + 1)
    if not found:
        raise Conflict(
            "There is nothing to take back: no value was written there.",
            remedy="Look at the history of a record's values.",
        )
    undo = await undos.create(db, workspace_id, selection, until, source, start_workflows=start_workflows)
    if len(found) <= BATCH:
        await db.execute(NOTE, undo.id, found)
        await db.execute(NOTED, undo.id)
        await advance(db, undo.id)
    return await undos.get(db, workspace_id, undo.id)


async def advance(db: Connection, undo_id: int | None = None) -> bool:
    """Does one batch of an undo (None: of the oldest that is open), in the caller's transaction; False when none is.

    The first batch of a large undo finds its records.
    """
    row = await db.fetchrow(TAKE, undo_id)
    if row is None:
        return False
    undo = read(row)
    if undo.records is None:
        await _note(db, undo)
        return True
    ids = [one["record_id"] for one in await db.fetch(NEXT, undo.id, undo.cursor_id, BATCH)]
    found = await _restored(db, undo, ids) if ids else []
    wanted = [one for one in found if one.verdict == "RESTORE"]
    left = [one for one in found if one.verdict not in ("RESTORE", "UNCHANGED")]
    await _leave(db, undo, left)
    await db.execute(
        ADVANCE,
        undo.id,
        "RUNNING" if len(ids) == BATCH else "DONE",
        ids[-1] if ids else undo.cursor_id,
        len(ids),
        len(wanted),
        len(found) - len(wanted) - len(left),
        len(left),
    )
    return True


async def oldest_open(db: Connection) -> int | None:
    """The undo that `advance` would take now, so that its failure can be told to people."""
    row = await db.fetchrow(TAKE, None)
    return None if row is None else row["id"]


async def _note(db: Connection, undo: Undo) -> None:
    """Finds the records of an undo that was too large for the request."""
    if undo.selection.undone_id is not None:
        await db.execute(NOTE_RECORDS_OF_UNDO, undo.id, undo.selection.undone_id)
    else:
        chosen = parameters(undo.selection, undo.until_id)
        await db.execute(NOTE_RECORDS_OF_FLOW, undo.workspace_id, undo.id, *chosen)
    await db.execute(NOTED, undo.id)


async def _restored(db: Connection, undo: Undo, ids: Sequence[int]) -> list[Standing]:
    """Restores what can be restored of these records, and says of each value what became of it.

    Somebody may take a unique value between the look at who holds it and the write. The next look then sees that.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            async with db.transaction():
                found = await sort_out(db, undo.workspace_id, ids, undo.selection, undo.until_id, lock=True)
                await _restore(db, undo, [one for one in found if one.verdict == "RESTORE"])
                return found
        except Conflict:
            if attempt == ATTEMPTS:
                raise
    return []


async def _restore(db: Connection, undo: Undo, wanted: Sequence[Standing]) -> None:
    schemas = await load_schemas(db, undo.workspace_id, {one.object_type_id for one in wanted})
    for type_id, schema in sorted(schemas.items()):
        writes = [
            PropertyWrite(one.record_id, one.property, one.before, _source(undo, one))
            for one in wanted
            if one.object_type_id == type_id
        ]
        await write_values(db, undo.workspace_id, schema, writes)


def _source(undo: Undo, one: Standing) -> Source:
    """A person's write that says what it takes back; the workflow whose value it was does not start from it."""
    return Source(
        undo.by.type,
        undo.by.id,
        undo.by.label,
        {"undo_id": str(undo.id), "undo_of": str(one.version_id)},
        closed_to=one.flow_id if undo.start_workflows else EVERY_FLOW,
    )


async def _leave(db: Connection, undo: Undo, left: Sequence[Standing]) -> None:
    if left:
        await db.execute(
            LEAVE,
            undo.id,
            [one.record_id for one in left],
            [one.property for one in left],
            [one.verdict for one in left],
            [one.message for one in left],
            [one.newest_id for one in left],
        )
