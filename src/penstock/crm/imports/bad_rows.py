"""The bad rows of an import as CSV: what is wrong with each, then the row as it was, to be put right and imported."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from penstock.crm.imports.jobs import BadRow, errors, header
from penstock.kit import csvio
from penstock.kit.database import Pool, transaction

PAGE = 1_000
TITLES = ("line", "column", "code", "message")


async def bad_rows(pool: Pool, workspace_id: int, import_id: int) -> AsyncIterator[bytes]:
    """The CSV in pieces, its header first. A row with several bad cells is one row, with all that is wrong in it."""
    async with transaction(pool) as db:
        titles = await header(db, workspace_id, import_id)
    yield b"".join(csvio.write([[*TITLES, *titles]]))
    after = 0
    open_row: list[BadRow] = []
    while True:
        async with transaction(pool) as db:
            found = await errors(db, workspace_id, import_id, after=after, limit=PAGE)
        rows: list[Sequence[str]] = []
        for bad in found:
            if open_row and bad.line != open_row[0].line:
                rows.append(_cells(open_row))
                open_row = []
            open_row.append(bad)
        if not found and open_row:
            rows.append(_cells(open_row))
        if rows:
            yield b"".join(csvio.write(rows))
        if not found:
            return
        after = found[-1].id


def _cells(bad: Sequence[BadRow]) -> list[str]:
    cells = next((one.cells for one in bad if one.cells is not None), ())
    return [
        str(bad[0].line),
        "; ".join(one.column for one in bad if one.column),
        "; ".join(dict.fromkeys(one.code for one in bad)),
        " ".join(one.message for one in bad),
        *cells,
    ]
