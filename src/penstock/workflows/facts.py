"""What the checks of a flow need to know of its workspace, read in a few small queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from penstock.actions.action import ConnectionFact
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.errors import NotFound
from penstock.kit.database import Connection
from penstock.knowledge.sets import names_of_sets
from penstock.workflows.evals.retiring import Retirement, retirements

# Uninstalled connections keep their row, so that a flow can say which connection it lost. Served by the
# workspace's few rows: a workspace has tens of connections, users and secrets, not thousands.
CONNECTIONS = """
SELECT id, name, provider, uninstalled_at IS NOT NULL AS uninstalled FROM connections WHERE workspace_id = $1
"""
USERS = "SELECT id, email FROM users WHERE workspace_id = $1 AND deactivated_at IS NULL"
SECRETS = "SELECT name FROM secrets WHERE workspace_id = $1 AND kind = 'named'"


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """A workspace as the checks of one flow see it. `schema` is None when it lacks the flow's object type."""

    schema: ObjectSchema | None = None
    connections: Mapping[int, ConnectionFact] = field(default_factory=dict)
    users: Mapping[int, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    knowledge: Mapping[int, str] = field(default_factory=dict)
    retirements: Mapping[tuple[int, str], Retirement] = field(default_factory=dict)


async def load_facts(db: Connection, workspace_id: int, object_type_id: str) -> FlowFacts:
    """Reads the facts for a flow over records of `object_type_id`."""
    schema: ObjectSchema | None
    try:
        schema = await load_schema(db, workspace_id, object_type_id)
    except NotFound:
        schema = None
    return FlowFacts(
        schema=schema,
        connections={
            row["id"]: ConnectionFact(row["id"], row["name"], row["provider"], row["uninstalled"])
            for row in await db.fetch(CONNECTIONS, workspace_id)
        },
        users={row["id"]: row["email"] for row in await db.fetch(USERS, workspace_id)},
        knowledge=await names_of_sets(db, workspace_id),
        retirements=await retirements(db, workspace_id),
        secrets=frozenset(row["name"] for row in await db.fetch(SECRETS, workspace_id)),
    )
