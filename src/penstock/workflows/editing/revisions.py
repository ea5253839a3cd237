"""The published revisions of a workflow: their list, what each changed, and taking one back as a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.errors import Conflict, NotFound
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows import flows
from penstock.workflows.editing import drafts
from penstock.workflows.editing.differences import Differences, compare
from penstock.workflows.editing.drafts import Draft

# By primary key, newest first; one more row than the page, so that the last one can be compared too.
PAGE = """
SELECT revision_id, document, created_at, created_by FROM flow_revisions
WHERE workspace_id = $1 AND flow_id = $2 AND revision_id < $3 ORDER BY revision_id DESC LIMIT $4
"""
GET = """
SELECT revision_id, document, created_at, created_by FROM flow_revisions
WHERE workspace_id = $1 AND flow_id = $2 AND revision_id = $3
"""
NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class Revision:
    """A published revision. `created_by` is the name of who published it."""

    revision_id: int
    document: JsonObject
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A revision in a list. `changes` is against the one before it, None for the first."""

    revision: Revision
    changes: Differences | None


async def list_revisions(
    db: Connection, workspace_id: int, flow_id: int, *, before: int | None = None, limit: int = 20
) -> tuple[list[RevisionRow], int | None]:
    """Up to `limit` revisions, newest first, and the `before` of the next page. Raises NotFound."""
    await flows.get(db, workspace_id, flow_id)
    rows = await db.fetch(PAGE, workspace_id, flow_id, before or NEWEST, limit + 1)
    found = [Revision(**dict(row.items())) for row in rows]
    page = [
        RevisionRow(one, compare(older.document, one.document) if older else None)
        for one, older in zip(found, [*found[1:], None], strict=True)
    ][:limit]
    return page, page[-1].revision.revision_id if len(found) > limit else None


async def get_revision(db: Connection, workspace_id: int, flow_id: int, revision_id: int) -> Revision:
    """One revision. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, flow_id, revision_id)
    if row is None:
        raise NotFound(
            f"There is no revision {revision_id} of workflow {flow_id}.",
            remedy="List the revisions of the workflow.",
        )
    return Revision(**dict(row.items()))


async def document_at(db: Connection, workspace_id: int, flow_id: int, revision: int | None) -> JsonObject:
    """The document of a revision, or of the draft (None). Raises NotFound."""
    if revision is None:
        return (await drafts.get(db, workspace_id, flow_id)).document
    return (await get_revision(db, workspace_id, flow_id, revision)).document


async def restore(
    db: Connection, workspace_id: int, actor: Actor, flow_id: int, revision_id: int, *, replace_draft: bool
) -> Draft:
    """Makes the document of a revision the draft; nothing is published. The runs under way are not touched.

    Raises NotFound, and Conflict when there is a draft and `replace_draft` is False.
    """
    live = await flows.lock(db, workspace_id, flow_id)
    revision = await get_revision(db, workspace_id, flow_id, revision_id)
    draft = await drafts.find(db, workspace_id, flow_id)
    if draft is not None and not replace_draft:
        raise Conflict(
            f"There is a draft already, saved by {draft.saved_by}.",
            remedy="Publish or discard it first, or restore with replaceDraft: true.",
            draftVersion=str(draft.version),
        )
    restored = await drafts.save(
        db,
        workspace_id,
        actor,
        flow_id,
        revision.document,
        version=draft.version if draft else 0,
        base_revision_id=live.revision_id,
    )
    await audit.record(db, actor, "flow.revision_restored", "flow", flow_id, {"revisionId": str(revision_id)})
    return restored
