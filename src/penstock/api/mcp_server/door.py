"""The route `/mcp`: who may come in, and the hand-over to the SDK's transport (streamable HTTP, no sessions)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from starlette.types import Receive, Scope, Send

from penstock.api.limits import LimitedRequest
from penstock.api.origins import from_a_known_page
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.errors import Forbidden, NotFound, Unauthenticated

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

MOST_BYTES = 4 * 1024 * 1024


class McpRoute(GuardedRoute):
    """A route whose body the transport reads."""

    async def read_body(self, request: LimitedRequest) -> None:
        """Leaves the body where it is."""


router = APIRouter(route_class=McpRoute, tags=["mcp"])


class McpServer:
    """The SDK's server of one process, loaded and started with its first message: most processes never need it."""

    def __init__(self) -> None:
        self._serving: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[StreamableHTTPSessionManager] | None = None
        self._over = asyncio.Event()

    async def manager(self) -> StreamableHTTPSessionManager:
        """The running transport."""
        if self._ready is None:
            self._ready = asyncio.get_running_loop().create_future()
            self._serving = asyncio.create_task(self._serve(self._ready), name="mcp server")
        return await asyncio.shield(self._ready)

    async def stop(self) -> None:
        """Ends it; messages under way are cut off."""
        self._over.set()
        if self._serving is not None:
            await self._serving

    async def _serve(self, ready: asyncio.Future[StreamableHTTPSessionManager]) -> None:
        # One task enters and leaves the transport, because its task group belongs to the task that opened it.
        try:
            manager = await asyncio.to_thread(_load)
            async with manager.run():
                ready.set_result(manager)
                await self._over.wait()
        except Exception as error:  # noqa: BLE001 - whoever asked gets it, and the next one tries again
            self._ready = None
            if not ready.done():
                ready.set_exception(error)


def _load() -> StreamableHTTPSessionManager:
    """Loads the SDK, which takes some tenths of a second, in a thread of its own."""
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from penstock.api.mcp_server.server import make_server

    # `from_a_known_page` looks at Origin and knows the operator's address; the SDK's own check does not.
    return StreamableHTTPSessionManager(
        make_server(), json_response=True, stateless=True, max_request_body_size=MOST_BYTES
    )


class _HandedOver(Response):
    """An answer that the transport writes."""

    def __init__(self, manager: StreamableHTTPSessionManager) -> None:
        super().__init__()
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets the transport read the request and answer it."""
        await self._manager.handle_request(scope, receive, send)


@router.post("", include_in_schema=False)
async def message(request: Request, call: Caller) -> Response:
    """One message of the Model Context Protocol, from a program with an API token."""
    if not call.app.settings.mcp:
        raise NotFound("The MCP server is switched off.", remedy="Set PENSTOCK_MCP to 1 to switch it on.")
    if not from_a_known_page(request.headers, call.app.settings.public_url):
        raise Forbidden(
            "The page that sent this is under a name that Penstock does not know as its own.",
            remedy="Set PENSTOCK_PUBLIC_URL to the address people use, or call from a program.",
        )
    if call.signed_in is not None:
        raise Unauthenticated(
            "The MCP server takes API tokens, no sessions.",
            remedy="Send the header Authorization: Bearer pst_….",
        )
    server: McpServer = request.app.state.mcp_server
    return _HandedOver(await server.manager())
