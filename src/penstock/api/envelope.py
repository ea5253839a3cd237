"""What surrounds every request, whatever its route: an id, one spelling of paths, no caching, no other sites."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from penstock.api.errors import error_response
from penstock.errors import Forbidden, InvalidInput, PenstockError
from penstock.kit.ids import new_uuid

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

RESPONSE_HEADERS = {
    # Answers hold personal data; neither browsers nor proxies keep them (RFC 9111, 5.2.2.5).
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


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

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in RESPONSE_HEADERS.items():
                    headers.setdefault(name, value)
                headers["X-HubSpot-Correlation-Id"] = number
            await send(message)

        if (refusal := refuse(scope)) is not None:
            await error_response(refusal, number)(scope, receive, send_with_headers)
            return
        path = scope["path"]
        if len(path) > 1 and path.endswith("/"):
            # HubSpot's Python client ends some paths with a slash, its Node client does not. Both are the same
            # route; a redirect would lose the body of a POST in many clients.
            scope = {**scope, "path": path.rstrip("/") or "/"}
        await self._app(scope, receive, send_with_headers)


def refuse(scope: Scope) -> PenstockError | None:
    """Why a request is not looked at: sent by another site's page, or with a character no route can take."""
    headers = Headers(scope=scope)
    if scope["method"] not in SAFE_METHODS and _cross_site(headers):
        return Forbidden(
            "Another site's page sent this request.", remedy="Send it from Penstock's own address."
        )
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return InvalidInput("The address holds the character U+0000.", remedy="Remove it; no name holds it.")
    return None


def _cross_site(headers: Headers) -> bool:
    """Browsers say where a request comes from by Sec-Fetch-Site, older ones by Origin; other clients by neither."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
