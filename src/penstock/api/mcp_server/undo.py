"""Tools for undo: see what would go back, take it back, and see how far that is."""

from __future__ import annotations

from penstock.api.mcp_server.sensitive import WITHHELD, sensitive_names
from penstock.api.mcp_server.tool import Effect, Tool
from penstock.api.penstock import undos
from penstock.api.penstock.undos import UndoPreviewShape, UndoPreviewWish, UndoShape, UndoWish
from penstock.api.security import Call
from penstock.api.shapes import Id, Wish


class UndoArguments(Wish):
    """Which undo."""

    undo_id: Id


async def preview_undo(call: Call, wanted: UndoPreviewWish) -> UndoPreviewShape:
    """What an undo would do."""
    found = await undos.preview_undo(wanted, call)
    sensitive = {
        object_type: await sensitive_names(call, object_type)
        for object_type in {item.object_type_id for item in found.results}
    }
    for item in found.results:
        if item.property in sensitive[item.object_type_id]:
            item.current = item.before = WITHHELD
    return found


async def undo(call: Call, wanted: UndoWish) -> UndoShape:
    """Begins an undo."""
    return await undos.begin(wanted, call)


async def get_undo(call: Call, wanted: UndoArguments) -> UndoShape:
    """How far an undo is."""
    return await undos.read(wanted.undo_id, call)


PREVIEW_UNDO = Tool(
    name="preview_undo",
    title="Preview an undo",
    description="Shows which values an undo would put back and which it would leave, and why. Writes nothing. Send one of"
    " versionId, runId, flowId (a workflow) and undoId, perhaps narrowed.",
    route="POST /penstock/v1/undos/previews",
    arguments=UndoPreviewWish,
    result=UndoPreviewShape,
    run=preview_undo,
)
UNDO = Tool(
    name="undo",
    title="Undo",
    description="Takes back what a workflow wrote where it still stands. Look at preview_undo with the same arguments first."
    " E-mails and webhooks that went out cannot be taken back.",
    route="POST /penstock/v1/undos",
    arguments=UndoWish,
    result=UndoShape,
    run=undo,
    effect=Effect(destructive=True),
)
GET_UNDO = Tool(
    name="get_undo",
    title="Get an undo",
    description="How far an undo is: values restored, left, and records still to do.",
    route="GET /penstock/v1/undos/{undoId}",
    arguments=UndoArguments,
    result=UndoShape,
    run=get_undo,
)
