"""CSV imports: a file becomes records, good rows are kept, every bad row is listed.

`create` makes an import, `run_import` reads the file, `get`, `errors` and `cancel` are for those who watch it, and
`fail_interrupted` is called at start for those whose process died.
"""

from penstock.crm.imports.jobs import (
    BadRow,
    Import,
    ImportOptions,
    cancel,
    create,
    errors,
    fail_interrupted,
    get,
    list_all,
)
from penstock.crm.imports.run import run_import

__all__ = [
    "BadRow",
    "Import",
    "ImportOptions",
    "cancel",
    "create",
    "errors",
    "fail_interrupted",
    "get",
    "list_all",
    "run_import",
]
