"""New workflows: an empty one with or without a draft from a template, and copies."""

from __future__ import annotations

from copy import deepcopy

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.crm.schema import load_schema
from penstock.errors import InvalidInput
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows import flows
from penstock.workflows.document import CONTACTS
from penstock.workflows.editing import drafts
from penstock.workflows.editing.templates import Template, find_template
from penstock.workflows.flows import Flow

LONGEST_NAME = 200  # characters

SET_FOLDER = (
    "UPDATE flows SET folder = $3 WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING id"
)


async def create_empty(
    db: Connection,
    workspace_id: int,
    actor: Actor,
    *,
    name: str,
    object_type_id: str,
    template: str | None = None,
    document: JsonObject | None = None,
    folder: str = "",
) -> Flow:
    """A workflow without actions that is off; with a template or a document, that is its draft.

    A document may be unfinished, and what Penstock does not know in it is kept: its editor shows what is wrong.
    It gets the name and the object type that are given. Raises InvalidInput for an empty or long name or folder,
    or a template of another object type, InvalidFlow for a document that cannot be stored, and NotFound for an
    unknown object type or template.
    """
    if template is not None and document is not None:
        raise InvalidInput("There is both a template and a document.", remedy="Send one of the two.")
    chosen = find_template(template) if template is not None else None
    schema = await load_schema(db, workspace_id, object_type_id)
    type_id = schema.object_type.id
    if chosen is not None and chosen.object_type_id != type_id:
        raise InvalidInput(
            f"template: '{chosen.name}' is for records of type {chosen.object_type_id}.",
            remedy=f"Send objectTypeId {chosen.object_type_id} with it.",
        )
    given: JsonObject = {
        "type": "CONTACT_FLOW" if type_id == CONTACTS else "PLATFORM_FLOW",
        "objectTypeId": type_id,
        "name": checked_name(name),
    }
    empty: JsonObject = {
        **given,
        "flowType": "WORKFLOW",
        "actions": [],
        "enrollmentCriteria": {"type": "MANUAL", "shouldReEnroll": False},
    }
    flow = await flows.create(db, workspace_id, actor.label, empty)
    if folder.strip():
        await set_folder(db, workspace_id, flow.id, folder)
    begun = _document_of(chosen) if chosen is not None else document
    if begun is not None:
        await drafts.save(db, workspace_id, actor, flow.id, {**begun, **given}, version=0)
    await audit.record(db, actor, "flow.created", "flow", flow.id, {"template": template})
    return flow


async def duplicate(
    db: Connection, workspace_id: int, actor: Actor, flow_id: int, name: str | None = None
) -> Flow:
    """A copy of what the editor shows of a workflow: its draft, else its live revision. The copy is off. Raises NotFound."""
    source = await flows.get(db, workspace_id, flow_id)
    draft = await drafts.find(db, workspace_id, flow_id)
    copied = await create_empty(
        db,
        workspace_id,
        actor,
        name=name if name is not None else f"Copy of {source.name}"[:LONGEST_NAME],
        object_type_id=source.object_type_id,
    )
    document = {**(draft.document if draft else source.document), "name": copied.name}
    await drafts.save(db, workspace_id, actor, copied.id, document, version=0)
    return copied


async def set_folder(db: Connection, workspace_id: int, flow_id: int, folder: str) -> None:
    """Moves a workflow into a folder; "" takes it out of any. Raises NotFound, and InvalidInput for a long name."""
    name = folder.strip()
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput(
            f"folder has {len(name)} characters or a control character among them.",
            remedy=f"Use at most {LONGEST_NAME} printable characters.",
        )
    await flows.get(db, workspace_id, flow_id)
    await db.fetchval(SET_FOLDER, workspace_id, flow_id, name)


def checked_name(name: str) -> str:
    """The name without surrounding spaces. Raises InvalidInput when it is empty, long or not printable."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput(
            f"name has {len(name)} characters or a control character among them.",
            remedy=f"Use 1 to {LONGEST_NAME} printable characters.",
        )
    return name


def _document_of(template: Template) -> JsonObject:
    return deepcopy(template.document)
