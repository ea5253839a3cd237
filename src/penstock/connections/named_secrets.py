"""Secrets that people store under a name and workflows use by that name, such as the API key a webhook sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.connections.vault import Vault
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection

LONGEST_NAME = 100  # characters
LONGEST_VALUE = 4096  # characters: it has to fit into one header line

LIST = """
SELECT id, name, last_four, created_at, changed_at FROM secrets
WHERE workspace_id = $1 AND kind = 'named' ORDER BY lower(name), id
"""
FIND = "SELECT id FROM secrets WHERE workspace_id = $1 AND kind = 'named' AND name = $2"


@dataclass(frozen=True, slots=True)
class NamedSecret:
    """What can be known of a stored secret: it is set, how it ends, and when it changed (security R5)."""

    id: int
    name: str
    last_four: str
    created_at: datetime
    changed_at: datetime


async def put(db: Connection, vault: Vault, workspace_id: int, actor: Actor, name: str, value: str) -> int:
    """Stores a secret, in place of one of the same name; returns its id.

    Raises InvalidInput for an empty or long name or value, and for control characters: a secret is sent in a
    header, where a line break would begin another header.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput(
            f"name has {len(name)} characters or a control character among them.",
            remedy=f"Use 1 to {LONGEST_NAME} printable characters.",
        )
    check_secret("value", value)
    secret_id = await vault.put(db, workspace_id, "named", name, value)
    await audit.record(db, actor, "secret.stored", "secret", secret_id, {"kind": "named", "name": name})
    return secret_id


async def list_secrets(db: Connection, workspace_id: int) -> list[NamedSecret]:
    """The named secrets of a workspace by name; their values are not to be had."""
    return [NamedSecret(**dict(row.items())) for row in await db.fetch(LIST, workspace_id)]


async def delete(db: Connection, vault: Vault, workspace_id: int, actor: Actor, name: str) -> None:
    """Deletes a secret; workflows that name it fail visibly from now on. Raises NotFound when there is none."""
    secret_id = await db.fetchval(FIND, workspace_id, name)
    if secret_id is None:
        raise NotFound(
            f"There is no secret named '{name}' here.", remedy="List the secrets to see their names."
        )
    await vault.delete(db, workspace_id, secret_id)
    await audit.record(db, actor, "secret.deleted", "secret", secret_id, {"kind": "named", "name": name})


def check_secret(field: str, value: str) -> None:
    """Raises InvalidInput, describing the shape and never the text, when a value cannot be sent as a secret."""
    if not value or len(value) > LONGEST_VALUE:
        raise InvalidInput(
            f"{field} has {len(value)} characters.",
            remedy=f"Paste the whole secret, 1 to {LONGEST_VALUE} characters.",
        )
    if not (value.isascii() and value.isprintable()) or value != value.strip():
        raise InvalidInput(
            f"{field} has {len(value)} characters, among them white space at an end, a control character, or one that is not ASCII.",
            remedy="Paste the secret alone, without quotes, spaces or line breaks around it.",
        )
