"""Flows in the database: create, read, replace with a revision check, turn on and off, delete.

A flow's document is stored in immutable revisions, without the fields that the server owns (id, revisionId,
isEnabled, dates); `Flow.to_json` puts those back, so a flow that is read and sent back unchanged is the same.
All functions work in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from penstock.errors import ChangedMeanwhile, InvalidFlow, InvalidInput, NotFound, Problem
from penstock.kit.database import Connection, Row
from penstock.kit.ids import new_uuid
from penstock.kit.json import Json, JsonObject
from penstock.workflows.checks import Examined, Moment, check, examine, refuse_errors
from penstock.workflows.document import FlowDocument, parse
from penstock.workflows.evals import gate
from penstock.workflows.evals.gate import Override
from penstock.workflows.facts import load_facts
from penstock.workflows.graph import Graph

# Fields of the JSON that the server owns; whatever a caller sends for them is not stored.
SERVER_FIELDS = (
    "id",
    "revisionId",
    "uuid",
    "isEnabled",
    "createdAt",
    "updatedAt",
    "crmObjectCreationStatus",
)
# A PUT cannot change these and need not carry them (HubSpot's put requests have no such fields).
FIXED_FIELDS = ("objectTypeId", "flowType")
KEPT_WHEN_UNSENT = ("dataSources",)

MAX_PAGE = 100

# A flow with one of its revisions; which one is said by the conditions added below.
FLOW = """
SELECT f.id, f.workspace_id, f.uuid, f.name, f.type, f.object_type_id, f.flow_type, f.is_enabled, f.created_at,
       f.updated_at, r.revision_id, r.document
FROM flows f JOIN flow_revisions r ON r.flow_id = f.id
WHERE f.workspace_id = $1 AND f.deleted_at IS NULL
"""
# All three by primary key; a workspace has at most thousands of flows.
GET = FLOW + "AND r.revision_id = f.revision_id AND f.id = ANY ($2::bigint[]) ORDER BY f.id"
GET_REVISION = FLOW + "AND f.id = $2 AND r.revision_id = $3"
LIST = FLOW + "AND r.revision_id = f.revision_id AND f.id > $2 ORDER BY f.id LIMIT $3"
LOCK = "SELECT id FROM flows WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL FOR NO KEY UPDATE"

INSERT = """
INSERT INTO flows (workspace_id, uuid, name, type, object_type_id, flow_type, is_enabled, enabled_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $7 THEN clock_timestamp() END) RETURNING id
"""
INSERT_REVISION = """
INSERT INTO flow_revisions (flow_id, revision_id, workspace_id, document, created_by) VALUES ($1, $2, $3, $4, $5)
"""
MOVE_TO_REVISION = """
UPDATE flows SET revision_id = $3, name = $4, updated_at = clock_timestamp() WHERE workspace_id = $1 AND id = $2
"""
SET_ENABLED = """
UPDATE flows SET is_enabled = $3, updated_at = clock_timestamp(),
    enabled_at = CASE WHEN $3 THEN clock_timestamp() ELSE enabled_at END
WHERE workspace_id = $1 AND id = $2 AND is_enabled <> $3
"""
# The name of a deleted flow stays for the history of the records that went through it.
DELETE = (
    "UPDATE flows SET deleted_at = clock_timestamp(), is_enabled = false WHERE workspace_id = $1 AND id = $2"
)

# The id may stand in the document as a text or as a number; a workspace's few thousand current revisions are
# read by it, which happens only when somebody looks at a connection or uninstalls it.
USES_CONNECTION = """
SELECT f.id, f.name FROM flows f
JOIN flow_revisions r ON r.flow_id = f.id AND r.revision_id = f.revision_id
WHERE f.workspace_id = $1 AND f.deleted_at IS NULL AND jsonb_path_exists(
    r.document, '$.actions[*].fields.**{0 to 2}.connection_id ? (@ == $text || @ == $number)',
    jsonb_build_object('text', $2::bigint::text, 'number', $2::bigint))
ORDER BY f.id
"""

OnDelete = Callable[[Connection, int, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow at one revision. `document` is the stored JSON without the fields that the server owns."""

    id: int
    workspace_id: int
    uuid: UUID
    name: str
    type: str
    object_type_id: str
    flow_type: str
    is_enabled: bool
    revision_id: int
    created_at: datetime
    updated_at: datetime
    document: JsonObject

    def read(self) -> FlowDocument:
        """The typed document."""
        return parse(self.document)

    def to_json(self) -> JsonObject:
        """The flow as HubSpot's API gives it: the document, the server's fields, and empty required lists."""
        return {**_shown(self.document), **self._server_json()}

    def to_row(self) -> JsonObject:
        """The flow as a row of HubSpot's list."""
        row = self._server_json()
        del row["crmObjectCreationStatus"]
        named: JsonObject = {"name": self.name} if self.name else {}
        return {**row, **named, "flowType": self.flow_type, "objectTypeId": self.object_type_id}

    def _server_json(self) -> JsonObject:
        return {
            "id": str(self.id),
            "revisionId": str(self.revision_id),
            "uuid": str(self.uuid),
            "isEnabled": self.is_enabled,
            "createdAt": _moment(self.created_at),
            "updatedAt": _moment(self.updated_at),
            "crmObjectCreationStatus": "COMPLETE",
        }


@dataclass(frozen=True, slots=True)
class FlowPage:
    """A page of flows in id order; `after` is the id to go on from, or None at the end."""

    flows: tuple[Flow, ...]
    after: int | None


@dataclass(frozen=True, slots=True)
class FlowName:
    """A flow named in an answer about something else."""

    id: int
    name: str


async def create(db: Connection, workspace_id: int, actor_label: str, document: Json) -> Flow:
    """Stores a new flow as revision 1; raises InvalidFlow with all problems when it does not hold together."""
    parsed = parse(document)
    header = parsed.header
    await _refuse(db, workspace_id, parsed, "turn on" if header.is_enabled else "save")
    flow_id: int = await db.fetchval(
        INSERT,
        workspace_id,
        _uuid_of(parsed.source.get("uuid")),
        header.name or "",
        header.type,
        header.object_type_id,
        header.flow_type,
        header.is_enabled,
    )
    await db.execute(INSERT_REVISION, flow_id, 1, workspace_id, _stored(parsed), actor_label)
    return await get(db, workspace_id, flow_id)


async def get(db: Connection, workspace_id: int, flow_id: int) -> Flow:
    """A flow at its current revision; raises NotFound."""
    found = await batch_read(db, workspace_id, [flow_id])
    if not found:
        raise _missing(flow_id)
    return found[0]


async def get_revision(db: Connection, workspace_id: int, flow_id: int, revision_id: int) -> Flow:
    """A flow as it was at a revision; raises NotFound for an unknown flow or revision."""
    row = await db.fetchrow(GET_REVISION, workspace_id, flow_id, revision_id)
    if row is None:
        raise NotFound(
            f"There is no revision {revision_id} of a workflow {flow_id}.",
            remedy="Read the workflow for its revisionId.",
        )
    return _flow(row)


async def batch_read(db: Connection, workspace_id: int, flow_ids: Sequence[int]) -> list[Flow]:
    """The flows that exist among those asked for, in id order, each once."""
    return [_flow(row) for row in await db.fetch(GET, workspace_id, list(flow_ids))]


async def list_flows(db: Connection, workspace_id: int, after: int = 0, limit: int = MAX_PAGE) -> FlowPage:
    """A page of at most `limit` (1 to 100) flows whose id is above `after`."""
    if not 1 <= limit <= MAX_PAGE:
        raise InvalidInput(
            f"limit is {limit}; it goes from 1 to {MAX_PAGE}.", remedy="Ask for fewer flows and page."
        )
    rows = await db.fetch(LIST, workspace_id, after, limit + 1)
    flows = tuple(_flow(row) for row in rows[:limit])
    return FlowPage(flows, flows[-1].id if len(rows) > limit else None)


async def replace(db: Connection, workspace_id: int, flow_id: int, actor_label: str, document: Json) -> Flow:
    """Replaces the whole document, as HubSpot's PUT does: what is not sent is removed.

    `revisionId` must be the current one, else Conflict. A change is stored as a new revision; enrollments
    that are under way stay on theirs. Sending the same document back makes no new revision. `isEnabled`
    turns the flow on or off; when it is not sent the flow stays as it is. Raises EvalsRefuse for a flow that is on,
    or would be, while its evals do not let it be published.
    """
    current = await lock(db, workspace_id, flow_id)
    parsed = parse(_completed(document, current))
    _check_revision(parsed, current)
    enabled = parsed.header.is_enabled
    await _refuse(db, workspace_id, parsed, "turn on" if enabled else "save")
    if enabled and (not current.is_enabled or _shown(_stored(parsed)) != _shown(current.document)):
        await gate.require(db, workspace_id, flow_id, _stored(parsed))
    return await _put(db, current, actor_label, parsed, enabled)


async def publish(
    db: Connection,
    current: Flow,
    actor_label: str,
    document: Json,
    enabled: bool,
    override: Override | None = None,
) -> Flow:
    """Makes a document the next revision of a flow that the caller has locked, and turns the flow on or off.

    Raises InvalidFlow for a document that could not be turned on, also when the flow stays off: what is
    published must be able to run; and EvalsRefuse unless `override` gives a reason.
    """
    parsed = parse(_completed(document, current))
    await _refuse(db, current.workspace_id, parsed, "turn on")
    await gate.require(db, current.workspace_id, current.id, _stored(parsed), override)
    return await _put(db, current, actor_label, parsed, enabled)


async def set_enabled(
    db: Connection, workspace_id: int, flow_id: int, enabled: bool, override: Override | None = None
) -> Flow:
    """Turns a flow on or off; turning on raises InvalidFlow while its checks find errors, and EvalsRefuse."""
    current = await lock(db, workspace_id, flow_id)
    if enabled and not current.is_enabled:
        await _refuse(db, workspace_id, current.read(), "turn on")
        await gate.require(db, workspace_id, flow_id, current.document, override)
    await db.execute(SET_ENABLED, workspace_id, flow_id, enabled)
    return await get(db, workspace_id, flow_id)


async def delete(db: Connection, workspace_id: int, flow_id: int, on_delete: OnDelete) -> None:
    """Deletes a flow softly; `on_delete(db, workspace_id, flow_id)` cancels the records inside it, in this transaction."""
    await lock(db, workspace_id, flow_id)
    await db.execute(DELETE, workspace_id, flow_id)
    await on_delete(db, workspace_id, flow_id)


async def check_flow(
    db: Connection, workspace_id: int, document: Json, moment: Moment = "turn on"
) -> list[Problem]:
    """All problems of a document, without storing it; problems of shape come back as problems, too."""
    return list((await examine_flow(db, workspace_id, document, moment)).problems)


async def examine_flow(
    db: Connection, workspace_id: int, document: Json, moment: Moment = "turn on"
) -> Examined:
    """As `check_flow`, with the outputs and the earlier actions of each action."""
    try:
        parsed = parse(document)
    except InvalidFlow as error:
        return Examined(tuple(error.problems))
    return examine(parsed, await load_facts(db, workspace_id, parsed.header.object_type_id), moment)


async def uses_connection(db: Connection, workspace_id: int, connection_id: int) -> list[FlowName]:
    """The flows whose current revision calls an AI connection."""
    return [
        FlowName(row["id"], row["name"])
        for row in await db.fetch(USES_CONNECTION, workspace_id, connection_id)
    ]


async def lock(db: Connection, workspace_id: int, flow_id: int) -> Flow:
    """Keeps a flow from being changed by others until the transaction ends; returns it as it is. Raises NotFound."""
    if await db.fetchval(LOCK, workspace_id, flow_id) is None:
        raise _missing(flow_id)
    return await get(db, workspace_id, flow_id)


async def _put(
    db: Connection, current: Flow, actor_label: str, document: FlowDocument, enabled: bool
) -> Flow:
    """Stores a checked document as a new revision, unless it is the one that is there."""
    stored = _stored(document)
    if _shown(stored) != _shown(current.document):
        revision_id = current.revision_id + 1
        await db.execute(INSERT_REVISION, current.id, revision_id, current.workspace_id, stored, actor_label)
        await db.execute(
            MOVE_TO_REVISION, current.workspace_id, current.id, revision_id, document.header.name or ""
        )
    await db.execute(SET_ENABLED, current.workspace_id, current.id, enabled)
    return await get(db, current.workspace_id, current.id)


async def _refuse(db: Connection, workspace_id: int, document: FlowDocument, moment: Moment) -> None:
    facts = await load_facts(db, workspace_id, document.header.object_type_id)
    refuse_errors(check(document, facts, moment), "turned on" if moment == "turn on" else "saved")


def _completed(document: Json, current: Flow) -> Json:
    """A PUT's body with what it need not carry; it may not change what is fixed."""
    if not isinstance(document, dict):
        return document
    fixed: JsonObject = {"objectTypeId": current.object_type_id, "flowType": current.flow_type}
    problems = [
        Problem(
            key,
            "FIXED_FIELD",
            f"{key} of a workflow cannot change; it is {fixed[key]}. Create another workflow.",
        )
        for key in FIXED_FIELDS
        if document.get(key, fixed[key]) != fixed[key]
    ]
    if problems:
        raise InvalidFlow(problems[0].message, problems=problems)
    kept = {key: current.document[key] for key in KEPT_WHEN_UNSENT if key in current.document}
    # The flow's own spelling decides whether flowType is written out, so that nothing is added to it.
    carried = {key: value for key, value in fixed.items() if key in current.document}
    return {"isEnabled": current.is_enabled, **kept, **carried, **document}


def _check_revision(parsed: FlowDocument, current: Flow) -> None:
    sent = parsed.header.revision_id
    if sent is None or sent == "":
        problem = Problem(
            "revisionId", "MISSING_FIELD", "Some required fields were not set: [revisionId]. Set it."
        )
        raise InvalidFlow(problem.message, problems=[problem])
    if str(sent) != str(current.revision_id):
        raise ChangedMeanwhile(
            f"The workflow is at revision {current.revision_id}, not {str(sent)[:20]}: somebody changed it since you read it.",
            remedy="Read the workflow again, make your change to that, and send it with its revisionId.",
        )


def _stored(parsed: FlowDocument) -> JsonObject:
    return {key: value for key, value in parsed.to_json().items() if key not in SERVER_FIELDS}


def _shown(stored: JsonObject) -> JsonObject:
    """A stored document with the fields that HubSpot's flows always have, empty or computed."""
    shared: JsonObject = {
        "flowType": "WORKFLOW",
        "actions": [],
        "timeWindows": [],
        "blockedDates": [],
        "customProperties": {},
        "dataSources": [],
        "nextAvailableActionId": Graph.of(parse(stored)).free_id,
    }
    contact: JsonObject = {"suppressionListIds": [], "canEnrollFromSalesforce": False}
    return {**shared, **(contact if stored.get("type") == "CONTACT_FLOW" else {}), **stored}


def _flow(row: Row) -> Flow:
    return Flow(
        id=row["id"],
        workspace_id=row["workspace_id"],
        uuid=row["uuid"],
        name=row["name"],
        type=row["type"],
        object_type_id=row["object_type_id"],
        flow_type=row["flow_type"],
        is_enabled=row["is_enabled"],
        revision_id=row["revision_id"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        document=row["document"],
    )


def _missing(flow_id: int) -> NotFound:
    return NotFound(f"There is no workflow {flow_id}.", remedy="List them with GET /automation/v4/flows.")


def _uuid_of(value: Json) -> UUID:
    try:
        return UUID(value) if isinstance(value, str) else UUID(str(new_uuid()))
    except ValueError:
        return UUID(str(new_uuid()))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
