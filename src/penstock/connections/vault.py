"""The only code that opens stored secrets. Each is sealed to its workspace, kind and name (security R1), so that
a sealed text moved into another row does not open. Every opening leaves an audit row (R10).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Literal

from penstock.accounts import audit
from penstock.accounts.actors import Actor, system
from penstock.errors import NotFound
from penstock.kit.database import Connection, Row
from penstock.kit.sealing import Keyring, Secret

Kind = Literal["llm_key", "webhook_signing", "named"]

# How long one audited opening covers the uses of a secret by one process: a worker that makes a thousand calls
# a second must not write a thousand audit rows.
AUDIT_EVERY_SECONDS = 3600.0
MOST_KEPT_OPEN = 1000

PUT = """
INSERT INTO secrets (workspace_id, kind, name, sealed, last_four) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, kind, name)
DO UPDATE SET sealed = excluded.sealed, last_four = excluded.last_four, changed_at = clock_timestamp()
RETURNING id
"""
PUT_IF_ABSENT = """
INSERT INTO secrets (workspace_id, kind, name, sealed, last_four) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, kind, name) DO NOTHING
"""
BY_ID = "SELECT id, kind, name, sealed, changed_at FROM secrets WHERE workspace_id = $1 AND id = $2"
BY_NAME = "SELECT id, kind, name, sealed, changed_at FROM secrets WHERE workspace_id = $1 AND kind = $2 AND name = $3"
OF_CONNECTION = """
SELECT s.id, s.kind, s.name, s.sealed, s.changed_at
FROM connections c JOIN secrets s ON s.id = c.secret_id AND s.workspace_id = c.workspace_id
WHERE c.workspace_id = $1 AND c.id = $2 AND c.uninstalled_at IS NULL
"""
DELETE = "DELETE FROM secrets WHERE workspace_id = $1 AND id = $2"


def name_of_key(connection_id: int) -> str:
    """The name under which a connection's API key is stored and sealed; renaming the connection keeps it."""
    return f"connections/{connection_id}"


class Vault:
    """Seals and opens the secrets of all workspaces. One per process; safe to call concurrently."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._open: dict[tuple[int, datetime], tuple[Secret, float]] = {}
        self._fences: dict[int, bytes] = {}

    def fence_key(self, workspace_id: int) -> bytes:
        """The key of the fences in a workspace's prompts. It guards nothing that is stored, so its use is not audited."""
        found = self._fences.get(workspace_id)
        if found is None:
            found = self._fences[workspace_id] = self._keyring.derive(f"ws:{workspace_id}/prompt-fence")
        return found

    async def put(self, db: Connection, workspace_id: int, kind: Kind, name: str, plain: str) -> int:
        """Stores a secret under a name, in place of the one that was there; returns the secret's id."""
        sealed = self._keyring.seal(plain, _context(workspace_id, kind, name))
        return int(await db.fetchval(PUT, workspace_id, kind, name, sealed, last_four(plain)))

    async def open(
        self, db: Connection, workspace_id: int, secret_id: int, *, reason: str, actor: Actor
    ) -> Secret:
        """Opens one secret and notes who did so and why. Raises NotFound when there is none.

        Raises what `Keyring.open` raises when the key in use is not the one that sealed it.
        """
        row = await db.fetchrow(BY_ID, workspace_id, secret_id)
        if row is None:
            raise NotFound(f"There is no secret {secret_id} here.", remedy="Enter it again.")
        secret = self._keyring.open(row["sealed"], _context(workspace_id, row["kind"], row["name"]))
        await _note(db, actor, row, reason)
        return secret

    async def open_key(
        self, db: Connection, workspace_id: int, connection_id: int, run: str
    ) -> Secret | None:
        """The API key of a connection for the task `run`, such as `worker host-17-ab12`; None when it has none.

        Kept open in memory until the key changes. The first use in a process and hour is audited, so call it
        outside of a transaction that may be rolled back.
        """
        row = await db.fetchrow(OF_CONNECTION, workspace_id, connection_id)
        # The name is derived here, not read: a row pointed at another connection's key must not open it.
        return await self._kept(db, workspace_id, row, name_of_key(connection_id), run)

    async def open_named(
        self, db: Connection, workspace_id: int, kind: Kind, name: str, run: str
    ) -> Secret | None:
        """The secret of this kind and name for the task `run`, kept and audited as by `open_key`; None without one."""
        return await self._kept(
            db, workspace_id, await db.fetchrow(BY_NAME, workspace_id, kind, name), name, run
        )

    async def open_or_make(
        self, db: Connection, workspace_id: int, kind: Kind, name: str, make: Callable[[], str], run: str
    ) -> Secret:
        """The secret of this kind and name; without one, `make()` is stored first. Two callers get the same one."""
        found = await self.open_named(db, workspace_id, kind, name, run)
        if found is None:
            plain = make()
            sealed = self._keyring.seal(plain, _context(workspace_id, kind, name))
            await db.execute(PUT_IF_ABSENT, workspace_id, kind, name, sealed, last_four(plain))
            found = await self.open_named(db, workspace_id, kind, name, run)
        if found is None:
            raise NotFound(f"The secret '{name}' was deleted a moment ago.", remedy="Try again.")
        return found

    async def delete(self, db: Connection, workspace_id: int, secret_id: int) -> None:
        """Deletes a secret for good; deleting one that is gone does nothing."""
        await db.execute(DELETE, workspace_id, secret_id)
        self._open = {kept: value for kept, value in self._open.items() if kept[0] != secret_id}

    async def _kept(
        self, db: Connection, workspace_id: int, row: Row | None, name: str, run: str
    ) -> Secret | None:
        if row is None:
            return None
        key = (row["id"], row["changed_at"])
        kept = self._open.get(key)
        if kept is not None and monotonic() < kept[1]:
            return kept[0]
        secret = self._keyring.open(row["sealed"], _context(workspace_id, row["kind"], name))
        await _note(db, system(workspace_id, run), row, "use")
        if len(self._open) >= MOST_KEPT_OPEN:
            self._open.clear()
        # What the same secret was before it changed is dropped at the same time.
        self._open = {other: value for other, value in self._open.items() if other[0] != key[0]}
        self._open[key] = (secret, monotonic() + AUDIT_EVERY_SECONDS)
        return secret


def last_four(plain: str) -> str:
    """The end of a secret that people recognise it by; nothing of one so short that four characters tell much."""
    return plain[-4:] if len(plain) >= 12 else ""


def _context(workspace_id: int, kind: str, name: str) -> str:
    return f"ws:{workspace_id}/secrets/{kind}/{name}"


async def _note(db: Connection, actor: Actor, row: Row, reason: str) -> None:
    detail = {"kind": row["kind"], "name": row["name"], "reason": reason}
    await audit.record(db, actor, "secret.opened", "secret", row["id"], detail)
