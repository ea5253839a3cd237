"""Who does something: a person, a holder of an API token, somebody at the command line, or Penstock itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["owner", "admin", "builder", "operator", "viewer"]
ActorType = Literal["person", "api_token", "cli", "system"]

# From the role that may least to the one that may everything.
ROLES: tuple[Role, ...] = ("viewer", "operator", "builder", "admin", "owner")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody in a workspace. `id` is the user's, the token's or the worker's id as text; `label` is for people.

    `address` is the network address of who calls, empty for work on this machine. Work without an actor does not exist: there is no identity to fall back to (security R53).
    """

    workspace_id: int
    type: ActorType
    id: str
    label: str
    role: Role
    address: str = ""


def command_line(workspace_id: int, user: str) -> Actor:
    """The person at the command line, named by the operating system. Whoever reads the key file is an owner."""
    return Actor(workspace_id, "cli", user, user, "owner")


def system(workspace_id: int, task: str) -> Actor:
    """Penstock at work for a workspace, such as `worker host-17-ab12`."""
    return Actor(workspace_id, "system", task, task, "operator")


def rank(role: Role) -> int:
    """How much a role may: 0 for viewer, 4 for owner."""
    return ROLES.index(role)
