"""What a command works with: the process put together, and who is asking."""

from __future__ import annotations

import contextlib
import getpass
from collections.abc import AsyncIterator

from penstock.accounts.actors import Actor, command_line
from penstock.bootstrap import Penstock, open_penstock
from penstock.cli.output import output
from penstock.settings import Settings


@contextlib.asynccontextmanager
async def session(settings: Settings | None = None) -> AsyncIterator[tuple[Penstock, Actor]]:
    """Opens Penstock for one command; a server may be running beside it on the same database.

    Raises ConfigurationProblem or DatabaseProblem when it cannot be opened.
    """
    async with open_penstock(settings or Settings.from_environment(), pool_size=4) as penstock:
        tell_owner_token(penstock)
        yield penstock, command_line(penstock.workspace_id, _user_name())


def tell_owner_token(penstock: Penstock) -> None:
    """Shows the owner's token at the very first start; it cannot be shown again."""
    if penstock.owner_token is not None:
        output.err.print(
            f"First start. Token of the owner, shown only now: {penstock.owner_token}",
            style="bold",
            soft_wrap=True,
            markup=False,
        )


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under an id without a name
        return "command line"
