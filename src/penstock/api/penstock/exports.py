"""Records as a CSV file, streamed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from penstock.accounts import audit
from penstock.api.hubspot.object_reading import schema_of
from penstock.api.hubspot.object_shapes import shown
from penstock.api.penstock.record_shapes import CSV_FILE, MatchingWish, SortWish
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.api.shapes import Id
from penstock.crm import exports, listing
from penstock.kit.json import JsonObject

router = APIRouter(route_class=GuardedRoute, tags=["exports"])


class ExportWish(MatchingWish):
    """Which records, in which order, with which properties. `recordIds` takes the place of filter, search and sort.

    `names`: headers and options by their internal names, for programs; else by their labels, for people.
    """

    sort: SortWish | None = None
    properties: list[str] = []  # noqa: RUF012 - Pydantic copies defaults
    record_ids: list[Id] | None = None
    names: bool = False


@router.get("/exports", response_class=StreamingResponse, responses=CSV_FILE)
async def download(
    objectType: str,  # noqa: N803
    call: Caller,
    request: Annotated[str, Query(description="The wish of the POST, as JSON.")] = "{}",
) -> StreamingResponse:
    """The same as the POST, for a link: the browser writes the file while it comes."""
    try:
        wish = ExportWish.model_validate_json(request)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError(
            [{**one, "loc": ("query", "request", *one["loc"])} for one in problems]
        ) from None
    return await _answer(objectType, wish, call)


@router.post("/exports", response_class=StreamingResponse, responses=CSV_FILE)
async def export(objectType: str, wish: ExportWish, call: Caller) -> StreamingResponse:  # noqa: N803
    """Records as CSV, at most 1,000,000. Cells that a spreadsheet would run as formulas are made text."""
    return await _answer(objectType, wish, call)


async def _answer(object_type: str, wish: ExportWish, call: Call) -> StreamingResponse:
    async with call.transaction() as db:
        schema = await schema_of(db, call, object_type)
        sort = wish.sort
        wanted = exports.Export(
            listing.parse_matching(wish.filter, wish.search, schema),
            listing.Order() if sort is None else listing.parse_order(sort.property, sort.direction, schema),
            tuple(wish.properties) or shown(schema, ()),
            wish.record_ids,
            wish.names,
        )
        exports.check(wanted, schema)
        detail: JsonObject = {"object_type_id": schema.object_type.id, "properties": [*wanted.properties]}
        await audit.record(db, call.actor, "records.exported", "object_type", schema.object_type.id, detail)
    pieces = exports.export(call.app.pool, call.app.clock, call.workspace_id, schema, wanted)
    # The first piece is made before the answer begins, so that what is wrong with the wish is an answer of its own.
    first = await anext(pieces)
    name = f"{schema.object_type.name}-{call.app.clock.now():%Y-%m-%d}.csv"
    return StreamingResponse(
        _joined(first, pieces),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece
