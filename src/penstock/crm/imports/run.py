"""Runs an import: reads rows ahead in a thread while the batch before is being written."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Callable
from itertools import chain, islice
from typing import BinaryIO

from penstock.crm import properties, property_groups
from penstock.crm.imports.batch import write_batch
from penstock.crm.imports.cells import ParsedRows
from penstock.crm.imports.columns import Column, map_columns, with_stored
from penstock.crm.imports.jobs import (
    ADVANCE,
    FINISH,
    LOCK_SPACE,
    NOTE_HEADER,
    START,
    TRY_LOCK,
    UNLOCK,
    Import,
    ImportState,
    add_errors,
    get,
    read,
)
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.crm.source import Source
from penstock.errors import Conflict, InvalidInput, PenstockError
from penstock.kit import csvio
from penstock.kit.database import Connection, Pool

BATCH = 1_000  # rows in one transaction
SAMPLE = 1_000  # rows that types are guessed from
ATTEMPTS = 5  # at a batch, when others take its unique values at the same moment

UNEXPECTED = "Something unexpected happened; the log has the details."

OnProgress = Callable[[Import], None]


async def run_import(
    pool: Pool, workspace_id: int, import_id: int, file: BinaryIO, on_progress: OnProgress | None = None
) -> Import:
    """Reads `file` into records, batch by batch, each batch one commit; returns the import as it ended.

    The import has to be in the state STARTED. It ends as DONE (with or without bad rows), CANCELED by `cancel`, or
    FAILED, and then what went wrong is raised as well: InvalidInput when the header does not fit, DatabaseProblem
    and the like. Memory stays constant. `on_progress` gets the import's row after every batch.
    """
    async with _locked(pool, import_id) as db:
        try:
            return await _Run(db, workspace_id, import_id, file, on_progress).run()
        except PenstockError as error:
            await _fail(db, workspace_id, import_id, str(error))
            raise
        except Exception:
            await _fail(
                db, workspace_id, import_id, "Something unexpected happened; the log has the details."
            )
            raise


@contextlib.asynccontextmanager
async def _locked(pool: Pool, import_id: int) -> AsyncIterator[Connection]:
    """A connection that holds the import's lock, which says to others that it is being run."""
    async with pool.acquire() as db:
        if not await db.fetchval(TRY_LOCK, LOCK_SPACE, import_id):
            raise Conflict(f"Import {import_id} is being run already.", remedy="Wait for it, or cancel it.")
        try:
            yield db
        finally:
            if not db.is_closed():
                await db.execute(UNLOCK, LOCK_SPACE, import_id)


async def _fail(db: Connection, workspace_id: int, import_id: int, message: str) -> None:
    if not db.is_closed():
        await db.execute(FINISH, workspace_id, import_id, "FAILED", message)


class _Run:
    """One import on its way through the file."""

    def __init__(
        self,
        db: Connection,
        workspace_id: int,
        import_id: int,
        file: BinaryIO,
        on_progress: OnProgress | None,
    ) -> None:
        self._db = db
        self._workspace_id = workspace_id
        self._id = import_id
        self._file = _Counted(file)
        self._rows = csvio.read(self._file)
        self._on_progress = on_progress

    async def run(self) -> Import:
        row = await self._db.fetchrow(START, self._workspace_id, self._id)
        if row is None:
            found = await get(self._db, self._workspace_id, self._id)
            raise Conflict(f"Import {self._id} is {found.state}.", remedy="Make a new import for the file.")
        job = read(row)
        source = Source("IMPORT", str(self._id), job.name)
        header = await asyncio.to_thread(next, self._rows, None)
        if not isinstance(header, csvio.Row):
            message = header.message if header else "It is empty."
            raise InvalidInput(
                f"The file has no header row. {message}",
                remedy="Write the columns' names into its first row.",
            )
        sample = await asyncio.to_thread(lambda: list(islice(self._rows, SAMPLE)))
        cells = [row.cells for row in sample if isinstance(row, csvio.Row)]
        schema, columns = await self._map(header.cells, cells, job)
        await self._db.execute(NOTE_HEADER, self._workspace_id, self._id, header.cells)
        self._rows = chain(sample, self._rows)

        def parse() -> ParsedRows | None:
            batch = ParsedRows([], [])
            for row in islice(self._rows, BATCH):
                batch.add(row, columns, len(header.cells), job.options.date_format)
            return batch if batch.rows else None

        batch = await asyncio.to_thread(parse)
        while batch is not None:
            ahead = asyncio.create_task(asyncio.to_thread(parse))
            try:
                progress = await self._write(batch, schema, columns, job, source)
            except BaseException:
                await asyncio.wait([ahead])  # The thread reads from the file, which is the caller's to close.
                raise
            batch = await ahead
            if progress is None:
                return await get(self._db, self._workspace_id, self._id)  # It was canceled.
            if self._on_progress is not None:
                self._on_progress(progress)
        return await self._finish("DONE")

    async def _map(
        self, header: list[str], cells: list[list[str]], job: Import
    ) -> tuple[ObjectSchema, tuple[Column, ...]]:
        db, workspace_id, type_id = self._db, self._workspace_id, job.object_type_id
        async with db.transaction():
            schema = await load_schema(db, workspace_id, type_id)
            groups = await property_groups.list_all(db, workspace_id, type_id)
            mapping = map_columns(header, cells, schema, job.options, groups[0].name if groups else "")
            if mapping.new_properties:
                await properties.create_many(db, workspace_id, type_id, mapping.new_properties)
                schema = await load_schema(db, workspace_id, type_id)
        return schema, with_stored(mapping.columns, schema)

    async def _write(
        self,
        batch: ParsedRows,
        schema: ObjectSchema,
        columns: tuple[Column, ...],
        job: Import,
        source: Source,
    ) -> Import | None:
        """Commits one batch with its counts and errors; None when the import was canceled, and then nothing."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._db.transaction():
                    counts, errors = await write_batch(
                        self._db, self._workspace_id, schema, job.options, columns, batch, source
                    )
                    await add_errors(self._db, self._id, errors)
                    row = await self._db.fetchrow(
                        ADVANCE,
                        self._workspace_id,
                        self._id,
                        self._file.position,
                        counts.rows_read,
                        counts.created,
                        counts.updated,
                        counts.unchanged,
                        counts.errors,
                    )
                    if row is None:
                        raise _Canceled
                    return read(row)
            except _Canceled:
                return None
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
        return None

    async def _finish(self, state: ImportState) -> Import:
        row = await self._db.fetchrow(FINISH, self._workspace_id, self._id, state, "")
        return read(row) if row is not None else await get(self._db, self._workspace_id, self._id)


class _Canceled(Exception):
    """The import was canceled while its batch was being written."""


class _Counted(io.RawIOBase, BinaryIO):
    """A file that knows how much of it was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.position = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self.position += len(data)
        return data
