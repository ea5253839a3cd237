"""The two routes outside of any resource: a plain page at `/`, and the OpenAPI document."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from penstock.api.route import GuardedRoute
from penstock.api.shapes import JsonBody

front = APIRouter(route_class=GuardedRoute, tags=["front"])

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Penstock</title></head>
<body><h1>Penstock</h1>
<p>Penstock runs here. Its API is described by <a href="/openapi.json">/openapi.json</a>; send your API token
as <code>Authorization: Bearer pst_…</code>.</p>
<p>On the command line, <code>penstock --help</code> shows the rest.</p></body></html>
"""

PAGE_POLICY = {"Content-Security-Policy": "default-src 'none'"}


@front.get("/", response_class=HTMLResponse, include_in_schema=False)
async def page() -> HTMLResponse:
    """A page that says where the API is."""
    return HTMLResponse(PAGE, headers=PAGE_POLICY)


@front.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> JsonBody:
    """The description of this API (OpenAPI 3.1)."""
    document: JsonBody = request.app.openapi()
    return document
