"""`penstock connect` and `penstock connections`: language-model providers and their keys."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.cli import connection_limits
from penstock.cli.command import command, group
from penstock.cli.connection_names import Named, named
from penstock.cli.keys import KEYLESS, read_key
from penstock.cli.output import Column, output
from penstock.cli.session import session
from penstock.connections import connecting, connections
from penstock.connections.connections import ListedConnection, ProviderConnection
from penstock.kit.database import transaction
from penstock.llm.providers import PROVIDERS

app = group("Connections to language-model providers.")
connect_app = group("Connect a provider.")

KeyStdin = Annotated[bool, typer.Option("--key-stdin", help="Read the API key from standard input.")]
KeyEnv = Annotated[
    str | None, typer.Option("--key-env", metavar="NAME", help="Read the API key from this variable.")
]

COLUMNS: tuple[Column[ListedConnection], ...] = (
    Column("Id", lambda listed: listed.connection.id, number=True),
    Column("Name", lambda listed: listed.connection.name),
    Column("Provider", lambda listed: listed.connection.provider),
    Column("Address", lambda listed: listed.connection.base_url or "default"),
    Column("Key ends in", lambda listed: listed.connection.last_four),
    Column("Changed", lambda listed: listed.connection.changed_at),
    Column(
        "Status",
        lambda listed: listed.connection.status.replace("_", " "),
        style=lambda listed: _style(listed.connection),
    ),
    Column("Detail", lambda listed: listed.connection.status_detail),
    Column("Workflows", lambda listed: [f"{flow.name} ({flow.id})" for flow in listed.flows]),
)


@command(connect_app, "connect")
async def connect(
    provider: Annotated[
        str, typer.Argument(metavar="PROVIDER", help=f"One of {', '.join(connections.PROVIDERS)}.")
    ],
    name: Annotated[
        str | None, typer.Option("--name", help="What to call it; the provider's name when left out.")
    ] = None,
    key_stdin: KeyStdin = False,
    key_env: KeyEnv = None,
    base_url: Annotated[
        str | None, typer.Option("--base-url", help="Another address, for gateways and compatible servers.")
    ] = None,
) -> None:
    """Connect a language-model provider. The key is checked with the provider before it is stored, sealed.

    Without --key-stdin or --key-env the key is asked for and not shown.
    """
    key = ""
    keyless = provider in KEYLESS and not key_stdin and key_env is None
    if not keyless and provider in connections.PROVIDERS:
        key = read_key(_key_help(provider), from_stdin=key_stdin, variable=key_env)
    async with session() as (penstock, actor), penstock.pool.acquire() as db:
        connected = await connecting.connect(
            db,
            penstock.vault,
            actor.workspace_id,
            actor,
            provider=provider,
            name=name or _title(provider),
            key=key,
            base_url=base_url,
            verify=penstock.llm.verify_key,
        )
    output.said(f"Connected {connected.name} ({connected.provider}) as connection {connected.id}.", connected)


@command(app, "list")
async def list_connections() -> None:
    """List connections and the workflows that use them."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await connections.list_connections(db, actor.workspace_id)
    output.results(found, COLUMNS, empty="No connections. Add one with: penstock connect PROVIDER")


@command(app, "test")
async def test(connection: Named) -> None:
    """Ask the provider whether it still accepts the stored key."""
    async with session() as (penstock, actor), penstock.pool.acquire() as db:
        found = await named(db, actor.workspace_id, connection)
        tested = await connecting.test(
            db, penstock.vault, actor.workspace_id, actor, found.id, verify=penstock.llm.verify_key
        )
    output.said(f"{tested.name} works.", tested)


@command(app, "replace-key")
async def replace_key(connection: Named, key_stdin: KeyStdin = False, key_env: KeyEnv = None) -> None:
    """Store another key once the provider accepted it; until then the old one is used."""
    async with session() as (penstock, actor), penstock.pool.acquire() as db:
        found = await named(db, actor.workspace_id, connection)
        key = read_key(_key_help(found.provider), from_stdin=key_stdin, variable=key_env)
        replaced = await connecting.replace_key(
            db, penstock.vault, actor.workspace_id, actor, found.id, key=key, verify=penstock.llm.verify_key
        )
    output.said(f"{replaced.name} uses the new key.", replaced)


@command(app, "rename")
async def rename(
    connection: Named, name: Annotated[str, typer.Argument(metavar="NAME", help="The new name.")]
) -> None:
    """Give a connection another name."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await named(db, actor.workspace_id, connection)
        renamed = await connections.rename(db, actor.workspace_id, actor, found.id, name)
    output.said(f"Connection {renamed.id} is called {renamed.name}.", renamed)


@command(app, "uninstall")
async def uninstall(connection: Named) -> None:
    """Delete a connection and its key; steps that use it stop with that cause."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await named(db, actor.workspace_id, connection)
        await connections.uninstall(db, penstock.vault, actor.workspace_id, actor, found.id)
    output.said(
        f"{found.name} is uninstalled and its key deleted.", {"id": str(found.id), "uninstalled": True}
    )


for _name, _function in (("limits", connection_limits.limits),):
    command(app, _name)(_function)


def _style(connection: ProviderConnection) -> str:
    return "red" if connection.status == "needs_attention" else "green"


def _title(provider: str) -> str:
    return PROVIDERS[provider].title if provider in PROVIDERS else provider


def _key_help(provider: str) -> str:
    return PROVIDERS[provider].key_help if provider in PROVIDERS else provider
