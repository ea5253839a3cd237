"""The permission table: one row a permission, the roles that hold it beside it. Nothing else decides."""

from __future__ import annotations

from collections.abc import Mapping

from penstock.accounts.actors import Actor, Role
from penstock.errors import Forbidden

_EVERYBODY: frozenset[Role] = frozenset({"owner", "admin", "builder", "operator", "viewer"})
_WORKING: frozenset[Role] = frozenset({"owner", "admin", "builder", "operator"})
_BUILDING: frozenset[Role] = frozenset({"owner", "admin", "builder"})
_GOVERNING: frozenset[Role] = frozenset({"owner", "admin"})

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "account.own": _EVERYBODY,
    "records.read": _EVERYBODY,
    "records.write": _WORKING,
    "records.export": _WORKING,
    "records.erase": _GOVERNING,
    "properties.read": _EVERYBODY,
    "properties.write": _BUILDING,
    "imports.run": _WORKING,
    "flows.read": _EVERYBODY,
    "flows.write": _BUILDING,
    "flows.publish": _BUILDING,
    "knowledge.read": _EVERYBODY,
    "knowledge.write": _BUILDING,
    "runs.read": _EVERYBODY,
    "runs.operate": _WORKING,
    "outbox.read": _WORKING,
    "outbox.operate": _WORKING,
    "connections.read": _EVERYBODY,
    "connections.manage": _GOVERNING,
    "caps.manage": _GOVERNING,
    "secrets.read": _BUILDING,
    "secrets.manage": _GOVERNING,
    "tokens.manage": _GOVERNING,
    "users.read": _EVERYBODY,
    "users.manage": _GOVERNING,
    "audit.read": _GOVERNING,
}


def allows(role: Role, permission: str) -> bool:
    """Whether a role holds a permission. Raises KeyError for a permission that is not in the table."""
    return role in PERMISSIONS[permission]


def require(actor: Actor, permission: str) -> None:
    """Raises Forbidden, naming the permission and who holds it, when the actor's role does not."""
    if not allows(actor.role, permission):
        holders = [
            role for role in ("owner", "admin", "builder", "operator", "viewer") if allows(role, permission)
        ]
        raise Forbidden(
            f"This needs the permission '{permission}', which the role '{actor.role}' does not have.",
            remedy=f"These roles have it: {', '.join(holders)}.",
            permission=permission,
        )
