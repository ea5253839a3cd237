"""Records as CSV, page by page, so that a million rows take no more memory than a thousand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from penstock.crm import listing, records
from penstock.crm.listing import Budget, Matching, Order, Place
from penstock.crm.properties import Property
from penstock.crm.records import Record
from penstock.crm.schema import ObjectSchema
from penstock.errors import InvalidInput, Problem
from penstock.kit import csvio
from penstock.kit.clock import Clock
from penstock.kit.database import Pool, transaction

MOST_ROWS = 1_000_000
MOST_IDS = 10_000
MOST_COLUMNS = 200
PAGE = 1_000
# Nobody looks at the screen meanwhile, so that a page may take its time.
PATIENT = Budget(window=20_000, gathered=20_000, seconds=5.0, statement_milliseconds=30_000)


@dataclass(frozen=True, slots=True)
class Export:
    """Which records, in which order, with which properties. `record_ids` takes the place of `matching` and order.

    `internal`: headers and options by their internal names, for programs; else by their labels, for people.
    """

    matching: Matching
    order: Order
    properties: tuple[str, ...]
    record_ids: Sequence[int] | None = None
    internal: bool = False


def check(export: Export, schema: ObjectSchema) -> None:
    """Raises InvalidInput for properties that do not exist and for too many columns or ids."""
    problems = [
        Problem(
            f"properties[{index}]",
            "UNKNOWN_PROPERTY",
            f"{schema.object_type.plural_label} have no property '{name[:100]}'.",
        )
        for index, name in enumerate(export.properties)
        if name not in schema.properties
    ]
    if len(export.properties) > MOST_COLUMNS:
        problems.append(
            Problem("properties", "TOO_MANY_COLUMNS", f"An export has at most {MOST_COLUMNS} columns.")
        )
    if export.record_ids is not None and len(export.record_ids) > MOST_IDS:
        problems.append(Problem("recordIds", "TOO_MANY_IDS", f"At most {MOST_IDS:,} ids are taken."))
    if problems:
        raise InvalidInput("The export has problems.", problems=problems)


async def export(
    pool: Pool, clock: Clock, workspace_id: int, schema: ObjectSchema, wanted: Export
) -> AsyncIterator[bytes]:
    """The CSV in pieces, its header first; at most `MOST_ROWS` records.

    Each page is read in a transaction of its own, so that a slow reader keeps no connection. Cells that a
    spreadsheet would run are made harmless (`kit.csvio`). Raises as `listing.list_page` does.
    """
    columns = [schema.properties[name] for name in wanted.properties]
    labels: Mapping[str, Mapping[str, str]] = (
        {}
        if wanted.internal
        else {prop.name: {option.value: option.label for option in prop.options} for prop in columns}
    )
    header = [
        "hs_object_id" if wanted.internal else "Record ID",
        *(prop.name if wanted.internal else prop.label for prop in columns),
    ]
    rows = 0
    first: list[list[str | None]] = [[*header]]
    async for page in _pages(pool, clock, workspace_id, schema, wanted):
        cells = [_cells(record, columns, labels) for record in page[: MOST_ROWS - rows]]
        rows += len(cells)
        yield b"".join(csvio.write([*first, *cells]))
        first = []
        if rows >= MOST_ROWS:
            return
    if first:
        yield b"".join(csvio.write(first))


async def _pages(
    pool: Pool, clock: Clock, workspace_id: int, schema: ObjectSchema, wanted: Export
) -> AsyncIterator[list[Record]]:
    if wanted.record_ids is not None:
        for start in range(0, len(wanted.record_ids), PAGE):
            async with transaction(pool) as db:
                some = wanted.record_ids[start : start + PAGE]
                found = await records.get_many(db, workspace_id, schema.object_type.id, some)
            yield found
        return
    place: Place | None = None
    while True:
        async with transaction(pool) as db:
            page = await listing.list_page(
                db,
                workspace_id,
                schema,
                wanted.matching,
                wanted.order,
                after=place,
                limit=PAGE,
                now=clock.now(),
                budget=PATIENT,
            )
        yield page.records
        if page.next is None:
            return
        place = page.next


def _cells(
    record: Record, columns: Sequence[Property], labels: Mapping[str, Mapping[str, str]]
) -> list[str | None]:
    return [
        str(record.id),
        *(_cell(record.properties.get(prop.name), labels.get(prop.name)) for prop in columns),
    ]


def _cell(value: str | None, labels: Mapping[str, str] | None) -> str | None:
    """A value; options go by their labels, several of them still between semicolons."""
    if value is None or not labels:
        return value
    return ";".join(labels.get(option, option) for option in value.split(";"))
