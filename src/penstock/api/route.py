"""The route class of the API: the caller is checked before the body is read, and no failure leaves without a body."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from penstock.api.errors import unexpected_response
from penstock.api.limits import BODY_BYTES, IMPORT_BYTES, LimitedRequest, is_json, limited
from penstock.api.security import admit
from penstock.errors import PenstockError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class GuardedRoute(APIRoute):
    """A route that admits callers by the permission that `access.ACCESS` gives it."""

    most_bytes = BODY_BYTES

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        # HubSpot leaves out what is not there instead of sending null; so a shape holds what was set.
        options["response_model_exclude_unset"] = True
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        """Wraps FastAPI's handler, which would read the body first and ask who is calling later."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                permission = request.app.state.access[self.endpoint]
                if permission is not None:
                    request.state.call = await admit(request, permission)
                receive = limited(request.receive, request.headers, self.most_bytes)
                safe = LimitedRequest(request.scope, receive)
                await self.read_body(safe)
                return await handle(safe)
            except (PenstockError, HTTPException, RequestValidationError):
                raise
            except Exception as error:  # noqa: BLE001 - the last net: logged with its id, answered without detail
                return unexpected_response(error, request)

        return guarded

    async def read_body(self, request: LimitedRequest) -> None:
        """Reads the body now, where the errors of reading keep their meaning; FastAPI finds it read."""
        if is_json(request.headers) and await request.body():
            try:
                await request.json()
            except ValueError as error:
                reason = getattr(error, "msg", "not JSON")
                place = {"type": "json_invalid", "loc": ("body",), "msg": f"The body is not JSON: {reason}"}
                raise RequestValidationError([place]) from None


class UploadRoute(GuardedRoute):
    """A route that takes a file, streamed to disk while it arrives."""

    most_bytes = IMPORT_BYTES

    async def read_body(self, request: LimitedRequest) -> None:
        """Multipart bodies go to a temporary file beyond 1 MB."""
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            await request.form(max_files=1, max_fields=20)
        else:
            await super().read_body(request)
