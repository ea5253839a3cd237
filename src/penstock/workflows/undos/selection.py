"""Which versions of values an undo means, and the records that hold them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection, Row
from penstock.workflows.run_history.flow import name_of


@dataclass(frozen=True, slots=True)
class Selection:
    """One of `version_id`, `run_id`, `flow_id` and `undone_id`, and conditions that narrow it; None leaves one out.

    `undone_id` means what that undo wrote. `from_at` is inclusive, `until_at` exclusive; both are aware.
    """

    version_id: int | None = None
    run_id: int | None = None
    flow_id: int | None = None
    undone_id: int | None = None
    revision_id: int | None = None
    action_id: str | None = None
    property: str | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None


COLUMNS = "version_id, run_id, flow_id, undone_id, revision_id, action_id, property, from_at, until_at"

# Whether a version `h` is meant. Parameters 3 to 12 are those of `parameters`.
CHOSEN = """coalesce(
    h.id <= $3 AND ($4::bigint IS NULL OR h.id = $4)
    AND ($5::text IS NULL OR (h.source_type = 'AUTOMATION_PLATFORM' AND h.source_detail ->> 'enrollment_id' = $5))
    AND ($6::text IS NULL OR (h.source_type = 'AUTOMATION_PLATFORM' AND h.source_id = $6))
    AND ($7::text IS NULL OR h.source_detail ->> 'undo_id' = $7)
    AND ($8::text IS NULL OR h.source_detail ->> 'revision_id' = $8)
    AND ($9::text IS NULL OR h.source_detail ->> 'action_id' = $9)
    AND ($10::text IS NULL OR h.property = $10)
    AND ($11::timestamptz IS NULL OR h.at >= $11) AND ($12::timestamptz IS NULL OR h.at < $12), false)"""

# By primary key, by the run's record, by the index undo_records, and by property_history_of_flow.
RECORD_OF_VERSION = "SELECT record_id FROM property_history WHERE workspace_id = $1 AND id = $2"
RECORD_OF_RUN = "SELECT record_id FROM enrollments WHERE workspace_id = $1 AND id = $2"
UNDO = "SELECT id FROM undos WHERE workspace_id = $1 AND id = $2"
REVISION = (
    "SELECT revision_id FROM flow_revisions WHERE workspace_id = $1 AND flow_id = $2 AND revision_id = $3"
)
RECORDS_OF_UNDO = "SELECT record_id FROM undo_records WHERE undo_id = $1 ORDER BY record_id LIMIT $2"
RECORDS_OF_FLOW = f"""
SELECT DISTINCT h.record_id FROM property_history h
WHERE h.workspace_id = $1 AND h.source_type = 'AUTOMATION_PLATFORM' AND h.source_id = $6
  AND h.at >= coalesce($11::timestamptz, '-infinity') AND h.at < coalesce($12::timestamptz, 'infinity')
  AND {CHOSEN}
"""  # noqa: S608 - a constant


def read(row: Row) -> Selection:
    """A row of COLUMNS as a Selection."""
    return Selection(**{name.strip(): row[name.strip()] for name in COLUMNS.split(",")})


def parameters(selection: Selection, until_id: int) -> tuple[object, ...]:
    """The parameters 3 to 12 of CHOSEN."""
    return (
        until_id,
        selection.version_id,
        _text(selection.run_id),
        _text(selection.flow_id),
        _text(selection.undone_id),
        _text(selection.revision_id),
        selection.action_id,
        selection.property,
        selection.from_at,
        selection.until_at,
    )


async def check(db: Connection, workspace_id: int, selection: Selection) -> None:
    """Raises NotFound when what is named is not in this workspace, InvalidInput when the conditions do not go together."""
    named = [selection.version_id, selection.run_id, selection.flow_id, selection.undone_id]
    if sum(one is not None for one in named) != 1:
        raise InvalidInput(
            "It is not clear what to take back.",
            remedy="Name one of versionId, runId, flowId and undoId.",
        )
    if selection.flow_id is None and (selection.revision_id or selection.from_at or selection.until_at):
        raise InvalidInput(
            "revisionId, from and until narrow what a workflow wrote.", remedy="Name the flowId as well."
        )
    if selection.from_at and selection.until_at and selection.from_at >= selection.until_at:
        raise InvalidInput("until is not after from.", remedy="Choose an end that is later than the start.")
    if selection.flow_id is not None:
        await name_of(db, workspace_id, selection.flow_id)
    if selection.revision_id is not None:
        found = await db.fetchval(REVISION, workspace_id, selection.flow_id, selection.revision_id)
        _there(found, f"Workflow {selection.flow_id} has no revision {selection.revision_id}.")
    if selection.version_id is not None:
        found = await db.fetchval(RECORD_OF_VERSION, workspace_id, selection.version_id)
        _there(found, f"There is no version {selection.version_id} of a value.")
    if selection.run_id is not None:
        found = await db.fetchval(RECORD_OF_RUN, workspace_id, selection.run_id)
        _there(found, f"There is no run {selection.run_id}.")
    if selection.undone_id is not None:
        found = await db.fetchval(UNDO, workspace_id, selection.undone_id)
        _there(found, f"There is no undo {selection.undone_id}.")


async def records_of(
    db: Connection, workspace_id: int, selection: Selection, until_id: int, limit: int
) -> list[int]:
    """Up to `limit` records that can hold a version that is meant, in the order of their ids."""
    if selection.version_id is not None:
        rows = await db.fetch(RECORD_OF_VERSION, workspace_id, selection.version_id)
    elif selection.run_id is not None:
        rows = await db.fetch(RECORD_OF_RUN, workspace_id, selection.run_id)
    elif selection.undone_id is not None:
        rows = await db.fetch(RECORDS_OF_UNDO, selection.undone_id, limit)
    else:
        some = f"{RECORDS_OF_FLOW} LIMIT $2"
        rows = await db.fetch(some, workspace_id, limit, *parameters(selection, until_id))
    return sorted(row["record_id"] for row in rows)


def _there(found: object, message: str) -> None:
    if found is None:
        raise NotFound(message)


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
