"""What asks the provider first: connect, replace the key, change the address, test.

A key is saved only after the provider accepted it, and a key is never sent to an address that was not entered
together with it (security R6). The provider may take seconds to answer, so these functions must not be called
within a transaction: they ask first and then write in a short one of their own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.connections.base_url import normalised_base_url
from penstock.connections.connections import (
    PROVIDERS,
    ProviderConnection,
    by_name,
    get,
    mark_needs_attention,
    name_taken,
    normalised_name,
)
from penstock.connections.named_secrets import check_secret
from penstock.connections.vault import Vault, name_of_key
from penstock.errors import InvalidInput, NotFound, PenstockError
from penstock.kit.database import Connection
from penstock.kit.redact import redact
from penstock.kit.sealing import Secret

# Asks a provider whether it accepts a key: (provider, key, base URL or None). Raises an error that says why not.
Verify = Callable[[str, str, str | None], Awaitable[object]]

# Served by connections_name: of two that connect under one name in the same moment, one gets it.
INSERT = """
INSERT INTO connections (workspace_id, name, provider, base_url, verified_at) VALUES ($1, $2, $3, $4, now())
ON CONFLICT (workspace_id, lower(name)) WHERE uninstalled_at IS NULL DO NOTHING RETURNING id
"""
UPDATE = """
UPDATE connections SET provider = $3, base_url = $4, status = 'connected', status_detail = '', status_code = '',
    verified_at = now(), updated_at = now()
WHERE workspace_id = $1 AND id = $2 AND uninstalled_at IS NULL RETURNING id
"""
POINT_TO_KEY = "UPDATE connections SET secret_id = $3 WHERE workspace_id = $1 AND id = $2"
KEY_OF = "SELECT secret_id FROM connections WHERE workspace_id = $1 AND id = $2"
# The models of another address or provider are other models.
FORGET_MODELS = "DELETE FROM model_lists WHERE connection_id = $1"
# Only for the key that was tested: somebody may have replaced it while the provider was asked.
TESTED = """
UPDATE connections SET status = 'connected', status_detail = '', status_code = '',
    verified_at = now(), updated_at = now()
WHERE workspace_id = $1 AND id = $2 AND secret_id IS NOT DISTINCT FROM $3 AND uninstalled_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class _Access:
    """A provider, a key and an address that fit together."""

    provider: str
    key: Secret  # of an empty text where the provider needs none
    base_url: str | None


async def connect(
    db: Connection,
    vault: Vault,
    workspace_id: int,
    actor: Actor,
    *,
    provider: str,
    name: str,
    key: str,
    base_url: str | None,
    verify: Verify,
) -> ProviderConnection:
    """Connects a provider: checks what was entered, has the provider accept the key, and saves it sealed.

    `local` takes neither key nor base URL; `compatible` needs a base URL and may do without a key.
    Raises InvalidInput, Conflict when the name is taken, and whatever `verify` raises; then nothing is saved.
    """
    access = _access(provider, key, base_url)
    name = normalised_name(name)
    if await by_name(db, workspace_id, name) is not None:
        raise name_taken(name)
    await _ask(db, access, verify)
    async with db.transaction():
        connection_id = await db.fetchval(INSERT, workspace_id, name, access.provider, access.base_url)
        if connection_id is None:
            raise name_taken(name)
        await _keep(db, vault, workspace_id, connection_id, access)
        detail = {"provider": access.provider, "name": name, "base_url": access.base_url}
        await audit.record(db, actor, "connection.connected", "connection", connection_id, detail)
        return await get(db, workspace_id, connection_id)


async def replace_key(
    db: Connection,
    vault: Vault,
    workspace_id: int,
    actor: Actor,
    connection_id: int,
    *,
    key: str,
    verify: Verify,
) -> ProviderConnection:
    """Puts another key in place once the provider accepted it; until then the old one is used.

    Raises InvalidInput, NotFound, and whatever `verify` raises.
    """
    before = await get(db, workspace_id, connection_id)
    access = _access(before.provider, key, before.base_url)
    await _ask(db, access, verify)
    return await _save(db, vault, workspace_id, actor, connection_id, access, "connection.key_replaced")


async def change(
    db: Connection,
    vault: Vault,
    workspace_id: int,
    actor: Actor,
    connection_id: int,
    *,
    provider: str,
    base_url: str | None,
    key: str,
    verify: Verify,
) -> ProviderConnection:
    """Changes provider and address, for which the key must be entered again: a stored key never goes elsewhere (R6).

    Raises InvalidInput, NotFound, and whatever `verify` raises.
    """
    await get(db, workspace_id, connection_id)
    access = _access(provider, key, base_url)
    await _ask(db, access, verify)
    return await _save(db, vault, workspace_id, actor, connection_id, access, "connection.changed")


async def test(
    db: Connection, vault: Vault, workspace_id: int, actor: Actor, connection_id: int, *, verify: Verify
) -> ProviderConnection:
    """Asks the provider with the stored key, and notes on the connection what came of it.

    Raises NotFound and whatever `verify` raises. An error that is final for the key (all that are not marked
    `retriable`) puts the connection into needs attention before it is raised.
    """
    connection = await get(db, workspace_id, connection_id)
    secret_id = await db.fetchval(KEY_OF, workspace_id, connection_id)
    key = Secret("")
    if secret_id is not None:
        key = await vault.open(db, workspace_id, secret_id, reason="connection test", actor=actor)
    try:
        await _ask(db, _Access(connection.provider, key, connection.base_url), verify)
    except PenstockError as error:
        if not getattr(error, "retriable", False):
            code = error.context.get("kind", "").upper()
            await mark_needs_attention(db, workspace_id, connection_id, redact(error.message), code)
        raise
    await db.execute(TESTED, workspace_id, connection_id, secret_id)
    return await get(db, workspace_id, connection_id)


async def _ask(db: Connection, access: _Access, verify: Verify) -> None:
    if db.is_in_transaction():
        raise RuntimeError(
            "A provider must not be asked within a transaction; see the head of connections.connecting."
        )
    await verify(access.provider, access.key.reveal(), access.base_url)


async def _save(
    db: Connection,
    vault: Vault,
    workspace_id: int,
    actor: Actor,
    connection_id: int,
    access: _Access,
    deed: str,
) -> ProviderConnection:
    async with db.transaction():
        if await db.fetchval(UPDATE, workspace_id, connection_id, access.provider, access.base_url) is None:
            raise NotFound("The connection was uninstalled meanwhile.", remedy="Connect the provider again.")
        await _keep(db, vault, workspace_id, connection_id, access)
        await db.execute(FORGET_MODELS, connection_id)
        detail = {"provider": access.provider, "base_url": access.base_url}
        await audit.record(db, actor, deed, "connection", connection_id, detail)
        return await get(db, workspace_id, connection_id)


async def _keep(db: Connection, vault: Vault, workspace_id: int, connection_id: int, access: _Access) -> None:
    """Stores the key, or drops the old one where the new access has none."""
    before = await db.fetchval(KEY_OF, workspace_id, connection_id)
    after = None
    if plain := access.key.reveal():
        after = await vault.put(db, workspace_id, "llm_key", name_of_key(connection_id), plain)
    await db.execute(POINT_TO_KEY, workspace_id, connection_id, after)
    if before is not None and before != after:
        await vault.delete(db, workspace_id, before)


def _access(provider: str, key: str, base_url: str | None) -> _Access:
    key = key.strip()
    base_url = normalised_base_url(base_url) if base_url and base_url.strip() else None
    if provider not in PROVIDERS:
        raise InvalidInput(
            "provider is none that Penstock knows.", remedy=f"Use one of {', '.join(PROVIDERS)}."
        )
    if provider == "local" and (key or base_url):
        raise InvalidInput("The local model takes neither key nor base_url.", remedy="Leave both empty.")
    if provider == "compatible" and base_url is None:
        raise InvalidInput(
            "base_url is missing, without which nobody knows where the OpenAI-compatible server is.",
            remedy="Enter its address, such as https://llm.example.com/v1.",
        )
    if key:
        check_secret("key", key)
    elif provider not in {"local", "compatible"}:
        raise InvalidInput(
            f"key is empty; {provider} needs an API key.", remedy="Paste the key from the provider's console."
        )
    return _Access(provider, Secret(key), base_url)
