"""CSV imports: a file becomes records, good rows are kept, every bad row is listed.

`preview` looks into a file, `create` makes an import, `run_import` reads the file, `get`, `errors` and `cancel` are for those who watch it, `bad_rows` for those who put them right, and
`fail_interrupted` is called at start for those whose process died.
"""

from penstock.crm.imports.bad_rows import bad_rows
from penstock.crm.imports.jobs import (
    BadRow,
    Import,
    ImportOptions,
    cancel,
    create,
    errors,
    fail_interrupted,
    get,
    header,
    list_all,
)
from penstock.crm.imports.preview import Preview, preview
from penstock.crm.imports.run import run_import

__all__ = [
    "BadRow",
    "Import",
    "ImportOptions",
    "Preview",
    "bad_rows",
    "cancel",
    "create",
    "errors",
    "fail_interrupted",
    "get",
    "header",
    "list_all",
    "preview",
    "run_import",
]
