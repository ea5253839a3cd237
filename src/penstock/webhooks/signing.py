"""Signatures of webhooks by Standard Webhooks 1.0.0: HMAC-SHA256 over `{id}.{timestamp}.{body}`.

A workspace has one signing secret, made when the first webhook goes out. People get to see it when they issue
a new one; for a day after that every webhook carries the signatures of both, so that receivers can change over
in their own time (security R21).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.connections.vault import Vault
from penstock.kit.database import Connection
from penstock.kit.sealing import Secret

PREFIX = "whsec_"
SECRET_BYTES = 32  # the specification asks for 24 to 64
CURRENT, PREVIOUS = "current", "previous"

# Two people who issue at the same moment: the second waits for the first one's commit.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('penstock.webhook_signing'), $1::int)"
PREVIOUS_COUNTS = """
SELECT EXISTS (SELECT FROM secrets WHERE workspace_id = $1 AND kind = 'webhook_signing' AND name = 'previous'
               AND changed_at > now() - interval '1 day')
"""


async def issue(db: Connection, vault: Vault, workspace_id: int, actor: Actor) -> str:
    """Makes a new signing secret and returns it, the only time that it is shown; the one before counts a day longer.

    Must run in a transaction. Raises what the vault raises when the secret before does not open.
    """
    await db.execute(ONE_AT_A_TIME, workspace_id)
    task = "issuing a signing secret"
    before = await vault.open_named(db, workspace_id, "webhook_signing", CURRENT, task)
    if before is not None:
        await vault.put(db, workspace_id, "webhook_signing", PREVIOUS, before.reveal())
    plain = new_secret()
    secret_id = await vault.put(db, workspace_id, "webhook_signing", CURRENT, plain)
    await audit.record(db, actor, "webhook_signing.issued", "secret", secret_id)
    return plain


async def signing_secrets(db: Connection, vault: Vault, workspace_id: int, run: str) -> list[Secret]:
    """The secrets to sign with at this time, the current one first; the first one is made when there is none.

    Raises what the vault raises when a secret does not open.
    """
    found = [await vault.open_or_make(db, workspace_id, "webhook_signing", CURRENT, new_secret, run)]
    if await db.fetchval(PREVIOUS_COUNTS, workspace_id):
        previous = await vault.open_named(db, workspace_id, "webhook_signing", PREVIOUS, run)
        found += [previous] if previous is not None else []
    return found


def new_secret() -> str:
    """A fresh signing secret as people see it: `whsec_` and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def webhook_id(key: str) -> str:
    """The id of a delivery, the same at every attempt. The specification keeps full stops out of it."""
    return "msg_" + key.replace(".", "_")


def signed_headers(signing: Sequence[Secret], key: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers of one attempt. `body` must be what is sent, byte for byte."""
    identity, timestamp = webhook_id(key), str(int(now.timestamp()))
    content = b".".join((identity.encode(), timestamp.encode(), body))
    return {
        "webhook-id": identity,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, content) for secret in signing),
    }


def _signature(secret: Secret, content: bytes) -> str:
    raw = base64.b64decode(secret.reveal().removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(raw, content, hashlib.sha256).digest()).decode()
