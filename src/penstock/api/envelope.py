"""What surrounds every request, whatever its route: an id, one spelling of paths, no caching, no other sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from penstock.api.errors import error_response
from penstock.api.origins import sender
from penstock.errors import Forbidden, InvalidInput, PenstockError
from penstock.kit.ids import new_uuid

if TYPE_CHECKING:
    from penstock.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

RESPONSE_HEADERS = {
    # Answers hold personal data; neither browsers nor proxies keep them (RFC 9111, 5.2.2.5).
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # An answer that somebody opens as a page of its own does nothing there.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
# A year, as browsers' preload lists ask for at least (RFC 6797, 6.1.1).
HSTS = "max-age=31536000"


class Envelope:
    """The outermost layer of the API, plain ASGI because it runs for every request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on with its correlation id, or answers at once when it may not pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = str(new_uuid())
        scope["correlation_id"] = number
        settings: Settings = scope["app"].state.penstock.settings

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in RESPONSE_HEADERS.items():
                    headers.setdefault(name, value)
                headers["X-HubSpot-Correlation-Id"] = number
                if settings.hsts:
                    headers["Strict-Transport-Security"] = HSTS
            await send(message)

        if (refusal := refuse(scope, settings.public_url)) is not None:
            await error_response(refusal, number)(scope, receive, send_with_headers)
            return
        path = scope["path"]
        if len(path) > 1 and path.endswith("/"):
            # HubSpot's Python client ends some paths with a slash, its Node client does not. Both are the same
            # route; a redirect would lose the body of a POST in many clients.
            scope = {**scope, "path": path.rstrip("/") or "/"}
        await self._app(scope, receive, send_with_headers)


def refuse(scope: Scope, public_url: str | None) -> PenstockError | None:
    """Why a request is not looked at: sent by another site's page, or with a character no route can take."""
    headers = Headers(scope=scope)
    if scope["method"] not in SAFE_METHODS and sender(headers, public_url) == "foreign":
        return Forbidden(
            "Another site's page sent this request.", remedy="Send it from Penstock's own address."
        )
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return InvalidInput("The address holds the character U+0000.", remedy="Remove it; no name holds it.")
    return None
