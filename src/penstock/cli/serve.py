"""`penstock serve`: the screens, the HTTP API and, unless told otherwise, a worker in the same process."""

from __future__ import annotations

from penstock.cli.command import command, group
from penstock.cli.output import output
from penstock.kit.log import configure as configure_log
from penstock.settings import Settings

app = group("Run the server.")


@command(app, "serve")
async def serve() -> None:
    """Serve the screens and the HTTP API on PENSTOCK_HOST:PENSTOCK_PORT until SIGTERM or Ctrl-C."""
    # Imported here, because the web framework takes half a second that other commands need not wait.
    from penstock.api.server import serve as serve_site
    from penstock.web.screens import Screens

    settings = Settings.from_environment()
    configure_log(settings.log_level)
    await serve_site(settings, output.line, Screens(hsts=settings.hsts))
