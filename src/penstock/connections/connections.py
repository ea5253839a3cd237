"""LLM connections: a provider, a name, a sealed API key. Several a provider; looked up by id or name.

What asks the provider before it is saved (connect, replace the key, change, test) is in `connecting`, the owner's
limits are in `limits`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import asyncpg

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.connections.vault import Vault
from penstock.errors import AlreadyExists, InvalidInput, NotFound
from penstock.kit.database import Connection, Row
from penstock.settings import PROVIDER_KEYS

# The five with an API of their own, any server that speaks OpenAI's, and the model that runs on this machine.
PROVIDERS: tuple[str, ...] = (*PROVIDER_KEYS, "compatible", "local")
LONGEST_NAME = 100  # characters
LONGEST_DETAIL = 1000  # characters

SELECT = """
SELECT c.id, c.workspace_id, c.name, c.provider, c.base_url, c.status, c.status_detail, c.status_code, coalesce(s.last_four, '') AS last_four,
       coalesce(s.changed_at, c.created_at) AS changed_at, c.verified_at, c.created_at, c.concurrency,
       c.requests_per_minute, c.tokens_per_minute
FROM connections c LEFT JOIN secrets s ON s.id = c.secret_id AND s.workspace_id = c.workspace_id
WHERE c.workspace_id = $1 AND c.uninstalled_at IS NULL
"""
BY_ID = SELECT + "AND c.id = $2"
BY_NAME = SELECT + "AND lower(c.name) = lower($2)"  # served by connections_name
LIST = SELECT + "ORDER BY lower(c.name)"
NAME = "SELECT name FROM connections WHERE workspace_id = $1 AND id = $2"
# The documents of live flows in their current revision. A workspace has few flows and this is a screen's query.
FLOWS = """
SELECT DISTINCT f.id, f.name, f.is_enabled, named.value #>> '{}' AS connection
FROM flows f JOIN flow_revisions r ON r.flow_id = f.id AND r.revision_id = f.revision_id
CROSS JOIN LATERAL jsonb_path_query(r.document, '$.actions[*].fields.**{0 to 2}.connection_id') AS named (value)
WHERE f.workspace_id = $1 AND f.deleted_at IS NULL
ORDER BY f.id
"""
RENAME = "UPDATE connections SET name = $3, updated_at = now() WHERE workspace_id = $1 AND id = $2 AND uninstalled_at IS NULL"
# A worker may report the same trouble for thousands of records: only the first of them writes.
NEEDS_ATTENTION = """
UPDATE connections SET status = 'needs_attention', status_detail = $3, status_code = $4, updated_at = now()
WHERE workspace_id = $1 AND id = $2 AND uninstalled_at IS NULL
  AND (status, status_detail, status_code) <> ('needs_attention', $3, $4)
"""
# Only the state that was refused: a key that was replaced or tested since then is not to blame.
REFUSED = """
UPDATE connections SET status = 'needs_attention', status_detail = $3, status_code = $4, updated_at = now()
WHERE workspace_id = $1 AND id = $2 AND uninstalled_at IS NULL AND verified_at IS NOT DISTINCT FROM $5
  AND (status, status_detail, status_code) <> ('needs_attention', $3, $4)
"""
# The row stays: steps and calls of the past refer to it.
UNINSTALL = """
WITH before AS (
    SELECT id, secret_id FROM connections WHERE workspace_id = $1 AND id = $2 AND uninstalled_at IS NULL FOR UPDATE
)
UPDATE connections c SET uninstalled_at = now(), updated_at = now(), secret_id = NULL, verified_at = NULL, status_detail = '',
    status_code = ''
FROM before WHERE c.id = before.id
RETURNING before.secret_id
"""
FORGET_MODELS = "DELETE FROM model_lists WHERE connection_id = $1"


@dataclass(frozen=True, slots=True)
class ProviderConnection:
    """A connection as everybody may see it: of the key, that it is set, how it ends and when it changed (R5).

    `base_url` None is the provider's own address. `concurrency` is how many calls all workers together make at a
    time; `requests_per_minute` and `tokens_per_minute` are the owner's own limits (None: the provider's alone).
    """

    id: int
    workspace_id: int
    name: str
    provider: str
    base_url: str | None
    status: Literal["connected", "needs_attention"]
    status_detail: str
    status_code: str
    last_four: str
    changed_at: datetime
    verified_at: datetime | None
    created_at: datetime
    concurrency: int
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class FlowUse:
    """A live flow that calls through a connection."""

    id: int
    name: str
    is_enabled: bool


@dataclass(frozen=True, slots=True)
class ListedConnection:
    """A connection and the flows that would miss it."""

    connection: ProviderConnection
    flows: tuple[FlowUse, ...]


async def find(db: Connection, workspace_id: int, connection_id: int) -> ProviderConnection | None:
    """The connection with this id, or None when there is none or it was uninstalled."""
    row = await db.fetchrow(BY_ID, workspace_id, connection_id)
    return None if row is None else _connection(row)


async def get(db: Connection, workspace_id: int, connection_id: int) -> ProviderConnection:
    """The connection with this id. Raises NotFound when there is none or it was uninstalled."""
    found = await find(db, workspace_id, connection_id)
    if found is None:
        raise _missing(connection_id)
    return found


async def name_of(db: Connection, workspace_id: int, connection_id: int) -> str | None:
    """What the connection with this id is or was called; None when there never was one."""
    name: str | None = await db.fetchval(NAME, workspace_id, connection_id)
    return name


async def by_name(db: Connection, workspace_id: int, name: str) -> ProviderConnection | None:
    """The connection with this name in any spelling of case, or None."""
    row = await db.fetchrow(BY_NAME, workspace_id, name.strip())
    return None if row is None else _connection(row)


async def list_connections(db: Connection, workspace_id: int) -> list[ListedConnection]:
    """The connections of a workspace by name, each with the live flows whose current revision uses it."""
    connections = [_connection(row) for row in await db.fetch(LIST, workspace_id)]
    uses: dict[str, dict[int, FlowUse]] = {}
    for row in await db.fetch(FLOWS, workspace_id):
        # A flow names its connection by id; documents written by hand may do so by name.
        use = FlowUse(row["id"], row["name"], row["is_enabled"])
        uses.setdefault(str(row["connection"]).lower(), {})[use.id] = use
    return [
        ListedConnection(one, tuple({**uses.get(str(one.id), {}), **uses.get(one.name.lower(), {})}.values()))
        for one in connections
    ]


async def rename(
    db: Connection, workspace_id: int, actor: Actor, connection_id: int, name: str
) -> ProviderConnection:
    """Gives a connection another name. Raises InvalidInput, NotFound, and Conflict when the name is taken."""
    name = normalised_name(name)
    before = await get(db, workspace_id, connection_id)
    try:
        await db.execute(RENAME, workspace_id, connection_id, name)
    except asyncpg.UniqueViolationError:
        raise name_taken(name) from None
    await audit.record(
        db, actor, "connection.renamed", "connection", connection_id, {"from": before.name, "to": name}
    )
    return await get(db, workspace_id, connection_id)


async def mark_needs_attention(
    db: Connection, workspace_id: int, connection_id: int, detail: str, code: str
) -> None:
    """Says on a connection that people must look at it, and why; a missing connection is left alone.

    `detail` is a sentence for people, without the key; it is cut at 1,000 characters. `code` is that of the failure,
    such as OUT_OF_MONEY, or "" when it has none.
    """
    await db.execute(NEEDS_ATTENTION, workspace_id, connection_id, detail[:LONGEST_DETAIL], code)


async def refused(db: Connection, connection: ProviderConnection, detail: str, code: str) -> None:
    """Says that the provider refused a call that was made in this state of the connection.

    Nothing happens when the connection was tested or got another key since it was read: then the refusal is
    of the past. `detail` and `code` as in `mark_needs_attention`.
    """
    shortened = detail[:LONGEST_DETAIL]
    await db.execute(REFUSED, connection.workspace_id, connection.id, shortened, code, connection.verified_at)


async def uninstall(
    db: Connection, vault: Vault, workspace_id: int, actor: Actor, connection_id: int
) -> None:
    """Ends a connection: its key is deleted at once, and steps that use it fail visibly from now on.

    Raises NotFound when there is none, or it was uninstalled before.
    """
    row = await db.fetchrow(UNINSTALL, workspace_id, connection_id)
    if row is None:
        raise _missing(connection_id)
    if row["secret_id"] is not None:
        await vault.delete(db, workspace_id, row["secret_id"])
    await db.execute(FORGET_MODELS, connection_id)
    await audit.record(db, actor, "connection.uninstalled", "connection", connection_id)


def normalised_name(name: str) -> str:
    """The name without surrounding spaces. Raises InvalidInput when it is empty, long or not printable."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput(
            f"name has {len(name)} characters or a control character among them.",
            remedy=f"Use 1 to {LONGEST_NAME} printable characters.",
        )
    return name


def name_taken(name: str) -> AlreadyExists:
    """The error for a name that another connection has, in whatever spelling of case."""
    return AlreadyExists(
        f"There is a connection named '{name}' already.",
        remedy="Choose another name, or replace that one's key.",
    )


def _missing(connection_id: int) -> NotFound:
    return NotFound(
        f"There is no connection {connection_id} here.", remedy="List the connections to see their ids."
    )


def _connection(row: Row) -> ProviderConnection:
    return ProviderConnection(**dict(row.items()))
