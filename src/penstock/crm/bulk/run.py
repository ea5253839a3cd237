"""Does an edit of many records, batch by batch, each batch one commit; what is done is not done again."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from penstock.crm import records
from penstock.crm.bulk.edits import COLUMNS, BulkEdit, get, read
from penstock.crm.listing import Matching, Order, parse_matching
from penstock.crm.listing.conditions import LIVE, Conditions
from penstock.crm.record_writes import LOCK, PropertyWrite, write_records
from penstock.crm.restoring import restore
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.errors import Conflict, PenstockError
from penstock.kit.clock import Clock
from penstock.kit.database import Connection, Pool
from penstock.kit.json import JsonObject

BATCH = 500  # records in one transaction
WINDOW = 5_000  # records looked at for a batch
SHOWN_PROBLEMS = 20
ATTEMPTS = 3  # at a batch, when others change its records at the same moment

START = """
UPDATE bulk_edits SET state = 'RUNNING', updated_at = now()
WHERE workspace_id = $1 AND id = $2 AND state IN ('WAITING', 'RUNNING') RETURNING id
"""
# The state is the fence, and the cursor says what is done.
ADVANCE = f"""
UPDATE bulk_edits
SET cursor_id = $3, done = done + $4, changed = changed + $5, failed = failed + $6, updated_at = now(),
    problems = CASE WHEN jsonb_array_length(problems) < {SHOWN_PROBLEMS} THEN problems || $7 ELSE problems END
WHERE workspace_id = $1 AND id = $2 AND state = 'RUNNING' RETURNING id
"""  # noqa: S608  (only our own number is put in)
FINISH = f"""
UPDATE bulk_edits SET state = $3, message = $4, updated_at = now(), finished_at = now()
WHERE workspace_id = $1 AND id = $2 AND state IN ('WAITING', 'RUNNING') RETURNING {COLUMNS}
"""  # noqa: S608  (only our own column list is put in)
# Served by records_by_type.
WINDOW_END = """
SELECT r.id FROM records r
WHERE r.workspace_id = $1 AND r.object_type_id = $2 AND r.archived_at IS NULL AND r.id > $3 AND r.id <= $4
ORDER BY r.id OFFSET $5 LIMIT 1
"""
# By primary key.
OF_ARCHIVAL = """
SELECT record_id FROM archived_records WHERE workspace_id = $1 AND archival_id = $2 AND record_id > $3
ORDER BY record_id LIMIT $4
"""
NOTE_ARCHIVED = """
INSERT INTO archived_records (archival_id, record_id, workspace_id)
SELECT $2, id, $1 FROM unnest($3::bigint[]) AS id ON CONFLICT DO NOTHING
"""
LOCK_SPACE = 0x6275_6C6B  # "bulk"
TRY_LOCK = "SELECT pg_try_advisory_lock(($1::bigint << 31) + $2::bigint)"
UNLOCK = "SELECT pg_advisory_unlock(($1::bigint << 31) + $2::bigint)"


@dataclass(slots=True)
class _Batch:
    """The next records of an edit; `cursor` is the id that they reach up to, None when there are no more."""

    ids: list[int] = field(default_factory=list)
    cursor: int | None = None


@dataclass(slots=True)
class _Outcome:
    """What became of a batch."""

    changed: int = 0
    problems: list[JsonObject] = field(default_factory=list)


class _Canceled(Exception):
    """The edit was canceled while a batch was being written."""


async def run_bulk_edit(pool: Pool, clock: Clock, workspace_id: int, bulk_edit_id: int) -> BulkEdit:
    """Does an edit, or goes on with it where another process stopped; returns it as it ended.

    Returns at once when another process is at it. It ends as DONE, CANCELED by `cancel`, or FAILED with a message;
    what is written stays.
    """
    async with _locked(pool, bulk_edit_id) as db:
        edit = await get(db, workspace_id, bulk_edit_id)
        if not await db.fetchval(START, workspace_id, bulk_edit_id):
            return edit
        try:
            await _Run(db, clock, workspace_id, edit).run()
        except _Canceled:
            return await get(db, workspace_id, bulk_edit_id)
        except PenstockError as error:
            return await _finish(db, workspace_id, bulk_edit_id, "FAILED", str(error)[:1000])
        except Exception:
            if not db.is_closed():
                message = "Something unexpected happened; the log has the details."
                await _finish(db, workspace_id, bulk_edit_id, "FAILED", message)
            raise
        return await _finish(db, workspace_id, bulk_edit_id, "DONE", "")


@contextlib.asynccontextmanager
async def _locked(pool: Pool, bulk_edit_id: int) -> AsyncIterator[Connection]:
    async with pool.acquire() as db:
        if not await db.fetchval(TRY_LOCK, LOCK_SPACE, bulk_edit_id):
            raise Conflict(
                f"Bulk edit {bulk_edit_id} is being done already.", remedy="Wait for it, or cancel it."
            )
        try:
            yield db
        finally:
            if not db.is_closed():
                await db.execute(UNLOCK, LOCK_SPACE, bulk_edit_id)


async def _finish(db: Connection, workspace_id: int, bulk_edit_id: int, state: str, message: str) -> BulkEdit:
    row = await db.fetchrow(FINISH, workspace_id, bulk_edit_id, state, message)
    return read(row) if row is not None else await get(db, workspace_id, bulk_edit_id)


class _Run:
    """One edit on its way through the records."""

    def __init__(self, db: Connection, clock: Clock, workspace_id: int, edit: BulkEdit) -> None:
        self._db = db
        self._clock = clock
        self._workspace_id = workspace_id
        self._edit = edit

    async def run(self) -> None:
        """All batches from the cursor on."""
        db, workspace_id, edit = self._db, self._workspace_id, self._edit
        cursor: int | None = edit.cursor_id
        attempt = 1
        while cursor is not None:
            try:
                async with db.transaction():
                    schema = await load_schema(db, workspace_id, edit.object_type_id)
                    batch = await self._next(schema, cursor)
                    outcome = await self._do(schema, batch.ids)
                    problems = outcome.problems
                    reached = batch.cursor if batch.cursor is not None else edit.until_id
                    numbers = (len(batch.ids), outcome.changed, len(problems))
                    if not await db.fetchval(
                        ADVANCE, workspace_id, edit.id, reached, *numbers, problems[:SHOWN_PROBLEMS]
                    ):
                        raise _Canceled
                    cursor, attempt = batch.cursor, 1
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
                attempt += 1

    async def _next(self, schema: ObjectSchema, cursor: int) -> _Batch:
        """The records behind the cursor."""
        edit = self._edit
        if edit.record_ids is not None:
            ids = [record_id for record_id in edit.record_ids if record_id > cursor][: BATCH + 1]
            return _Batch(ids[:BATCH], ids[BATCH - 1] if len(ids) > BATCH else None)
        if edit.archival_id is not None:
            rows = await self._db.fetch(OF_ARCHIVAL, self._workspace_id, edit.archival_id, cursor, BATCH + 1)
            ids = [row["record_id"] for row in rows]
            return _Batch(ids[:BATCH], ids[BATCH - 1] if len(ids) > BATCH else None)
        return await self._matching(schema, parse_matching(edit.filter, edit.search, schema), cursor)

    async def _matching(self, schema: ObjectSchema, matching: Matching, cursor: int) -> _Batch:
        """The matching records of the next window; a window may hold more than a batch takes."""
        edit, db = self._edit, self._db
        end = await db.fetchval(
            WINDOW_END, self._workspace_id, edit.object_type_id, cursor, edit.until_id, WINDOW - 1
        )
        conditions = Conditions(self._workspace_id, schema, matching, Order(), self._clock.now(), {})
        statement = conditions.statement()
        after = statement.writer.parameter(cursor, "bigint")
        until = statement.writer.parameter(edit.until_id if end is None else end, "bigint")
        most = statement.writer.parameter(BATCH + 1, "int")
        rows = await db.fetch(
            f"SELECT r.id FROM records r WHERE {LIVE} AND r.id > {after} AND r.id <= {until} "  # noqa: S608
            f"AND {conditions.matches(statement)} ORDER BY r.id LIMIT {most}",
            *statement.parameters,
        )
        ids = [row["id"] for row in rows]
        return _Batch(ids[:BATCH], ids[BATCH - 1] if len(ids) > BATCH else end)

    async def _do(self, schema: ObjectSchema, ids: Sequence[int]) -> _Outcome:
        edit, db, source = self._edit, self._db, self._edit.source
        if not ids:
            return _Outcome()
        if edit.kind == "archive":
            there = await self._live(ids)
            changed = await records.archive(db, self._workspace_id, edit.object_type_id, there, source)
            await db.execute(NOTE_ARCHIVED, self._workspace_id, edit.id, there)
            return _Outcome(changed, _missing(ids, there))
        if edit.kind == "restore":
            done = await restore(db, self._workspace_id, schema, ids, source)
            refused: list[JsonObject] = [
                {"recordId": str(record_id), "message": why}
                for record_id, why in sorted(done.refused.items())
            ]
            return _Outcome(len(done.ids), refused)
        there = await self._live(ids)
        writes = [
            PropertyWrite(record_id, name, value, source)
            for record_id in there
            for name, value in (edit.new_values or {}).items()
        ]
        written = await write_records(db, self._workspace_id, schema, writes)
        return _Outcome(written.records, _missing(ids, there))

    async def _live(self, ids: Sequence[int]) -> list[int]:
        """Those that are not archived, locked so that they stay so."""
        rows = await self._db.fetch(LOCK, self._workspace_id, self._edit.object_type_id, list(ids))
        return [row["id"] for row in rows]


def _missing(ids: Sequence[int], there: Sequence[int]) -> list[JsonObject]:
    left_out = sorted(set(ids) - set(there))
    return [{"recordId": str(one), "message": "There is no such record any more."} for one in left_out]
