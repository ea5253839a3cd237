"""Secrets of webhooks. Named ones go in and never come out: what is shown is that one is set, and how it ends.

The signing secret is made here and shown once, so that receivers can check signatures with it.
"""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import SecretStr

from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, Shape, Time, Wish
from penstock.connections import named_secrets
from penstock.webhooks import signing

router = APIRouter(route_class=GuardedRoute, tags=["secrets"])


class SecretShape(Shape):
    """A stored secret, without its value."""

    id: Id
    name: str
    last_four: str
    created_at: Time
    changed_at: Time


class Secrets(Shape):
    """All named secrets."""

    results: list[SecretShape]


class SecretWish(Wish):
    """The value to store."""

    value: SecretStr


class SigningSecretShape(Shape):
    """A new signing secret: `secret` is its text and is never shown again."""

    secret: str


@router.get("/secrets")
async def list_secrets(call: Caller) -> Secrets:
    """Lists the named secrets, without their values."""
    async with call.transaction() as db:
        found = await named_secrets.list_secrets(db, call.workspace_id)
    return Secrets(results=[SecretShape.model_validate(secret) for secret in found])


@router.put("/secrets/{secretName}")
async def put(secretName: str, wish: SecretWish, call: Caller) -> SecretShape:  # noqa: N803
    """Stores a secret under a name, in place of the one that was there."""
    async with call.transaction() as db:
        value = wish.value.get_secret_value()
        stored = await named_secrets.put(db, call.app.vault, call.workspace_id, call.actor, secretName, value)
        found = await named_secrets.list_secrets(db, call.workspace_id)
    return SecretShape.model_validate(next(secret for secret in found if secret.id == stored))


@router.delete("/secrets/{secretName}", status_code=204)
async def delete(secretName: str, call: Caller) -> None:  # noqa: N803
    """Deletes a secret; workflows that name it fail visibly from now on."""
    async with call.transaction() as db:
        await named_secrets.delete(db, call.app.vault, call.workspace_id, call.actor, secretName)


@router.post("/webhook-signing-secret", status_code=201)
async def issue_signing_secret(call: Caller) -> SigningSecretShape:
    """Makes a new secret that webhooks are signed with. For a day more they also carry the old one's signature."""
    async with call.transaction() as db:
        plain = await signing.issue(db, call.app.vault, call.workspace_id, call.actor)
    return SigningSecretShape(secret=plain)
