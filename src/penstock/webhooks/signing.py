"""Signs webhooks as Standard Webhooks says (standardwebhooks.com, version v1), so that receivers can check them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from penstock.connections.vault import Vault
from penstock.errors import InvalidInput
from penstock.kit.database import Connection
from penstock.kit.sealing import Secret

PREFIX = "whsec_"
SECRET_BYTES = 32  # the specification allows 24 to 64

# During a rotation both are used, so that receivers can change over in their own time (security R21).
CURRENT = "current"
PREVIOUS = "previous"


def new_secret() -> str:
    """A fresh signing secret: `whsec_` and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


async def signing_secrets(db: Connection, vault: Vault, workspace_id: int, run: str) -> list[Secret]:
    """The workspace's signing secrets, newest first; the first one is made when there is none.

    Raises what the vault raises when a secret does not open.
    """
    current = await vault.open_or_make(db, workspace_id, "webhook_signing", CURRENT, new_secret, run)
    previous = await vault.open_named(db, workspace_id, "webhook_signing", PREVIOUS, run)
    return [current] if previous is None else [current, previous]


async def rotate_signing_secret(db: Connection, vault: Vault, workspace_id: int, run: str) -> str:
    """Makes a new signing secret and returns it once; the one before goes on signing beside it until the next rotation."""
    [before, *_] = await signing_secrets(db, vault, workspace_id, run)
    await vault.put(db, workspace_id, "webhook_signing", PREVIOUS, before.reveal())
    fresh = new_secret()
    await vault.put(db, workspace_id, "webhook_signing", CURRENT, fresh)
    return fresh


def signed_headers(signing: Sequence[Secret], key: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers of one attempt: the same id on every attempt, its own time, a signature for each secret."""
    timestamp = str(int(now.timestamp()))
    signed = f"{key}.{timestamp}.".encode() + body
    signatures = (
        base64.b64encode(hmac.new(_raw(secret), signed, hashlib.sha256).digest()).decode()
        for secret in signing
    )
    return {
        "webhook-id": key,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _raw(secret: Secret) -> bytes:
    try:
        return base64.b64decode(secret.reveal().removeprefix(PREFIX), validate=True)
    except ValueError:
        raise InvalidInput("The signing secret is no base64.", remedy="Rotate it.") from None
