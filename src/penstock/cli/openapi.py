"""`penstock openapi`: the description of the HTTP API, for the generators of clients."""

from __future__ import annotations

from penstock.cli.command import command, group
from penstock.cli.output import output

app = group("Describe the API.")


@command(app, "openapi")
async def openapi() -> None:
    """Print the OpenAPI 3.1 document of the HTTP API, as GET /openapi.json serves it. Needs no database."""
    # Imported here, because the web framework takes half a second that other commands need not wait.
    from penstock.api.app import describe

    output.document(describe())
