"""`penstock knowledge`: sets of documents that LLM steps answer from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penstock.cli.command import command, group
from penstock.cli.output import Column, output, shortened
from penstock.cli.session import session
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection, transaction
from penstock.knowledge import documents, sets
from penstock.knowledge.documents import Document
from penstock.knowledge.languages import DEFAULT_LANGUAGE
from penstock.knowledge.reading import KINDS, read_file
from penstock.knowledge.search import Passage, search
from penstock.knowledge.sets import KnowledgeSet
from penstock.workflows.knowledge.uses import delete_set

app = group("Knowledge: documents that LLM steps answer from.")

SetName = Annotated[str, typer.Argument(metavar="SET", help="The knowledge set's id or name.")]
LONGEST_CELL = 160  # characters of a passage in a table for people

COLUMNS: tuple[Column[KnowledgeSet], ...] = (
    Column("Id", lambda one: one.id, number=True),
    Column("Name", lambda one: one.name),
    Column("Language", lambda one: one.language),
    Column("Documents", lambda one: one.documents, number=True),
    Column("Passages", lambda one: one.passages, number=True),
    Column("Changed", lambda one: one.changed_at),
)
DOCUMENT_COLUMNS: tuple[Column[Document], ...] = (
    Column("Id", lambda one: one.id, number=True),
    Column("Name", lambda one: one.name),
    Column("Kind", lambda one: one.kind),
    Column("Version", lambda one: one.version, number=True),
    Column("Bytes", lambda one: one.bytes, number=True),
    Column("Passages", lambda one: one.passages, number=True),
    Column("Added", lambda one: one.added_at),
    Column("By", lambda one: one.added_by),
)
FOUND_COLUMNS: tuple[Column[Passage], ...] = (
    Column("Score", lambda one: f"{one.score:.2f}", number=True),
    Column("Place", lambda one: one.place),
    Column("Passage", lambda one: shortened(" ".join(one.content.split()), LONGEST_CELL)),
)


@command(app, "list")
async def list_() -> None:
    """List the knowledge sets."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await sets.list_sets(db, actor.workspace_id)
    output.results(found, COLUMNS, empty="No knowledge sets. Make one with: penstock knowledge create NAME")


@command(app, "create")
async def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    language: Annotated[
        str, typer.Option("--language", help="The language of its documents; simple for one that is missing.")
    ] = DEFAULT_LANGUAGE,
    description: Annotated[str, typer.Option("--description", help="What it is about.")] = "",
) -> None:
    """Make an empty knowledge set."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        made = await sets.create(db, actor, name=name, language=language, description=description)
    output.said(
        f"Knowledge set {made.id} ({made.name}) is made. Fill it with: penstock knowledge add {made.id} FILE",
        made,
    )


@command(app, "add")
async def add(
    knowledge_set: SetName,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Files, or folders with them."),
    ],
) -> None:
    """Add documents; one of the same name as before is its next version."""
    wanted = [file for path in files for file in _files_in(path)]
    if not wanted:
        raise InvalidInput(
            "There is no document in these folders.", remedy=f"Penstock reads {', '.join(KINDS)}."
        )
    added: list[Document] = []
    async with session() as (penstock, actor):
        async with transaction(penstock.pool) as db:
            set_id = (await _named(db, actor.workspace_id, knowledge_set)).id
        for path in wanted:
            file = await read_file(path.name, path.read_bytes())
            async with transaction(penstock.pool) as db:
                added.append(await documents.put(db, actor, set_id, file))
    output.results(added, DOCUMENT_COLUMNS)


@command(app, "documents")
async def list_documents(knowledge_set: SetName) -> None:
    """List the documents of a knowledge set."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await _named(db, actor.workspace_id, knowledge_set)
        there = await documents.list_documents(db, actor.workspace_id, found.id)
    output.results(
        there, DOCUMENT_COLUMNS, empty=f"No documents. Add some with: penstock knowledge add {found.id} FILE"
    )


@command(app, "remove")
async def remove(
    knowledge_set: SetName,
    document_id: Annotated[int, typer.Argument(metavar="DOCUMENT", help="The document's id.")],
) -> None:
    """Remove a document from a knowledge set."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await _named(db, actor.workspace_id, knowledge_set)
        await documents.remove(db, actor, found.id, document_id)
    output.said(f"Document {document_id} is removed.", {"id": str(document_id), "removed": True})


@command(app, "search")
async def search_(
    knowledge_set: SetName,
    query: Annotated[str, typer.Argument(metavar="TEXT", help="What to look for, as a step would.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=50, help="How many passages.")] = 5,
) -> None:
    """Show the passages that a step would find for a text."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        one = await _named(db, actor.workspace_id, knowledge_set)
        [found] = await search(db, actor.workspace_id, [one.id], [query], limit)
    output.results(found, FOUND_COLUMNS, empty="No passage has a word of it.")


@command(app, "delete")
async def delete(knowledge_set: SetName) -> None:
    """Delete a knowledge set with its documents; refused while a workflow answers from it."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await _named(db, actor.workspace_id, knowledge_set)
        await delete_set(db, actor, found.id)
    output.said(f"Knowledge set '{found.name}' is deleted.", {"id": str(found.id), "deleted": True})


def _files_in(path: Path) -> list[Path]:
    """The file itself, or those of a folder whose kind is read."""
    if not path.exists():
        raise InvalidInput(f"There is no file '{path}'.", remedy="Name files or folders that are there.")
    if not path.is_dir():
        return [path]
    return sorted(one for one in path.rglob("*") if one.is_file() and one.suffix.lower() in KINDS)


async def _named(db: Connection, workspace_id: int, wanted: str) -> KnowledgeSet:
    """A set by its id or its name. Raises NotFound."""
    for one in await sets.list_sets(db, workspace_id):
        if one.name.lower() == wanted.strip().lower() or str(one.id) == wanted.strip():
            return one
    raise NotFound(
        f"There is no knowledge set '{wanted[:100]}'.", remedy="List them with: penstock knowledge list"
    )
