"""A connection on the command line: by its id or its name."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.connections import connections
from penstock.connections.connections import ProviderConnection
from penstock.errors import NotFound
from penstock.kit.database import Connection

Named = Annotated[str, typer.Argument(metavar="CONNECTION", help="The connection's id or name.")]


async def named(db: Connection, workspace_id: int, id_or_name: str) -> ProviderConnection:
    """The connection with this id or name. Raises NotFound."""
    if id_or_name.isascii() and id_or_name.isdecimal():
        return await connections.get(db, workspace_id, int(id_or_name))
    found = await connections.by_name(db, workspace_id, id_or_name)
    if found is None:
        raise NotFound(
            f"There is no connection named '{id_or_name}'.",
            remedy="List them with `penstock connections list`.",
        )
    return found
