"""Writes one batch of rows: a few set-based statements, whatever the rows are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from penstock.crm.imports.cells import GoodRow, ParsedRows
from penstock.crm.imports.columns import Column
from penstock.crm.imports.jobs import BadRow, Counts, ImportOptions
from penstock.crm.record_inserts import insert_records
from penstock.crm.record_writes import PropertyWrite, write_records
from penstock.crm.schema import ObjectSchema
from penstock.crm.source import Source
from penstock.crm.unique_values import holders
from penstock.kit.database import Connection


@dataclass(slots=True)
class _Target:
    """A record that rows of the batch make or change: `record_id` None is a new one."""

    record_id: int | None
    values: dict[str, str | None] = field(default_factory=dict)
    rows: int = 0


async def write_batch(
    db: Connection,
    workspace_id: int,
    schema: ObjectSchema,
    options: ImportOptions,
    columns: Sequence[Column],
    batch: ParsedRows,
    source: Source,
) -> tuple[Counts, list[BadRow]]:
    """Creates and updates records, in the caller's transaction; returns the counts and the errors of the batch.

    Rows with the same unique value are one record, and the later row's cells win. A row whose other unique value
    belongs to another record is an error; a record that took it at this very moment raises Conflict, and the
    caller tries the batch again.
    """
    errors = list(batch.errors)
    names = [column.property.name for column in columns if column.property.has_unique_value]
    wanted = {
        (name, value) for row in batch.good for name in names if (value := row.values.get(name)) is not None
    }
    held = await holders(db, workspace_id, schema.object_type.id, sorted(wanted))
    headers = {column.property.name: column.header for column in columns}
    targets = _Targets(schema, options, names, held, headers)
    refused = [error for row in batch.good for error in targets.take(row)]
    errors += refused
    new = [target for target in targets.all if target.record_id is None]
    if new:
        await insert_records(db, workspace_id, schema, [target.values for target in new], source)
    writes = [
        PropertyWrite(target.record_id, name, value, source)
        for target in targets.all
        if target.record_id is not None
        for name, value in target.values.items()
    ]
    written = await write_records(db, workspace_id, schema, writes)
    counts = Counts(batch.rows, len(new), errors=batch.bad_rows + len({one.line for one in refused}))
    counts.updated = written.records + sum(target.rows - 1 for target in new)
    counts.unchanged = counts.rows_read - counts.errors - counts.created - counts.updated
    return counts, errors


class _Targets:
    """Finds the record of each row."""

    def __init__(
        self,
        schema: ObjectSchema,
        options: ImportOptions,
        unique: Sequence[str],
        held: Mapping[tuple[str, str], int],
        headers: Mapping[str, str],
    ) -> None:
        self.all: list[_Target] = []
        self._schema = schema
        self._options = options
        self._unique = unique
        self._held = held
        self._headers = headers
        self._by_value: dict[tuple[str, str], _Target] = {}
        self._by_record: dict[int, _Target] = {}

    def take(self, row: GoodRow) -> Iterable[BadRow]:
        """Adds the row to its record, or returns what is wrong with it."""
        key = self._options.unique
        value = row.values.get(key) if key else None
        target = self._find(key, value) if key and value else None
        target = target or _Target(None)
        errors = list(self._errors(row, target))
        if errors:
            return errors
        if target.rows == 0:
            self.all.append(target)
        if target.record_id is not None:
            self._by_record[target.record_id] = target
        target.rows += 1
        target.values |= row.values
        for name in self._unique:
            if (taken := row.values.get(name)) is not None:
                self._by_value[name, taken] = target
        return ()

    def _find(self, key: str, value: str) -> _Target | None:
        if (found := self._by_value.get((key, value))) is not None:
            return found
        record_id = self._held.get((key, value))
        if record_id is None:
            return None
        return self._by_record.get(record_id) or _Target(record_id)

    def _errors(self, row: GoodRow, target: _Target) -> Iterable[BadRow]:
        is_new = target.record_id is None and target.rows == 0
        key = self._options.unique or ""
        if is_new and self._options.operation == "UPDATE":
            yield self._error(
                row, key, "UPDATE_ONLY_IMPORT", "No record has this value, and the import only updates."
            )
        if not is_new and self._options.operation == "CREATE":
            yield self._error(
                row, key, "CREATE_ONLY_IMPORT", "A record has this value, and the import only creates."
            )
        for name in self._schema.object_type.required_properties if is_new else ():
            if row.values.get(name) is None:
                yield self._error(
                    row, name, "MISSING_REQUIRED_PROPERTY", f"'{name}' is required in a new record."
                )
        for name in self._unique:
            value = row.values.get(name)
            if value is None or name == key:
                continue
            other = self._by_value.get((name, value))
            holder = self._held.get((name, value))
            if (other is not None and other is not target) or (
                holder is not None and holder != target.record_id
            ):
                whose = f"record {holder}" if holder is not None else "a row above"
                yield self._error(
                    row,
                    name,
                    "DUPLICATE_UNIQUE_PROPERTY_VALUE",
                    f"'{name}' has a value that belongs to {whose}. Import by this unique property to update it.",
                )

    def _error(self, row: GoodRow, name: str, code: str, message: str) -> BadRow:
        return BadRow(row.line, self._headers.get(name, name), code, message, cells=row.cells)
