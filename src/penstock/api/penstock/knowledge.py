"""Knowledge sets: documents that LLM steps answer from, found by their words before the model is asked."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, UploadFile
from pydantic import Field

from penstock.api.route import GuardedRoute, UploadRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Limit, Paging, PathId, Shape, Time, Wish, paging
from penstock.errors import InvalidInput
from penstock.knowledge import documents, sets
from penstock.knowledge.languages import DEFAULT_LANGUAGE, LANGUAGES
from penstock.knowledge.reading import MOST_BYTES, read_file
from penstock.knowledge.search import search
from penstock.workflows.knowledge.uses import delete_set, uses_of_set

router = APIRouter(route_class=GuardedRoute, tags=["knowledge"])


class DocumentRoute(UploadRoute):
    """Takes one document; what surrounds it in the request has a few hundred bytes."""

    most_bytes = MOST_BYTES + 100_000


uploads = APIRouter(route_class=DocumentRoute, tags=["knowledge"])


class KnowledgeSetShape(Shape):
    """A set. `language` decides which forms of a word are one; `revision` grows with every change of its documents."""

    id: Id
    name: str
    description: str
    language: str
    revision: int
    documents: int
    passages: int
    created_by: str
    created_at: Time
    changed_at: Time


class KnowledgeSetsShape(Shape):
    """All sets by name, and the languages that a new one can be in."""

    results: list[KnowledgeSetShape]
    languages: list[str]


class KnowledgeUseShape(Shape):
    """A workflow whose live revision or draft answers from the set."""

    id: Id
    name: str


class KnowledgeSetDetail(KnowledgeSetShape):
    """A set with the workflows that answer from it."""

    used_by: list[KnowledgeUseShape]


class NewKnowledgeSet(Wish):
    """A set to make. The language stays what it is."""

    name: str
    language: str = DEFAULT_LANGUAGE
    description: str = ""


class KnowledgeSetChange(Wish):
    """Another name or description; what is left out stays."""

    name: str | None = None
    description: str | None = None


class KnowledgeDocumentShape(Shape):
    """A document in its newest version."""

    id: Id
    name: str
    kind: Literal["text", "markdown", "html", "pdf"]
    version: int
    bytes: int
    passages: int
    added_by: str
    added_at: Time


class KnowledgeDocuments(Shape):
    """The documents of a set, by name."""

    results: list[KnowledgeDocumentShape]


class DocumentPassageShape(Shape):
    """A passage of a document, with the headings above it; `page` is that of a PDF."""

    id: Id
    position: int
    headings: list[str]
    page: int | None
    content: str


class DocumentPassages(Shape):
    """Passages in the order of the document."""

    results: list[DocumentPassageShape]
    paging: Paging | None = None


class KnowledgeSearchWish(Wish):
    """A text as a step would look for it."""

    query: Annotated[str, Field(min_length=1, max_length=20_000)]
    limit: Annotated[int, Field(ge=1, le=50)] = 5


class FoundPassageShape(Shape):
    """A passage that was found. `score` compares passages of this answer only; `place` is document and headings."""

    id: Id
    document_id: Id
    document: str
    place: str
    headings: list[str]
    page: int | None
    content: str
    score: float


class FoundPassages(Shape):
    """The passages that answer best, the best first."""

    results: list[FoundPassageShape]


@router.get("/knowledge-sets")
async def list_sets(call: Caller) -> KnowledgeSetsShape:
    """All knowledge sets."""
    async with call.transaction() as db:
        found = await sets.list_sets(db, call.workspace_id)
    return KnowledgeSetsShape(
        results=[KnowledgeSetShape.model_validate(one) for one in found], languages=list(LANGUAGES)
    )


@router.post("/knowledge-sets", status_code=201)
async def create_set(wish: NewKnowledgeSet, call: Caller) -> KnowledgeSetShape:
    """A new, empty set."""
    async with call.transaction() as db:
        made = await sets.create(
            db, call.actor, name=wish.name, language=wish.language, description=wish.description
        )
    return KnowledgeSetShape.model_validate(made)


@router.get("/knowledge-sets/{knowledgeSetId}")
async def read_set(knowledgeSetId: PathId, call: Caller) -> KnowledgeSetDetail:  # noqa: N803
    """One set, and who uses it."""
    async with call.transaction() as db:
        found = await sets.get(db, call.workspace_id, knowledgeSetId)
        uses = await uses_of_set(db, call.workspace_id, knowledgeSetId)
    shape = KnowledgeSetShape.model_validate(found)
    return KnowledgeSetDetail(
        **shape.model_dump(by_alias=False, mode="python"),
        used_by=[KnowledgeUseShape.model_validate(use) for use in uses],
    )


@router.patch("/knowledge-sets/{knowledgeSetId}")
async def change_set(knowledgeSetId: PathId, wish: KnowledgeSetChange, call: Caller) -> KnowledgeSetShape:  # noqa: N803
    """Another name or description."""
    async with call.transaction() as db:
        changed = await sets.update(
            db, call.actor, knowledgeSetId, name=wish.name, description=wish.description
        )
    return KnowledgeSetShape.model_validate(changed)


@router.delete("/knowledge-sets/{knowledgeSetId}", status_code=204)
async def remove_set(knowledgeSetId: PathId, call: Caller) -> None:  # noqa: N803
    """Deletes a set with its documents; refused while a workflow answers from it."""
    async with call.transaction() as db:
        await delete_set(db, call.actor, knowledgeSetId)


@router.get("/knowledge-sets/{knowledgeSetId}/documents")
async def list_documents(knowledgeSetId: PathId, call: Caller) -> KnowledgeDocuments:  # noqa: N803
    """The documents of a set."""
    async with call.transaction() as db:
        found = await documents.list_documents(db, call.workspace_id, knowledgeSetId)
    return KnowledgeDocuments(results=[KnowledgeDocumentShape.model_validate(one) for one in found])


@uploads.post("/knowledge-sets/{knowledgeSetId}/documents")
async def put_document(
    knowledgeSetId: PathId,  # noqa: N803
    files: Annotated[UploadFile, Form(description="Plain text, Markdown, HTML or PDF, up to 20 MB.")],
    call: Caller,
) -> KnowledgeDocumentShape:
    """Adds a document, or the next version of the one of the same name; the same bytes again change nothing."""
    async with call.transaction() as db:
        await sets.get(db, call.workspace_id, knowledgeSetId)
    if not files.filename:
        raise InvalidInput("The file has no name.", remedy="Send it with a name such as returns.md.")
    file = await read_file(files.filename, await files.read())
    async with call.transaction() as db:
        stored = await documents.put(db, call.actor, knowledgeSetId, file)
    return KnowledgeDocumentShape.model_validate(stored)


@router.get("/knowledge-sets/{knowledgeSetId}/documents/{documentId}")
async def read_document(knowledgeSetId: PathId, documentId: PathId, call: Caller) -> KnowledgeDocumentShape:  # noqa: N803
    """One document."""
    async with call.transaction() as db:
        found = await documents.get(db, call.workspace_id, knowledgeSetId, documentId)
    return KnowledgeDocumentShape.model_validate(found)


@router.delete("/knowledge-sets/{knowledgeSetId}/documents/{documentId}", status_code=204)
async def remove_document(knowledgeSetId: PathId, documentId: PathId, call: Caller) -> None:  # noqa: N803
    """Removes a document with its passages."""
    async with call.transaction() as db:
        await documents.remove(db, call.actor, knowledgeSetId, documentId)


@router.get("/knowledge-sets/{knowledgeSetId}/documents/{documentId}/passages")
async def list_passages(
    knowledgeSetId: PathId,  # noqa: N803
    documentId: PathId,  # noqa: N803
    call: Caller,
    after: After = None,
    limit: Limit = 100,
) -> DocumentPassages:
    """The passages that a document was cut into; the cursor is a position."""
    async with call.transaction() as db:
        await documents.get(db, call.workspace_id, knowledgeSetId, documentId)
        found = await documents.passages_of(
            db, call.workspace_id, documentId, after=after or 0, limit=limit + 1
        )
    page = found[:limit]
    return DocumentPassages(
        results=[DocumentPassageShape.model_validate(one) for one in page],
        **paging(page[-1].position if len(found) > limit else None),
    )


@router.post("/knowledge-sets/{knowledgeSetId}/searches")
async def search_set(knowledgeSetId: PathId, wish: KnowledgeSearchWish, call: Caller) -> FoundPassages:  # noqa: N803
    """The passages that a step would find for a text."""
    async with call.transaction() as db:
        await sets.get(db, call.workspace_id, knowledgeSetId)
        [found] = await search(db, call.workspace_id, [knowledgeSetId], [wish.query], wish.limit)
    return FoundPassages(results=[FoundPassageShape.model_validate(one) for one in found])
