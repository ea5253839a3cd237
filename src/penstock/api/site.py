"""API and screens under one address: the first part of the path decides."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

API = ("/crm", "/automation", "/penstock", "/openapi.json", "/mcp", "/.well-known")


class Site:
    """Hands each request to the API or to the screens. The lifespan is the API's."""

    def __init__(self, api: ASGIApp, screens: ASGIApp) -> None:
        self._api = api
        self._screens = screens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes one request on."""
        goes_to_api = scope["type"] != "http" or is_api(scope["path"])
        await (self._api if goes_to_api else self._screens)(scope, receive, send)


def is_api(path: str) -> bool:
    """Whether a path is one of the API: `/crm` and what is below it, but not `/crm-something`."""
    return any(path == one or path.startswith(f"{one}/") for one in API)
