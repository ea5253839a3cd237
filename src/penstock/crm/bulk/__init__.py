"""Edits of many records at once: set values, archive, restore; in batches, with progress, to be left and come back to.

`create` notes what somebody wants, `run_bulk_edit` does it, `get`, `list_all` and `cancel` are for those who watch,
`unfinished` is read at start for those whose process died: they go on where they stopped.
"""

from penstock.crm.bulk.edits import (
    BulkEdit,
    Selection,
    Wanted,
    cancel,
    create,
    get,
    list_all,
    unfinished,
)
from penstock.crm.bulk.run import run_bulk_edit

__all__ = [
    "BulkEdit",
    "Selection",
    "Wanted",
    "cancel",
    "create",
    "get",
    "list_all",
    "run_bulk_edit",
    "unfinished",
]
