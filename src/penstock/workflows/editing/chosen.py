"""Which document of a workflow somebody means: a revision by its number, `live`, `draft`, or what is edited now."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.errors import InvalidInput
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows import flows
from penstock.workflows.editing import drafts, revisions


@dataclass(frozen=True, slots=True)
class Chosen:
    """A document; `revision_id` None: it is the draft."""

    document: JsonObject
    revision_id: int | None

    @property
    def words(self) -> str:
        """How it is called in sentences."""
        return "the draft" if self.revision_id is None else f"revision {self.revision_id}"


async def choose_document(db: Connection, workspace_id: int, flow_id: int, which: str | None) -> Chosen:
    """The document that `which` means; None is the draft where there is one, else the live revision.

    Raises NotFound for an unknown flow or revision and for a draft that is not there, InvalidInput for other words.
    """
    live = await flows.get(db, workspace_id, flow_id)
    if which is None or which == "draft":
        draft = await drafts.find(db, workspace_id, flow_id)
        if draft is not None:
            return Chosen(draft.document, None)
        if which == "draft":
            await drafts.get(db, workspace_id, flow_id)  # raises NotFound in its words
    if which is None or which == "live":
        return Chosen(live.document, live.revision_id)
    if not (which.isascii() and which.isdigit() and len(which) < 19):
        raise InvalidInput(
            f"'{which[:40]}' is neither the number of a revision nor 'live' nor 'draft'.",
            remedy="Use one of them.",
        )
    found = await revisions.get_revision(db, workspace_id, flow_id, int(which))
    return Chosen(found.document, found.revision_id)
