"""The documents of a knowledge set: add or replace one, list, read and remove them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.errors import NotFound, TooLarge
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.knowledge import sets
from penstock.knowledge.passages import cut
from penstock.knowledge.reading import Kind, ReadFile

MOST_DOCUMENTS = 2_000  # of a set
MOST_PASSAGES = 20_000  # of a set; about 40 thick books' worth, and a search of them takes some 70 ms

_DOCUMENT = """
SELECT id, set_id, name, kind, version, bytes, passages, words, added_by, added_at
FROM knowledge_documents WHERE workspace_id = $1 AND set_id = $2
"""
# By primary key, and by knowledge_documents_name.
GET = _DOCUMENT + "AND id = $3"
LIST = _DOCUMENT + "ORDER BY lower(name)"
NAMED = """
SELECT id, sha256, passages FROM knowledge_documents WHERE workspace_id = $1 AND set_id = $2 AND lower(name) = lower($3)
"""
ADD = """
INSERT INTO knowledge_documents (workspace_id, set_id, name, kind, sha256, bytes, added_by)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id
"""
NEXT_VERSION = """
UPDATE knowledge_documents SET name = $2, kind = $3, sha256 = $4, bytes = $5, added_by = $6, added_at = now(),
       version = version + 1
WHERE id = $1
"""
# Served by knowledge_passages' unique key and knowledge_words_of_passage.
TAKE_OUT_WORDS = """
WITH gone AS (
    DELETE FROM knowledge_words WHERE passage_id IN (SELECT id FROM knowledge_passages WHERE document_id = $1)
    RETURNING set_id, word
)
UPDATE knowledge_frequencies f SET passages = f.passages - less.passages
FROM (SELECT set_id, word, count(*) AS passages FROM gone GROUP BY set_id, word) less
WHERE f.set_id = less.set_id AND f.word = less.word
"""
FORGET_WORDS = "DELETE FROM knowledge_frequencies WHERE set_id = $1 AND passages = 0"
TAKE_OUT = "DELETE FROM knowledge_passages WHERE document_id = $1"
# A passage is found by its own words and by those of its document's name and headings. Words of more than 100
# characters are none that anybody looks for.
WRITE = """
WITH cut AS (
    SELECT * FROM jsonb_to_recordset($5::jsonb) AS c (position int, headings text[], page int, content text)
), written AS (
    INSERT INTO knowledge_passages (workspace_id, set_id, document_id, position, headings, page, content)
    SELECT $1, $2, $3, position, headings, page, content FROM cut ORDER BY position
    RETURNING id, headings, content
), found AS (
    SELECT w.id, v.lexeme, cardinality(v.positions) AS times
    FROM written w JOIN knowledge_sets s ON s.id = $2, LATERAL unnest(
        to_tsvector(s.language::regconfig, concat_ws(E'\\n', $4::text, array_to_string(w.headings, E'\\n'), w.content))
    ) v
    WHERE length(v.lexeme) <= 100
), put AS (
    INSERT INTO knowledge_words (set_id, word, passage_id, times, words)
    SELECT $2, lexeme, id, least(times, 255), sum(times) OVER (PARTITION BY id) FROM found
    RETURNING word, times
), counted AS (
    INSERT INTO knowledge_frequencies AS f (set_id, word, passages)
    SELECT $2, word, count(*) FROM put GROUP BY word
    ON CONFLICT (set_id, word) DO UPDATE SET passages = f.passages + excluded.passages
)
UPDATE knowledge_documents
SET passages = (SELECT count(*) FROM written), words = (SELECT coalesce(sum(times), 0) FROM put)
WHERE id = $3
"""
PASSAGES_OF_SET = """
SELECT count(*) AS documents, coalesce(sum(passages), 0) AS passages FROM knowledge_documents WHERE set_id = $1
"""
REMOVE = "DELETE FROM knowledge_documents WHERE workspace_id = $1 AND id = $2"
# Served by knowledge_passages' unique key.
READ = """
SELECT id, position, headings, page, content FROM knowledge_passages
WHERE workspace_id = $1 AND document_id = $2 AND position > $3 ORDER BY position LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class Document:
    """A document in its newest version, of `bytes` bytes, cut into `passages` passages with `words` searched words."""

    id: int
    set_id: int
    name: str
    kind: Kind
    version: int
    bytes: int
    passages: int
    words: int
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentPassage:
    """A passage of a document; `position` counts from 1, `page` is that of a PDF on which it begins."""

    id: int
    position: int
    headings: list[str]
    page: int | None
    content: str


async def put(db: Connection, actor: Actor, set_id: int, file: ReadFile) -> Document:
    """Adds a file to a set, or puts it in place of the document of the same name; the same bytes change nothing.

    Raises NotFound for an unknown set and TooLarge when the set would hold too much.
    """
    workspace_id = actor.workspace_id
    await sets.locked(db, workspace_id, set_id)
    before = await db.fetchrow(NAMED, workspace_id, set_id, file.name)
    if before is not None and bytes(before["sha256"]) == file.sha256:
        return await get(db, workspace_id, set_id, before["id"])
    cuts = cut(file.blocks)
    await _check_room(db, set_id, file.name, len(cuts), before["passages"] if before else None)
    of_file = (file.name, file.kind, file.sha256, file.size, actor.label)
    if before is None:
        document_id = await db.fetchval(ADD, workspace_id, set_id, *of_file)
    else:
        document_id = before["id"]
        await _take_out(db, set_id, document_id)
        await db.execute(NEXT_VERSION, document_id, *of_file)
    rows = [
        {"position": place, "headings": list(one.headings), "page": one.page, "content": one.text}
        for place, one in enumerate(cuts, 1)
    ]
    title = file.name.rsplit(".", 1)[0].replace("_", " ").replace("-", " ")
    await db.execute(WRITE, workspace_id, set_id, document_id, title, rows)
    await sets.documents_changed(db, set_id)
    stored = await get(db, workspace_id, set_id, document_id)
    deed = "knowledge_document.added" if before is None else "knowledge_document.replaced"
    detail: JsonObject = {"documentId": str(document_id), "name": stored.name, "version": stored.version}
    await audit.record(db, actor, deed, "knowledge_set", set_id, detail)
    return stored


async def get(db: Connection, workspace_id: int, set_id: int, document_id: int) -> Document:
    """One document. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, set_id, document_id)
    if row is None:
        raise NotFound(
            f"There is no document {document_id} in knowledge set {set_id}.",
            remedy="List the documents of the set.",
        )
    return Document(**dict(row.items()))


async def list_documents(db: Connection, workspace_id: int, set_id: int) -> list[Document]:
    """The documents of a set, by name. Raises NotFound for an unknown set."""
    await sets.get(db, workspace_id, set_id)
    return [Document(**dict(row.items())) for row in await db.fetch(LIST, workspace_id, set_id)]


async def remove(db: Connection, actor: Actor, set_id: int, document_id: int) -> None:
    """Removes a document with its passages. Raises NotFound."""
    workspace_id = actor.workspace_id
    await sets.locked(db, workspace_id, set_id)
    found = await get(db, workspace_id, set_id, document_id)
    await _take_out(db, set_id, document_id)
    await db.execute(REMOVE, workspace_id, document_id)
    await sets.documents_changed(db, set_id)
    detail = {"documentId": str(document_id), "name": found.name}
    await audit.record(db, actor, "knowledge_document.removed", "knowledge_set", set_id, detail)


async def passages_of(
    db: Connection, workspace_id: int, document_id: int, *, after: int = 0, limit: int = 100
) -> list[DocumentPassage]:
    """The passages of a document behind the position `after`, in its order."""
    rows = await db.fetch(READ, workspace_id, document_id, after, limit)
    return [DocumentPassage(**dict(row.items())) for row in rows]


async def _take_out(db: Connection, set_id: int, document_id: int) -> None:
    await db.execute(TAKE_OUT_WORDS, document_id)
    await db.execute(FORGET_WORDS, set_id)
    await db.execute(TAKE_OUT, document_id)


async def _check_room(db: Connection, set_id: int, name: str, passages: int, replaced: int | None) -> None:
    there = await db.fetchrow(PASSAGES_OF_SET, set_id)
    assert there is not None  # noqa: S101 - an aggregate has a row
    if replaced is None and there["documents"] >= MOST_DOCUMENTS:
        raise TooLarge(
            f"The set has {MOST_DOCUMENTS:,} documents already.", remedy="Remove some, or begin another set."
        )
    if there["passages"] - (replaced or 0) + passages > MOST_PASSAGES:
        raise TooLarge(
            f"With '{name}' the set would have more than {MOST_PASSAGES:,} passages.",
            remedy="Remove documents, or begin another set.",
        )
