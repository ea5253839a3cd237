"""CSV imports in HubSpot's v3 API: a file and an importRequest go in, the rows follow in the background."""

from __future__ import annotations

import os
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from penstock.api.background import Background
from penstock.api.hubspot.import_shapes import (
    ActionResponse,
    ImportErrors,
    Imports,
    ImportShape,
    ImportWish,
    error_shape,
    import_shape,
)
from penstock.api.route import UploadRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Limit, PathId, paging
from penstock.crm import imports
from penstock.crm.object_types import resolve

router = APIRouter(route_class=UploadRoute, tags=["imports"])


@router.get("")
async def list_imports(call: Caller, after: After = None, limit: Limit = 100) -> Imports:
    """Imports, newest first."""
    async with call.transaction() as db:
        found = await imports.list_all(db, call.workspace_id, before=after, limit=limit + 1)
    page = [import_shape(job) for job in found[:limit]]
    return Imports(results=page, **paging(page[-1].id if len(found) > limit else None))


@router.post("")
async def start(
    importRequest: Annotated[str, Form(description="HubSpot's importRequest, as JSON.")],  # noqa: N803
    files: Annotated[UploadFile, Form(description="The CSV file, in UTF-8 or what spreadsheets write.")],
    call: Caller,
    request: Request,
) -> ImportShape:
    """Begins an import and answers at once; GET …/{importId} tells how far it is. Good rows are kept."""
    wish = read_wish(importRequest)
    file = own_copy(files)
    try:
        async with call.transaction() as db:
            type_id = (await resolve(db, call.workspace_id, wish.object_type())).id
            name = wish.name or files.filename or "Import"
            job = await imports.create(
                db, call.workspace_id, type_id, name, wish.options(type_id), files.size
            )
    except BaseException:
        file.close()
        raise
    background: Background = request.app.state.background
    background.start(
        lambda: imports.run_import(call.app.pool, call.workspace_id, job.id, file),
        f"import {job.id}",
        file.close,
    )
    return import_shape(job)


@router.get("/{importId}")
async def read(importId: PathId, call: Caller) -> ImportShape:  # noqa: N803
    """How far an import is."""
    async with call.transaction() as db:
        return import_shape(await imports.get(db, call.workspace_id, importId))


@router.get("/{importId}/errors")
async def list_errors(
    importId: PathId,  # noqa: N803
    call: Caller,
    after: After = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> ImportErrors:
    """The bad rows of an import, in the order of the file."""
    async with call.transaction() as db:
        job = await imports.get(db, call.workspace_id, importId)
        header = await imports.header(db, call.workspace_id, importId)
        found = await imports.errors(db, call.workspace_id, importId, after=after or 0, limit=limit + 1)
    page = [error_shape(job, header, bad) for bad in found[:limit]]
    return ImportErrors(results=page, **paging(page[-1].id if len(found) > limit else None))


@router.post("/{importId}/cancel")
async def cancel(importId: PathId, call: Caller) -> ActionResponse:  # noqa: N803
    """Stops an import before its next batch of rows; what it wrote stays."""
    async with call.transaction() as db:
        job = await imports.cancel(db, call.workspace_id, importId)
    return ActionResponse(status="COMPLETE", started_at=job.created_at, completed_at=job.updated_at)


def read_wish(text: str) -> ImportWish:
    """The importRequest of the form. Raises RequestValidationError with the places inside it."""
    try:
        return ImportWish.model_validate_json(text)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError(
            [{**one, "loc": ("body", "importRequest", *one["loc"])} for one in problems]
        ) from None


def own_copy(upload: UploadFile) -> BinaryIO:
    """The uploaded file, open on for as long as the import needs it; the request closes its own at its end."""
    spooled = upload.file
    rollover = getattr(spooled, "rollover", None)
    if rollover is not None:
        rollover()  # Small files are still in memory.
    file = os.fdopen(os.dup(spooled.fileno()), "rb")
    file.seek(0)
    return file
