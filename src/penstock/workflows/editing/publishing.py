"""Publishing a workflow's draft: it becomes the next revision, and turns on when that is wished."""

from __future__ import annotations

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.errors import Conflict
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows import flows
from penstock.workflows.editing import drafts
from penstock.workflows.evals.gate import Override
from penstock.workflows.flows import Flow


async def publish(
    db: Connection,
    workspace_id: int,
    actor: Actor,
    flow_id: int,
    *,
    version: int,
    enable: bool | None,
    override_reason: str | None = None,
) -> Flow:
    """Makes the draft of `version` the live revision and deletes it; records inside stay on the revision they began.

    Version 0 publishes no draft, only turns on or off. `enable` None leaves the workflow on or off as it is; a
    draft with errors is never published, because a workflow that is on must run. Raises InvalidFlow with all
    problems, EvalsRefuse while an eval set that gates says no and there is no `override_reason`, and Conflict when the
    draft is another by now, or was made from a revision that is not live any more.
    """
    live = await flows.lock(db, workspace_id, flow_id)
    draft = await drafts.find(db, workspace_id, flow_id)
    drafts.check_version(draft, flow_id, version, live.revision_id)
    enabled = live.is_enabled if enable is None else enable
    override = None if override_reason is None else Override(actor, override_reason)
    if draft is None:
        flow = await flows.set_enabled(db, workspace_id, flow_id, enabled, override)
    else:
        if draft.base_revision_id != live.revision_id:
            raise Conflict(
                f"Revision {live.revision_id} was published while this draft, made from revision "
                f"{draft.base_revision_id}, was being written.",
                remedy=f"Compare the draft with revision {live.revision_id}, then save it with that as its base.",
                liveRevisionId=str(live.revision_id),
            )
        flow = await flows.publish(db, live, actor.label, draft.document, enabled, override)
        await drafts.discard(db, workspace_id, flow_id)
    detail: JsonObject = {"revisionId": str(flow.revision_id), "isEnabled": flow.is_enabled}
    await audit.record(db, actor, "flow.published", "flow", flow_id, detail)
    return flow
