"""How the demo goes on when its table is printed: it serves the screens and signs its user in on the run page.

The server is imported where it is needed: the web framework takes half a second that other commands need not wait.
"""

from __future__ import annotations

import os
import socket
import sys
import webbrowser
from collections.abc import Mapping, Sequence

from penstock.accounts import links
from penstock.accounts.actors import command_line
from penstock.accounts.first_start import first_owner
from penstock.bootstrap import Penstock
from penstock.cli.demo.results import Answer
from penstock.cli.output import output
from penstock.errors import ConfigurationProblem
from penstock.kit.database import transaction
from penstock.settings import Settings


def listen_somewhere(settings: Settings) -> socket.socket:
    """The port of the settings, or a free one when it is taken: a demo should not fail for that."""
    from penstock.api.server import listen

    try:
        return listen(settings.host, settings.port)
    except ConfigurationProblem as problem:
        output.note(f"{problem.message} The demo uses a free port instead.")
        return listen(settings.host, 0)


async def serve(
    penstock: Penstock, settings: Settings, listener: socket.socket, answers: Sequence[Answer]
) -> None:
    """Prints a link that signs in as the owner and shows a run, opens it where there is a desktop, and serves."""
    from penstock.api.server import address_of, announce, server_for
    from penstock.web.screens import Screens

    announce(penstock, listener, settings, output.line)
    link = address_of(listener, settings) + await sign_in_path(penstock, shown_run(answers))
    output.line(f"See it in your browser, signed in as the owner: {link}", style="bold")
    output.line(
        "The link is valid once and for 10 minutes; `penstock sign-in-link` prints another. Ctrl-C ends the demo."
    )
    server = server_for(penstock, settings, Screens(hsts=settings.hsts))
    # The socket listens already: the browser's first request waits in it until the server is there.
    if has_desktop(os.environ, sys.platform, terminal=sys.stdout.isatty()):
        webbrowser.open(link)
    await server.serve(sockets=[listener])


async def sign_in_path(penstock: Penstock, run_id: int | None) -> str:
    """The path of a one-time link that signs in as the owner and goes to a run, or to the list of workflows."""
    actor = command_line(penstock.workspace_id, "demo")
    async with transaction(penstock.pool) as db:
        owner = await first_owner(db, penstock.workspace_id)
        issued = await links.issue(db, actor, "sign_in", owner, at=penstock.clock.now())
    return links.path(issued.token, "/workflows" if run_id is None else f"/runs/{run_id}")


def shown_run(answers: Sequence[Answer]) -> int | None:
    """The run worth looking at: one that went the longest way, to the e-mail; None when there are no runs."""
    ranked = sorted(answers, key=lambda one: (one.status != "COMPLETED", one.urgency != "high"))
    return ranked[0].run_id if ranked else None


def has_desktop(environ: Mapping[str, str], platform: str, *, terminal: bool) -> bool:
    """Whether a person sits at this machine with a screen. Without one, `webbrowser` may open a text browser."""
    if not terminal or "CI" in environ or "SSH_CONNECTION" in environ:
        return False
    return platform in {"darwin", "win32"} or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
