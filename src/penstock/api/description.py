"""The route outside of any resource: the OpenAPI document."""

from __future__ import annotations

from fastapi import APIRouter, Request

from penstock.api.json_body import JsonBody
from penstock.api.route import GuardedRoute

description = APIRouter(route_class=GuardedRoute, tags=["description"])


@description.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> JsonBody:
    """The description of this API (OpenAPI 3.1)."""
    document: JsonBody = request.app.openapi()
    return document
