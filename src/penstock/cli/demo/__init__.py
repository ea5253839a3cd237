"""`penstock demo`: from an empty folder to real records answered by a real model, in one command."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from pathlib import Path
from typing import Annotated

import typer

from penstock.bootstrap import open_penstock, work
from penstock.cli.command import command, group
from penstock.cli.demo import serving, steps, table
from penstock.cli.demo.watch import Stopwatch
from penstock.cli.output import output
from penstock.cli.session import tell_owner_token
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
        listener = (
            None if once else stack.enter_context(contextlib.closing(serving.listen_somewhere(settings)))
        )
        with watch.phase("Start Penstock"):
            penstock = await stack.enter_async_context(open_penstock(settings))
            engine = await stack.enter_async_context(work(penstock, grace_seconds=GRACE_SECONDS))
        wishes = steps.Wishes(records, enroll, model)
        report = await steps.run(penstock, engine, watch, wishes, os.environ)
        table.show(report)
        if home is not None:
            output.line(f"Other commands find this demo with PENSTOCK_HOME={settings.home}")
        if listener is not None:
            await serving.serve(penstock, settings, listener, report.answers)
        else:
            tell_owner_token(penstock)
            if report.failed:
                raise typer.Exit(1)
