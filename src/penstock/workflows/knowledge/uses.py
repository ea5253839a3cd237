"""Which workflows answer from a knowledge set; one that is used is not deleted."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.accounts.actors import Actor
from penstock.errors import Conflict
from penstock.kit.database import Connection
from penstock.knowledge import sets

# The ids stand in the document as texts or as numbers. What is live and what is being written: a few thousand documents
# at most, read when somebody looks at a set or deletes it.
USES = """
WITH document AS (
    SELECT f.id, f.name, r.document FROM flows f
    JOIN flow_revisions r ON r.flow_id = f.id AND r.revision_id = f.revision_id
    WHERE f.workspace_id = $1 AND f.deleted_at IS NULL
    UNION ALL
    SELECT f.id, f.name, d.document FROM flows f JOIN flow_drafts d ON d.flow_id = f.id
    WHERE f.workspace_id = $1 AND f.deleted_at IS NULL
)
SELECT DISTINCT id, name FROM document
WHERE jsonb_path_exists(
    document, '$.actions[*].fields.knowledge[*] ? (@ == $text || @ == $number)',
    jsonb_build_object('text', $2::bigint::text, 'number', $2::bigint))
ORDER BY id
"""
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class KnowledgeUse:
    """A workflow with a step that answers from the set, live or in its draft."""

    id: int
    name: str


async def uses_of_set(db: Connection, workspace_id: int, set_id: int) -> list[KnowledgeUse]:
    """The workflows that use a set."""
    return [KnowledgeUse(row["id"], row["name"]) for row in await db.fetch(USES, workspace_id, set_id)]


async def delete_set(db: Connection, actor: Actor, set_id: int) -> None:
    """Deletes a set with its documents. Raises NotFound, and Conflict that names the workflows which use it."""
    found = await sets.get(db, actor.workspace_id, set_id)
    uses = await uses_of_set(db, actor.workspace_id, set_id)
    if uses:
        named = ", ".join(f"'{use.name}' ({use.id})" for use in uses[:MOST_NAMED])
        more = f" and {len(uses) - MOST_NAMED} more" if len(uses) > MOST_NAMED else ""
        raise Conflict(
            f"Workflows answer from '{found.name}': {named}{more}.",
            remedy="Take the set out of their steps and drafts, then delete it.",
        )
    await sets.delete(db, actor, set_id)
