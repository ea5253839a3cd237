"""Goes on with what a server that ended left undone: edits of many records, indexes that were wanted."""

from __future__ import annotations

from penstock.api.background import Background
from penstock.bootstrap import Penstock
from penstock.crm import bulk, value_indexes


async def go_on(app: Penstock, background: Background) -> None:
    """Starts what is unfinished, in the background; what another process is at stays with it."""
    async with app.pool.acquire() as db:
        unfinished = await bulk.unfinished(db)
        wanted = await value_indexes.any_wanted(db)
    for workspace_id, bulk_edit_id in unfinished:
        _start(app, background, workspace_id, bulk_edit_id)
    if wanted:
        background.start(lambda: value_indexes.build(app.pool), "indexes over property values", lambda: None)


def _start(app: Penstock, background: Background, workspace_id: int, bulk_edit_id: int) -> None:
    background.start(
        lambda: bulk.run_bulk_edit(app.pool, app.clock, workspace_id, bulk_edit_id),
        f"bulk edit {bulk_edit_id}",
        lambda: None,
    )
