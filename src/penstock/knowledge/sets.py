"""Knowledge sets as rows: a name, a language, and documents that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.errors import AlreadyExists, InvalidInput, NotFound
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.kit.text import storable
from penstock.knowledge.languages import checked_language

LONGEST_NAME = 100
LONGEST_DESCRIPTION = 500
MOST_SETS = 200  # of a workspace

# Served by knowledge_sets_name and knowledge_documents_name: tens of sets, hundreds of documents each.
_SET = """
SELECT s.id, s.name, s.description, s.language, s.revision, s.created_by, s.created_at, s.changed_at, d.*
FROM knowledge_sets s CROSS JOIN LATERAL (
    SELECT count(*) AS documents, coalesce(sum(passages), 0) AS passages
    FROM knowledge_documents WHERE set_id = s.id
) d
WHERE s.workspace_id = $1
"""
GET = _SET + "AND s.id = $2"
LIST = _SET + "ORDER BY lower(s.name)"
REVISIONS = "SELECT id, revision FROM knowledge_sets WHERE workspace_id = $1 AND id = ANY ($2::bigint[])"
NAMES = "SELECT id, name FROM knowledge_sets WHERE workspace_id = $1"
COUNT = "SELECT count(*) FROM knowledge_sets WHERE workspace_id = $1"
CREATE = """
INSERT INTO knowledge_sets (workspace_id, name, description, language, created_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, lower(name)) DO NOTHING RETURNING id
"""
NAMED = "SELECT id FROM knowledge_sets WHERE workspace_id = $1 AND lower(name) = lower($2)"
UPDATE = "UPDATE knowledge_sets SET name = $3, description = $4 WHERE workspace_id = $1 AND id = $2"
LOCK = "SELECT id FROM knowledge_sets WHERE workspace_id = $1 AND id = $2 FOR UPDATE"
CHANGED = "UPDATE knowledge_sets SET revision = revision + 1, changed_at = now() WHERE id = $1"
DELETE_WORDS = "DELETE FROM knowledge_words WHERE set_id = $1"
DELETE_FREQUENCIES = "DELETE FROM knowledge_frequencies WHERE set_id = $1"
DELETE = "DELETE FROM knowledge_sets WHERE workspace_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class KnowledgeSet:
    """A set of `documents` documents in one language (a text search configuration of PostgreSQL).

    `revision` grows with every change of the documents.
    """

    id: int
    name: str
    description: str
    language: str
    revision: int
    created_by: str
    created_at: datetime
    changed_at: datetime
    documents: int
    passages: int


async def create(
    db: Connection, actor: Actor, *, name: str, language: str, description: str = ""
) -> KnowledgeSet:
    """A new, empty set. Raises InvalidInput for a name or language that is none, AlreadyExists for a name in use."""
    name, description = _named(name), _described(description)
    language = checked_language(language)
    if await db.fetchval(COUNT, actor.workspace_id) >= MOST_SETS:
        raise InvalidInput(
            f"There are {MOST_SETS} knowledge sets already.", remedy="Delete one, or add to one of them."
        )
    set_id = await db.fetchval(CREATE, actor.workspace_id, name, description, language, actor.label)
    if set_id is None:
        raise _taken(name)
    detail = {"name": name, "language": language}
    await audit.record(db, actor, "knowledge_set.created", "knowledge_set", set_id, detail)
    return await get(db, actor.workspace_id, set_id)


async def get(db: Connection, workspace_id: int, set_id: int) -> KnowledgeSet:
    """One set. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, set_id)
    if row is None:
        raise NotFound(f"There is no knowledge set {set_id}.", remedy="List the knowledge sets.")
    return KnowledgeSet(**dict(row.items()))


async def list_sets(db: Connection, workspace_id: int) -> list[KnowledgeSet]:
    """All sets, by name."""
    return [KnowledgeSet(**dict(row.items())) for row in await db.fetch(LIST, workspace_id)]


async def names_of_sets(db: Connection, workspace_id: int) -> dict[int, str]:
    """What every set is called, by its id."""
    return {row["id"]: row["name"] for row in await db.fetch(NAMES, workspace_id)}


async def revisions_of(db: Connection, workspace_id: int, set_ids: Sequence[int]) -> dict[int, int]:
    """The revision of each of these sets, by its id; those that are not there are left out."""
    rows = await db.fetch(REVISIONS, workspace_id, list(set_ids))
    return {row["id"]: row["revision"] for row in rows}


async def update(
    db: Connection, actor: Actor, set_id: int, *, name: str | None = None, description: str | None = None
) -> KnowledgeSet:
    """Another name or description; None leaves it. The language stays: its words are those that are searched."""
    found = await get(db, actor.workspace_id, set_id)
    name = found.name if name is None else _named(name)
    description = found.description if description is None else _described(description)
    if await db.fetchval(NAMED, actor.workspace_id, name) not in (None, set_id):
        raise _taken(name)
    await db.execute(UPDATE, actor.workspace_id, set_id, name, description)
    await audit.record(db, actor, "knowledge_set.changed", "knowledge_set", set_id, {"name": name})
    return await get(db, actor.workspace_id, set_id)


async def delete(db: Connection, actor: Actor, set_id: int) -> None:
    """Deletes a set with its documents. Raises NotFound. Whether a step uses it is for the caller to ask."""
    await locked(db, actor.workspace_id, set_id)
    found = await get(db, actor.workspace_id, set_id)
    await db.execute(DELETE_WORDS, set_id)
    await db.execute(DELETE_FREQUENCIES, set_id)
    await db.execute(DELETE, actor.workspace_id, set_id)
    detail: JsonObject = {"name": found.name, "documents": found.documents}
    await audit.record(db, actor, "knowledge_set.deleted", "knowledge_set", set_id, detail)


async def locked(db: Connection, workspace_id: int, set_id: int) -> None:
    """Keeps others from changing the set until the caller's transaction ends. Raises NotFound."""
    if await db.fetchval(LOCK, workspace_id, set_id) is None:
        await get(db, workspace_id, set_id)


async def documents_changed(db: Connection, set_id: int) -> None:
    """Notes that the set holds other documents now."""
    await db.execute(CHANGED, set_id)


def _named(name: str) -> str:
    name = " ".join(storable(name).split())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInput(
            f"The name of a knowledge set has 1 to {LONGEST_NAME} characters; this one has {len(name)}.",
            remedy="Choose another name.",
        )
    return name


def _described(description: str) -> str:
    description = storable(description).strip()
    if len(description) > LONGEST_DESCRIPTION:
        raise InvalidInput(
            f"The description has {len(description)} characters; {LONGEST_DESCRIPTION} are allowed.",
            remedy="Shorten it.",
        )
    return description


def _taken(name: str) -> AlreadyExists:
    return AlreadyExists(f"There is a knowledge set '{name}' already.", remedy="Choose another name.")
