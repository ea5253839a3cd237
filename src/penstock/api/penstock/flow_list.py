"""The list of workflows: what is on, what happened in it, folders; new workflows, copies, who has one open."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from penstock.api.json_body import JsonBody
from penstock.api.penstock.flow_shapes import usd
from penstock.api.penstock.run_shapes import CountShape
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, Limit, Paging, PathId, Shape, Time, Wish, paging
from penstock.kit.paging import after as cursor
from penstock.kit.paging import keys_of
from penstock.workflows import flows
from penstock.workflows.editing import creating, presence
from penstock.workflows.editing.templates import TEMPLATES
from penstock.workflows.overview import Place, State, overview

router = APIRouter(route_class=GuardedRoute, tags=["flow-list"])


class FlowRow(Shape):
    """A workflow in the list. `active` are the runs inside it; counts end at 1,000; money is USD as decimal text."""

    id: Id
    name: str
    description: str
    object_type_id: str
    is_enabled: bool
    has_draft: bool
    revision_id: Id
    folder: str
    updated_at: Time
    updated_by: str
    enrolled_30_days: int
    active: CountShape
    at_cap: CountShape
    awaiting_turn: CountShape
    failed: CountShape
    spend_30_days_usd: str
    providers: list[str]


class FlowRows(Shape):
    """A page of workflows, last changed first, and the names of all folders."""

    results: list[FlowRow]
    folders: list[str]
    paging: Paging | None = None


class NewFlowWish(Wish):
    """A workflow to begin: its name, the type of its records, and perhaps a folder. Its draft is a template, or a flow
    document such as one that HubSpot or Penstock exported; what is wrong in that is shown by its editor."""

    name: str
    object_type_id: str
    template: str | None = None
    document: JsonBody | None = None
    folder: str = ""


class CopyWish(Wish):
    """The name of a copy; left out, it is `Copy of …`."""

    name: str | None = None


class NamedFlow(Shape):
    """A new workflow."""

    id: Id
    name: str


class TemplateStepShape(Shape):
    """A step of a template. `name` is that of its action, such as `use_custom_llm`."""

    name: str
    title: str
    section: str


class TemplateShape(Shape):
    """A workflow to begin with, complete but for the AI connection, the model and whom to mail."""

    name: str
    title: str
    description: str
    object_type_id: str
    steps: list[TemplateStepShape]
    document: JsonBody


class Templates(Shape):
    """All templates."""

    results: list[TemplateShape]


class FolderWish(Wish):
    """The folder to move into; "" takes the workflow out of any."""

    folder: str


class PresenceWish(Wish):
    """Whether the caller has the editor open."""

    editing: bool


class PresentPerson(Shape):
    """Somebody who has the editor open."""

    id: str
    name: str
    since: Time


class Presences(Shape):
    """Everybody else who has the editor open; who gave no sign for 40 seconds is left out."""

    others: list[PresentPerson]


@router.get("/flows-overview")
async def list_flows(
    call: Caller,
    search: Annotated[str, Query(max_length=200)] = "",
    state: State | None = None,
    folder: Annotated[str | None, Query(max_length=200)] = None,
    after: str | None = None,
    limit: Limit = 50,
) -> FlowRows:
    """Lists workflows, last changed first, with what happened in each."""
    async with call.transaction() as db:
        found = await overview(
            db,
            call.workspace_id,
            call.app.clock.now(),
            search=search,
            state=state,
            folder=folder,
            after=None if after is None else _place(after),
            limit=limit,
        )
    following = cursor(found.next.updated_at.isoformat(), found.next.id) if found.next else None
    return FlowRows(
        results=[
            FlowRow.model_validate(
                {
                    **{
                        name: getattr(row, name)
                        for name in FlowRow.model_fields
                        if name != "spend_30_days_usd"
                    },
                    "spend_30_days_usd": usd(row.spend_30_days_usd),
                }
            )
            for row in found.rows
        ],
        folders=list(found.folders),
        **paging(following),
    )


@router.post("/flows", status_code=201)
async def create(wish: NewFlowWish, call: Caller) -> NamedFlow:
    """Begins a workflow that is off and has no actions; with a template, that is its draft."""
    async with call.transaction() as db:
        flow = await creating.create_empty(
            db,
            call.workspace_id,
            call.actor,
            name=wish.name,
            object_type_id=wish.object_type_id,
            template=wish.template,
            document=wish.document,
            folder=wish.folder,
        )
    return NamedFlow(id=flow.id, name=flow.name)


@router.get("/flow-templates")
async def list_templates(_call: Caller) -> Templates:
    """Workflows to begin with."""
    return Templates(results=[TemplateShape.model_validate(template) for template in TEMPLATES])


@router.post("/flows/{flowId}/duplicates", status_code=201)
async def duplicate(flowId: PathId, wish: CopyWish, call: Caller) -> NamedFlow:  # noqa: N803
    """Copies a workflow as its editor shows it. The copy is off."""
    async with call.transaction() as db:
        flow = await creating.duplicate(db, call.workspace_id, call.actor, flowId, wish.name)
    return NamedFlow(id=flow.id, name=flow.name)


@router.put("/flows/{flowId}/folder", status_code=204)
async def move(flowId: PathId, wish: FolderWish, call: Caller) -> None:  # noqa: N803
    """Moves a workflow into a folder of the list."""
    async with call.transaction() as db:
        await creating.set_folder(db, call.workspace_id, flowId, wish.folder)


@router.put("/flows/{flowId}/presence")
async def note_presence(flowId: PathId, wish: PresenceWish, call: Caller) -> Presences:  # noqa: N803
    """Notes that the caller has the editor open or closed it; answers who else has it open."""
    async with call.transaction() as db:
        await flows.get(db, call.workspace_id, flowId)
        if wish.editing:
            others = await presence.here(db, call.workspace_id, flowId, call.actor)
        else:
            await presence.gone(db, call.workspace_id, flowId, call.actor)
            others = await presence.others(db, call.workspace_id, flowId, call.actor)
    return Presences(others=[PresentPerson.model_validate(one) for one in others])


def _place(text: str) -> Place:
    moment, number = keys_of(text, str, int)
    return Place(datetime.fromisoformat(str(moment)), int(number))
