"""`penstock worker`: runs workflows until told to stop."""

from __future__ import annotations

import asyncio
import os
import signal

from penstock.bootstrap import open_penstock, work
from penstock.cli.command import command, group
from penstock.cli.output import output
from penstock.cli.session import tell_owner_token
from penstock.kit import startup_objects
from penstock.kit.log import configure as configure_log
from penstock.settings import Settings

app = group("Run a worker.")


@command(app, "worker")
async def worker() -> None:
    """Run workflows until SIGTERM or Ctrl-C; a second signal ends at once.

    Start as many as you like, on any machine, with the same PENSTOCK_DATABASE_URL and PENSTOCK_SECRET_KEY.
    """
    settings = Settings.from_environment()
    configure_log(settings.log_level)
    stop = asyncio.Event()
    listen_for_signals(stop)
    async with open_penstock(settings) as penstock:
        tell_owner_token(penstock)
        async with work(penstock):
            startup_objects.freeze()
            output.note("Working. Ctrl-C finishes the steps under way and ends.")
            await stop.wait()
            output.note("Finishing the steps under way; Ctrl-C again ends at once.")


def listen_for_signals(stop: asyncio.Event) -> None:
    """The first SIGTERM or SIGINT sets `stop`; the second ends the process, whose legs others then take over."""
    loop = asyncio.get_running_loop()

    def received(number: int) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, received, number)
