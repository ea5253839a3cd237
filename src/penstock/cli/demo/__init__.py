"""`penstock demo`: from an empty folder to real records answered by a real model, in one command."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from penstock.bootstrap import Penstock, open_penstock, work
from penstock.cli.command import command, group
from penstock.cli.demo import steps, table
from penstock.cli.demo.watch import Stopwatch
from penstock.cli.output import output
from penstock.cli.session import tell_owner_token
from penstock.errors import ConfigurationProblem
from penstock.settings import Settings

GRACE_SECONDS = 5.0  # whoever ends a demo early does not want to wait for its answers

app = group("See it work.")


@command(app, "demo")
async def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End after the table; exit status 1 if an enrollment failed.")
    ] = False,
    records: Annotated[int, typer.Option("--records", min=1, max=1000, help="Complaints to import.")] = 60,
    enroll: Annotated[
        int, typer.Option("--enroll", min=1, max=1000, help="Tickets to send through the workflow.")
    ] = 20,
    home: Annotated[
        Path | None, typer.Option("--home", help="Folder for the database and models; default PENSTOCK_HOME.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="Model to use; a small one when left out.")
    ] = None,
) -> None:
    """Triage real complaints with a real language model, and show how often it agrees with people.

    Uses the provider whose key is in PENSTOCK_OPENAI_API_KEY, PENSTOCK_ANTHROPIC_API_KEY, PENSTOCK_COHERE_API_KEY,
    PENSTOCK_XAI_API_KEY or PENSTOCK_GOOGLE_API_KEY; without one, a model that runs on this machine.
    """
    settings = Settings.from_environment()
    if home is not None:
        settings = dataclasses.replace(settings, home=home.expanduser().absolute())
    watch = Stopwatch()
    async with contextlib.AsyncExitStack() as stack:
        listener = None if once else stack.enter_context(contextlib.closing(_listen(settings)))
        with watch.phase("Start Penstock"):
            penstock = await stack.enter_async_context(open_penstock(settings))
            engine = await stack.enter_async_context(work(penstock, grace_seconds=GRACE_SECONDS))
        wishes = steps.Wishes(records, enroll, model)
        report = await steps.run(penstock, engine, watch, wishes, os.environ)
        table.show(report)
        if home is not None:
            output.line(f"Other commands find this demo with PENSTOCK_HOME={settings.home}")
        if listener is not None:
            await _serve(penstock, settings, listener)
        else:
            tell_owner_token(penstock)
            if report.failed:
                raise typer.Exit(1)


# The server is imported where it is needed: the web framework takes half a second that other commands need not wait.
def _listen(settings: Settings) -> socket.socket:
    """The port of the settings, or a free one when it is taken: a demo should not fail for that."""
    from penstock.api.server import listen

    try:
        return listen(settings.host, settings.port)
    except ConfigurationProblem as problem:
        output.note(f"{problem.message} The demo uses a free port instead.")
        return listen(settings.host, 0)


async def _serve(penstock: Penstock, settings: Settings, listener: socket.socket) -> None:
    from penstock.api.server import announce, server_for

    announce(penstock, listener, settings, output.line)
    output.line("Serving until Ctrl-C.")
    await server_for(penstock, settings).serve(sockets=[listener])
