"""Workflows in HubSpot's v4 API: documents in and out word for word, a full replace on PUT."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from fastapi import APIRouter, Response

from penstock.accounts import audit
from penstock.accounts.permissions import require
from penstock.actions.registry import catalog
from penstock.api.errors import error_body
from penstock.api.json_body import JsonBody
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.api.shapes import After, ForeignWish, Id, Limit, PathId, iso
from penstock.kit.database import Connection
from penstock.workflows import flows, runs

router = APIRouter(route_class=GuardedRoute, tags=["flows"])
action_types = APIRouter(route_class=GuardedRoute, tags=["flows"])


class FlowInput(ForeignWish):
    """HubSpot's FlowId input of a batch."""

    type: Literal["FLOW_ID"] = "FLOW_ID"
    flow_id: Id


class FlowInputs(ForeignWish):
    """Which flows to read."""

    inputs: list[FlowInput]


@router.get("")
async def list_flows(call: Caller, after: After = None, limit: Limit = 100) -> JsonBody:
    """A page of flows, as rows without their actions."""
    async with call.transaction() as db:
        page = await flows.list_flows(db, call.workspace_id, after or 0, limit)
    body: JsonBody = {"results": [flow.to_row() for flow in page.flows]}
    if page.after is not None:
        body["paging"] = {"next": {"after": str(page.after)}}
    return body


@router.post("", status_code=201)
async def create(document: JsonBody, call: Caller) -> JsonBody:
    """Creates a flow. Every problem of the document is named with its path."""
    may_publish(call, document)
    async with call.transaction() as db:
        flow = await flows.create(db, call.workspace_id, call.actor.label, document)
        await audit.record(db, call.actor, "flow.created", "flow", flow.id, {"isEnabled": flow.is_enabled})
    return flow.to_json()


@router.post("/batch/read")
async def batch_read(wish: FlowInputs, call: Caller, response: Response) -> JsonBody:
    """Reads many flows; answers 207 when some of them do not exist, and names those."""
    started = datetime.now(UTC)
    async with call.transaction() as db:
        found = await flows.batch_read(db, call.workspace_id, [one.flow_id for one in wish.inputs])
    body: JsonBody = {
        "status": "COMPLETE",
        "startedAt": iso(started),
        "completedAt": iso(datetime.now(UTC)),
        "results": [flow.to_json() for flow in found],
    }
    missing = sorted({one.flow_id for one in wish.inputs} - {flow.id for flow in found})
    if missing:
        response.status_code = 207
        body["numErrors"] = len(missing)
        body["errors"] = [
            error_body(
                f"There is no workflow {flow_id}.",
                call.correlation_id,
                "OBJECT_NOT_FOUND",
                "FLOW_NOT_FOUND_BY_FLOW_ID",
                context={"flowId": str(flow_id)},
            )
            for flow_id in missing
        ]
    return body


@router.get("/{flowId}")
async def read(flowId: PathId, call: Caller) -> JsonBody:  # noqa: N803
    """One flow with everything in it."""
    async with call.transaction() as db:
        return (await flows.get(db, call.workspace_id, flowId)).to_json()


@router.put("/{flowId}")
async def replace(flowId: PathId, document: JsonBody, call: Caller) -> JsonBody:  # noqa: N803
    """Replaces the whole flow. `revisionId` must be the current one; a stale one is answered with 409."""
    may_publish(call, document)
    async with call.transaction() as db:
        flow = await flows.replace(db, call.workspace_id, flowId, call.actor.label, document)
        detail: JsonBody = {"revisionId": str(flow.revision_id), "isEnabled": flow.is_enabled}
        await audit.record(db, call.actor, "flow.replaced", "flow", flow.id, detail)
    return flow.to_json()


@router.delete("/{flowId}", status_code=204)
async def delete(flowId: PathId, call: Caller) -> None:  # noqa: N803
    """Deletes a flow; the records inside it leave it."""

    async def on_delete(db: Connection, workspace_id: int, flow_id: int) -> None:
        await runs.cancel_all_of_flow(
            db, workspace_id, flow_id, f"The workflow was deleted by {call.actor.label}."
        )

    async with call.transaction() as db:
        await flows.delete(db, call.workspace_id, flowId, on_delete)
        await audit.record(db, call.actor, "flow.deleted", "flow", flowId)


@action_types.get("")
async def list_action_types(_call: Caller) -> JsonBody:
    """Every action that workflows can hold, with the JSON schema of its inputs."""
    return {"results": [*catalog()]}


def may_publish(call: Call, document: JsonBody) -> None:
    """Sending `isEnabled: true` turns the flow on, which is a permission of its own. Raises Forbidden."""
    if document.get("isEnabled") is True:
        require(call.actor, "flows.publish")
