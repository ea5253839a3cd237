"""`penstock serve`: the HTTP API and, unless told otherwise, a worker in the same process."""

from __future__ import annotations

from penstock.cli.command import command, group
from penstock.cli.output import output
from penstock.kit.log import configure as configure_log
from penstock.settings import Settings

app = group("Run the server.")


@command(app, "serve")
async def serve() -> None:
    """Serve the HTTP API on PENSTOCK_HOST:PENSTOCK_PORT until SIGTERM or Ctrl-C."""
    # Imported here, because the web framework takes half a second that other commands need not wait.
    from penstock.api.server import serve as serve_api

    settings = Settings.from_environment()
    configure_log(settings.log_level)
    await serve_api(settings, output.line)
