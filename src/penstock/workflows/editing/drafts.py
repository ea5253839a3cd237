"""The draft of a workflow: the document that its editor is working on. Runs never see it.

A draft may be unfinished or wrong; it only has to be storable JSON. Whoever saves it names the version that the
change was made to, so that two editors cannot overwrite each other silently.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penstock.accounts.actors import Actor
from penstock.errors import Conflict, InvalidFlow, NotFound, Problem, TooLarge
from penstock.kit.database import Connection, Row
from penstock.kit.json import Json, JsonObject, dumps
from penstock.workflows import flows
from penstock.workflows.shapes import storage_problems

LARGEST = 2_000_000  # bytes of JSON; a flow of 1,000 steps with long prompts has about half

_COLUMNS = "flow_id, document, version, base_revision_id, saved_at, saved_by_id, saved_by"
# All by primary key.
FIND = f"SELECT {_COLUMNS} FROM flow_drafts WHERE workspace_id = $1 AND flow_id = $2"  # noqa: S608 - constants
INSERT = f"""
INSERT INTO flow_drafts (flow_id, workspace_id, document, base_revision_id, saved_by_id, saved_by)
VALUES ($2, $1, $3, $4, $5, $6) RETURNING {_COLUMNS}
"""  # noqa: S608
UPDATE = f"""
UPDATE flow_drafts SET document = $3, base_revision_id = $4, saved_by_id = $5, saved_by = $6,
    version = nextval('flow_draft_versions'), saved_at = clock_timestamp()
WHERE workspace_id = $1 AND flow_id = $2 RETURNING {_COLUMNS}
"""  # noqa: S608
DELETE = "DELETE FROM flow_drafts WHERE workspace_id = $1 AND flow_id = $2"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft. `base_revision_id` is the published revision that it began from."""

    flow_id: int
    document: JsonObject
    version: int
    base_revision_id: int
    saved_at: datetime
    saved_by_id: str
    saved_by: str


async def find(db: Connection, workspace_id: int, flow_id: int) -> Draft | None:
    """The draft of a flow, or None."""
    row = await db.fetchrow(FIND, workspace_id, flow_id)
    return None if row is None else _draft(row)


async def get(db: Connection, workspace_id: int, flow_id: int) -> Draft:
    """The draft of a flow. Raises NotFound when it has none."""
    draft = await find(db, workspace_id, flow_id)
    if draft is None:
        raise NotFound(
            f"Workflow {flow_id} has no draft: it is published as it stands.", remedy="Read the workflow."
        )
    return draft


async def save(
    db: Connection,
    workspace_id: int,
    actor: Actor,
    flow_id: int,
    document: Json,
    *,
    version: int,
    base_revision_id: int | None = None,
) -> Draft:
    """Stores the draft over the one of `version` (0: there was none); it gets a new version.

    `base_revision_id` says which published revision the document was made from; a draft keeps its own unless it
    is given. Raises NotFound, InvalidFlow for JSON that cannot be stored, TooLarge, and Conflict with who saved
    when, when another version is there or a new draft would begin from a revision that is not the live one.
    """
    checked = _storable(document)
    live = await flows.lock(db, workspace_id, flow_id)
    current = await find(db, workspace_id, flow_id)
    if (current.version if current else 0) != version:
        raise _changed(flow_id, current, live.revision_id)
    base = base_revision_id or (current.base_revision_id if current else live.revision_id)
    if base > live.revision_id or (current is None and base != live.revision_id):
        raise _changed(flow_id, None, live.revision_id)
    statement = UPDATE if current else INSERT
    row = await db.fetchrow(statement, workspace_id, flow_id, checked, base, _person(actor), actor.label)
    assert row is not None  # noqa: S101 - the flow is locked, so what was found a moment ago is there
    return _draft(row)


async def discard(db: Connection, workspace_id: int, flow_id: int) -> None:
    """Deletes the draft; without one nothing happens. Raises NotFound for an unknown flow."""
    await flows.lock(db, workspace_id, flow_id)
    await db.execute(DELETE, workspace_id, flow_id)


def check_version(draft: Draft | None, flow_id: int, version: int, live_revision_id: int) -> None:
    """Raises Conflict, with who changed it when, unless `version` is that of the draft (0: there is none)."""
    if (draft.version if draft else 0) != version:
        raise _changed(flow_id, draft, live_revision_id)


def _storable(document: Json) -> JsonObject:
    if not isinstance(document, dict):
        problem = Problem("document", "WRONG_TYPE", "A workflow's document is a JSON object.")
        raise InvalidFlow(problem.message, problems=[problem])
    if problems := storage_problems(document):
        raise InvalidFlow(f"{problems[0].path}: {problems[0].message}", problems=problems)
    if (size := len(dumps(document))) > LARGEST:
        raise TooLarge(
            f"The document has {size:,} bytes; {LARGEST:,} are allowed.",
            remedy="Shorten its texts, or split the workflow in two.",
        )
    return {key: value for key, value in document.items() if key not in flows.SERVER_FIELDS}


def _changed(flow_id: int, draft: Draft | None, live_revision_id: int) -> Conflict:
    if draft is None:
        return Conflict(
            f"The draft of workflow {flow_id} is gone: it was published or discarded meanwhile. "
            f"The published revision is {live_revision_id}.",
            remedy="Compare your change with the published workflow and save it as a new draft.",
            version="0",
            liveRevisionId=str(live_revision_id),
        )
    return Conflict(
        f"{draft.saved_by} saved this draft since you read it.",
        remedy="Read the draft again; take it over, or save yours on top of it.",
        version=str(draft.version),
        by=draft.saved_by,
        at=draft.saved_at.isoformat(),
    )


def _person(actor: Actor) -> str:
    return actor.id if actor.type == "person" else f"{actor.type}:{actor.id}"


def _draft(row: Row) -> Draft:
    return Draft(**dict(row.items()))
