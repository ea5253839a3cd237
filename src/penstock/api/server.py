"""Runs the API as a web server, with a worker in the same process unless that is switched off."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator

import structlog
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from penstock.accounts.first_start import first_owner_link
from penstock.accounts.links import path as link_path
from penstock.api.app import create_app
from penstock.api.site import Site
from penstock.bootstrap import Penstock, open_penstock, work
from penstock.crm.imports import fail_interrupted
from penstock.errors import ConfigurationProblem
from penstock.kit import startup_objects
from penstock.kit.database import transaction
from penstock.settings import Settings

log = structlog.get_logger(__name__)

BACKLOG = 2048
GRACE_SECONDS = 20

Say = Callable[[str], None]


class Server(uvicorn.Server):
    """uvicorn that only ends itself on SIGINT or SIGTERM.

    Its own way is to send the signal to the process once more when it is done, which would end the process
    before the worker has handed its work back and the embedded database has stopped.
    """

    def __init__(self, config: uvicorn.Config, api: FastAPI) -> None:
        super().__init__(config)
        self._api = api

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends the live pages first: they are answers that never end, and the server waits for all answers."""
        if (live := getattr(self._api.state, "live", None)) is not None:
            live.close()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The first signal ends the server gracefully, a second SIGINT at once. Only a main thread gets signals."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)


async def serve(settings: Settings, say: Say | None = None, screens: ASGIApp | None = None) -> None:
    """Serves until SIGINT or SIGTERM, then finishes what is under way for up to 20 seconds.

    `screens` answers what is no path of the API. `say` gets lines for people: the address, at the very first start
    the owner's token, which is never shown again, and a one-time link until an owner has a password. Raises
    ConfigurationProblem when the address cannot be listened on, and DatabaseProblem.
    """
    tell = say or _print
    listener = listen(settings.host, settings.port)
    with contextlib.closing(listener):
        async with contextlib.AsyncExitStack() as stack:
            app = await stack.enter_async_context(open_penstock(settings))
            async with app.pool.acquire() as db:
                await fail_interrupted(db)
            if settings.workers_in_serve:
                await stack.enter_async_context(work(app))
            server = server_for(app, settings, screens)
            announce(app, listener, settings, tell)
            await announce_first_owner_link(app, listener, settings, tell)
            startup_objects.freeze()
            await server.serve(sockets=[listener])


def server_for(app: Penstock, settings: Settings, screens: ASGIApp | None = None) -> Server:
    """A uvicorn server over API and screens, without access log and without a loop of its own."""
    api = create_app(app)
    config = uvicorn.Config(
        api if screens is None else Site(api, screens),
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=settings.log_level == "DEBUG",
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        # Only a proxy on this machine is believed about who its callers are.
        forwarded_allow_ips="127.0.0.1,::1",
    )
    return Server(config, api)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises ConfigurationProblem naming setting and remedy.

    Taken before the database starts, so that a second server on the same port says so at once.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(BACKLOG)
            listener.setblocking(False)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise _cannot_listen(host, port, error) from error
    return listener


def announce(app: Penstock, listener: socket.socket, settings: Settings, say: Say) -> None:
    """Tells people where Penstock is, and the owner's token at the very first start."""
    say(f"Penstock is at {address_of(listener, settings)}")
    if app.owner_token is not None:
        say(f"Your API token, shown only this once: {app.owner_token}")


async def announce_first_owner_link(
    app: Penstock, listener: socket.socket, settings: Settings, say: Say
) -> None:
    """Tells whoever starts the server how to become its owner, until an owner has a password (security R26)."""
    async with transaction(app.pool) as db:
        issued = await first_owner_link(db, app.workspace_id, at=app.clock.now())
    if issued is not None:
        say(
            "Set up the owner's account with this link, valid once and for 24 hours: "
            f"{address_of(listener, settings)}{link_path(issued.token)}"
        )


def address_of(listener: socket.socket, settings: Settings) -> str:
    """Where people reach this server: the operator's word if there is one, else what it listens on."""
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    shown = f"[{host}]" if ":" in host else host
    return settings.public_url or f"http://{shown}:{port}"


def run(settings: Settings) -> None:
    """Serves in an event loop of uvloop, where there is one; for the command line."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(serve(settings))


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's, or None for asyncio's own where uvloop does not exist (Windows)."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


def _cannot_listen(host: str, port: int, error: OSError) -> ConfigurationProblem:
    if error.errno == errno.EADDRINUSE:
        return ConfigurationProblem(
            f"Port {port} of {host} is taken by another program.",
            remedy="Stop that program, or set PENSTOCK_PORT to a free port.",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return ConfigurationProblem(
            f"This user may not listen on port {port}.", remedy="Set PENSTOCK_PORT to a port above 1023."
        )
    return ConfigurationProblem(
        f"Penstock cannot listen on {host}, port {port}: {error.strerror or error}.",
        remedy="Set PENSTOCK_HOST to an address of this machine and PENSTOCK_PORT to a free port.",
    )


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
