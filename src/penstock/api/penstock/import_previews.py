"""A look into an import file before it is imported, and its bad rows after."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Form, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter, ValidationError

from penstock.api.hubspot.imports import own_copy
from penstock.api.hubspot.object_reading import schema_of
from penstock.api.penstock.record_shapes import CSV_FILE
from penstock.api.route import GuardedRoute, UploadRoute
from penstock.api.security import Caller
from penstock.api.shapes import PathId, Shape
from penstock.crm import imports
from penstock.crm.imports.jobs import DateFormat
from penstock.crm.imports.preview import Preview, PreviewColumn

router = APIRouter(route_class=UploadRoute, tags=["imports"])
bad = APIRouter(route_class=GuardedRoute, tags=["imports"])

MAPPING: TypeAdapter[dict[str, str | None]] = TypeAdapter(dict[str, str | None])


class NewPropertyShape(Shape):
    """The property that a column could become."""

    name: str
    label: str
    type: str
    field_type: str


class CellProblemShape(Shape):
    """What is wrong with a row or a cell of it."""

    line: int
    code: str
    message: str
    value: str


class PreviewColumnShape(Shape):
    """A column. `unknownOptions` and `problems` are about the suggested property, in the rows looked at."""

    index: int
    header: str
    suggestion: str | None
    suggested_by: Literal["name", "label", "similar", "mapping"] | None
    new_property: NewPropertyShape
    filled: int
    samples: list[str]
    unknown_options: list[str]
    problems: list[CellProblemShape]
    problem_count: int


class PreviewShape(Shape):
    """How a file is written and what is in it, from its first 1,000 rows."""

    file_name: str
    bytes: int | None
    encoding: str
    delimiter: str
    rows_sampled: int
    columns: list[PreviewColumnShape]
    rows: list[list[str]]
    row_errors: list[CellProblemShape]
    unique_properties: list[str]
    suggested_unique: str | None


@router.post("/imports/previews")
async def preview(
    files: Annotated[UploadFile, Form(description="The CSV file.")],
    objectType: Annotated[str, Form(description="What its rows are.")],  # noqa: N803
    call: Caller,
    dateFormat: Annotated[DateFormat, Form()] = "YEAR_MONTH_DAY",  # noqa: N803
    mapping: Annotated[str, Form(description="Headers and their properties, as a JSON object.")] = "{}",
) -> PreviewShape:
    """Looks into a file and suggests where its columns go; nothing is kept of it."""
    try:
        chosen = MAPPING.validate_json(mapping)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError(
            [{**one, "loc": ("body", "mapping", *one["loc"])} for one in problems]
        ) from None
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
    file = own_copy(files)
    try:
        found = await asyncio.to_thread(imports.preview, file, schema, dateFormat, chosen)
    finally:
        file.close()
    return preview_shape(found, files.filename or "", files.size)


@bad.get("/imports/{importId}/bad-rows", response_class=StreamingResponse, responses=CSV_FILE)
async def bad_rows(importId: PathId, call: Caller) -> StreamingResponse:  # noqa: N803
    """The bad rows of an import as CSV: what is wrong, and the rows as they were, to be put right."""
    async with call.transaction() as db:
        await imports.get(db, call.workspace_id, importId)
    return StreamingResponse(
        imports.bad_rows(call.app.pool, call.workspace_id, importId),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="import-{importId}-bad-rows.csv"'},
    )


def preview_shape(found: Preview, file_name: str, size: int | None) -> PreviewShape:
    """A preview."""
    return PreviewShape(
        file_name=file_name,
        bytes=size,
        encoding=found.format.encoding.removesuffix("-sig"),
        delimiter=found.format.delimiter,
        rows_sampled=found.rows_sampled,
        columns=[_column(column) for column in found.columns],
        rows=found.rows,
        row_errors=[CellProblemShape.model_validate(one) for one in found.row_errors],
        unique_properties=found.unique_properties,
        suggested_unique=found.suggested_unique,
    )


def _column(column: PreviewColumn) -> PreviewColumnShape:
    return PreviewColumnShape.model_validate(column)
